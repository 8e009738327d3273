//! What comes next in the show, by the playhead's position: the passes of a loop, the levels that hold
//! where a pass begins, and every edge once and in order. Pure.

use std::sync::Arc;
use std::time::Duration;

use crate::clock::Position;
use crate::level::Level;
use crate::rig::ChannelId;
use crate::time::ShowTime;
use crate::timeline::{Edge, Playback, Timeline};

use super::{Extent, Run};

/// When the playhead is this far past the next edge it has jumped, and running through every edge
/// between would take longer than looking up where it is.
const JUMP: Duration = Duration::from_secs(1);

/// A change of level, and where the playhead is when it is due.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Due {
    pub(super) position: Position,
    pub(super) show: ShowTime,
    pub(super) channel: ChannelId,
    pub(super) level: Level,
}

/// Runs along a timeline, pass after pass. Only [`Rundown::new`] allocates.
#[derive(Clone, Debug)]
pub(super) struct Rundown {
    timeline: Arc<Timeline>,
    playback: Playback,
    run: Run,
    pass: u64,
    /// Where this pass was entered.
    entered: ShowTime,
    /// How many channels have been told their level at the entry.
    told: usize,
}

impl Rundown {
    pub(super) fn new(timeline: Arc<Timeline>, run: Run) -> Self {
        let playback = Playback::new(Arc::clone(&timeline));
        let run = run.playable();
        let mut rundown = Self { timeline, playback, run, pass: 0, entered: run.from, told: 0 };
        rundown.enter(0, run.from);
        rundown
    }

    pub(super) fn timeline(&self) -> Arc<Timeline> {
        Arc::clone(&self.timeline)
    }

    fn enter(&mut self, pass: u64, at: ShowTime) {
        self.playback.seek(at);
        (self.pass, self.entered, self.told) = (pass, at, 0);
    }

    /// Where the show ends: with its sound, or at its length.
    pub(super) fn end(&self, sound_end: Option<Position>) -> Option<Position> {
        match self.run.extent {
            Extent::Sound { at_most } => {
                let at_most = Position::at(at_most);
                Some(sound_end.map_or(at_most, |end| end.min(at_most)))
            }
            Extent::Once(length) => Some(Position::at(length)),
            Extent::Loop(_) => None,
        }
    }

    /// Which pass `position` lies in, and where in the show.
    pub(super) fn place(&self, position: Position) -> (u64, ShowTime) {
        self.run.place(position)
    }

    /// Where the next change is due.
    pub(super) fn next_due(&self) -> Option<Position> {
        if self.told < self.timeline.tracks().len() {
            return Some(self.run.position(self.pass, self.entered));
        }
        let edge = self.playback.next_due();
        match self.run.extent {
            Extent::Loop(length) => {
                let edge = edge.filter(|edge| *edge < length).unwrap_or(length);
                Some(self.run.position(self.pass, edge))
            }
            Extent::Sound { .. } | Extent::Once(_) => edge.map(|edge| self.run.position(0, edge)),
        }
    }

    /// How long `channel` keeps its level from `show` on, as far as this pass goes.
    pub(super) fn ahead(&self, channel: ChannelId, show: ShowTime, sound_end: Option<Position>) -> Duration {
        let end = match self.run.extent {
            Extent::Loop(length) => Some(length),
            _ => self.end(sound_end).map(|end| self.place(end).1),
        };
        let next = self.playback.next_due_of(channel).into_iter().chain(end).min();
        next.map_or(Duration::MAX, |next| next - show)
    }

    /// Takes the next change that is due by `until`. After a jump forward only the levels that hold at
    /// `until` are left to take.
    pub(super) fn take_due(&mut self, until: Position) -> Option<Due> {
        loop {
            let next = self.next_due().filter(|next| *next <= until)?;
            if until.0 - next.0 > JUMP.as_nanos() as i64 {
                let (pass, show) = self.place(until);
                self.enter(pass, show);
            } else if self.told < self.timeline.tracks().len() {
                let channel = ChannelId::new(self.told);
                self.told += 1;
                let (position, show) = (next, self.entered);
                return Some(Due { position, show, channel, level: self.timeline.level_at(channel, show) });
            } else if self.is_end_of_pass(next) {
                self.enter(self.pass + 1, ShowTime::ZERO);
            } else {
                let Edge { time: show, channel, level } = self.playback.take_due(ShowTime::MAX)?;
                return Some(Due { position: next, show, channel, level });
            }
        }
    }

    fn is_end_of_pass(&self, position: Position) -> bool {
        matches!(self.run.extent, Extent::Loop(length) if position == self.run.position(self.pass, length))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
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
    fn check(run: Run, until_ms: &[i64], expected: &[(i64, usize, bool)]) {
        let mut rundown = Rundown::new(timeline(), run);
        let mut taken = Vec::new();
        for until in until_ms {
            while let Some(due) = rundown.take_due(Position(until * 1_000_000)) {
                taken.push((due.position.0 / 1_000_000, due.channel.index(), due.level.is_lit()));
            }
        }
        assert_eq!(taken, expected);
    }

    #[test]
    fn a_show_begins_with_the_levels_that_hold_there_and_every_edge_follows_once() {
        let run = Run { from: show(0), extent: Extent::Once(show(400)) };
        let expected = [(0, 0, false), (0, 1, true), (100, 0, true), (200, 1, false), (300, 0, false)];
        check(run, &[-5, 0, 100, 150, 400], &expected);
        check(run, &[400], &expected);
    }

    #[test]
    fn a_show_may_begin_in_its_middle() {
        let run = Run { from: show(150), extent: Extent::Sound { at_most: show(1_000) } };
        check(run, &[149], &[]);
        check(run, &[150, 250], &[(150, 0, true), (150, 1, true), (200, 1, false)]);
    }

    #[test]
    fn a_show_ends_with_its_sound_and_without_a_sound_card_at_its_length() {
        let run = Run { from: show(0), extent: Extent::Sound { at_most: show(400) } };
        let rundown = Rundown::new(timeline(), run);
        for (sound_end, end) in [(None, 400), (Some(300), 300), (Some(900), 400)] {
            let sound_end = sound_end.map(|millis| Position::at(show(millis)));
            assert_eq!(rundown.end(sound_end), Some(Position::at(show(end))));
        }
    }

    #[test]
    fn a_playhead_that_jumps_back_makes_no_edge_twice() {
        let run = Run { from: show(0), extent: Extent::Sound { at_most: show(1_000) } };
        check(run, &[150, 20, 120, 250], &[(0, 0, false), (0, 1, true), (100, 0, true), (200, 1, false)]);
    }

    #[test]
    fn every_pass_of_a_loop_begins_with_its_levels_and_ends_at_its_length() {
        let run = Run { from: show(150), extent: Extent::Loop(show(250)) };
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
        check(run, &[550], &expected);
        check(run, &[249, 499, 550], &expected);
    }

    #[test]
    fn a_jump_forward_leaves_only_the_levels_at_its_end() {
        let run = Run { from: show(0), extent: Extent::Loop(show(250)) };
        check(
            run,
            &[0, 60_000 * 4 + 120],
            &[(0, 0, false), (0, 1, true), (240_120, 0, true), (240_120, 1, true)],
        );
    }

    #[test]
    fn the_next_due_position_is_what_comes_next() {
        let mut rundown = Rundown::new(timeline(), Run { from: show(0), extent: Extent::Loop(show(250)) });
        let mut dues = Vec::new();
        for _ in 0..7 {
            let next = rundown.next_due().expect("a loop never ends");
            dues.push(next.0 / 1_000_000);
            while rundown.take_due(next).is_some() {}
        }
        assert_eq!(dues, [0, 100, 200, 250, 350, 450, 500]);
    }

    #[test]
    fn a_channel_keeps_its_level_until_its_next_edge_or_the_end() {
        for (extent, at_ms, expected_ms) in [
            (Extent::Once(show(400)), 150, 150),
            (Extent::Once(show(250)), 150, 100),
            (Extent::Loop(show(250)), 150, 100),
            (Extent::Once(show(400)), 320, 80),
        ] {
            let mut rundown = Rundown::new(timeline(), Run { from: show(0), extent });
            while rundown.take_due(Position(at_ms * 1_000_000)).is_some() {}
            let ahead = rundown.ahead(ChannelId::new(0), show(at_ms.unsigned_abs()), None);
            assert_eq!(ahead, Duration::from_millis(expected_ms), "{extent:?} at {at_ms} ms");
        }
    }
}
