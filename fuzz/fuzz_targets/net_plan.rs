//! `net_plan` of [`starcourt_fuzz::trials`], for libFuzzer.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| starcourt_fuzz::frugally(
    starcourt_fuzz::trials::net_plan,
    bytes
));
