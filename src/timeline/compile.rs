//! From cues to tracks: base, effects over it, then the rig's rules. Pure.

use crate::level::Level;
use crate::rig::Rig;
use crate::show::{Action, Cue, Show};
use crate::time::ShowTime;

use super::base::base;
use super::effect::{Part, cover};
use super::rules::{self, Change};
use super::stretch::{Cover, overlay};
use super::{Timeline, Track};

/// A show as it plays on a rig.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Compiled {
    pub timeline: Timeline,
    /// What the rig's rules made of the show, in order of time.
    pub changes: Vec<Change>,
}

/// Compiles `show` for `rig`; the same to the microsecond on every machine.
#[must_use]
pub fn compile(show: &Show, rig: &Rig) -> Compiled {
    let tracks: Vec<Track> = rig
        .channels
        .iter()
        .zip(rig.channel_ids())
        .zip(&cues_by_channel(show, rig))
        .map(|((channel, id), cues)| {
            let cues = cues.iter().map(|(number, place)| (&show.cues[*number as usize], *place as usize));
            let track = match show.frames.as_ref().and_then(|frames| frames.changes_of(id)) {
                Some(frames) => track_over_frames(cues, &channel.name, frames),
                None => track(cues, &channel.name, std::iter::empty()),
            };
            if channel.kind.dims() { track } else { track.switched() }
        })
        .collect();
    let (tracks, changes) = rules::apply(tracks, rig);
    Compiled { timeline: Timeline::new(tracks), changes }
}

/// Each channel's cues by number, with the channel's place in each: one pass over a hundred thousand cues.
pub(super) fn cues_by_channel(show: &Show, rig: &Rig) -> Vec<Vec<(u32, u32)>> {
    let mut by_channel = vec![Vec::new(); rig.channels.len()];
    for (number, cue) in (0..).zip(&show.cues) {
        for (place, channel) in (0..).zip(cue.channels.iter()) {
            by_channel[channel.index()].push((number, place));
        }
    }
    by_channel
}

/// Most of these channels have no cue: then there is nothing to lay over one another, which would take memory.
fn track_over_frames<'a>(
    cues: impl Iterator<Item = (&'a Cue, usize)> + Clone,
    name: &str,
    frames: impl Iterator<Item = (ShowTime, Level)> + Clone,
) -> Track {
    match cues.clone().next() {
        Some(_) => track(cues, name, frames),
        None => Track::of_holds(frames),
    }
}

fn track<'a>(
    cues: impl Iterator<Item = (&'a Cue, usize)> + Clone,
    name: &str,
    frames: impl Iterator<Item = (ShowTime, Level)>,
) -> Track {
    let base = base(cues.clone().map(|(cue, _)| cue), frames);
    let covers: Vec<Cover> = cues.filter_map(|(cue, place)| cover_of(cue, place, name)).collect();
    overlay(&base, &covers)
}

/// What `cue` lays over the base of the channel called `name`, which stands at `place` in it.
pub(super) fn cover_of(cue: &Cue, place: usize, name: &str) -> Option<Cover> {
    match &cue.action {
        Action::Over { end, effect } => {
            let part = Part { place, of: cue.channels.len(), name };
            Some(cover(effect, cue.start, *end, &part))
        }
        Action::Set(_) | Action::Fade { .. } => None,
    }
}
