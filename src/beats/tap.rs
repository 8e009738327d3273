//! A tap, before and after its beat is known. Knows no tempo.

use crate::time::ShowTime;

/// One press of a key while the music plays.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Tap {
    /// What was heard at that instant.
    pub at: ShowTime,
    /// Whether it was the key for the first beat of a bar.
    pub begins_bar: bool,
}

/// A tap, and the number of its beat.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct NumberedTap {
    pub(super) beat: i64,
    /// In seconds.
    pub(super) at: f64,
    pub(super) begins_bar: bool,
}
