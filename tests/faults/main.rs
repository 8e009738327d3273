//! Faults from outside, row by row with the real program: what it says, its exit code, and that every line
//! is safe, the lock free and the next show undisturbed afterwards. `docs/safety.md` has the table.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on ends by panicking")]

#[path = "../common/mod.rs"]
mod common;
#[path = "../sound_server/mod.rs"]
#[allow(dead_code, reason = "nothing is recorded here")]
mod sound_server;

mod calendar;
mod doctor;
mod files;
mod music;
mod no_sound;
mod preload;
mod scarcity;
mod storage;
