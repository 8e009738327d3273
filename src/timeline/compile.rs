//! From cues to tracks: base, effects over it, then the rig's rules. Pure.

use crate::rig::Rig;
use crate::show::{Action, Cue, Show};

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
    // Each channel's cues, with the channel's place in each: one pass over a hundred thousand cues.
    let mut by_channel: Vec<Vec<(&Cue, usize)>> = vec![Vec::new(); rig.channels.len()];
    for cue in &show.cues {
        for (place, channel) in cue.channels.iter().enumerate() {
            by_channel[channel.index()].push((cue, place));
        }
    }
    let tracks: Vec<Track> = rig
        .channels
        .iter()
        .zip(&by_channel)
        .map(|(channel, cues)| {
            let track = track(cues, &channel.name);
            if channel.kind.dims() { track } else { track.switched() }
        })
        .collect();
    let (tracks, changes) = rules::apply(tracks, rig);
    Compiled { timeline: Timeline::new(tracks), changes }
}

fn track(cues: &[(&Cue, usize)], name: &str) -> Track {
    let base = base(cues.iter().map(|(cue, _)| *cue));
    let covers: Vec<Cover> = cues
        .iter()
        .filter_map(|(cue, place)| match &cue.action {
            Action::Over { end, effect } => {
                let part = Part { place: *place, of: cue.channels.len(), name };
                Some(cover(effect, cue.start, *end, &part))
            }
            Action::Set(_) | Action::Fade { .. } => None,
        })
        .collect();
    overlay(&base, &covers)
}
