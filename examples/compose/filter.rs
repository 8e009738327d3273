//! A filter that keeps the lows, the middle or the highs. Knows nothing of what sounds.

use std::f32::consts::PI;

use crate::signal::RATE;

/// The two integrators of a state-variable filter, solved without a delay in the loop, so that the
/// cut-off may move at every sample.
#[derive(Default, Clone, Copy)]
pub(crate) struct Filter {
    band: f32,
    low: f32,
}

/// One sample, split.
pub(crate) struct Bands {
    pub(crate) low: f32,
    pub(crate) band: f32,
    pub(crate) high: f32,
}

impl Filter {
    /// Splits at `cutoff` hertz; `resonance` 0.7 is flat, above it the cut-off rings.
    pub(crate) fn split(&mut self, input: f32, cutoff: f32, resonance: f32) -> Bands {
        let slope = (PI * cutoff.clamp(10.0, RATE * 0.45) / RATE).tan();
        let damping = 1.0 / resonance;
        let scale = 1.0 / (1.0 + slope * (slope + damping));
        let rest = input - self.low;
        let band = scale * (self.band + slope * rest);
        let low = self.low + slope * band;
        self.band = 2.0 * band - self.band;
        self.low = 2.0 * low - self.low;
        Bands { low, band, high: input - damping * band - low }
    }

    pub(crate) fn low(&mut self, input: f32, cutoff: f32, resonance: f32) -> f32 {
        self.split(input, cutoff, resonance).low
    }

    pub(crate) fn band(&mut self, input: f32, cutoff: f32, resonance: f32) -> f32 {
        // Scaled so that the middle of the band passes at its own loudness.
        self.split(input, cutoff, resonance).band / resonance
    }

    pub(crate) fn high(&mut self, input: f32, cutoff: f32, resonance: f32) -> f32 {
        self.split(input, cutoff, resonance).high
    }
}
