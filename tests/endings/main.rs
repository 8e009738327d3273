//! Every way in which a show can end, with the real program: the lights are safe, the terminal is as it
//! was, the lock is free.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on ends by panicking")]

#[path = "../common/mod.rs"]
mod common;
#[path = "../sound_server/mod.rs"]
#[allow(dead_code, reason = "nothing is recorded here")]
mod sound_server;

#[cfg(debug_assertions)]
mod faults;
mod readers;
mod signals;
mod sound;
mod states;
mod suspending;
mod terminal;
mod trace;
mod waiting;
