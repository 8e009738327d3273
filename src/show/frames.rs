//! Frames that another program has computed, as they lie under the cues of a show: the changes of each channel. Knows no
//! file.

use std::fmt;
use std::ops::Range;
use std::time::Duration;

use crate::level::Level;
use crate::rig::ChannelId;
use crate::time::ShowTime;

/// The highest value in a frame.
const HIGHEST: u16 = 255;

/// A channel has another value from this frame on. Eight bytes: a million of them fit a Pi.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct FrameChange {
    /// From 0.
    pub(super) frame: u32,
    pub(super) value: u8,
}

/// The frames of a show, as far as its channels need them.
#[derive(Clone, PartialEq, Eq)]
pub struct Frames {
    /// From one frame to the next.
    pub(super) step: Duration,
    /// How many there are.
    pub(super) count: u32,
    /// Of each channel of the file that is mapped. In order of the frames; equal ones in a row are none.
    pub(super) changes: Vec<Vec<FrameChange>>,
    /// In the order of the sheet; no channel of the rig twice.
    pub(super) mapped: Vec<FramedChannel>,
    /// Where the sheet names the file, in bytes.
    pub(super) name: Range<usize>,
}

/// A channel of the rig that shows what one of the file does.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct FramedChannel {
    pub(super) channel: ChannelId,
    /// Index into [`Frames::changes`].
    pub(super) changes: usize,
    /// The `map` line, in bytes.
    pub(super) line: Range<usize>,
}

impl Frames {
    /// When the last frame ends.
    #[must_use]
    pub fn end(&self) -> ShowTime {
        self.start_of(self.count)
    }

    /// The channels that the frames light or darken, in the order of the sheet; none twice.
    pub fn channels(&self) -> impl Iterator<Item = ChannelId> + '_ {
        self.mapped.iter().map(|mapped| mapped.channel)
    }

    /// When `channel` changes and to which level, in order of time; `None` if the frames do not drive it. It is off before
    /// its first change, and off again when the last frame ends.
    pub fn changes_of(
        &self,
        channel: ChannelId,
    ) -> Option<impl Iterator<Item = (ShowTime, Level)> + Clone + '_> {
        let mapped = self.mapped_to(channel)?;
        let changes = &self.changes[mapped.changes];
        let is_lit = changes.last().is_some_and(|last| last.value > 0);
        let changes = changes.iter().map(|change| (self.start_of(change.frame), level_of(change.value)));
        Some(changes.chain(is_lit.then_some((self.end(), Level::OFF))))
    }

    /// How often the frames change all channels of the rig, about.
    #[must_use]
    pub fn count_changes(&self) -> usize {
        self.mapped.iter().map(|mapped| self.changes[mapped.changes].len() + 1).sum()
    }

    /// The `map` line, in bytes, and the last change that the frames make on `channel` by `time`.
    pub(super) fn line_behind(&self, channel: ChannelId, time: ShowTime) -> Option<(ShowTime, Range<usize>)> {
        let mapped = self.mapped_to(channel)?;
        let changes = &self.changes[mapped.changes];
        let begun = changes.partition_point(|change| self.start_of(change.frame) <= time);
        let last = begun.checked_sub(1).map(|last| self.start_of(changes[last].frame));
        Some((last?, mapped.line.clone()))
    }

    fn mapped_to(&self, channel: ChannelId) -> Option<&FramedChannel> {
        self.mapped.iter().find(|mapped| mapped.channel == channel)
    }

    fn start_of(&self, frame: u32) -> ShowTime {
        ShowTime::ZERO + self.step * frame
    }
}

/// The level of a value from 0 to 255: the same part of full, as the eye sees it, to the nearest hundredth of a per cent. So
/// an even ramp looks even, as it does in the preview of the program that wrote it. 128 and more is on for a relay.
fn level_of(value: u8) -> Level {
    let full = u32::from(Level::FULL.hundredths());
    let (value, highest) = (u32::from(value), u32::from(HIGHEST));
    // At most 10 000.
    Level::from_hundredths(((value * full + highest / 2) / highest) as u16)
}

/// Without the changes: there may be a million.
impl fmt::Debug for Frames {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { step, count, mapped, .. } = self;
        write!(f, "{count} frames of {step:?} for {} channels", mapped.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_its_part_of_full_and_half_of_them_are_on_for_a_relay() {
        for (value, hundredths) in [(0, 0), (1, 39), (51, 2_000), (127, 4_980), (128, 5_020), (255, 10_000)] {
            assert_eq!(level_of(value).hundredths(), hundredths, "{value}");
        }
        let on = (0..=255).filter(|value| level_of(*value).switched().is_lit()).count();
        assert_eq!(on, 128);
    }
}
