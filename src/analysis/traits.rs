//! What tells right beats from wrong ones: how much begins at them and between them, and how the sound changes at them.
//! Weighs nothing.

use super::candidate::mean_length;
use super::change::SoundChange;
use super::onsets::Onsets;
use super::spectrum::FRAMES;

/// Where in a beat is looked: at it, and at its quarters and thirds.
const PLACES: [f32; 6] = [0.0, 0.25, 1.0 / 3.0, 0.5, 2.0 / 3.0, 0.75];
/// A hand is at most so far off.
const NEAR: i64 = 2; // frames
/// A louder onset counts no more.
const LOUDEST: f32 = 5.0;
/// The usual tempo.
const USUAL: f32 = 120.0; // bpm
/// So many beats later a song is compared with itself.
const LATER: [usize; 8] = [1, 2, 3, 4, 6, 8, 12, 16];

pub(super) const TRAITS: usize = 3 + 4 * PLACES.len() + 4 * (PLACES.len() - 1) + 2 + 4 + LATER.len();

/// In the order of the weights in `choice_weights`.
pub(super) fn traits(beats: &[f32], onsets: &Onsets, change: &SoundChange) -> [f32; TRAITS] {
    let length = mean_length(beats);
    let gaps = (beats.len() - 1) as f32;
    let mean_at = |value: &dyn Fn(f32) -> f32, place: f32| {
        beats.windows(2).map(|pair| value(pair[0] + place * (pair[1] - pair[0]))).sum::<f32>() / gaps
    };
    let tempo = libm::log2f(60.0 * FRAMES as f32 / length / USUAL);
    let mut traits = vec![tempo, tempo * tempo, tempo.max(0.0) * tempo.max(0.0)];
    let bands = [&onsets.all, &onsets.low, &onsets.middle, &onsets.high];
    let strengths =
        bands.map(|band| PLACES.map(|place| mean_at(&|at| strongest_near(band, at, NEAR), place)));
    traits.extend(strengths.iter().flatten());
    for [at_beat, between @ ..] in &strengths {
        traits.extend(between.iter().map(|other| libm::logf((at_beat + 0.05) / (other + 0.05))));
    }
    let [at_beat, quarter, half, late] =
        [0.0, 0.25, 0.5, 0.75].map(|place| mean_at(&|at| change.at(at, length), place));
    let ratio = |other: f32| libm::logf((at_beat + 0.002) / (other + 0.002));
    traits.extend([ratio(half), ratio((quarter + late) / 2.0), at_beat, quarter, half, late]);
    traits.extend(likeness(beats, change));
    std::array::from_fn(|place| traits[place])
}

/// The strongest onset within `near` frames.
pub(super) fn strongest_near(onsets: &[f32], at: f32, near: i64) -> f32 {
    let at = at.round() as i64;
    let frames = (at - near..=at + near).filter_map(|frame| onsets.get(usize::try_from(frame).ok()?));
    frames.map(|onset| onset.min(LOUDEST)).fold(0.0, f32::max)
}

/// How alike the colours of beats and of those some beats later are.
fn likeness(beats: &[f32], change: &SoundChange) -> [f32; LATER.len()] {
    let mut rows: Vec<Vec<f32>> =
        beats.windows(2).map(|pair| change.colour(pair[0], pair[1]).collect()).collect();
    centre(&mut rows);
    let product =
        |one: &[f32], other: &[f32]| one.iter().zip(other).map(|(one, other)| one * other).sum::<f32>();
    let whole = rows.iter().map(|row| product(row, row)).sum::<f32>() / rows.len() as f32;
    LATER.map(|beats| {
        let pairs = rows.iter().zip(rows.get(beats..).unwrap_or_default());
        let count = rows.len().saturating_sub(beats).max(1) as f32;
        pairs.map(|(one, other)| product(one, other)).sum::<f32>() / count / whole.max(1e-6)
    })
}

/// Takes the mean row from each.
pub(super) fn centre(rows: &mut [Vec<f32>]) {
    let columns = rows.first().map_or(0, Vec::len);
    for column in 0..columns {
        let mean = rows.iter().map(|row| row[column]).sum::<f32>() / rows.len() as f32;
        rows.iter_mut().for_each(|row| row[column] -= mean);
    }
}
