//! Shows that play, steered from outside with the real program: every command, one show in the middle of
//! another, and whatever may go wrong between two processes.

#![allow(clippy::unwrap_used)]

mod comebacks;
#[path = "../common/mod.rs"]
mod common;
mod flood;
mod interrupts;
mod losses;
mod orders;
mod seeking;
mod service;
mod setup;
mod side_by_side;
#[path = "../sound_server/mod.rs"]
#[allow(dead_code)] // each test file uses its own part
mod sound_server;
mod speeds;
mod stopped;
mod strays;
