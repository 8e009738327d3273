//! The parts of a song: where the sound becomes another one for some bars, and which parts are alike. Knows no names
//! such as verse and chorus.

use super::change::SoundChange;
use super::onsets::Onsets;
use super::traits::centre;

/// So many bars before and after a bar line are compared.
const AROUND: usize = 4;
/// A part is at least so many bars long.
const SHORTEST: usize = 4;
/// How much the bars before and after a bar line differ on the mean, against the mean bar line of this song.
const BORDER: f32 = 1.1;
/// Parts whose bars differ by less, against what is usual in this song, are alike; those of the second are similar.
const ALIKE: f32 = 0.42;
const SIMILAR: f32 = 0.75;
/// How much loudness and onsets count against the colour of the sound.
const LOUDNESS: f32 = 1.0;
/// Below so much power, nothing is heard.
const SILENCE: f64 = 1e-7;

/// Some bars of a song that belong together.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct PartBars {
    pub(super) first: usize,
    pub(super) bars: usize,
    /// 0 is A; parts that are alike have the same.
    pub(super) kind: usize,
    /// How often something similar to, but not like, the first of its kind came: A, A', A''.
    pub(super) variant: usize,
    /// How loud and busy it is against the other parts: 0 is the least, 1 the most.
    pub(super) energy: f32,
}

/// The parts of a song with bars between these frames, one after another.
pub(super) fn parts(bars: &[f32], onsets: &Onsets, change: &SoundChange) -> Vec<PartBars> {
    let rows = rows(bars, onsets, change);
    if rows.is_empty() {
        return Vec::new();
    }
    let distances = Distances::of(&rows);
    let borders = borders(&rows);
    let mut parts: Vec<PartBars> = borders
        .windows(2)
        .map(|pair| PartBars { first: pair[0], bars: pair[1] - pair[0], kind: 0, variant: 0, energy: 0.0 })
        .collect();
    name(&mut parts, &distances);
    weigh(&mut parts, bars, onsets, change);
    parts
}

/// What each bar sounds like.
fn rows(bars: &[f32], onsets: &Onsets, change: &SoundChange) -> Vec<Vec<f32>> {
    let row = |pair: &[f32]| {
        let (from, to) = (pair[0], pair[1]);
        let octaves = libm::log2(change.power(from, to) + SILENCE) as f32;
        let mean = |band: &[f32]| mean_onset(band, from, to);
        let loudness = [octaves, mean(&onsets.low), mean(&onsets.middle), mean(&onsets.high)];
        change.colour(from, to).chain(loudness).collect::<Vec<f32>>()
    };
    let mut rows: Vec<Vec<f32>> = bars.windows(2).map(row).collect();
    centre(&mut rows);
    let columns = rows.first().map_or(0, Vec::len);
    let deviation = |rows: &[Vec<f32>], from: usize, to: usize| {
        let squares: f32 = rows.iter().flat_map(|row| &row[from..to]).map(|value| value * value).sum();
        (squares / rows.len().max(1) as f32).sqrt().max(1e-6)
    };
    let colours = columns.saturating_sub(4);
    let colour = deviation(&rows, 0, colours);
    let others: Vec<f32> = (colours..columns).map(|column| deviation(&rows, column, column + 1)).collect();
    for row in &mut rows {
        row[..colours].iter_mut().for_each(|value| *value /= colour);
        let scaled = row[colours..].iter_mut().zip(&others);
        scaled.for_each(|(value, deviation)| *value *= LOUDNESS / (2.0 * deviation));
    }
    rows
}

fn mean_onset(band: &[f32], from: f32, to: f32) -> f32 {
    let place = |at: f32| (at.round().max(0.0) as usize).min(band.len());
    let (from, to) = (place(from), place(to));
    band[from..to.max(from)].iter().sum::<f32>() / to.saturating_sub(from).max(1) as f32
}

/// How different each two bars are; 1 is usual.
struct Distances {
    bars: usize,
    squares: Vec<f32>,
}

impl Distances {
    fn of(rows: &[Vec<f32>]) -> Self {
        let square = |one: &[f32], other: &[f32]| -> f32 {
            one.iter().zip(other).map(|(one, other)| (one - other) * (one - other)).sum()
        };
        let mut squares: Vec<f32> =
            rows.iter().flat_map(|one| rows.iter().map(move |other| square(one, other))).collect();
        let mean = squares.iter().sum::<f32>() / squares.len() as f32;
        squares.iter_mut().for_each(|square| *square /= mean.max(1e-9));
        Self { bars: rows.len(), squares }
    }

    fn between(&self, one: usize, other: usize) -> f32 {
        self.squares[one * self.bars + other]
    }
}

/// Where parts begin, and where the last ends.
fn borders(rows: &[Vec<f32>]) -> Vec<usize> {
    let bars = rows.len();
    let mut novelty: Vec<f32> = (0..=bars)
        .map(|bar| {
            // On the mean of four bars, the chords that come again and again are no difference.
            let (before, after) =
                (&rows[bar.saturating_sub(AROUND)..bar], &rows[bar..(bar + AROUND).min(bars)]);
            if before.len() < 2 || after.len() < 2 {
                return 0.0;
            }
            let squares =
                mean_row(before).zip(mean_row(after)).map(|(one, other)| (one - other) * (one - other));
            squares.sum::<f32>().sqrt()
        })
        .collect();
    let mean = novelty.iter().sum::<f32>() / novelty.len() as f32;
    novelty.iter_mut().for_each(|novelty| *novelty /= mean.max(1e-9));
    let mut peaks: Vec<usize> = (1..bars).filter(|bar| novelty[*bar] > BORDER).collect();
    peaks.sort_by(|one, other| novelty[*other].total_cmp(&novelty[*one]));
    let mut borders = vec![0, bars];
    for peak in peaks {
        // The first part may be shorter: a song seldom begins with a whole one.
        let is_far = |border: &usize| peak.abs_diff(*border) >= if *border == 0 { 2 } else { SHORTEST };
        if borders.iter().all(is_far) {
            borders.push(peak);
        }
    }
    borders.sort_unstable();
    borders
}

fn mean_row(rows: &[Vec<f32>]) -> impl Iterator<Item = f32> + '_ {
    let columns = rows.first().map_or(0, Vec::len);
    (0..columns).map(|column| rows.iter().map(|row| row[column]).sum::<f32>() / rows.len() as f32)
}

/// Gives like parts like names.
fn name(parts: &mut [PartBars], distances: &Distances) {
    let mut kinds = 0;
    for place in 0..parts.len() {
        let (earlier, rest) = parts.split_at_mut(place);
        let part = &mut rest[0];
        let distance = |other: &PartBars| {
            let bars = part.bars.min(other.bars);
            let pairs = (0..bars).map(|bar| distances.between(part.first + bar, other.first + bar));
            pairs.sum::<f32>() / bars as f32
        };
        let nearest = earlier
            .iter()
            .map(|other| (distance(other), other))
            .min_by(|one, other| one.0.total_cmp(&other.0));
        (part.kind, part.variant) = match nearest {
            Some((distance, other)) if distance < ALIKE => (other.kind, other.variant),
            Some((distance, other)) if distance < SIMILAR => {
                let variants = earlier.iter().filter(|part| part.kind == other.kind).map(|part| part.variant);
                (other.kind, variants.max().unwrap_or(0) + 1)
            }
            _ => {
                kinds += 1;
                (kinds - 1, 0)
            }
        };
    }
}

/// Compares how loud and busy the parts are.
fn weigh(parts: &mut [PartBars], bars: &[f32], onsets: &Onsets, change: &SoundChange) {
    let strength = |part: &PartBars| {
        let (from, to) = (bars[part.first], bars[part.first + part.bars]);
        libm::log2(change.power(from, to) + SILENCE) as f32 + 2.0 * mean_onset(&onsets.all, from, to)
    };
    let strengths: Vec<f32> = parts.iter().map(strength).collect();
    let least = strengths.iter().copied().fold(f32::INFINITY, f32::min);
    let most = strengths.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    for (part, strength) in parts.iter_mut().zip(strengths) {
        part.energy = if most - least > 0.1 { (strength - least) / (most - least) } else { 1.0 };
    }
}
