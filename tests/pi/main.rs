//! The real program on a Raspberry Pi of files, to the order of register writes.

#![cfg(target_arch = "x86_64")] // the log of writes is made by single steps of this processor
#![allow(clippy::unwrap_used)]

mod beginnings;
mod chain;
#[path = "../common/mod.rs"]
mod common;
mod deaths;
mod endings;
mod every_output;
#[path = "../fake_pi/mod.rs"]
mod fake_pi;
mod lock_dir;
mod modes;
mod neighbours;
#[path = "../network/receivers.rs"]
mod receivers;
mod registers;
mod reload;
mod setup;
mod speeds;
