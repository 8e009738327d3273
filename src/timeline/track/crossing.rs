//! When a track passes a level. Costs no more for a fade than for a hold, however many stairs it has.

use std::time::Duration;

use crate::level::Level;
use crate::time::ShowTime;

use super::{Segment, SegmentShape, Track};

impl Track {
    /// When the channel comes to be `past` a level (true) and when it leaves it (false), by turns.
    /// `past` holds from some level above off upwards.
    fn crossings<'a>(
        &'a self,
        past: impl Fn(Level) -> bool + Copy + 'a,
    ) -> impl Iterator<Item = (ShowTime, bool)> + 'a {
        let mut last = false;
        self.segments
            .iter()
            .enumerate()
            .flat_map(move |(index, segment)| {
                let at_start = (segment.start, past(self.level_in(index, segment.start)));
                let within = self.crossing_within(index, past).map(|time| (time, !at_start.1));
                let shared = self.shared_changes(index).map(move |(time, level)| (time, past(level)));
                std::iter::once(at_start).chain(within).chain(shared)
            })
            .filter(move |(_, now)| std::mem::replace(&mut last, *now) != *now)
    }

    fn crossing_within(&self, index: usize, past: impl Fn(Level) -> bool) -> Option<ShowTime> {
        let Segment { start, shape: SegmentShape::Ramp(ramp) } = self.segments[index] else {
            return None;
        };
        let crossing = self.ramps[ramp as usize].crossing(past)?;
        let successor = self.segments.get(index + 1).map(|next| next.start);
        (crossing > start && successor.is_none_or(|next| crossing < next)).then_some(crossing)
    }

    /// What a channel that can only switch makes of this track: on from half upwards.
    pub(in crate::timeline) fn switched(&self) -> Self {
        let mut switched = Self::default();
        for (time, on) in self.crossings(|level| level >= Level::HALF) {
            switched.hold(time, if on { Level::FULL } else { Level::OFF });
        }
        switched
    }

    /// From when until when the channel is lit at all, in order of time.
    pub(in crate::timeline) fn lit_stretches(&self) -> impl Iterator<Item = (ShowTime, ShowTime)> + '_ {
        let mut crossings = self.crossings(Level::is_lit);
        std::iter::from_fn(move || {
            let (from, _) = crossings.next()?;
            Some((from, crossings.next().map_or(ShowTime::MAX, |(to, _)| to)))
        })
    }

    /// The level at the start and at the end of every segment, and at each change of shared levels: between two
    /// neighbours of these it only rises or only falls.
    pub(in crate::timeline) fn corners(&self) -> impl Iterator<Item = (ShowTime, Level)> + '_ {
        self.segments.iter().enumerate().flat_map(|(index, segment)| {
            let start = (segment.start, self.level_in(index, segment.start));
            let end = match segment.shape {
                SegmentShape::Hold(_) | SegmentShape::Shared(_) => None,
                SegmentShape::Ramp(ramp) => {
                    let arrives = self.ramps[ramp as usize].end();
                    let last = self.segments.get(index + 1).map_or(arrives, |next| {
                        arrives.min(next.start.saturating_sub(Duration::from_micros(1)))
                    });
                    Some((last, self.level_in(index, last)))
                }
            };
            std::iter::once(start).chain(end).chain(self.shared_changes(index))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::Ramp;
    use super::*;
    use crate::easing::Easing;

    fn seconds(seconds: u64) -> ShowTime {
        ShowTime::from_micros(seconds * 1_000_000)
    }

    #[test]
    fn a_fade_is_lit_from_its_first_light_to_its_last_where_it_is_seen() {
        let fade = |start, from, to| Ramp {
            start: seconds(start),
            over: Duration::from_secs(10),
            from,
            to,
            easing: Easing::Linear,
        };
        let mut track = Track::default();
        track.ramp(seconds(0), fade(0, Level::OFF, Level::FULL));
        track.hold(seconds(2), Level::OFF);
        track.ramp(seconds(5), fade(0, Level::OFF, Level::FULL));
        track.ramp(seconds(12), fade(12, Level::FULL, Level::OFF));
        let lit: Vec<_> =
            track.lit_stretches().map(|(from, to)| (from.micros() / 5_000, to.micros() / 5_000)).collect();
        assert_eq!(lit, [(1, 400), (1_000, 4_400)]);
        let switched: Vec<_> = track.switched().edges().map(|(time, _)| time).collect();
        assert_eq!(switched, [seconds(5), ShowTime::from_micros(17_005_000)]);
    }
}
