//! What a show takes of a small Pi's memory, in bytes, about: while it is read, unfolded and compiled. It was measured,
//! and each figure is above what was seen. Knows no times and no text.

use crate::diagnosis::Help;
use crate::rig::{ChannelId, Rig};

use super::cue::{Action, Effect};
use super::words::{Bytes, Mistake};

/// The bound of a player is 64 MiB; without a show it takes 7. The rest is for what cannot be counted.
pub(super) const MOST: u64 = 46 << 20;

/// A line of the sheet, until it is unfolded.
pub(super) const ITEM: u64 = 128;
/// A section; its list of lines has room for four.
pub(super) const SECTION: u64 = 600;
/// A row of a grid, and each step of it.
const ROW: u64 = 64;
const STEP: u64 = 4;
/// A cue.
const CUE: u64 = 90;

/// What each channel of a cue takes: from the compiler to the end, and while its channel is compiled. Channels are
/// compiled one after another.
#[derive(Clone, Copy)]
struct Share {
    kept: u64,
    passing: u64,
}

const LEVEL: Share = Share { kept: 28, passing: 60 };
const FADE: Share = Share { kept: 60, passing: 60 };
/// What lies over the base, and each change that it makes.
const COVER: Share = Share { kept: 40, passing: 140 };
/// A change that frames make: in the show, and in the track, which grows by doubling.
const FRAME: Share = Share { kept: 40, passing: 56 };
/// More for each of these, where only some lights may be lit at once.
const SPARED: u64 = 40;
const CHANGE: Share = Share { kept: 54, passing: 54 };
/// A change that all channels of a cue have in common, with what was heard of the music then.
const COMMON_CHANGE: u64 = 40;

/// What has come together so far.
pub(super) struct MemoryCost {
    kept: u64,
    /// Of each channel that a cue has named so far.
    passing: Vec<u64>,
    most_passing: u64,
}

impl MemoryCost {
    /// Of a sheet of so many bytes, whose sections stay as they are until the last cue is unfolded.
    pub(super) fn of(text: usize, sections: u64) -> Self {
        Self { kept: text as u64 + sections, passing: Vec::new(), most_passing: 0 }
    }

    /// Adds a cue that makes `changes` on each of `channels`, and `common` ones that they share.
    pub(super) fn add(&mut self, channels: &[ChannelId], action: &Action, changes: u64, common: u64) {
        let share = match action {
            Action::Set(_) => LEVEL,
            Action::Fade { .. } => FADE,
            Action::Over { effect: Effect::Level(_) | Effect::Follow { .. }, .. } => COVER,
            Action::Over { .. } => Share {
                kept: COVER.kept + CHANGE.kept * changes,
                passing: COVER.passing + CHANGE.passing * changes,
            },
        };
        self.kept += CUE + share.kept * channels.len() as u64 + COMMON_CHANGE * common;
        channels.iter().for_each(|channel| self.pass(*channel, share.passing));
    }

    fn pass(&mut self, channel: ChannelId, bytes: u64) {
        let named = self.passing.len().max(channel.index() + 1);
        self.passing.resize(named, 0);
        let passing = &mut self.passing[channel.index()];
        *passing += bytes;
        self.most_passing = self.most_passing.max(*passing);
    }

    /// Adds `changes` that frames make on `channel` of `rig`.
    pub(super) fn add_frames(&mut self, channel: ChannelId, changes: u64, rig: &Rig) {
        let spared = if rig.limits.on_at_once.is_some() { SPARED } else { 0 };
        self.kept += (FRAME.kept + spared) * changes;
        self.pass(channel, FRAME.passing * changes);
    }

    pub(super) fn is_too_much(&self) -> bool {
        self.kept + self.most_passing > MOST
    }
}

/// Of a row of so many steps.
pub(super) fn of_row(steps: usize) -> u64 {
    ROW + STEP * steps as u64
}

/// What is too much begins at `span`.
pub(super) fn too_large(span: Bytes) -> Mistake {
    Mistake::new(span, "this show is too large for a small Pi's memory").label("the limit is passed here").help(
        Help::advise("look for an `every` that is far too short, or sections that play one another too often; about 300,000 cues \
         fit, or 150,000 that end"),
    )
}
