//! Where something begins to sound: how much each band grows from frame to frame. Knows no beats.

use super::spectrum::Spectrum;

/// Growth is measured from the frame before the last.
const LAG: usize = 2;
/// What is so many octaves quieter than the loud parts counts little.
const REFERENCE: f32 = 6.0;
/// Up to here roughly bass drum and bass; from there on roughly hi-hats and cymbals.
const LOW: f64 = 150.0; // Hz
const HIGH: f64 = 5_000.0; // Hz
/// How far a frame looks around for what is usual there.
const AROUND: usize = 300; // frames

/// How strongly something begins in each frame: 1 is usual around there.
pub(super) struct Onsets {
    pub(super) all: Vec<f32>,
    pub(super) low: Vec<f32>,
    pub(super) middle: Vec<f32>,
    pub(super) high: Vec<f32>,
    /// How much sounds in each frame over all bands, and how much of it is low: loud and in many bands is much.
    pub(super) sounding: Vec<f32>,
    pub(super) sounding_low: Vec<f32>,
}

impl Onsets {
    pub(super) fn of(spectrum: &Spectrum) -> Self {
        let reference = loud_level(spectrum) - REFERENCE;
        let frames = spectrum.frames();
        let bands = spectrum.bands();
        let mut rows: Vec<Vec<f32>> = vec![vec![0.0; bands]; LAG + 1];
        let mut onsets = Self {
            all: vec![0.0; frames],
            low: vec![0.0; frames],
            middle: vec![0.0; frames],
            high: vec![0.0; frames],
            sounding: vec![0.0; frames],
            sounding_low: vec![0.0; frames],
        };
        let parts = [LOW, HIGH].map(|pitch| spectrum.pitches.partition_point(|other| *other < pitch));
        let mut before = vec![0.0_f32; bands];
        for frame in 0..frames {
            let slot = frame % (LAG + 1);
            for (value, level) in rows[slot].iter_mut().zip(spectrum.levels(frame)) {
                *value = libm::log1pf(libm::exp2f(level - reference));
            }
            onsets.sounding[frame] = rows[slot].iter().sum();
            onsets.sounding_low[frame] = rows[slot][..parts[0]].iter().sum();
            if frame < LAG {
                continue;
            }
            // A tone that wavers is nothing new: it is compared with its neighbours too.
            let earlier = &rows[(frame - LAG) % (LAG + 1)];
            for (band, most) in before.iter_mut().enumerate() {
                let near = band.saturating_sub(1)..(band + 2).min(bands);
                *most = earlier[near].iter().copied().fold(0.0, f32::max);
            }
            let growth = |from: usize, to: usize| -> f32 {
                let pairs = rows[slot][from..to].iter().zip(&before[from..to]);
                pairs.map(|(now, before)| (now - before).max(0.0)).sum()
            };
            onsets.low[frame] = growth(0, parts[0]);
            onsets.middle[frame] = growth(parts[0], parts[1]);
            onsets.high[frame] = growth(parts[1], bands);
            onsets.all[frame] = onsets.low[frame] + onsets.middle[frame] + onsets.high[frame];
        }
        for onset in [&mut onsets.all, &mut onsets.low, &mut onsets.middle, &mut onsets.high] {
            *onset = normalised(onset);
        }
        onsets
    }
}

/// A level that a twentieth of all frames and bands reach.
fn loud_level(spectrum: &Spectrum) -> f32 {
    let mut counts = [0_usize; 64];
    for frame in 0..spectrum.frames() {
        for level in spectrum.levels(frame) {
            counts[(level * 2.0) as usize % 64] += 1;
        }
    }
    let total: usize = counts[1..].iter().sum();
    let mut above = 0;
    for (level, count) in counts.iter().enumerate().rev() {
        above += count;
        if above * 20 >= total {
            return level as f32 / 2.0;
        }
    }
    0.0
}

/// In units of what is usual around each frame: the root of the mean square.
fn normalised(onset: &[f32]) -> Vec<f32> {
    let squares: Vec<f64> = std::iter::once(0.0)
        .chain(onset.iter().scan(0.0, |sum, value| {
            *sum += f64::from(*value) * f64::from(*value);
            Some(*sum)
        }))
        .collect();
    let overall = squares[onset.len()] / onset.len().max(1) as f64;
    (0..onset.len())
        .map(|frame| {
            let (from, to) = (frame.saturating_sub(AROUND), (frame + AROUND).min(onset.len()));
            let mean = (squares[to] - squares[from]) / (to - from) as f64;
            // Where nothing is heard, its noise does not count.
            let usual = libm::sqrt(mean + 0.01 * overall + 1e-12);
            onset[frame] / usual as f32
        })
        .collect()
}
