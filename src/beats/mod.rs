//! Taps of a hand become beats and a tempo. Pure: knows no sound, no file and no terminal.
//!
//! `count` says which beat each tap belongs to, although taps are missing or doubled. `even` evens a steady song out to
//! one tempo; `breathing` follows a song that breathes; `round_tempo` decides whether a round tempo is meant; `found`
//! brings them together; `song` goes on beyond the taps; `bar_grid` counts bars over them. Seconds and beats are numbers with a point here: a hand is never
//! exact.

mod bar_grid;
mod breathing;
mod count;
mod even;
mod found;
mod round_tempo;
mod song;
mod tap;
#[cfg(test)]
mod tests;

pub use bar_grid::{BarGrid, BeatPlace};
pub use found::{Beats, FEWEST};
pub use song::{is_even, replaced};
pub use tap::Tap;
