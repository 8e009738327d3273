//! The parts of a song: where the sound becomes another one for some bars, and which parts are alike. Knows no names
//! such as verse and chorus.

use super::change::SoundChange;
use super::onsets::Onsets;
use super::traits::centre;

/// Parts mostly have a multiple of so many bars, and harmony often comes again after so many.
const PHRASE: usize = 4;
/// What one more part costs, against how much a bar differs from the mean bar of this song.
const PART: f32 = 0.4;
/// And against how much a bar usually differs from that one phrase later: a song in which no two bars are alike has no
/// more parts for that.
const RESTLESS: f32 = 2.0;
/// A part of another number of bars costs so many times as much.
const UNEVEN: f32 = 4.0;
/// Parts whose bars differ by less, against what is usual in this song, are alike; those of the second are similar.
const ALIKE: f32 = 0.2;
const SIMILAR: f32 = 0.3;
/// A bar is divided into so many places for its rhythm.
const PLACES: usize = 8;
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
    let borders = borders(&distances);
    let mut parts: Vec<PartBars> = borders
        .windows(2)
        .map(|pair| PartBars { first: pair[0], bars: pair[1] - pair[0], kind: 0, variant: 0, energy: 0.0 })
        .collect();
    name(&mut parts, &distances);
    weigh(&mut parts, bars, onsets, change);
    parts
}

/// What each bar sounds like: its colour, what begins where in it, and how loud it is. Each of the three counts alike.
fn rows(bars: &[f32], onsets: &Onsets, change: &SoundChange) -> Vec<Vec<f32>> {
    let colour = |from, to| change.colour(from, to).collect::<Vec<f32>>();
    let rhythm = |from: f32, to: f32| rhythm(from, to, onsets);
    let loudness = |from, to| vec![libm::log2(change.power(from, to) + SILENCE) as f32];
    let mut rows = vec![Vec::new(); bars.len().saturating_sub(1)];
    for sound in [&colour as &dyn Fn(f32, f32) -> Vec<f32>, &rhythm, &loudness] {
        let mut values: Vec<Vec<f32>> = bars.windows(2).map(|pair| sound(pair[0], pair[1])).collect();
        centre(&mut values);
        let squares: f32 = values.iter().flatten().map(|value| value * value).sum();
        let deviation = (squares / values.len().max(1) as f32).sqrt().max(1e-6);
        for (row, values) in rows.iter_mut().zip(values) {
            row.extend(values.iter().map(|value| value / deviation));
        }
    }
    rows
}

/// How much begins at each place of a bar, low, middle and high.
fn rhythm(from: f32, to: f32, onsets: &Onsets) -> Vec<f32> {
    let place = (to - from) / PLACES as f32;
    let bands = [&onsets.low, &onsets.middle, &onsets.high];
    let at = |number: usize| from + number as f32 * place;
    let strengths = (0..PLACES).flat_map(|number| {
        bands.map(|band| mean_onset(band, at(number) - place / 2.0, at(number) + place / 2.0))
    });
    strengths.collect()
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

    /// How different two bars usually are that are a phrase apart.
    fn restlessness(&self) -> f32 {
        let mut pairs: Vec<f32> = (PHRASE..self.bars).map(|bar| self.between(bar - PHRASE, bar)).collect();
        pairs.sort_by(f32::total_cmp);
        pairs.get(pairs.len() / 2).copied().unwrap_or(0.0)
    }

    fn between(&self, one: usize, other: usize) -> f32 {
        self.squares[one * self.bars + other]
    }
}

/// Where parts begin, and where the last ends: of all ways to divide the song, the one whose parts have the most alike bars,
/// when each part costs something.
fn borders(distances: &Distances) -> Vec<usize> {
    let part_cost = f64::from(PART.max(RESTLESS * distances.restlessness()));
    // The best way to divide the bars before each: its cost, and where its last part begins.
    let mut best = vec![(0.0, 0)];
    // How different all pairs of bars are, from each bar to the end that is looked at.
    let mut pairs = vec![0.0; distances.bars];
    for end in 1..=distances.bars {
        let mut to_last = 0.0;
        let mut least = (f64::INFINITY, 0);
        for first in (0..end).rev() {
            let bars = end - first;
            to_last += f64::from(distances.between(first, end - 1));
            pairs[first] += to_last;
            let times = if bars.is_multiple_of(PHRASE) { 1.0 } else { f64::from(UNEVEN) };
            let cost: f64 = best[first].0 + 2.0 * pairs[first] / bars as f64 + part_cost * times;
            if cost < least.0 {
                least = (cost, first);
            }
        }
        best.push(least);
    }
    let mut borders = vec![distances.bars];
    while let Some(end @ 1..) = borders.last().copied() {
        borders.push(best[end].1);
    }
    borders.reverse();
    borders
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
