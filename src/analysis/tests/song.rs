//! Songs with known beats, made of sines and noise.

use std::f64::consts::TAU;

use crate::random::Random;

pub(super) const RATE: u32 = 22_050;

/// How a test song sounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// Bass drum on 1 and 3, snare on 2 and 4, hi-hats in eighths.
    Rock,
    /// Chords and bass alone, one note after another.
    Ballad,
    /// Bass on 1, chords on 2 and 3.
    Waltz,
    /// Two beats a bar, each of three eighths.
    Jig,
}

impl Style {
    pub(super) fn beats_a_bar(self) -> usize {
        match self {
            Self::Rock | Self::Ballad => 4,
            Self::Waltz => 3,
            Self::Jig => 2,
        }
    }
}

pub(super) struct Sound(pub(super) Vec<f32>);

impl Sound {
    pub(super) fn silence(seconds: f64) -> Self {
        Self(vec![0.0; (seconds * f64::from(RATE)) as usize])
    }

    fn add(&mut self, at: f64, lasts: f64, sample: impl Fn(f64) -> f64) {
        let from = (at * f64::from(RATE)) as usize;
        for frame in 0..(lasts * f64::from(RATE)) as usize {
            let Some(value) = self.0.get_mut(from + frame) else { return };
            *value += sample(frame as f64 / f64::from(RATE)) as f32;
        }
    }

    pub(super) fn tone(&mut self, at: f64, lasts: f64, pitch: f64, loud: f64) {
        self.add(at, lasts, |since| {
            let rise = (since / 0.005).min(1.0) * ((lasts - since) / 0.02).min(1.0) * (-2.0 * since).exp();
            let wave = (1..5)
                .map(|harmonic| (TAU * pitch * f64::from(harmonic) * since).sin() / f64::from(harmonic));
            loud * rise * wave.sum::<f64>()
        });
    }

    /// A burst of noise that fades away.
    pub(super) fn burst(&mut self, at: f64, fades_by: f64, loud: f64, random: &mut Random) {
        let noise: Vec<f64> = (0..RATE / 4).map(|_| random.below(2_001) as f64 / 1_000.0 - 1.0).collect();
        self.add(at, 0.2, |since| {
            loud * (-fades_by * since).exp() * noise[(since * f64::from(RATE)) as usize % noise.len()]
        });
    }

    fn bass_drum(&mut self, at: f64) {
        self.add(at, 0.2, |since| {
            0.7 * (-18.0 * since).exp() * (TAU * (45.0 + 60.0 * (-30.0 * since).exp()) * since).sin()
        });
    }

    /// A song with these beats, the first of which begins a bar; its chords change with the bars.
    pub(super) fn add_song(&mut self, style: Style, beats: &[f64], random: &mut Random) {
        const CHORDS: [f64; 4] = [220.0, 174.6, 261.6, 196.0];
        let in_bar = style.beats_a_bar();
        for (index, pair) in beats.windows(2).enumerate() {
            let (at, length) = (pair[0], pair[1] - pair[0]);
            let (bar, beat) = (index / in_bar, index % in_bar);
            let root = CHORDS[bar % 4];
            let chord = [root, root * 1.26, root * 1.5];
            let chords = |sound: &mut Self, part: f64, lasts: f64, loud: f64| {
                chord.iter().for_each(|pitch| sound.tone(at + part * length, lasts * length, *pitch, loud));
            };
            match style {
                Style::Rock => {
                    if beat % 2 == 0 {
                        self.bass_drum(at)
                    } else {
                        self.burst(at, 25.0, 0.5, random)
                    }
                    self.burst(at, 80.0, 0.15, random);
                    self.burst(at + length / 2.0, 80.0, 0.12, random);
                    if beat == 0 {
                        chords(self, 0.0, 3.5, 0.08);
                    }
                    self.tone(at, 0.9 * length, root / 4.0, 0.2);
                }
                Style::Ballad => {
                    if beat == 0 {
                        self.tone(at, 3.5 * length, root / 4.0, 0.25);
                    }
                    self.tone(at, 0.8 * length, chord[beat % 3], 0.2);
                    self.tone(at + length / 2.0, 0.5 * length, chord[(beat + 1) % 3], 0.12);
                }
                Style::Waltz if beat == 0 => self.tone(at, 0.9 * length, root / 4.0, 0.4),
                Style::Waltz => chords(self, 0.0, 0.9, 0.1),
                Style::Jig => {
                    if beat == 0 {
                        self.bass_drum(at)
                    } else {
                        self.burst(at, 25.0, 0.4, random)
                    }
                    self.tone(at, 0.9 * length, root / if beat == 0 { 4.0 } else { 2.67 }, 0.3);
                    for third in 0..3 {
                        let loud = if third == 0 { 0.2 } else { 0.1 };
                        let at = at + length * f64::from(third) / 3.0;
                        self.tone(at, 0.3 * length, chord[third as usize], loud);
                    }
                }
            }
        }
    }
}

/// `count` beats from `first` on; `length_of` a beat is in seconds.
pub(super) fn beats(first: f64, count: usize, length_of: impl Fn(usize) -> f64) -> Vec<f64> {
    let mut at = first;
    let mut beats = vec![first];
    for beat in 0..count {
        at += length_of(beat);
        beats.push(at);
    }
    beats
}
