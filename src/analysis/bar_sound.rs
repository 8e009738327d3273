//! What each bar sounds like: how loud it is, whether its harmony is another one, and whether a tune leads. Knows no parts.

use super::change::SoundChange;
use super::findings::HeardBar;
use super::spectrum::time_of;

/// The pitches in which harmony and tunes are heard.
const PITCHES: (f64, f64) = (250.0, 2_000.0); // Hz
const CLASSES: usize = 12;
const LOWEST_C: f64 = 32.703; // Hz
/// Harmonies that are less alike are different ones.
const ALIKE: f32 = 0.75;
/// What is so much quieter than the loudest bars counts as the quietest.
const RANGE: f32 = 30.0; // dB
const SILENCE: f64 = 1e-10;
/// A quarter of a bar is heard at a time for its tune.
const STEPS: usize = 8;

/// Of the bars between these frames, one after another.
pub(super) fn bars(frames: &[f32], change: &SoundChange) -> Vec<HeardBar> {
    let spans: Vec<(f32, f32)> = frames.windows(2).map(|pair| (pair[0], pair[1])).collect();
    let decibels = |span: &(f32, f32)| (10.0 * libm::log10(change.power(span.0, span.1) + SILENCE)) as f32;
    let loudness = against_others(&spans.iter().map(decibels).collect::<Vec<f32>>(), RANGE);
    let harmonies: Vec<[f32; CLASSES]> = spans.iter().map(|(from, to)| harmony(*from, *to, change)).collect();
    let tunes = against_others(
        &spans.iter().map(|(from, to)| tune(*from, *to, change)).collect::<Vec<f32>>(),
        f32::MAX,
    );
    let bar = |place: usize| HeardBar {
        from: time_of(spans[place].0),
        to: time_of(spans[place].1),
        loudness: loudness[place],
        changes_harmony: place > 0 && likeness(&harmonies[place - 1], &harmonies[place]) < ALIKE,
        tune: tunes[place],
    };
    (0..spans.len()).map(bar).collect()
}

/// From 0 for the least (no more than `range` below the most) to 1 for the most.
fn against_others(values: &[f32], range: f32) -> Vec<f32> {
    let most = values.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let least = values.iter().copied().fold(f32::INFINITY, f32::min).max(most - range);
    let scaled = |value: &f32| if most - least > 1e-3 { (value - least) / (most - least) } else { 1.0 };
    values.iter().map(scaled).map(|value| value.clamp(0.0, 1.0)).collect()
}

/// How much each of the twelve tones stands out between two frames.
fn harmony(from: f32, to: f32, change: &SoundChange) -> [f32; CLASSES] {
    let mut tones = [0.0; CLASSES];
    for (pitch, level) in change.pitches().iter().zip(change.colour(from, to)) {
        if (PITCHES.0..PITCHES.1).contains(pitch) {
            let tone = libm::round(CLASSES as f64 * libm::log2(pitch / LOWEST_C)) as usize % CLASSES;
            tones[tone] += level;
        }
    }
    let mean = tones.iter().sum::<f32>() / CLASSES as f32;
    tones.map(|tone| tone - mean)
}

/// From -1 to 1, which is the same.
fn likeness(one: &[f32; CLASSES], other: &[f32; CLASSES]) -> f32 {
    let product = |one: &[f32; CLASSES], other: &[f32; CLASSES]| -> f32 {
        one.iter().zip(other).map(|(one, other)| one * other).sum()
    };
    product(one, other) / (product(one, one) * product(other, other)).sqrt().max(1e-6)
}

/// How far the strongest pitch stands above the others, on the mean of some places in the bar.
fn tune(from: f32, to: f32, change: &SoundChange) -> f32 {
    let step = (to - from) / STEPS as f32;
    let above = |place: usize| {
        let at = from + step * place as f32;
        let levels = change.pitches().iter().zip(change.colour(at, at + step));
        let heard: Vec<f32> = levels
            .filter(|(pitch, _)| (PITCHES.0..PITCHES.1).contains(*pitch))
            .map(|(_, level)| level)
            .collect();
        let mean = heard.iter().sum::<f32>() / heard.len().max(1) as f32;
        heard.iter().copied().fold(mean, f32::max) - mean
    };
    (0..STEPS).map(above).sum::<f32>() / STEPS as f32
}
