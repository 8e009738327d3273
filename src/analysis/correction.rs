//! What a person knows better: the tempo, and when the first beat is. Beats that are even, at the phase at which most
//! begins. Knows no measure.

use super::candidate::BeatFrames;
use super::spectrum::FRAMES;
use crate::time::ShowTime;

/// A phase is tried so often in each frame.
const FINE: usize = 4;

/// Corrects what is heard.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct SongCorrection {
    /// Beats a minute, the same all along; 20 to 400.
    pub bpm: Option<f64>,
    /// When the first beat of a bar is.
    pub first_beat: Option<ShowTime>,
}

impl SongCorrection {
    /// The beats of the tempo that is known; `None` if none is. `gains` say how much begins in each frame.
    pub(super) fn even_beats(&self, gains: &[f32]) -> Option<BeatFrames> {
        let length = f64::from(FRAMES) * 60.0 / self.bpm?;
        let phase = match self.first_frame() {
            Some(first) => f64::from(first).rem_euclid(length),
            None => best_phase(gains, length),
        };
        let count = ((gains.len() as f64 - phase) / length).ceil().max(0.0) as usize;
        Some((0..count).map(|beat| (phase + beat as f64 * length) as f32).collect())
    }

    /// Which of `beats` is nearest to the known first beat of a bar.
    pub(super) fn first_of(&self, beats: &[f32]) -> Option<usize> {
        let first = self.first_frame()?;
        let distance = |beat: usize| (beats[beat] - first).abs();
        (0..beats.len()).min_by(|one, other| distance(*one).total_cmp(&distance(*other)))
    }

    fn first_frame(&self) -> Option<f32> {
        self.first_beat.map(|at| (at.micros() as f64 * f64::from(FRAMES) / 1e6) as f32)
    }
}

/// The phase, in frames, at which most begins at the beats.
fn best_phase(gains: &[f32], length: f64) -> f64 {
    let gain = |at: f64| {
        let (before, share) = (at.floor() as usize, (at - at.floor()) as f32);
        let of = |frame: usize| gains.get(frame).copied().unwrap_or(0.0);
        of(before) * (1.0 - share) + of(before + 1) * share
    };
    let sum = |phase: f64| -> f32 {
        let beats = ((gains.len() as f64 - phase) / length).max(0.0) as usize;
        (0..beats).map(|beat| gain(phase + beat as f64 * length)).sum()
    };
    let phases = (0..(length * FINE as f64) as usize).map(|step| step as f64 / FINE as f64);
    let best = phases.map(|phase| (sum(phase), phase)).max_by(|one, other| one.0.total_cmp(&other.0));
    best.map_or(0.0, |(_, phase)| phase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_tempo_finds_its_phase_and_a_known_first_beat_is_one_of_its_beats() {
        let mut gains = vec![0.0; 3_000];
        for beat in 0..59 {
            gains[17 + beat * 50] = 1.0;
        }
        let beats = |first_beat| {
            let correction = SongCorrection { bpm: Some(120.0), first_beat };
            correction.even_beats(&gains).unwrap()
        };
        assert!((beats(None)[0] - 17.0).abs() < 1.0, "{:?}", &beats(None)[..2]);
        let known = beats(Some(ShowTime::from_micros(1_300_000)));
        assert!(known.iter().any(|beat| (beat - 130.0).abs() < 0.01), "{:?}", &known[..4]);
        assert!(known.windows(2).all(|pair| (pair[1] - pair[0] - 50.0).abs() < 0.01));
        assert_eq!(SongCorrection::default().even_beats(&gains), None);
    }
}
