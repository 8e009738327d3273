//! A compiled show: the level of any channel at any time, and the next edge after any time.
//!
//! Pure: it knows no files, clocks or pins, uses integers only, and is therefore the same to the
//! microsecond on every machine.

mod base;
mod compile;
mod effect;
mod playback;
mod ramp;
mod rules;
mod shared_levels;
mod strain;
mod stretch;
mod track;
mod unseen;

pub use compile::{Compiled, compile};
pub use playback::{Edge, Playback};
pub use ramp::Ramp;
pub use rules::{Change, Changed};
pub use strain::{Strain, Strained, strain};
pub use track::Track;
pub use unseen::{Unseen, WhyUnseen, unseen};

use std::ops::Range;

use crate::level::Level;
use crate::rig::ChannelId;
use crate::time::ShowTime;

/// A compiled show, one track a channel in the rig's order.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Timeline {
    tracks: Vec<Track>,
}

impl Timeline {
    #[must_use]
    pub fn new(tracks: Vec<Track>) -> Self {
        Self { tracks }
    }

    #[must_use]
    pub fn tracks(&self) -> &[Track] {
        &self.tracks
    }

    pub fn channel_ids(&self) -> impl Iterator<Item = ChannelId> + use<> {
        (0..self.tracks.len()).map(ChannelId::new)
    }

    /// Where it lies in memory, for whoever must keep it from being paged out.
    pub fn memory(&self) -> impl Iterator<Item = Range<*const u8>> {
        self.tracks.iter().flat_map(Track::memory)
    }

    /// What `channel` shows at `time`; off before its first cue.
    #[must_use]
    pub fn level_at(&self, channel: ChannelId, time: ShowTime) -> Level {
        self.tracks[channel.index()].level_at(time)
    }

    /// The earliest time after `after` at which any channel's level changes.
    #[must_use]
    pub fn next_edge(&self, after: ShowTime) -> Option<ShowTime> {
        self.tracks.iter().filter_map(|track| track.next_edge(after)).min()
    }
}
