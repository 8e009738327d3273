//! The boot-time service, as it is run: what its schedule plays, how it shares the lights with terminals,
//! what its commands and systemd hear, and how it ends and comes back.

#![allow(clippy::unwrap_used)]

#[cfg(debug_assertions)]
mod answers;
mod buttons;
mod commands;
#[path = "../common/mod.rs"]
mod common;
mod deaths;
mod instances;
mod journal;
mod looks;
mod off;
mod orders;
mod readers;
#[cfg(debug_assertions)]
mod reading;
mod reload;
mod schedules;
mod setup;
#[path = "../sound_server/mod.rs"]
#[allow(dead_code, clippy::unwrap_used, unreachable_pub)] // it has more uses elsewhere
mod sound_server;
mod systemd;
mod terminals;
mod wall_clock;
