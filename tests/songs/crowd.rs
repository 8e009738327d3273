//! Sounds that have no beat: applause and a voice that speaks. The figures are rough ones of real halls and voices.

use starcourt::random::Random;

use super::chance;
use super::tone::{RATE, Sound};

/// Many hands, each clap a short burst at its own pitch, that begin and end slowly.
pub(crate) fn applause(seconds: f64, loud: f64, random: &mut Random) -> Sound {
    let mut sound = Sound::silence(seconds);
    let claps = (seconds * 120.0) as usize;
    for _ in 0..claps {
        let at = chance(random) * (seconds - 0.1);
        let swell = (at / 1.5).min((seconds - at) / 2.0).min(1.0);
        let pitch = 700.0 + 1_800.0 * chance(random);
        let strength = loud * swell * (0.3 + 0.7 * chance(random));
        let mut band = Resonator::new(pitch, 500.0);
        let mut noise = Random::new(&[&random.below(u64::MAX).to_le_bytes()]);
        sound.add(at, 0.03, |since| {
            strength * (-140.0 * since).exp() * band.next(2.0 * chance(&mut noise) - 1.0)
        });
    }
    sound
}

/// A voice: syllables of uneven length with pauses, vowels of three formants over a pitch that moves, and hisses.
pub(crate) fn speech(seconds: f64, loud: f64, random: &mut Random) -> Sound {
    let mut sound = Sound::silence(seconds);
    let mut at = 0.1;
    let voice = 95.0 + 90.0 * chance(random);
    while at < seconds - 0.6 {
        let lasts = 0.08 + 0.2 * chance(random);
        if chance(random) < 0.35 {
            sound.noise(at, 0.05 + 0.06 * chance(random), 0.12 * loud, 15.0, random);
            at += 0.06;
        }
        syllable(&mut sound, at, lasts, (voice * (0.85 + 0.4 * chance(random)), loud), random);
        at += lasts + 0.05 * chance(random);
        if chance(random) < 0.14 {
            at += 0.2 + 0.7 * chance(random);
        }
    }
    sound
}

fn syllable(sound: &mut Sound, at: f64, lasts: f64, (pitch, loud): (f64, f64), random: &mut Random) {
    let formants = [
        (300.0 + 500.0 * chance(random), 80.0, 1.0),
        (900.0 + 1_300.0 * chance(random), 110.0, 0.5),
        (2_300.0 + 600.0 * chance(random), 160.0, 0.25),
    ];
    let mut bands = formants.map(|(pitch, width, strength)| (Resonator::new(pitch, width), strength));
    let (mut phase, slide) = (0.0, chance(random) - 0.5);
    sound.add(at, lasts, |since| {
        phase += pitch * (1.0 + 0.3 * slide * since / lasts) / f64::from(RATE);
        let pulse = if phase >= 1.0 { 1.0 } else { 0.0 };
        phase = phase.fract();
        let swell = (since / 0.03).min((lasts - since) / 0.04).clamp(0.0, 1.0);
        let wave: f64 = bands.iter_mut().map(|(band, strength)| *strength * band.next(pulse)).sum();
        4.0 * loud * swell * wave
    });
}

/// A filter that rings at one pitch.
struct Resonator {
    feedback: (f64, f64),
    gain: f64,
    before: (f64, f64),
}

impl Resonator {
    fn new(pitch: f64, width: f64) -> Self {
        let radius = (-std::f64::consts::PI * width / f64::from(RATE)).exp();
        let turn = std::f64::consts::TAU * pitch / f64::from(RATE);
        Self {
            feedback: (2.0 * radius * turn.cos(), -radius * radius),
            gain: 1.0 - radius,
            before: (0.0, 0.0),
        }
    }

    fn next(&mut self, sample: f64) -> f64 {
        let value = self.gain * sample + self.feedback.0 * self.before.0 + self.feedback.1 * self.before.1;
        self.before = (value, self.before.0);
        value
    }
}
