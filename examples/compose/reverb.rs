//! A room: eight delays that feed one another until the sound is lost in the walls. Knows no instrument.

use crate::filter::Filter;
use crate::signal::{RATE, Stereo, samples};

/// Samples; no two share a divisor, so that no echo falls on another and rings.
const DELAYS: [usize; 8] = [1_433, 1_601, 1_867, 2_053, 2_251, 2_399, 2_617, 2_903];

pub(crate) struct Reverb {
    /// Seconds until a sound has sunk by 60 dB.
    pub(crate) decay: f32,
    /// Walls swallow what is higher than this, in hertz.
    pub(crate) damping: f32,
    /// Seconds before the first wall answers.
    pub(crate) distance: f32,
}

impl Reverb {
    /// What the room answers to `dry`, without `dry` itself.
    pub(crate) fn answer(&self, dry: &Stereo) -> Stereo {
        let mut lines = DELAYS.map(Line::of);
        let mut diffusers = [113, 337, 241, 421].map(Diffuser::of);
        let distance = samples(self.distance);
        let mut wet = Stereo::silence(dry.len());
        let keep = DELAYS.map(|delay| 10_f32.powf(-3.0 * delay as f32 / (self.decay * RATE)));
        for at in distance..dry.len() {
            let [l1, l2, r1, r2] = &mut diffusers;
            let left = l2.pass(l1.pass(dry.left[at - distance]));
            let right = r2.pass(r1.pass(dry.right[at - distance]));

            let mut waves = [0.0; 8];
            for ((wave, line), keep) in waves.iter_mut().zip(&mut lines).zip(keep) {
                *wave = line.damper.low(line.oldest() * keep, self.damping, 0.6);
            }
            wet.left[at] = waves[0] - waves[2] + waves[4] - waves[6];
            wet.right[at] = waves[1] - waves[3] + waves[5] - waves[7];
            scatter(&mut waves);
            for (index, (line, wave)) in lines.iter_mut().zip(waves).enumerate() {
                line.push(wave + if index % 2 == 0 { left } else { right });
            }
        }
        wet
    }
}

/// Sends each wave into all lines, none louder for it (a Hadamard matrix).
fn scatter(waves: &mut [f32; 8]) {
    for span in [1, 2, 4] {
        for first in (0..8).filter(|index| index & span == 0) {
            let (a, b) = (waves[first], waves[first + span]);
            (waves[first], waves[first + span]) = (a + b, a - b);
        }
    }
    for wave in waves {
        *wave *= 8_f32.sqrt().recip();
    }
}

/// A delay of fixed length.
struct Line {
    past: Vec<f32>,
    now: usize,
    damper: Filter,
}

impl Line {
    fn of(length: usize) -> Self {
        Self { past: vec![0.0; length], now: 0, damper: Filter::default() }
    }

    fn oldest(&self) -> f32 {
        self.past[self.now]
    }

    fn push(&mut self, sample: f32) {
        self.past[self.now] = sample;
        self.now = (self.now + 1) % self.past.len();
    }
}

/// Smears a click into many without colouring it (an all-pass).
struct Diffuser(Line);

impl Diffuser {
    fn of(length: usize) -> Self {
        Self(Line::of(length))
    }

    fn pass(&mut self, input: f32) -> f32 {
        const SMEAR: f32 = 0.62;
        let past = self.0.oldest();
        let inner = input - SMEAR * past;
        self.0.push(inner);
        past + SMEAR * inner
    }
}
