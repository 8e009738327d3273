//! Measures the power of each band of a song in steps of 25 ms. Knows no file.

use super::crossover::Crossover;
use super::power::logarithm;
use super::scale::scaled;
use super::{MOST_STEPS, PerBand, STEPS_A_SECOND, SongEnvelope};

/// Digits of a sample that its square does without, so that a step of them fits.
const DROPPED: u32 = 4;
/// How much more of the treble is heard than of the bass: 4 dB, as 5/2 of its power (the first filter of ITU-R BS.1770).
const TREBLE_WEIGHT: (u64, u64) = (5, 2);

/// Takes the sound of a song from its beginning, and has its envelope in the end.
#[derive(Clone, Debug)]
pub struct EnvelopeMeter {
    rate: u64,
    crossover: Crossover,
    most: usize,
    /// Frames that were taken.
    frames: u64,
    /// The frame at which the next step begins.
    step_end: u64,
    low: StepSum,
    middle: StepSum,
    treble: StepSum,
    /// Of each whole step.
    powers: PerBand<Vec<u16>>,
}

/// The squares of a step.
#[derive(Clone, Copy, Default, Debug)]
struct StepSum {
    squares: u64,
    count: u64,
    /// The mean of the step before, for a step in which there is nothing.
    last: u64,
}

impl StepSum {
    fn add(&mut self, sample: i64) {
        let sample = (sample >> DROPPED).unsigned_abs();
        self.squares += sample * sample;
        self.count += 1;
    }

    fn take_mean(&mut self) -> u64 {
        self.last = self.squares.checked_div(self.count).unwrap_or(self.last);
        (self.squares, self.count) = (0, 0);
        self.last
    }
}

impl EnvelopeMeter {
    /// For sound of `rate` frames a second. Takes at most `most` steps of it, and no more than six hours.
    ///
    /// # Panics
    /// If `rate` is 0.
    #[must_use]
    pub fn new(rate: u32, most: usize) -> Self {
        assert!(rate > 0, "sound has frames");
        let mut meter = Self {
            rate: rate.into(),
            crossover: Crossover::new(rate),
            most: most.min(MOST_STEPS),
            frames: 0,
            step_end: 0,
            low: StepSum::default(),
            middle: StepSum::default(),
            treble: StepSum::default(),
            powers: PerBand::default(),
        };
        meter.step_end = meter.end_of_step(0);
        meter
    }

    /// Whether it takes no more.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.powers[0].len() >= self.most
    }

    /// Takes the next frame: what its left and its right channel have, or twice the only one.
    #[inline]
    pub fn take(&mut self, left: i16, right: i16) {
        if self.is_full() {
            return;
        }
        if let Some(bands) = self.crossover.divide(i32::from(left) + i32::from(right)) {
            self.treble.add(bands.treble);
            if let Some(low) = bands.low {
                self.low.add(low.bass);
                self.middle.add(low.middle);
            }
        }
        self.frames += 1;
        // Sound with less than a frame a step has several steps a frame.
        while self.frames >= self.step_end && !self.is_full() {
            self.end_step();
        }
    }

    /// The envelope of what was taken.
    #[must_use]
    pub fn finish(mut self) -> SongEnvelope {
        let is_begun = self.frames * STEPS_A_SECOND > self.powers[0].len() as u64 * self.rate;
        if is_begun && !self.is_full() {
            self.end_step();
        }
        scaled(self.powers)
    }

    fn end_step(&mut self) {
        let (bass, middle, treble) = (self.low.take_mean(), self.middle.take_mean(), self.treble.take_mean());
        let loudness = bass + middle + treble * TREBLE_WEIGHT.0 / TREBLE_WEIGHT.1;
        for (powers, power) in self.powers.iter_mut().zip([loudness, bass, middle, treble]) {
            powers.push(logarithm(power));
        }
        self.step_end = self.end_of_step(self.powers[0].len() as u64);
    }

    /// The first frame that begins after the step with this number.
    fn end_of_step(&self, step: u64) -> u64 {
        ((step + 1) * self.rate).div_ceil(STEPS_A_SECOND)
    }
}
