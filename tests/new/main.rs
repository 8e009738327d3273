//! `starcourt new`: first shows and rigs, in which `check` finds nothing.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on ends by panicking")]

#[path = "../common/mod.rs"]
mod common;
mod random_shows;
mod rigs;
mod shows;
