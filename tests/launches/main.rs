//! Who may play, with the real program on simulated lines: launches at once, one after the other, and
//! side by side.
//!
//! A few rounds of the races run here; `STARCOURT_LAUNCH_ROUNDS=100` runs as many as asked for.

#![allow(clippy::unwrap_used)]

#[path = "../common/mod.rs"]
mod common;
mod containers;
mod off;
mod races;
mod setup;
mod side_by_side;
mod starting_gate;
mod status;
mod turns;
mod ways_out;
