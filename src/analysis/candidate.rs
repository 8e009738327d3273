//! The sequences of beats that a song may have: at each tempo that stands out, at its half and its double, and half a beat
//! later. Does not know which of them is right.

use super::follow;
use super::onsets::Onsets;
use super::tempogram::{self, LONGEST, SHORTEST};

/// So many tempi are tried.
const TEMPI: usize = 10;
/// A tempo may change so much in a song: these times its beats' length.
const CHANGES: (f32, f32) = (0.81, 1.23);
/// How unlikely a beat of another length is: times the square of the logarithm of the ratio.
const TO_ITS_TEMPO: f32 = 4.0;
/// How a beat gains from onsets around it: a hand is never exact.
const NEAR: [f32; 5] = [0.14, 0.6, 1.0, 0.6, 0.14];
/// A louder onset gains no more.
const LOUDEST: f32 = 4.0;
/// Fewer beats are no song.
const FEWEST: usize = 8;
/// Beats that are nearer are the same.
const SAME: f32 = 4.0; // frames
const SAME_SHARE: f32 = 0.9;

/// Frames of beats, with fractions, that rise.
pub(super) type BeatFrames = Vec<f32>;

pub(super) fn candidates(onsets: &Onsets, gains: &[f32]) -> Vec<BeatFrames> {
    let mut followed: Vec<BeatFrames> = Vec::new();
    for length in tempogram::beat_lengths(&onsets.all, TEMPI) {
        let shortest = ((length * CHANGES.0) as usize).max(SHORTEST - 4);
        let longest = ((length * CHANGES.1).ceil() as usize).min(LONGEST + 20);
        let unlikely = |other: usize| -TO_ITS_TEMPO * libm::logf(other as f32 / length).powi(2);
        followed.push(follow::beats(gains, shortest..=longest, unlikely));
    }
    let mut found: Vec<BeatFrames> = Vec::new();
    for beats in &followed {
        add(&mut found, beats.clone());
    }
    for beats in &followed {
        let half: BeatFrames = beats.windows(2).map(|pair| (pair[0] + pair[1]) / 2.0).collect();
        let mut double: BeatFrames = beats.iter().chain(&half).copied().collect();
        double.sort_by(f32::total_cmp);
        add(&mut found, half);
        add(&mut found, double);
        add(&mut found, beats.iter().step_by(2).copied().collect());
        add(&mut found, beats.iter().skip(1).step_by(2).copied().collect());
    }
    found
}

/// What a beat gains in each frame; 0 is the mean.
pub(super) fn gains(onsets: &Onsets) -> Vec<f32> {
    let side = NEAR.len() / 2;
    let onset = |frame: usize| onsets.all.get(frame).map_or(0.0, |onset| onset.min(LOUDEST));
    let frames = onsets.all.len();
    let around = |frame: usize| -> f32 {
        let weighted = NEAR.iter().enumerate();
        weighted
            .map(|(step, weight)| (frame + step).checked_sub(side).map_or(0.0, |near| weight * onset(near)))
            .sum()
    };
    let gains: Vec<f32> = (0..frames).map(around).collect();
    let mean = gains.iter().sum::<f32>() / frames.max(1) as f32;
    gains.into_iter().map(|gain| gain - mean).collect()
}

/// The mean length of a beat, in frames.
pub(super) fn mean_length(beats: &[f32]) -> f32 {
    (beats[beats.len() - 1] - beats[0]) / (beats.len() - 1) as f32
}

fn add(found: &mut Vec<BeatFrames>, beats: BeatFrames) {
    if beats.len() < FEWEST {
        return;
    }
    let length = mean_length(&beats);
    let is_usual = (SHORTEST as f32..=LONGEST as f32).contains(&length);
    if is_usual && !found.iter().any(|other| are_same(other, &beats)) {
        found.push(beats);
    }
}

fn are_same(old: &[f32], new: &[f32]) -> bool {
    let is_near = |beat: &&f32| {
        let after = old.partition_point(|other| other < beat);
        old[after.saturating_sub(1)..(after + 1).min(old.len())]
            .iter()
            .any(|other| (other - **beat).abs() < SAME)
    };
    let ratio = old.len() as f32 / new.len() as f32;
    (ratio - 1.0).abs() < 0.1 && new.iter().filter(is_near).count() as f32 > SAME_SHARE * new.len() as f32
}
