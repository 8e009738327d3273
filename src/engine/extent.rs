//! Which part of a show is played, and where in it a playhead's position lies. Pure.

use crate::clock::Position;
use crate::time::ShowTime;

/// A shorter loop would only flicker; it is played at this length.
const SHORTEST_PASS: ShowTime = ShowTime::from_micros(10_000);

/// Where a show ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Passes {
    /// At this length.
    Once(ShowTime),
    /// Never: it begins again at this length.
    Loop(ShowTime),
}

/// Which part of a show is played.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Extent {
    /// Where the first pass begins.
    pub from: ShowTime,
    pub passes: Passes,
}

impl Extent {
    /// As it is played.
    pub(super) fn playable(self) -> Self {
        let passes = match self.passes {
            Passes::Loop(length) => Passes::Loop(length.max(SHORTEST_PASS)),
            other => other,
        };
        Self { passes, ..self }
    }

    /// Which pass `position` lies in, and where in the show. A playhead that has yet to arrive where the show
    /// begins is there.
    pub(super) fn place(&self, position: Position) -> (u64, ShowTime) {
        let micros = position.max(Position::at(self.from)).0.unsigned_abs() / 1_000;
        match self.passes {
            Passes::Loop(length) => {
                (micros / length.micros(), ShowTime::from_micros(micros % length.micros()))
            }
            Passes::Once(_) => (0, ShowTime::from_micros(micros)),
        }
    }

    /// The other way round.
    pub(super) fn position(&self, pass: u64, show: ShowTime) -> Position {
        let before = match self.passes {
            Passes::Loop(length) => pass * length.micros(),
            Passes::Once(_) => 0,
        };
        Position::at(ShowTime::from_micros(before + show.micros()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn show(ms: u64) -> ShowTime {
        ShowTime::from_micros(ms * 1_000)
    }

    #[track_caller]
    fn check(passes: Passes, from: u64, places: &[(i64, (u64, u64))]) {
        let extent = Extent { from: show(from), passes }.playable();
        for &(nanos, (pass, micros)) in places {
            assert_eq!(extent.place(Position(nanos)), (pass, ShowTime::from_micros(micros)), "{nanos} ns");
        }
    }

    #[test]
    fn positions_are_told_as_pass_and_show_time() {
        let places = [(249_999_999, (0, 249_999)), (250_000_000, (1, 0)), (-7, (0, 0))];
        check(Passes::Loop(show(250)), 0, &places);
        check(Passes::Once(show(400)), 0, &[(250_000_000, (0, 250_000))]);
    }

    #[test]
    fn a_show_that_is_about_to_begin_is_where_it_begins() {
        for passes in [Passes::Loop(show(250)), Passes::Once(show(250))] {
            let places =
                [(-5_000_000, (0, 120_000)), (119_999_999, (0, 120_000)), (121_000_000, (0, 121_000))];
            check(passes, 120, &places);
        }
    }

    #[test]
    fn a_loop_that_would_only_flicker_is_played_longer() {
        check(Passes::Loop(show(1)), 0, &[(9_999_000, (0, 9_999)), (10_000_000, (1, 0))]);
    }
}
