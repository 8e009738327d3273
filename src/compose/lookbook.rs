//! What every look of a song is made with: the rig, its lights, the form of the song and the style. Knows no cues.

use super::form::{Intensity, SongForm};
use super::lights::LightUse;
use super::naming::LightSet;
use super::style::ShowStyle;
use crate::rig::{ChannelId, Rig};

/// What the looks of a song are made with.
pub(super) struct Lookbook<'a> {
    pub(super) rig: &'a Rig,
    pub(super) lights: &'a LightUse,
    pub(super) form: &'a SongForm,
    pub(super) style: ShowStyle,
}

impl Lookbook<'_> {
    pub(super) fn together(&self, sets: &[LightSet]) -> Option<LightSet> {
        let channels: Vec<ChannelId> = sets.iter().flat_map(|set| set.channels.iter().copied()).collect();
        LightSet::of(self.rig, channels)
    }

    /// Every light that does something.
    pub(super) fn all(&self) -> Option<LightSet> {
        LightSet::of(self.rig, self.lights.used())
    }

    /// "1 beat", as often as a foot taps.
    pub(super) fn felt(&self) -> String {
        self.length(i64::from(self.form.felt))
    }

    /// So many beats in words.
    pub(super) fn length(&self, beats: i64) -> String {
        let bar = i64::from(self.form.in_bar);
        match (beats % bar, beats / bar) {
            (0, 1) => "1 bar".to_owned(),
            (0, bars) => format!("{bars} bars"),
            _ if beats == 1 => "1 beat".to_owned(),
            _ => format!("{beats} beats"),
        }
    }

    /// There are only relays.
    pub(super) fn are_alone(&self) -> bool {
        self.lights.drums.is_empty() && self.lights.wash.is_none()
    }
}

/// About the level of the background while a part of this intensity lasts, in percent; `None` if it is the base itself.
pub(super) fn middle(intensity: Intensity) -> Option<u32> {
    match intensity {
        Intensity::Calm => None,
        Intensity::Steady => Some(35),
        Intensity::Strong => Some(50),
        Intensity::Full => Some(65),
    }
}
