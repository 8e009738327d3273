//! How many beats a bar has, and which beat is its first. Knows no tempo.

use super::candidate::mean_length;
use super::change::SoundChange;
use super::onsets::Onsets;
use super::traits::{centre, strongest_near};

const NEAR: i64 = 3; // frames
/// What is looked at at each beat: onsets over all, low, middle and high; how the sound changes within half a beat, one,
/// two and four; how much louder it becomes.
const LOOKS: usize = 9;
/// How the sound changes is compared over so many beats.
const WIDTHS: [f32; 4] = [0.5, 1.0, 2.0, 4.0];
/// Below so much power, nothing is heard.
const SILENCE: f64 = 1e-7;
/// In 6/8 each beat has three parts; in other measures, the logarithm of how much more is heard there than at its half
/// is less.
const THREE_PARTS: f32 = 0.4;

// What speaks for the beats of a bar, row by row from its first: found by logistic regression over songs whose bars are
// known.
const OF_FOUR: [[f32; LOOKS]; 4] = [
    [0.07, 0.28, 0.08, -0.15, 0.41, 0.56, 0.51, 0.34, 0.35],
    [0.01, -0.16, -0.02, 0.16, -0.18, -0.29, -0.10, -0.06, -0.23],
    [-0.14, -0.06, -0.11, -0.16, -0.14, -0.12, -0.24, -0.21, -0.08],
    [0.06, -0.06, 0.05, 0.15, -0.09, -0.16, -0.17, -0.08, -0.04],
];
const OF_THREE: [[f32; LOOKS]; 3] = [
    [0.21, 0.26, 0.18, 0.02, 0.26, 0.24, 0.18, 0.06, 0.22],
    [-0.18, -0.25, -0.15, -0.02, 0.01, 0.07, 0.05, 0.02, -0.17],
    [-0.03, -0.01, -0.03, 0.0, -0.28, -0.30, -0.23, -0.08, -0.04],
];
const OF_TWO: [[f32; LOOKS]; 2] = [
    [0.06, 0.12, 0.09, -0.19, 0.25, 0.03, 0.0, -0.03, 0.69],
    [-0.06, -0.12, -0.09, 0.19, -0.25, -0.03, 0.0, 0.03, -0.69],
];

/// The measure of a song, as musicians name it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum HeardMeasure {
    /// 3/4.
    Three,
    /// 4/4.
    Four,
    /// 6/8, of which a foot taps two beats.
    Six,
}

/// The bars of a song.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct HeardBars {
    pub(super) measure: HeardMeasure,
    /// Which of the beats begins the first whole bar.
    pub(super) first: usize,
    /// How likely that beat is, from 0 to 1.
    pub(super) sureness: f32,
    /// How likely the measure is.
    pub(super) measure_sureness: f32,
}

impl HeardMeasure {
    /// How many beats a bar has: quarters, or eighths in 6/8.
    #[must_use]
    pub const fn beats(self) -> usize {
        self.feet() * self.parts()
    }

    /// How many beats a foot taps in a bar.
    pub(super) const fn feet(self) -> usize {
        match self {
            Self::Six => 2,
            Self::Three => 3,
            Self::Four => 4,
        }
    }

    /// How many beats are in one of these.
    pub(super) const fn parts(self) -> usize {
        match self {
            Self::Six => 3,
            Self::Three | Self::Four => 1,
        }
    }
}

impl HeardBars {
    pub(super) fn of(beats: &[f32], onsets: &Onsets, change: &SoundChange) -> Self {
        let looks = looks(beats, onsets, change);
        let (three, four) = (strength(&looks, 3), strength(&looks, 4).max(strength(&looks, 2)));
        let three_to_four = libm::logf((three + 1e-6) / (four + 1e-6));
        let measure = match () {
            () if three_to_four > 0.0 => HeardMeasure::Three,
            () if has_three_parts(beats, onsets) => HeardMeasure::Six,
            () => HeardMeasure::Four,
        };
        let evidences = match measure {
            HeardMeasure::Three => evidences(&looks, &OF_THREE),
            HeardMeasure::Four => evidences(&looks, &OF_FOUR),
            HeardMeasure::Six => evidences(&looks, &OF_TWO),
        };
        let first = (0..evidences.len()).max_by(|one, other| evidences[*one].total_cmp(&evidences[*other]));
        let first = first.unwrap_or(0);
        let all: f32 = evidences.iter().map(|evidence| libm::expf(evidence - evidences[first])).sum();
        let measure_sureness = 1.0 / (1.0 + libm::expf(-2.0 * three_to_four.abs()));
        Self { measure, first, sureness: 1.0 / all, measure_sureness }
    }

    /// A bar is known to begin at this beat.
    pub(super) fn begin_at(&mut self, beat: usize) {
        self.first = beat % self.measure.feet();
        self.sureness = 1.0;
    }
}

/// A row a beat; each column has a mean of 0 and a variance of 1.
fn looks(beats: &[f32], onsets: &Onsets, change: &SoundChange) -> Vec<Vec<f32>> {
    let length = mean_length(beats);
    let bands = [&onsets.all, &onsets.low, &onsets.middle, &onsets.high];
    let octaves = |from: f32, to: f32| libm::log2(change.power(from, to) + SILENCE) as f32;
    let look = |at: &f32| {
        let onsets = bands.map(|band| strongest_near(band, *at, NEAR));
        let changes = WIDTHS.map(|width| change.at(*at, width * length));
        let louder = octaves(*at, at + length) - octaves(at - length, *at);
        onsets.into_iter().chain(changes).chain([louder]).collect()
    };
    let mut looks: Vec<Vec<f32>> = beats.iter().map(look).collect();
    centre(&mut looks);
    for column in 0..LOOKS {
        let squares = looks.iter().map(|look| look[column] * look[column]).sum::<f32>();
        let deviation = (squares / looks.len() as f32).sqrt() + 1e-6;
        looks.iter_mut().for_each(|look| look[column] /= deviation);
    }
    looks
}

/// The mean look of every `beats`th beat, from each of the first on.
fn means(looks: &[Vec<f32>], beats: usize) -> Vec<[f32; LOOKS]> {
    let mean = |first: usize| {
        let rows = || looks.iter().skip(first).step_by(beats);
        let count = rows().count().max(1) as f32;
        std::array::from_fn(|column| rows().map(|row| row[column]).sum::<f32>() / count)
    };
    (0..beats).map(mean).collect()
}

/// How much beats differ by their place in bars of so many: 1 is chance.
fn strength(looks: &[Vec<f32>], beats: usize) -> f32 {
    let squares: f32 = means(looks, beats).iter().flatten().map(|mean| mean * mean).sum();
    squares * (looks.len() as f32 / beats as f32) / (beats - 1) as f32 / LOOKS as f32
}

/// What speaks for each of the first beats to begin a bar.
fn evidences<const BEATS: usize>(looks: &[Vec<f32>], weights: &[[f32; LOOKS]; BEATS]) -> Vec<f32> {
    let means = means(looks, BEATS);
    let evidence = |first: usize| {
        let rows =
            weights.iter().enumerate().map(|(beat, weights)| (weights, &means[(first + beat) % BEATS]));
        rows.flat_map(|(weights, means)| weights.iter().zip(means)).map(|(weight, mean)| weight * mean).sum()
    };
    (0..BEATS).map(evidence).collect()
}

/// Whether beats are divided by three, and at both thirds: a swing has the second only.
fn has_three_parts(beats: &[f32], onsets: &Onsets) -> bool {
    let length = mean_length(beats);
    let mean = |place: f32| {
        beats.iter().map(|beat| strongest_near(&onsets.all, beat + place * length, NEAR)).sum::<f32>()
            / beats.len() as f32
    };
    let least = mean(1.0 / 3.0).min(mean(2.0 / 3.0));
    libm::logf((least + 0.1) / (mean(0.5) + 0.1)) > THREE_PARTS
}
