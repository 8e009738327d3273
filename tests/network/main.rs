//! Lights on the network: the real program, `starcourt net`, and receivers on this machine.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on ends by panicking")]

#[path = "../common/mod.rs"]
mod common;
mod deaths;
mod playing;
mod receivers;
mod refusals;
mod setup;
mod strange_call;
