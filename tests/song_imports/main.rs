//! Songs and sequences of other programs as cue sheets: the light that they make is the light that those programs make,
//! computed here without the importers.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on ends by panicking")]

mod broken_songs;
mod dice;
mod lor;
mod pi_lightshow;
mod player_model;
mod rigs;
mod shown;
