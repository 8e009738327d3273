//! Which of the beats are music: not applause, speech or noise before and after it. Knows no bars.

use std::ops::Range;

use super::change::SoundChange;
use super::onsets::Onsets;
use super::rhythm::{recurrence, tones};

/// In music, the rhythm of the middle beat comes again by more than this. Noise, applause and speech reached 0.27, the
/// songs of the corpus fell to 0.69.
const COMES_AGAIN: f32 = 0.35;
/// If it does not, there is music only if the beats are surer than this.
const SURE: f32 = 0.3;
/// Beats whose rhythm comes again less than this, against the middle beat, are probably no music.
const LESS: f32 = 0.45;
/// So are beats whose tones stand out less than this, against the middle beat; that counts half, and at most so much.
const TONELESS: f32 = 0.6;
const MOST_TONES: f32 = 0.2;
/// Only so much evidence against music cuts beats off.
const ENOUGH: f32 = 1.0;
/// Fewer beats are no song.
const FEWEST: usize = 8;

/// `None` if nothing is music. `sureness` is that of the beats.
pub(super) fn music_beats(
    beats: &[f32],
    sureness: f32,
    onsets: &Onsets,
    change: &SoundChange,
) -> Option<Range<usize>> {
    let rhythms = recurrence(beats, onsets);
    let tones = tones(beats, change);
    let (usual_rhythm, usual_tones) = (middle(&rhythms), middle(&tones).max(1e-3));
    if usual_rhythm < COMES_AGAIN && sureness < SURE {
        return None;
    }
    let usual_rhythm = usual_rhythm.max(COMES_AGAIN);
    let evidence = |(rhythm, tones): (&f32, &f32)| {
        rhythm / usual_rhythm - LESS + 0.5 * (tones / usual_tones - TONELESS).min(MOST_TONES)
    };
    let evidences: Vec<f32> = rhythms.iter().zip(&tones).map(evidence).collect();
    let music = most(&evidences);
    let sum = |part: &[f32]| part.iter().sum::<f32>();
    let from = if sum(&evidences[..music.start]) < -ENOUGH { music.start } else { 0 };
    let to = if sum(&evidences[music.end..]) < -ENOUGH { music.end } else { beats.len() };
    (to - from > FEWEST).then_some(from..to)
}

fn middle(values: &[f32]) -> f32 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f32::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(0.0)
}

/// The stretch with the largest sum.
fn most(values: &[f32]) -> Range<usize> {
    let (mut best, mut most) = (0..0, 0.0);
    let (mut from, mut sum) = (0, 0.0_f32);
    for (place, value) in values.iter().enumerate() {
        if sum <= 0.0 {
            (from, sum) = (place, 0.0);
        }
        sum += value;
        if sum > most {
            (best, most) = (from..place + 1, sum);
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::most;

    #[test]
    fn a_weak_stretch_between_strong_ones_is_kept_and_weak_ends_are_not() {
        let values = [-1.0, -0.5, 2.0, 3.0, -1.0, -1.0, 4.0, 1.0, -0.5, -2.0];
        assert_eq!(most(&values), 2..8);
        assert_eq!(most(&[-1.0, -2.0]), 0..0);
        assert_eq!(most(&[]), 0..0);
    }
}
