//! How alike the rhythm of each beat is to that of beats some beats earlier and later: music repeats itself, applause and
//! speech do not. Knows no parts.

use std::ops::Range;

use super::change::SoundChange;
use super::onsets::Onsets;

/// Each beat has so many places in which something may begin.
const PLACES: usize = 12;
/// So many beats later the rhythm may come again.
const LATER: [usize; 6] = [1, 2, 3, 4, 6, 8];
/// Tones are heard in these pitches.
const TONES: Range<f64> = 200.0..2_500.0; // Hz
/// A louder onset counts no more.
const LOUDEST: f32 = 4.0;

/// For each beat but the last, from -1 to 1.
pub(super) fn recurrence(beats: &[f32], onsets: &Onsets) -> Vec<f32> {
    let rows: Vec<Vec<f32>> = beats.windows(2).map(|pair| row(pair[0], pair[1], onsets)).collect();
    let pairs = |later: usize| {
        let pairs = rows.iter().zip(rows.get(later..).unwrap_or_default());
        pairs.map(|(one, other)| likeness(one, other)).collect::<Vec<f32>>()
    };
    let mean = |values: &[f32]| values.iter().sum::<f32>() / values.len().max(1) as f32;
    let best = LATER.iter().map(|later| (*later, pairs(*later)));
    let best = best.max_by(|one, other| mean(&one.1).total_cmp(&mean(&other.1)));
    let Some((later, pairs)) = best else { return Vec::new() };
    let value = |beat: usize| {
        let after = pairs.get(beat).copied();
        let before = beat.checked_sub(later).and_then(|before| pairs.get(before)).copied();
        after.into_iter().chain(before).fold(-1.0, f32::max)
    };
    (0..rows.len()).map(value).collect()
}

fn row(from: f32, to: f32, onsets: &Onsets) -> Vec<f32> {
    let bands = [&onsets.low, &onsets.middle, &onsets.high];
    let strongest = |band: &[f32], place: usize| {
        let step = (to - from) / PLACES as f32;
        let middle = from + step * place as f32;
        let frames = (middle - step).round().max(0.0) as usize..=(middle + step).round().max(0.0) as usize;
        let heard = frames.filter_map(|frame| band.get(frame)).map(|onset| onset.min(LOUDEST));
        heard.fold(0.0, f32::max)
    };
    let mut row = Vec::with_capacity(3 * PLACES);
    for band in bands {
        let values: Vec<f32> = (0..PLACES).map(|place| strongest(band, place)).collect();
        let mean = values.iter().sum::<f32>() / PLACES as f32;
        row.extend(values.iter().map(|value| value - mean));
    }
    row
}

fn likeness(one: &[f32], other: &[f32]) -> f32 {
    let product =
        |one: &[f32], other: &[f32]| -> f32 { one.iter().zip(other).map(|(one, other)| one * other).sum() };
    product(one, other) / (product(one, one) * product(other, other)).sqrt().max(1e-3)
}

/// How much single tones stand out from the noise around them, for each beat but the last: applause has none.
pub(super) fn tones(beats: &[f32], change: &SoundChange) -> Vec<f32> {
    let heard: Vec<usize> =
        (0..change.pitches().len()).filter(|band| TONES.contains(&change.pitches()[*band])).collect();
    let above = |pair: &[f32]| {
        let levels: Vec<f32> = change.colour(pair[0], pair[1]).collect();
        let around = |band: usize| {
            let near = [band.wrapping_sub(2), band.wrapping_sub(1), band + 1, band + 2];
            near.iter().filter_map(|near| levels.get(*near)).sum::<f32>() / near.len() as f32
        };
        let squares: f32 = heard.iter().map(|band| libm::powf(levels[*band] - around(*band), 2.0)).sum();
        (squares / heard.len().max(1) as f32).sqrt()
    };
    beats.windows(2).map(above).collect()
}
