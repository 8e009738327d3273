//! The light of one channel over a whole show.

mod crossing;

use std::ops::Range;
use std::time::Duration;

use crate::level::Level;
use crate::time::ShowTime;

use super::ramp::Ramp;
use super::shared_levels::SharedLevels;

/// One stretch of light, up to the start of the next. Sixteen bytes: a million of them fit a Pi.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Segment {
    start: ShowTime,
    shape: SegmentShape,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum SegmentShape {
    Hold(Level),
    /// Index into [`Track::ramps`].
    Ramp(u32),
    /// Index into [`Track::shared`].
    Shared(u32),
}

/// What a track shows from a time on.
#[derive(Clone, Debug)]
pub(super) enum TrackPart {
    Hold(Level),
    Ramp(Ramp),
    Shared(SharedLevels),
}

/// The light of one channel over a whole show: off until the first thing that is added to it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Track {
    /// In order of start.
    segments: Vec<Segment>,
    ramps: Vec<Ramp>,
    shared: Vec<SharedLevels>,
}

impl Track {
    /// Of levels, each from a time on, in order of time.
    pub(super) fn of_holds(holds: impl Iterator<Item = (ShowTime, Level)> + Clone) -> Self {
        let mut track = Self { segments: Vec::with_capacity(holds.clone().count()), ..Self::default() };
        holds.for_each(|(start, level)| track.hold(start, level));
        track
    }

    /// From `start` on, `level`. Additions come in order of time; a later one at the same time
    /// replaces an earlier one.
    ///
    /// # Panics
    /// When `start` lies before what was added last.
    pub fn hold(&mut self, start: ShowTime, level: Level) {
        self.add(start, SegmentShape::Hold(level));
    }

    /// From `start` on, what `ramp` says: `ramp` may have begun earlier, hidden by something else. One
    /// that has arrived by then, or leads nowhere, is a hold.
    ///
    /// # Panics
    /// When `start` lies before what was added last.
    pub fn ramp(&mut self, start: ShowTime, ramp: Ramp) {
        if ramp.from == ramp.to || ramp.end() <= start {
            return self.hold(start, ramp.to);
        }
        let index = u32::try_from(self.ramps.len()).expect("the cap on events is far below 2³²");
        self.ramps.push(ramp);
        self.add(start, SegmentShape::Ramp(index));
    }

    /// From `start` on, what `levels` say, which may have begun earlier. If none is left, the last one is a hold.
    ///
    /// # Panics
    /// When `start` lies before what was added last.
    pub(super) fn share(&mut self, start: ShowTime, levels: SharedLevels) {
        if levels.changes_after(start).next().is_none() {
            return self.hold(start, levels.level_at(start));
        }
        let index = u32::try_from(self.shared.len()).expect("the cap on events is far below 2³²");
        self.shared.push(levels);
        self.add(start, SegmentShape::Shared(index));
    }

    fn add(&mut self, start: ShowTime, shape: SegmentShape) {
        while let Some(last) = self.segments.last() {
            assert!(last.start <= start, "a track is written in order of time");
            if last.start < start {
                break;
            }
            self.segments.pop();
        }
        // Two equal neighbours would be an edge that changes nothing.
        let repeats = matches!((self.segments.last(), shape), (Some(last), SegmentShape::Hold(_)) if last.shape == shape);
        let starts_dark = self.segments.is_empty() && shape == SegmentShape::Hold(Level::OFF);
        if !repeats && !starts_dark {
            self.segments.push(Segment { start, shape });
        }
    }

    #[must_use]
    pub fn level_at(&self, time: ShowTime) -> Level {
        match self.segments_until(time).checked_sub(1) {
            Some(index) => self.level_in(index, time),
            None => Level::OFF,
        }
    }

    /// The earliest time after `after` at which the level changes.
    #[must_use]
    pub fn next_edge(&self, after: ShowTime) -> Option<ShowTime> {
        self.edge_from(self.segments_until(after), after)
    }

    /// As [`next_edge`](Self::next_edge), for a reader who knows that `upcoming` segments have begun
    /// by `after`, which spares the search.
    pub(super) fn edge_from(&self, begun: usize, after: ShowTime) -> Option<ShowTime> {
        let level = match begun.checked_sub(1) {
            Some(index) => self.level_in(index, after),
            None => Level::OFF,
        };
        let mut index = begun;
        if let Some(edge) = begun.checked_sub(1).and_then(|current| self.edge_within(current, after)) {
            return Some(edge);
        }
        // A segment may begin at the very level that was there (the end of a fade, a base that shows
        // again): then the edge lies further on.
        loop {
            let next = self.segments.get(index)?;
            if self.level_in(index, next.start) != level {
                return Some(next.start);
            }
            if let Some(edge) = self.edge_within(index, next.start) {
                return Some(edge);
            }
            index += 1;
        }
    }

    /// How many segments have begun by `time`.
    pub(super) fn segments_until(&self, time: ShowTime) -> usize {
        self.segments.partition_point(|segment| segment.start <= time)
    }

    /// As [`segments_until`](Self::segments_until), counting on from `begun`.
    pub(super) fn segments_on(&self, begun: usize, time: ShowTime) -> usize {
        let ahead = self.segments[begun..].iter().take_while(|segment| segment.start <= time).count();
        begun + ahead
    }

    /// The level that the segment at `index` shows at `time`.
    pub(super) fn level_in(&self, index: usize, time: ShowTime) -> Level {
        match self.segments[index].shape {
            SegmentShape::Hold(level) => level,
            SegmentShape::Ramp(ramp) => self.ramps[ramp as usize].level_at(time),
            SegmentShape::Shared(levels) => self.shared[levels as usize].level_at(time),
        }
    }

    /// The next edge that the segment at `index` makes by itself, before its successor starts.
    fn edge_within(&self, index: usize, after: ShowTime) -> Option<ShowTime> {
        let edge = match self.segments[index].shape {
            SegmentShape::Hold(_) => None,
            SegmentShape::Ramp(ramp) => self.ramps[ramp as usize].next_edge(after),
            SegmentShape::Shared(levels) => {
                self.shared[levels as usize].changes_after(after).next().map(|(edge, _)| edge)
            }
        };
        edge.filter(|edge| self.successor_of(index).is_none_or(|start| *edge < start))
    }

    /// When the segment after the one at `index` starts.
    fn successor_of(&self, index: usize) -> Option<ShowTime> {
        self.segments.get(index + 1).map(|segment| segment.start)
    }

    /// The changes of shared levels that the segment at `index` shows after its start.
    fn shared_changes(&self, index: usize) -> impl Iterator<Item = (ShowTime, Level)> + '_ {
        let Segment { start, shape } = self.segments[index];
        let levels = match shape {
            SegmentShape::Shared(levels) => Some(&self.shared[levels as usize]),
            SegmentShape::Hold(_) | SegmentShape::Ramp(_) => None,
        };
        let changes = levels.into_iter().flat_map(move |levels| levels.changes_after(start));
        let successor = self.successor_of(index);
        changes.take_while(move |(time, _)| successor.is_none_or(|successor| *time < successor))
    }

    /// What was added to it, in order, and from when.
    pub(super) fn parts(&self) -> impl Iterator<Item = (ShowTime, TrackPart)> + '_ {
        self.segments.iter().map(|Segment { start, shape }| {
            let part = match shape {
                SegmentShape::Hold(level) => TrackPart::Hold(*level),
                SegmentShape::Ramp(ramp) => TrackPart::Ramp(self.ramps[*ramp as usize]),
                SegmentShape::Shared(levels) => TrackPart::Shared(self.shared[*levels as usize].clone()),
            };
            (*start, part)
        })
    }

    /// What it shows, in order: from when, the level then, and the ramp that begins there.
    pub fn pieces(&self) -> impl Iterator<Item = (ShowTime, Level, Option<Ramp>)> + '_ {
        self.segments.iter().enumerate().flat_map(|(index, Segment { start, shape })| {
            let ramp = match shape {
                SegmentShape::Hold(_) | SegmentShape::Shared(_) => None,
                SegmentShape::Ramp(ramp) => Some(self.ramps[*ramp as usize]),
            };
            let changes = self.shared_changes(index).map(|(time, level)| (time, level, None));
            std::iter::once((*start, self.level_in(index, *start), ramp)).chain(changes)
        })
    }

    /// The same light, `lead` sooner. What would come before the show is there when it begins.
    #[must_use]
    pub(super) fn earlier(&self, lead: Duration) -> Self {
        let mut early = Self::default();
        for (index, Segment { start, shape }) in self.segments.iter().enumerate() {
            let sooner = start.saturating_sub(lead);
            if let SegmentShape::Shared(levels) = shape {
                early.share(sooner, self.shared[*levels as usize].earlier(lead));
                continue;
            }
            early.hold(sooner, self.level_in(index, *start));
            let mut time = *start;
            while let Some(edge) = self.edge_within(index, time) {
                early.hold(edge.saturating_sub(lead), self.level_in(index, edge));
                time = edge;
            }
        }
        early
    }

    /// Whether there is light at any time.
    #[must_use]
    pub fn is_ever_lit(&self) -> bool {
        self.pieces().any(|(_, level, ramp)| level.is_lit() || ramp.is_some_and(|ramp| ramp.to.is_lit()))
    }

    /// Where it lies in memory.
    pub(super) fn memory(&self) -> impl Iterator<Item = Range<*const u8>> + '_ {
        fn bytes<T>(items: &[T]) -> Range<*const u8> {
            let range = items.as_ptr_range();
            range.start.cast()..range.end.cast()
        }
        let own = [bytes(&self.segments), bytes(&self.ramps), bytes(&self.shared)];
        own.into_iter().chain(self.shared.iter().map(SharedLevels::memory))
    }

    /// Every edge of the track in order: the time, and the level from then on.
    pub fn edges(&self) -> impl Iterator<Item = (ShowTime, Level)> + '_ {
        let at_start = (self.level_at(ShowTime::ZERO) != Level::OFF).then_some(ShowTime::ZERO);
        let mut begun = 0;
        std::iter::successors(at_start.or_else(|| self.next_edge(ShowTime::ZERO)), move |edge| {
            begun = self.segments_on(begun, *edge);
            self.edge_from(begun, *edge)
        })
        .map(|edge| (edge, self.level_at(edge)))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::easing::Easing;

    fn seconds(seconds: u64) -> ShowTime {
        ShowTime::from_micros(seconds * 1_000_000)
    }

    #[test]
    fn a_channel_is_off_before_its_first_cue() {
        let mut track = Track::default();
        track.hold(seconds(2), Level::FULL);
        assert_eq!(track.level_at(seconds(1)), Level::OFF);
        assert_eq!(track.level_at(seconds(2)), Level::FULL);
        assert_eq!(track.next_edge(ShowTime::ZERO), Some(seconds(2)));
        assert_eq!(track.next_edge(seconds(2)), None);
    }

    #[test]
    fn a_later_addition_at_the_same_time_replaces_the_earlier() {
        let mut track = Track::default();
        track.hold(seconds(1), Level::FULL);
        track.hold(seconds(1), Level::HALF);
        assert_eq!(track.edges().collect::<Vec<_>>(), [(seconds(1), Level::HALF)]);
    }

    #[test]
    fn a_stretch_at_the_level_that_was_there_makes_no_edge() {
        let mut track = Track::default();
        track.hold(seconds(1), Level::FULL);
        let ramp = Ramp {
            start: seconds(2),
            over: Duration::ZERO,
            from: Level::OFF,
            to: Level::FULL,
            easing: Easing::Linear,
        };
        track.ramp(seconds(2), ramp);
        track.hold(seconds(3), Level::OFF);
        assert_eq!(track.edges().collect::<Vec<_>>(), [(seconds(1), Level::FULL), (seconds(3), Level::OFF)]);
    }

    #[test]
    fn a_fade_that_was_hidden_shows_again_in_mid_course() {
        let ramp = Ramp {
            start: seconds(0),
            over: Duration::from_secs(10),
            from: Level::OFF,
            to: Level::FULL,
            easing: Easing::Linear,
        };
        let mut track = Track::default();
        track.ramp(seconds(0), ramp);
        track.hold(seconds(2), Level::OFF);
        track.ramp(seconds(5), ramp);
        assert_eq!(track.level_at(seconds(3)), Level::OFF);
        assert_eq!(track.level_at(seconds(5)), Level::HALF);
        assert_eq!(track.edges().last(), Some((seconds(10), Level::FULL)));
    }
}
