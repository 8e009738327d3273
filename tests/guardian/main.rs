//! The guardian of the lights, with the real program on simulated lines: whatever is done to it or to
//! its instance, every line ends safe, the lock is free, and the next launch plays undisturbed.
//!
//! A few hundred random kills run here; `STARCOURT_KILLS=10000` runs as many as asked for, and
//! `STARCOURT_STORM_ROUNDS=1000` as many rounds of mixed signals.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on ends by panicking")]

#[path = "../common/mod.rs"]
mod common;
#[path = "../sound_server/mod.rs"]
#[allow(dead_code, reason = "nothing is recorded here")]
mod sound_server;

mod deaths;
mod deleting_hand;
mod guardian_process;
mod losses;
mod mixed_storm;
mod stall_storm;
mod standstills;
mod storm;
mod successors;
