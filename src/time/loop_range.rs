//! A part of a show, again and again. Pure.

use std::time::Duration;

use super::ShowTime;

/// A part of a show that is played again and again: at its end, playing goes on at its start. It is 10 ms long at
/// least.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LoopRange {
    start: ShowTime,
    end: ShowTime,
}

impl LoopRange {
    /// A shorter one would only flicker.
    const SHORTEST: Duration = Duration::from_millis(10);

    /// From `start` to `end`; it ends later if it is too short to be played.
    #[must_use]
    pub fn new(start: ShowTime, end: ShowTime) -> Self {
        Self { start, end: end.max(start + Self::SHORTEST) }
    }

    /// All of a show of this length.
    #[must_use]
    pub fn whole(length: ShowTime) -> Self {
        Self::new(ShowTime::ZERO, length)
    }

    #[must_use]
    pub const fn start(self) -> ShowTime {
        self.start
    }

    #[must_use]
    pub const fn end(self) -> ShowTime {
        self.end
    }

    /// `0:10 to 0:20`.
    #[must_use]
    pub fn to_places(self) -> String {
        format!("{} to {}", self.start.to_place(), self.end.to_place())
    }

    /// Microseconds from the beginning of one pass to that of the next.
    #[must_use]
    pub fn period(self) -> u64 {
        (self.end - self.start).as_micros() as u64
    }

    /// Which pass lies `micros` after the show's start, and where in the show. The first pass is 0; it may begin before
    /// `start`.
    #[must_use]
    pub fn place(self, micros: u64) -> (u64, ShowTime) {
        let pass = micros.saturating_sub(self.start.micros()) / self.period();
        (pass, ShowTime::from_micros(micros - pass * self.period()))
    }
}
