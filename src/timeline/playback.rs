//! A reader that runs along a timeline once, edge by edge, without searching or allocating.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;

use crate::level::Level;
use crate::rig::ChannelId;
use crate::time::ShowTime;

use super::Timeline;

/// A change of one channel's level.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Edge {
    pub time: ShowTime,
    pub channel: ChannelId,
    pub level: Level,
}

/// Where one track's reader stands.
#[derive(Clone, Copy, Debug)]
struct TrackPosition {
    /// Segments that have begun.
    begun: usize,
    next: Option<ShowTime>,
}

/// Runs along a timeline. Only [`Playback::new`] allocates.
#[derive(Clone, Debug)]
pub struct Playback {
    timeline: Arc<Timeline>,
    positions: Vec<TrackPosition>,
    /// The next edge of each track that has one, the earliest on top: finding it costs little however many channels
    /// there are.
    upcoming: BinaryHeap<Reverse<(ShowTime, ChannelId)>>,
}

impl Playback {
    #[must_use]
    pub fn new(timeline: Arc<Timeline>) -> Self {
        let positions = vec![TrackPosition { begun: 0, next: None }; timeline.tracks().len()];
        let upcoming = BinaryHeap::with_capacity(positions.len());
        let mut playback = Self { timeline, positions, upcoming };
        playback.seek(ShowTime::ZERO);
        playback
    }

    /// Stands at `time`: edges at or before it count as over. The levels that hold there are told by
    /// [`Timeline::level_at`].
    pub fn seek(&mut self, time: ShowTime) {
        for (position, track) in self.positions.iter_mut().zip(self.timeline.tracks()) {
            position.begun = track.segments_until(time);
            position.next = track.edge_from(position.begun, time);
        }
        self.upcoming.clear();
        let next = self.positions.iter().enumerate();
        let next = next.filter_map(|(index, position)| Some((position.next?, ChannelId::new(index))));
        self.upcoming.extend(next.map(Reverse));
    }

    /// When the next edge is due.
    #[must_use]
    pub fn next_due(&self) -> Option<ShowTime> {
        self.upcoming.peek().map(|Reverse((time, _))| *time)
    }

    /// When the next edge of `channel` is due.
    #[must_use]
    pub fn next_due_of(&self, channel: ChannelId) -> Option<ShowTime> {
        self.positions[channel.index()].next
    }

    /// Takes the next edge, if it is due by `until`. Edges come in order of time, and at the same
    /// time in the rig's order; none comes twice and none is left out.
    pub fn take_due(&mut self, until: ShowTime) -> Option<Edge> {
        let Reverse((time, channel)) =
            self.upcoming.peek().copied().filter(|Reverse((time, _))| *time <= until)?;
        self.upcoming.pop();
        let index = channel.index();
        let track = &self.timeline.tracks()[index];
        let position = &mut self.positions[index];
        position.begun = track.segments_on(position.begun, time);
        position.next = track.edge_from(position.begun, time);
        let level = position.begun.checked_sub(1).map_or(Level::OFF, |segment| track.level_in(segment, time));
        self.upcoming.extend(position.next.map(|next| Reverse((next, channel))));
        Some(Edge { time, channel, level })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::{Ramp, Track};
    use super::*;
    use crate::easing::Easing;

    fn timeline() -> Timeline {
        let at = |millis: u64| ShowTime::from_micros(millis * 1_000);
        let mut neon = Track::default();
        neon.hold(at(100), Level::FULL);
        neon.hold(at(300), Level::OFF);
        let mut windows = Track::default();
        windows.ramp(
            at(100),
            Ramp {
                start: at(100),
                over: Duration::from_millis(30),
                from: Level::OFF,
                to: Level::FULL,
                easing: Easing::InOut,
            },
        );
        windows.hold(at(300), Level::HALF);
        Timeline::new(vec![neon, windows])
    }

    #[test]
    fn playback_meets_every_edge_once_and_in_order() {
        let timeline = Arc::new(timeline());
        let mut playback = Playback::new(Arc::clone(&timeline));
        let edges: Vec<Edge> = std::iter::from_fn(|| playback.take_due(ShowTime::MAX)).collect();
        let mut expected: Vec<Edge> = timeline
            .tracks()
            .iter()
            .zip(timeline.channel_ids())
            .flat_map(|(track, channel)| {
                track.edges().map(move |(time, level)| Edge { time, channel, level })
            })
            .collect();
        expected.sort_by_key(|edge| (edge.time, edge.channel));
        assert_eq!(edges, expected);
        assert!(edges.len() > 6);
    }

    #[test]
    fn seeking_leaves_out_what_is_over() {
        let mut playback = Playback::new(Arc::new(timeline()));
        playback.seek(ShowTime::from_micros(200_000));
        let neon = ChannelId::new(0);
        assert_eq!(playback.next_due_of(neon).map(ShowTime::micros), Some(300_000));
        let next = playback.take_due(ShowTime::MAX).expect("two edges at 0:00.300");
        assert_eq!((next.time.micros(), next.channel.index(), next.level), (300_000, 0, Level::OFF));
    }
}
