//! Every way in which a show can end, with the real program: the lights are safe, the terminal is as it
//! was, the lock is free.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on ends by panicking")]

#[path = "../common/mod.rs"]
mod common;

mod signals;
