//! Samples, and the sounds that are added to them. Knows no music.

use std::f64::consts::TAU;

use starcourt::random::Random;

use super::chance;

pub(crate) const RATE: u32 = 22_050;

pub(crate) struct Sound(pub(crate) Vec<f32>);

impl Sound {
    pub(crate) fn silence(seconds: f64) -> Self {
        Self(vec![0.0; (seconds * f64::from(RATE)) as usize])
    }

    pub(crate) fn seconds(&self) -> f64 {
        self.0.len() as f64 / f64::from(RATE)
    }

    /// Adds what `sample` is at each time since `at`.
    pub(crate) fn add(&mut self, at: f64, lasts: f64, mut sample: impl FnMut(f64) -> f64) {
        let from = (at * f64::from(RATE)) as usize;
        for frame in 0..(lasts * f64::from(RATE)) as usize {
            let Some(value) = self.0.get_mut(from + frame) else { return };
            *value += sample(frame as f64 / f64::from(RATE)) as f32;
        }
    }

    /// Adds another sound from `at` on.
    pub(crate) fn add_sound(&mut self, at: f64, other: &Self) {
        let from = (at * f64::from(RATE)) as usize;
        self.0[from..].iter_mut().zip(&other.0).for_each(|(value, other)| *value += other);
    }

    /// A tone with `harmonics`, that fades by `fades` a second.
    pub(crate) fn tone(
        &mut self,
        at: f64,
        lasts: f64,
        pitch: f64,
        loud: f64,
        (harmonics, fades): (u32, f64),
    ) {
        let highest = f64::from(RATE) * 0.45;
        self.add(at, lasts, |since| {
            let rise = (since / 0.008).min(1.0) * ((lasts - since) / 0.03).min(1.0);
            let waves = (1..=harmonics).take_while(|harmonic| f64::from(*harmonic) * pitch < highest);
            let wave: f64 =
                waves.map(|harmonic| sine(pitch * f64::from(harmonic) * since) / f64::from(harmonic)).sum();
            loud * rise * (-fades * since).exp() * wave
        });
    }

    /// Noise without its low part, that fades away.
    pub(crate) fn noise(&mut self, at: f64, lasts: f64, loud: f64, fades: f64, random: &mut Random) {
        let mut before = 0.0;
        self.add(at, lasts, |since| {
            let noise = 2.0 * chance(random) - 1.0;
            let high = noise - before;
            before = noise;
            loud * high * (-fades * since).exp()
        });
    }

    pub(crate) fn bass_drum(&mut self, at: f64, loud: f64) {
        self.add(at, 0.22, |since| {
            loud * (-16.0 * since).exp() * sine(48.0 * since + 1.6 * (1.0 - (-32.0 * since).exp()))
        });
    }

    pub(crate) fn snare(&mut self, at: f64, loud: f64, random: &mut Random) {
        self.noise(at, 0.18, 0.5 * loud, 22.0, random);
        self.add(at, 0.12, |since| 0.5 * loud * (-25.0 * since).exp() * sine(185.0 * since));
    }
}

/// By the number of turns.
fn sine(turns: f64) -> f64 {
    (turns.fract() * TAU).sin()
}
