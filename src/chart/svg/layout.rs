//! Where everything is in the drawing, in units of half a pixel. Knows no shapes.

use crate::text_width::width_of;
use crate::time::ShowTime;

use super::super::Chart;
use super::system::{System, systems};

pub(super) const PAGE_WIDTH: usize = 2_400;
pub(super) const MARGIN: usize = 40;
/// A letter of a name, of the small text and of the text in a section takes so much on average, generously.
const NAME_LETTER: usize = 15;
pub(super) const SMALL_LETTER: usize = 12;
const LEAST_NAME_ROOM: usize = 130;
/// One point of a waveform is this wide.
pub(super) const WAVEFORM_STEP: usize = 2;

pub(super) struct Layout {
    pub(super) systems: Vec<System>,
    /// Where time begins.
    pub(super) left: usize,
    /// How wide the longest system is.
    width: usize,
    /// How long that lasts, in microseconds.
    longest: u64,
}

impl Layout {
    pub(super) fn of(chart: &Chart) -> Self {
        let names = chart.lanes.iter().map(|lane| width_of(&lane.name) * NAME_LETTER).max().unwrap_or(0);
        let left = MARGIN + names.max(LEAST_NAME_ROOM) + 16;
        let systems = systems(chart);
        let longest = systems.iter().map(|system| (system.to - system.from).as_micros() as u64).max();
        Self { systems, left, width: PAGE_WIDTH - MARGIN - left, longest: longest.unwrap_or(1).max(1) }
    }

    /// How wide a time is that lasts from `from` to `to`.
    pub(super) fn width(&self, from: ShowTime, to: ShowTime) -> usize {
        let lasts = (to - from).as_micros() as u64;
        ((u128::from(lasts) * self.width as u128 + u128::from(self.longest) / 2) / u128::from(self.longest))
            as usize
    }

    pub(super) fn waveform_points(&self, chart: &Chart) -> usize {
        (self.width(chart.from, chart.to) / WAVEFORM_STEP).max(1)
    }
}
