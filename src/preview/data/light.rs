//! A channel and its light: the pieces of its compiled track, as they are. Knows no cues.

use serde::Serialize;

use crate::easing::Easing;
use crate::rig::Channel;
use crate::timeline::{Ramp, Track};

#[derive(Serialize, Clone, Debug)]
pub(super) struct ChannelData {
    name: String,
    kind: &'static str,
    dims: bool,
    /// The lamp follows its signal so much later.
    lead_us: u64,
    groups: Vec<String>,
    light: Vec<LightPiece>,
}

/// From a time on, up to the next piece.
#[derive(Serialize, Clone, Debug)]
#[serde(untagged)]
enum LightPiece {
    /// Start and level.
    Hold(u64, u16),
    /// Start; then start, length, levels and easing of the ramp, which may have begun earlier.
    Ramp(u64, u64, u64, u16, u16, &'static str),
}

impl ChannelData {
    pub(super) fn of(channel: &Channel, groups: Vec<String>, track: &Track) -> Self {
        let pieces = track.pieces().map(|(start, level, ramp)| match ramp {
            None => LightPiece::Hold(start.micros(), level.hundredths()),
            Some(Ramp { start: begun, over, from, to, easing }) => LightPiece::Ramp(
                start.micros(),
                begun.micros(),
                over.as_micros() as u64,
                from.hundredths(),
                to.hundredths(),
                name(easing),
            ),
        });
        Self {
            name: channel.name.clone(),
            kind: channel.kind.name(),
            dims: channel.kind.dims(),
            lead_us: channel.lead.as_micros() as u64,
            groups,
            light: pieces.collect(),
        }
    }
}

const fn name(easing: Easing) -> &'static str {
    match easing {
        Easing::Linear => "linear",
        Easing::In => "in",
        Easing::Out => "out",
        Easing::InOut => "in-out",
    }
}
