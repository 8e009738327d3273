//! What comes next in the show, by the playhead's position: the passes of a loop, the levels that hold
//! where a pass begins, and every edge once and in order. A playhead that jumps, in either direction, is
//! followed: the levels that hold where it is now are told, and what comes after that place comes (again). Pure.

use std::sync::Arc;
use std::time::Duration;

use crate::clock::Position;
use crate::level::Level;
use crate::rig::ChannelId;
use crate::time::ShowTime;
use crate::timeline::{Edge, Playback, Timeline};

use super::extent::{Extent, Passes};

/// When the playhead is this far past the next edge, running through every edge between would take longer than
/// looking up where it is.
const JUMP: i64 = 1_000_000_000;
/// A playhead that has come so far since the last look has jumped, or the thread was kept from running: looks are
/// 10 ms apart, and a busy machine adds a few.
const LEAP: i64 = 50_000_000;
/// A playhead that falls back by less is being corrected: a new course, a pause whose instant another thread read.
/// What it falls back over has been shown, and is not shown again. A clock's corrections are far smaller (it is slewed by
/// a thousandth at most, and a course is renewed many times a second), and its jumps are larger than 5 ms; a light that is
/// a millisecond early cannot be seen.
const CORRECTION: i64 = 1_000_000;

/// A change of level, and where the playhead is when it is due.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Due {
    pub(super) position: Position,
    pub(super) show: ShowTime,
    pub(super) channel: ChannelId,
    pub(super) level: Level,
}

/// Runs along a timeline, pass after pass. Only [`Cursor::new`] allocates.
#[derive(Clone, Debug)]
pub(super) struct Cursor {
    timeline: Arc<Timeline>,
    playback: Playback,
    extent: Extent,
    pass: u64,
    /// Where this pass was entered.
    entered: ShowTime,
    /// How many channels have been told their level at the entry.
    told: usize,
    /// How far the playhead has come since it jumped last; `None` until the show begins.
    reached: Option<Position>,
    /// It takes over from another, and has yet to be entered where the playhead is.
    takes_over: bool,
}

impl Cursor {
    pub(super) fn new(timeline: Arc<Timeline>, extent: Extent) -> Self {
        let playback = Playback::new(Arc::clone(&timeline));
        let mut cursor = Self {
            timeline,
            playback,
            extent,
            pass: 0,
            entered: extent.from,
            told: 0,
            reached: None,
            takes_over: false,
        };
        cursor.enter(0, extent.from);
        cursor
    }

    /// It goes on where `before` has come to: a show that has begun is entered where the playhead is.
    pub(super) const fn take_over(&mut self, before: &Self) {
        self.takes_over = before.takes_over || before.reached.is_some();
    }

    pub(super) const fn extent(&self) -> Extent {
        self.extent
    }

    fn enter(&mut self, pass: u64, at: ShowTime) {
        self.playback.seek(at);
        (self.pass, self.entered, self.told) = (pass, at, 0);
    }

    /// Where the show ends.
    pub(super) fn end(&self) -> Option<Position> {
        match self.extent.passes {
            Passes::Once(length) => Some(Position::at(length)),
            Passes::Loop(_) => None,
        }
    }

    /// Which pass `position` lies in, and where in the show.
    pub(super) fn place(&self, position: Position) -> (u64, ShowTime) {
        self.extent.place(position)
    }

    /// Where the next change is due.
    pub(super) fn next_due(&self) -> Option<Position> {
        if self.told < self.timeline.tracks().len() {
            return Some(self.extent.position(self.pass, self.entered));
        }
        let edge = self.playback.next_due();
        match self.extent.passes {
            Passes::Loop(range) => {
                let edge = edge.filter(|edge| *edge < range.end()).unwrap_or(range.end());
                Some(self.extent.position(self.pass, edge))
            }
            Passes::Once(_) => edge.map(|edge| self.extent.position(0, edge)),
        }
    }

    /// How long `channel` keeps its level from where the playhead has come to, as far as this pass goes.
    pub(super) fn ahead(&self, channel: ChannelId) -> Duration {
        let end = match self.extent.passes {
            Passes::Loop(range) => Some(range.end()),
            Passes::Once(_) => self.end().map(|end| self.place(end).1),
        };
        let next = self.playback.next_due_of(channel).into_iter().chain(end).min();
        let (_, here) = self.place(self.reached.unwrap_or_default());
        next.map_or(Duration::MAX, |next| next - here)
    }

    /// The playhead is at `position`. Whether it came there by a jump, so that what holds there may have begun
    /// long before.
    pub(super) fn come_to(&mut self, position: Position) -> bool {
        let begin = self.extent.position(0, self.extent.from);
        let takes_over = std::mem::take(&mut self.takes_over);
        if self.reached.is_none() && position < begin && !takes_over {
            return false;
        }
        // Once begun, a show does not go back behind its beginning.
        let position = position.max(begin);
        let reached = self.reached.unwrap_or(begin);
        let falls_back = reached.0 - position.0 > CORRECTION;
        let is_far = self.next_due().is_some_and(|next| position.0 - next.0 > JUMP);
        if falls_back || is_far || takes_over {
            let (pass, show) = self.place(position);
            self.enter(pass, show);
        }
        self.reached = Some(if falls_back { position } else { position.max(reached) });
        falls_back || takes_over || position.0 - reached.0 > LEAP
    }

    /// Takes the next change that is due where the playhead [has come to](Self::come_to).
    pub(super) fn take_due(&mut self) -> Option<Due> {
        let until = self.reached?;
        loop {
            let next = self.next_due().filter(|next| *next <= until)?;
            if self.told < self.timeline.tracks().len() {
                let channel = ChannelId::new(self.told);
                self.told += 1;
                let (position, show) = (next, self.entered);
                return Some(Due { position, show, channel, level: self.timeline.level_at(channel, show) });
            }
            if let Some(start) = self.next_pass_at(next) {
                self.enter(self.pass + 1, start);
            } else {
                let Edge { time: show, channel, level } = self.playback.take_due(ShowTime::MAX)?;
                return Some(Due { position: next, show, channel, level });
            }
        }
    }

    /// Where the next pass begins in the show, if this one ends at `position`.
    fn next_pass_at(&self, position: Position) -> Option<ShowTime> {
        match self.extent.passes {
            Passes::Loop(range) if position == self.extent.position(self.pass, range.end()) => {
                Some(range.start())
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::LoopRange;
    use crate::timeline::Track;

    const MILLI: u64 = 1_000;

    fn show(millis: u64) -> ShowTime {
        ShowTime::from_micros(millis * MILLI)
    }

    /// Neon is lit from 100 ms to 300 ms, the sign from the start to 200 ms.
    fn timeline() -> Arc<Timeline> {
        let (mut neon, mut sign) = (Track::default(), Track::default());
        neon.hold(show(100), Level::FULL);
        neon.hold(show(300), Level::OFF);
        sign.hold(show(0), Level::FULL);
        sign.hold(show(200), Level::OFF);
        Arc::new(Timeline::new(vec![neon, sign]))
    }

    /// Plays up to each position in turn, and checks what is taken: position in ms, channel, lit.
    fn check(extent: Extent, until_ms: &[i64], expected: &[(i64, usize, bool)]) {
        let mut cursor = Cursor::new(timeline(), extent);
        let mut taken = Vec::new();
        for until in until_ms {
            cursor.come_to(Position(until * 1_000_000));
            while let Some(due) = cursor.take_due() {
                taken.push((due.position.0 / 1_000_000, due.channel.index(), due.level.is_lit()));
            }
        }
        assert_eq!(taken, expected);
    }

    #[test]
    fn a_show_begins_with_the_levels_that_hold_there_and_every_edge_follows_once() {
        let extent = Extent { from: show(0), passes: Passes::Once(show(400)) };
        let expected = [(0, 0, false), (0, 1, true), (100, 0, true), (200, 1, false), (300, 0, false)];
        check(extent, &[-5, 0, 100, 150, 400], &expected);
        check(extent, &[400], &expected);
    }

    #[test]
    fn a_show_may_begin_in_its_middle() {
        let extent = Extent { from: show(150), passes: Passes::Once(show(1_000)) };
        check(extent, &[149], &[]);
        check(extent, &[150, 250], &[(150, 0, true), (150, 1, true), (200, 1, false)]);
    }

    #[test]
    fn a_playhead_that_jumps_back_is_followed_and_what_comes_after_that_place_comes_again() {
        let extent = Extent { from: show(0), passes: Passes::Once(show(1_000)) };
        let first = [(0, 0, false), (0, 1, true), (100, 0, true)];
        let again = [(20, 0, false), (20, 1, true), (100, 0, true), (200, 1, false)];
        check(extent, &[150, 20, 120, 250], &[&first[..], &again].concat());
    }

    #[test]
    fn a_playhead_that_is_corrected_makes_no_edge_twice() {
        let extent = Extent { from: show(0), passes: Passes::Once(show(1_000)) };
        let mut cursor = Cursor::new(timeline(), extent);
        let mut taken = 0;
        for micros in [100_000, 99_100, 99_900, 100_000, 99_001] {
            assert!(!cursor.come_to(Position(micros * 1_000)) || taken == 0);
            taken += std::iter::from_fn(|| cursor.take_due()).count();
        }
        assert_eq!(taken, 3);
        // Small steps add up to a jump.
        assert!(cursor.come_to(Position(98_900_000)));
        assert_eq!(std::iter::from_fn(|| cursor.take_due()).count(), 2);
    }

    #[test]
    fn a_playhead_may_fall_back_across_the_seam_of_a_loop_and_to_the_beginning_but_not_behind_it() {
        let extent = Extent { from: show(150), passes: Passes::Loop(LoopRange::whole(show(250))) };
        let first = [(150, 0, true), (150, 1, true), (200, 1, false), (250, 0, false), (250, 1, true)];
        let across = [(240, 0, true), (240, 1, false), (250, 0, false), (250, 1, true)];
        let begin = [(150, 0, true), (150, 1, true)];
        check(extent, &[260, 240, 250, 100], &[&first[..], &across, &begin].concat());
    }

    #[test]
    fn a_jump_is_told_from_a_look() {
        let extent = Extent { from: show(0), passes: Passes::Once(show(1_000)) };
        let mut cursor = Cursor::new(timeline(), extent);
        let is_jump = [-5, 0, 10, 45, 100, 99, 98, 90].map(|ms| cursor.come_to(Position(ms * 1_000_000)));
        assert_eq!(is_jump, [false, false, false, false, true, false, true, true]);
    }

    #[test]
    fn every_pass_of_a_loop_begins_with_its_levels_and_ends_at_its_length() {
        let extent = Extent { from: show(150), passes: Passes::Loop(LoopRange::whole(show(250))) };
        let expected = [
            (150, 0, true),
            (150, 1, true),
            (200, 1, false),
            (250, 0, false),
            (250, 1, true),
            (350, 0, true),
            (450, 1, false),
            (500, 0, false),
            (500, 1, true),
        ];
        check(extent, &[550], &expected);
        check(extent, &[249, 499, 550], &expected);
    }

    #[test]
    fn every_later_pass_of_a_part_begins_with_the_levels_at_its_start() {
        let passes = Passes::Loop(LoopRange::new(show(50), show(150)));
        let expected = [
            (120, 0, true),
            (120, 1, true),
            (150, 0, false),
            (150, 1, true),
            (200, 0, true),
            (250, 0, false),
            (250, 1, true),
            (300, 0, true),
        ];
        check(Extent { from: show(120), passes }, &[130, 301], &expected);
    }

    #[test]
    fn a_jump_forward_leaves_only_the_levels_at_its_end() {
        let extent = Extent { from: show(0), passes: Passes::Loop(LoopRange::whole(show(250))) };
        check(
            extent,
            &[0, 60_000 * 4 + 120],
            &[(0, 0, false), (0, 1, true), (240_120, 0, true), (240_120, 1, true)],
        );
    }

    #[test]
    fn the_next_due_position_is_what_comes_next() {
        let mut cursor = Cursor::new(
            timeline(),
            Extent { from: show(0), passes: Passes::Loop(LoopRange::whole(show(250))) },
        );
        let mut dues = Vec::new();
        for _ in 0..7 {
            let next = cursor.next_due().expect("a loop never ends");
            dues.push(next.0 / 1_000_000);
            cursor.come_to(next);
            while cursor.take_due().is_some() {}
        }
        assert_eq!(dues, [0, 100, 200, 250, 350, 450, 500]);
    }

    #[test]
    fn a_channel_keeps_its_level_until_its_next_edge_or_the_end() {
        for (passes, at_ms, expected_ms) in [
            (Passes::Once(show(400)), 150, 150),
            (Passes::Once(show(250)), 150, 100),
            (Passes::Loop(LoopRange::whole(show(250))), 150, 100),
            (Passes::Once(show(400)), 320, 80),
        ] {
            let mut cursor = Cursor::new(timeline(), Extent { from: show(0), passes });
            cursor.come_to(Position(at_ms * 1_000_000));
            while cursor.take_due().is_some() {}
            let ahead = cursor.ahead(ChannelId::new(0));
            assert_eq!(ahead, Duration::from_millis(expected_ms), "{passes:?} at {at_ms} ms");
        }
    }
}
