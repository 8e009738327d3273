//! Which of the candidates is right: the one with the most evidence by its traits. Knows no sound.

use super::candidate::BeatFrames;
use super::choice_weights::WEIGHTS;
use super::traits::TRAITS;

/// Candidates with beats at the same places speak for each other.
pub(super) struct Choice {
    pub(super) beats: BeatFrames,
    /// How likely these beats are, against the other candidates, from 0 to 1.
    pub(super) sureness: f32,
}

/// `None` if there is no candidate.
pub(super) fn chosen(candidates: Vec<(BeatFrames, [f32; TRAITS])>) -> Option<Choice> {
    let evidence = |traits: &[f32; TRAITS]| -> f32 {
        WEIGHTS.iter().zip(traits).map(|(weight, value)| weight * value).sum()
    };
    let evidences: Vec<f32> = candidates.iter().map(|(_, traits)| evidence(traits)).collect();
    let (best, most) =
        evidences.iter().copied().enumerate().max_by(|one, other| one.1.total_cmp(&other.1))?;
    let all: f32 = evidences.iter().map(|evidence| libm::expf(evidence - most)).sum();
    let beats = candidates.into_iter().nth(best)?.0;
    Some(Choice { beats, sureness: 1.0 / all })
}
