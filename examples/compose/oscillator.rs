//! Waves that repeat, and noise that never seems to. Knows no notes.

use std::f32::consts::TAU;

use crate::signal::RATE;

/// One running wave; its phase goes from 0 to 1.
pub(crate) struct Oscillator {
    phase: f32,
}

impl Oscillator {
    /// Starts at `phase`; waves that start apart sound wide, waves that start together sound hard.
    pub(crate) const fn starting_at(phase: f32) -> Self {
        Self { phase }
    }

    fn advance(&mut self, step: f32) -> f32 {
        let now = self.phase;
        self.phase = (self.phase + step).fract();
        now
    }

    pub(crate) fn sine(&mut self, hertz: f32) -> f32 {
        (self.advance(hertz / RATE) * TAU).sin()
    }

    /// A sine whose phase another wave pushes by `push` radians: frequency modulation.
    pub(crate) fn pushed_sine(&mut self, hertz: f32, push: f32) -> f32 {
        (self.advance(hertz / RATE) * TAU + push).sin()
    }

    pub(crate) fn saw(&mut self, hertz: f32) -> f32 {
        let step = hertz / RATE;
        let phase = self.advance(step);
        2.0 * phase - 1.0 - rounding(phase, step)
    }

    /// High for `width` of each period, low for the rest.
    pub(crate) fn pulse(&mut self, hertz: f32, width: f32) -> f32 {
        let step = hertz / RATE;
        let phase = self.advance(step);
        let square = if phase < width { 1.0 } else { -1.0 };
        square + rounding(phase, step) - rounding((phase + 1.0 - width).fract(), step)
    }
}

/// What bends the sharp edge at phase 0 into a slope of two samples, so that it does not alias.
fn rounding(phase: f32, step: f32) -> f32 {
    if phase < step {
        let after = phase / step;
        2.0 * after - after * after - 1.0
    } else if phase > 1.0 - step {
        let before = (phase - 1.0) / step;
        before * before + 2.0 * before + 1.0
    } else {
        0.0
    }
}

/// White noise, the same for the same seed.
pub(crate) struct Noise(u32);

impl Noise {
    pub(crate) const fn seeded(seed: u32) -> Self {
        // Spread neighbouring seeds apart; the generator must not start at zero.
        Self(seed.wrapping_mul(0x9E37_79B1) | 1)
    }

    /// The next sample, -1 to 1.
    pub(crate) fn sample(&mut self) -> f32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        self.0 as f32 / (u32::MAX as f32 / 2.0) - 1.0
    }
}
