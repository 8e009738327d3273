//! A show as a picture: every channel's light, the music, bars and parts over the time. Made without playing, from a
//! compiled show. Knows no pins, clocks or terminals.
//!
//! [`Chart`] is what there is to see; [`grid`] writes it with letters, and [`svg`] draws it.

mod blocks;
mod columns;
mod glyphs;
pub mod grid;
mod lane;
pub mod svg;
#[cfg(test)]
mod testing;
mod waveform;

use std::collections::BTreeSet;

pub use blocks::Block;
pub use columns::{ColumnUnit, TooManyColumns};
pub use glyphs::Glyphs;
pub use lane::{Lane, Slope};
pub use waveform::Waveform;

use crate::printable::printable;
use crate::rig::Rig;
use crate::show::{Beat, Show};
use crate::time::ShowTime;
use crate::timeline::Timeline;

/// What there is to see of a part of a show.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Chart {
    pub title: String,
    pub from: ShowTime,
    pub to: ShowTime,
    /// The channels that have a cue in the show, in the rig's order.
    pub lanes: Vec<Lane>,
    /// The names of the other channels of the rig.
    pub unused: Vec<String>,
    /// Empty if the show has no tempo.
    pub beats: Vec<Beat>,
    /// The headings of the sheet, each until the next one.
    pub headings: Vec<Block>,
    /// The sections that the sheet plays, in order of time.
    pub sections: Vec<Block>,
    /// The loudness of the music over the same part.
    pub waveform: Option<Waveform>,
}

impl Chart {
    /// What `show`, compiled to `timeline`, does on `rig` from `from` to `to`. Without a waveform: that needs its music.
    #[must_use]
    pub fn of(show: &Show, rig: &Rig, timeline: &Timeline, from: ShowTime, to: ShowTime) -> Self {
        let used: BTreeSet<_> = show.channels();
        let channels = || rig.channel_ids().zip(&rig.channels).zip(timeline.tracks());
        let lanes = channels().filter(|((id, _), _)| used.contains(id));
        let lanes = lanes.map(|((_, channel), track)| Lane::of(channel, track, from, to)).collect();
        let unused = channels().filter(|((id, _), _)| !used.contains(id));
        let unused = unused.map(|((_, channel), _)| channel.name.clone()).collect();
        let beats = show.tempo.as_ref().map(|tempo| tempo.beats(from, to).collect());
        Self {
            title: printable(&show.title),
            from,
            to,
            lanes,
            unused,
            beats: beats.unwrap_or_default(),
            headings: blocks::headings(show, from, to),
            sections: blocks::sections(show, from, to),
            waveform: None,
        }
    }
}
