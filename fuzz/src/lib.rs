//! What fuzzing throws bytes at, for libFuzzer; `tests/fuzz_corpus.rs` does the same in every test run.

pub mod frugal;
pub mod trials;

pub use frugal::frugally;
