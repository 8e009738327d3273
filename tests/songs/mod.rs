//! Songs that are made from a seed: their beats, bars and parts are known. Nothing of the program hears or makes them.
#![allow(dead_code, unused_imports, reason = "each user needs a part of it")]

mod band;
mod crowd;
mod form;
mod tone;

pub(crate) use crowd::{applause, speech};
pub(crate) use form::{Piece, Section};
pub(crate) use tone::{RATE, Sound};

use starcourt::random::Random;

/// A whole song, and the truth about it; times are in seconds.
pub(crate) struct Song {
    pub(crate) sound: Sound,
    pub(crate) beats: Vec<f64>,
    pub(crate) bars: Vec<f64>,
    /// What begins when, one after another.
    pub(crate) sections: Vec<(Section, f64)>,
    /// Where the last bar ends.
    pub(crate) end: f64,
}

impl Song {
    /// The same piece and seed make the same song.
    pub(crate) fn new(piece: Piece, seed: u64) -> Self {
        let mut random = random(piece as u64, seed);
        let form = form::Form::new(piece, &mut random);
        let mut sound = Sound::silence(form.end() + 3.0);
        band::play(&form, &mut sound, &mut random);
        let in_bar = form.beats_a_bar;
        let bars: Vec<f64> = form.beats.iter().copied().step_by(in_bar).collect();
        let mut sections = Vec::new();
        let mut bar = 0;
        for (section, count) in &form.sections {
            sections.push((*section, bars[bar]));
            bar += count;
        }
        let end = form.end();
        let mut beats = form.beats;
        beats.pop();
        Self { sound, beats, bars, sections, end }
    }
}

pub(crate) fn random(one: u64, other: u64) -> Random {
    Random::new(&[&one.to_le_bytes(), &other.to_le_bytes()])
}

/// From 0 up to 1.
pub(crate) fn chance(random: &mut Random) -> f64 {
    random.below(1 << 30) as f64 / f64::from(1 << 30)
}

/// One of these.
pub(crate) fn any<T: Copy>(random: &mut Random, of: &[T]) -> T {
    of[random.below(of.len() as u64) as usize]
}
