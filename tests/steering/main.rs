//! Shows that play, steered from outside with the real program: every command, one show in the middle of
//! another, and whatever may go wrong between two processes.

#![allow(clippy::unwrap_used)]

mod flood;
mod hall;
mod interrupts;
mod losses;
mod orders;
mod service;
mod strays;
#[path = "../venue/mod.rs"]
mod venue;
