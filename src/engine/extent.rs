//! Which part of a show is played, and where in it a playhead's position lies. Pure.

use crate::clock::Position;
use crate::time::{LoopRange, ShowTime};

/// Where a show ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Passes {
    /// At this length.
    Once(ShowTime),
    /// Never: at the end of this part it goes on at the part's start.
    Loop(LoopRange),
}

/// Which part of a show is played.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Extent {
    /// Where the first pass begins.
    pub from: ShowTime,
    pub passes: Passes,
}

impl Extent {
    /// Which pass `position` lies in, and where in the show. A playhead that has yet to arrive where the show
    /// begins is there.
    pub(super) fn place(&self, position: Position) -> (u64, ShowTime) {
        let micros = position.max(Position::at(self.from)).0.unsigned_abs() / 1_000;
        match self.passes {
            Passes::Loop(range) => range.place(micros),
            Passes::Once(_) => (0, ShowTime::from_micros(micros)),
        }
    }

    /// The part that is played again and again.
    #[must_use]
    pub const fn repeats(&self) -> Option<LoopRange> {
        match self.passes {
            Passes::Loop(range) => Some(range),
            Passes::Once(_) => None,
        }
    }

    /// Where a playhead at `position` goes on if `next` is played from now on: at the same place, in its first pass; at
    /// the start of a loop that has ended by then.
    pub(super) fn carry_over(&self, position: Position, next: &Self) -> Position {
        let position = position.max(Position::at(self.from));
        let (pass, _) = self.place(position);
        let passes = self.repeats().map_or(0, |range| pass * range.period());
        let place = Position(position.0 - Position::at(ShowTime::from_micros(passes)).0);
        match next.repeats() {
            Some(range) if place >= Position::at(range.end()) => Position::at(range.start()),
            _ => place.max(Position::at(next.from)),
        }
    }

    /// The other way round.
    pub(super) fn position(&self, pass: u64, show: ShowTime) -> Position {
        let before = match self.passes {
            Passes::Loop(range) => pass * range.period(),
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
        let extent = Extent { from: show(from), passes };
        for &(nanos, (pass, micros)) in places {
            assert_eq!(extent.place(Position(nanos)), (pass, ShowTime::from_micros(micros)), "{nanos} ns");
        }
    }

    #[test]
    fn positions_are_told_as_pass_and_show_time() {
        let places = [(249_999_999, (0, 249_999)), (250_000_000, (1, 0)), (-7, (0, 0))];
        check(Passes::Loop(LoopRange::whole(show(250))), 0, &places);
        check(Passes::Once(show(400)), 0, &[(250_000_000, (0, 250_000))]);
    }

    #[test]
    fn a_show_that_is_about_to_begin_is_where_it_begins() {
        for passes in [Passes::Loop(LoopRange::whole(show(250))), Passes::Once(show(250))] {
            let places =
                [(-5_000_000, (0, 120_000)), (119_999_999, (0, 120_000)), (121_000_000, (0, 121_000))];
            check(passes, 120, &places);
        }
    }

    #[test]
    fn a_loop_of_a_part_goes_on_at_the_start_of_the_part() {
        let part = Passes::Loop(LoopRange::new(show(100), show(250)));
        let places = [
            (0, (0, 40_000)),
            (249_999_000, (0, 249_999)),
            (250_000_000, (1, 100_000)),
            (400_000_000, (2, 100_000)),
            (401_000_000, (2, 101_000)),
        ];
        check(part, 40, &places);
        let extent = Extent { from: show(40), passes: part };
        assert_eq!(extent.position(2, show(101)), Position(401_000_000));
    }

    #[test]
    fn whatever_is_played_next_goes_on_at_the_same_place() {
        let whole = Extent { from: show(0), passes: Passes::Once(show(400)) };
        let looped = |start, end| Extent {
            from: show(0),
            passes: Passes::Loop(LoopRange::new(show(start), show(end))),
        };
        for (before, position, next, expected) in [
            (whole, 150_000_123, looped(100, 250), 150_000_123),
            (whole, 50_000_000, looped(100, 250), 50_000_000),
            (whole, 249_999_999, looped(100, 250), 249_999_999),
            (whole, 250_000_000, looped(100, 250), 100_000_000),
            (whole, 399_000_000, looped(100, 250), 100_000_000),
            (whole, -5_000_000, looped(100, 250), 0),
            (looped(100, 250), 150_000_123, whole, 150_000_123),
            (looped(100, 250), 600_000_123, whole, 150_000_123),
            (looped(100, 250), 250_000_000, whole, 100_000_000),
            (looped(100, 250), 390_000_000, looped(0, 200), 0),
            (looped(100, 250), 330_000_000, looped(0, 200), 180_000_000),
        ] {
            assert_eq!(before.carry_over(Position(position), &next), Position(expected), "{position}");
        }
    }

    #[test]
    fn a_loop_that_would_only_flicker_is_played_longer() {
        let places = [(9_999_000, (0, 9_999)), (10_000_000, (1, 0))];
        check(Passes::Loop(LoopRange::whole(show(1))), 0, &places);
    }
}
