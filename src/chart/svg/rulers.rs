//! The marks of bars, beats and seconds along a system: which of them there is room for. Knows no shapes.

use crate::show::Beat;
use crate::time::ShowTime;

use super::super::Chart;
use super::layout::Layout;
use super::system::System;

/// Room for the number of a bar, and for a clock time.
const NUMBER_ROOM: usize = 60;
const CLOCK_ROOM: usize = 110;
/// Lines are so far apart at least.
const LINE_ROOM: usize = 14;
const BEAT_ROOM: usize = 8;
/// How far apart clock times are, in milliseconds.
const CLOCK_STEPS: [u64; 15] = [
    100, 200, 500, 1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 1_800_000,
    3_600_000,
];

/// The bars and beats that are drawn in one system.
pub(super) struct BarMarks<'a> {
    pub(super) beats: &'a [Beat],
    /// Every so many bars there is a line, and a number.
    line_every: i64,
    number_every: i64,
    pub(super) has_beats: bool,
}

impl<'a> BarMarks<'a> {
    pub(super) fn of(chart: &'a Chart, layout: &Layout, system: System) -> Self {
        let before = |time: ShowTime| chart.beats.partition_point(|beat| beat.time < time);
        let beats = &chart.beats[before(system.from)..before(system.to)];
        let width = layout.width(system.from, system.to);
        let bars = beats.iter().filter(|beat| beat.beat == 1).count().max(1);
        // Bars are counted in fours.
        let every = |room: usize| {
            let steps = std::iter::successors(Some(1), |step| Some(if *step == 2 { 4 } else { step * 2 }));
            let fits = |step: &i64| width * *step as usize / bars >= room;
            steps.take(32).find(fits).unwrap_or(i64::from(u32::MAX))
        };
        Self {
            beats,
            line_every: every(LINE_ROOM),
            number_every: every(NUMBER_ROOM),
            has_beats: width / beats.len().max(1) >= BEAT_ROOM,
        }
    }

    pub(super) fn has_line(&self, beat: &Beat) -> bool {
        beat.beat == 1 && (beat.bar - 1).rem_euclid(self.line_every) == 0
    }

    /// Whether four bars, or as many as there is room for, begin here.
    pub(super) fn begins_group(&self, beat: &Beat) -> bool {
        beat.beat == 1
            && (beat.bar - 1).rem_euclid(self.line_every.saturating_mul(4).min(self.number_every.max(4))) == 0
    }

    pub(super) fn has_number(&self, beat: &Beat) -> bool {
        beat.beat == 1 && beat.bar >= 1 && (beat.bar - 1).rem_euclid(self.number_every) == 0
    }
}

/// The clock times that are written along `system`.
pub(super) fn clock_times(layout: &Layout, system: System) -> impl Iterator<Item = (ShowTime, String)> {
    let step_width = |step: u64| layout.width(ShowTime::ZERO, ShowTime::from_micros(step));
    let steps = CLOCK_STEPS.map(|millis| millis * 1_000);
    let longest = steps[steps.len() - 1];
    let step = steps.into_iter().find(|step| step_width(*step) >= CLOCK_ROOM).unwrap_or(longest);
    let first = system.from.micros().div_ceil(step);
    let last = system.to.micros() / step;
    (first..=last).map(move |number| {
        let time = ShowTime::from_micros(number * step);
        let tenths = time.micros() / 100_000 % 10;
        let text =
            if step < 1_000_000 { format!("{}.{tenths}", time.to_minutes()) } else { time.to_minutes() };
        (time, text)
    })
}
