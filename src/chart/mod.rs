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
    /// The channels that are lit at some time in the show, in the rig's order.
    pub lanes: Vec<Lane>,
    /// The names of the other channels of the rig.
    pub dark: Vec<String>,
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
        let channels = rig.channels.iter().zip(timeline.tracks());
        let (lit, dark): (Vec<_>, Vec<_>) = channels.partition(|(_, track)| track.is_ever_lit());
        let lanes = lit.into_iter().map(|(channel, track)| Lane::of(channel, track, from, to)).collect();
        let dark = dark.into_iter().map(|(channel, _)| channel.name.clone()).collect();
        let beats = show.tempo.as_ref().map(|tempo| tempo.beats(from, to).collect());
        Self {
            title: printable(&show.title),
            from,
            to,
            lanes,
            dark,
            beats: beats.unwrap_or_default(),
            headings: blocks::headings(show, from, to),
            sections: blocks::sections(show, from, to),
            waveform: None,
        }
    }
}
