//! What the rig allows: how fast a contact may move, how many lamps the supply carries. Pure.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::Duration;

use crate::level::Level;
use crate::rig::{Channel, ChannelId, Rig};
use crate::time::ShowTime;

use super::Track;
use super::stretch::{Cover, Stretch};

/// What a rule of the rig changed in a show.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Change {
    pub time: ShowTime,
    pub channel: ChannelId,
    pub what: Changed,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Changed {
    /// Switched on later, because it had gone off less than `min_off` before.
    OnLater(Duration),
    /// Switched off later, because it had gone on less than `min_on` before.
    OffLater(Duration),
    /// A flash that `min_off` left no time for.
    FlashLeftOut,
    /// A gap that `min_on` left no time for.
    GapLeftOut,
    /// Dark until it is switched on again: `on_at_once` others were lit.
    StaysDark,
}

/// `tracks` as the rig allows them, and what that changed.
pub(super) fn apply(tracks: Vec<Track>, rig: &Rig) -> (Vec<Track>, Vec<Change>) {
    let mut changes = Vec::new();
    let mut tracks: Vec<Track> = tracks
        .into_iter()
        .zip(rig.channel_ids())
        .map(|(track, id)| unhurried(track, id, rig.channel(id), &mut changes))
        .collect();
    if let Some(most) = rig.limits.on_at_once {
        tracks = spared(tracks, most, &mut changes);
    }
    let tracks =
        tracks.into_iter().zip(&rig.channels).map(|(track, channel)| early(track, channel.lead)).collect();
    changes.sort_by_key(|change| (change.time, change.channel));
    (tracks, changes)
}

/// Holds `min_on` and `min_off` of a channel that switches.
fn unhurried(track: Track, id: ChannelId, channel: &Channel, changes: &mut Vec<Change>) -> Track {
    if channel.kind.dims() || (channel.min_on.is_zero() && channel.min_off.is_zero()) {
        return track;
    }
    let edges: Vec<(ShowTime, Level)> = track.edges().collect();
    let mut slow = Track::default();
    let mut shown = Level::OFF;
    let mut free_at = ShowTime::ZERO;
    for (at, (time, level)) in edges.iter().enumerate() {
        if *level == shown {
            continue;
        }
        let moved = (*time).max(free_at);
        let waits = moved - *time;
        let mut changed = |what| changes.push(Change { time: *time, channel: id, what });
        if edges.get(at + 1).is_some_and(|(next, _)| moved >= *next) {
            // The opposite is wanted before this may happen: nothing is shown of either.
            changed(if level.is_lit() { Changed::FlashLeftOut } else { Changed::GapLeftOut });
            continue;
        }
        if !waits.is_zero() {
            changed(if level.is_lit() { Changed::OnLater(waits) } else { Changed::OffLater(waits) });
        }
        slow.hold(moved, *level);
        shown = *level;
        free_at = moved + if level.is_lit() { channel.min_on } else { channel.min_off };
    }
    slow
}

/// Keeps at most `most` channels lit: those that are lit stay, newcomers stay dark until they are
/// switched on again.
fn spared(tracks: Vec<Track>, most: usize, changes: &mut Vec<Change>) -> Vec<Track> {
    let mut lit: Vec<(ShowTime, usize, ShowTime)> = tracks
        .iter()
        .enumerate()
        .flat_map(|(index, track)| track.lit_stretches().map(move |(from, to)| (from, index, to)))
        .collect();
    lit.sort_unstable();
    let mut ends: BinaryHeap<Reverse<ShowTime>> = BinaryHeap::new();
    let mut dark: Vec<Vec<Cover>> = vec![Vec::new(); tracks.len()];
    for (from, index, to) in lit {
        while ends.peek().is_some_and(|Reverse(end)| *end <= from) {
            ends.pop();
        }
        if ends.len() < most {
            ends.push(Reverse(to));
            continue;
        }
        dark[index].push(Cover { stretches: vec![Stretch::hold(from, Level::OFF)], end: to });
        changes.push(Change { time: from, channel: ChannelId::new(index), what: Changed::StaysDark });
    }
    tracks
        .into_iter()
        .zip(dark)
        .map(|(track, dark)| if dark.is_empty() { track } else { track.under(&dark) })
        .collect()
}

/// Everything `lead` sooner, so that a slow contact closes on the beat.
fn early(track: Track, lead: Duration) -> Track {
    if lead.is_zero() {
        return track;
    }
    let mut early = Track::default();
    for (time, level) in track.edges() {
        early.hold(time.saturating_sub(lead), level);
    }
    early
}
