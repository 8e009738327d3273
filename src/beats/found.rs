//! The beats that are found behind taps. Knows no key and no file.

use std::ops::RangeInclusive;
use std::time::Duration;

use super::breathing::BreathingBeats;
use super::count;
use super::even::EvenBeats;
use super::round_tempo;
use super::tap::{NumberedTap, Tap};
use crate::time::ShowTime;

/// Fewer taps tell no tempo.
pub const FEWEST: usize = 8;

/// A song is called steady if no beat of it is farther from an even one: nobody sees that in lights.
const STEADY: f64 = 0.020; // s
/// How much likelier than an even tempo a breathing one must be, twice the logarithm. A hand that wanders lets an even
/// song look a little uneven: its taps are not independent, which makes three times 7 of the 7 that would do.
const EVIDENCE: f64 = 20.0;
/// A tap that is farther off than so many times what is usual was a slip.
const SLIP: f64 = 3.5;
/// Of a hand that is steady beyond belief, no tap nearer than this is a slip.
const NO_SLIP: f64 = 0.020; // s
/// After so many rounds without slips, nothing changes any more.
const ROUNDS: usize = 4;
/// A gap of more beats is a pause of the hand; beats in it were not missed.
const PAUSE: i64 = 8;

/// The beats behind some taps. Beat 0 is that of the first tap which counts.
#[derive(Clone, PartialEq, Debug)]
pub struct Beats {
    pace: BeatPace,
    last: i64,
    taps: usize,
    /// The taps that count, by the number of their beat.
    kept: Vec<NumberedTap>,
    missed: u32,
    scatter: f64,
}

#[derive(Clone, PartialEq, Debug)]
enum BeatPace {
    /// With the tempo that was measured, before it was rounded.
    Steady {
        line: EvenBeats,
        measured: EvenBeats,
    },
    Breathing(BreathingBeats),
}

impl Beats {
    /// The beats behind `taps`, in any order; `None` if fewer than [`FEWEST`] of them fit together.
    #[must_use]
    pub fn of(taps: &[Tap]) -> Option<Self> {
        let mut sorted = taps.to_vec();
        sorted.sort_by_key(|tap| tap.at);
        let mut kept = count::counted(&sorted);
        let mut pace = pace_of(&kept)?;
        for _ in 0..ROUNDS {
            let limit = (SLIP * usual_distance(&pace, &kept)).max(NO_SLIP);
            let before = kept.len();
            kept.retain(|tap| (tap.at - pace.time_of(tap.beat)).abs() <= limit);
            if kept.len() == before {
                break;
            }
            pace = pace_of(&kept)?;
        }
        let first = kept.first()?.beat;
        kept.iter_mut().for_each(|tap| tap.beat -= first);
        let pace = pace_of(&kept)?;
        let last = kept.last()?.beat;
        let gaps = kept.windows(2).map(|pair| pair[1].beat - pair[0].beat);
        let missed = gaps.filter(|gap| *gap <= PAUSE).map(|gap| gap - 1).sum::<i64>() as u32;
        let squares = kept.iter().map(|tap| (tap.at - pace.time_of(tap.beat)).powi(2)).sum::<f64>();
        let scatter = (squares / kept.len() as f64).sqrt();
        Some(Self { pace, last, taps: taps.len(), kept, missed, scatter })
    }

    /// When beat `beat` is. Beyond the taps it goes on at the tempo of the nearest ones. Below zero the song has not
    /// begun.
    #[must_use]
    pub fn time_of(&self, beat: i64) -> Option<ShowTime> {
        let micros = (self.pace.time_of(beat) * 1e6).round();
        (micros >= 0.0 && micros <= ShowTime::MAX.micros() as f64)
            .then(|| ShowTime::from_micros(micros as u64))
    }

    /// The beats that were tapped, missed ones included.
    #[must_use]
    pub fn tapped(&self) -> RangeInclusive<i64> {
        0..=self.last
    }

    /// Whether the song has one tempo.
    #[must_use]
    pub fn is_steady(&self) -> bool {
        matches!(self.pace, BeatPace::Steady { .. })
    }

    /// Beats a minute: that of a steady song, or the mean over the taps.
    #[must_use]
    pub fn bpm(&self) -> f64 {
        match &self.pace {
            BeatPace::Steady { line, .. } => 60.0 / line.period,
            BeatPace::Breathing(curve) => {
                60.0 * self.last as f64 / (curve.time_of(self.last) - curve.time_of(0))
            }
        }
    }

    /// What the taps say before the tempo is rounded, and how far off that is at most 19 times of 20, if the hand scatters
    /// at random. Only of a steady song.
    #[must_use]
    pub fn measured_bpm(&self) -> Option<(f64, f64)> {
        match &self.pace {
            BeatPace::Steady { measured, .. } => {
                let bpm = 60.0 / measured.period;
                Some((bpm, 2.0 * bpm * measured.period_error / measured.period))
            }
            BeatPace::Breathing(_) => None,
        }
    }

    /// The slowest and the fastest tempo over two bars of four.
    #[must_use]
    pub fn bpm_range(&self) -> (f64, f64) {
        const OVER: i64 = 8;
        let over = OVER.min(self.last);
        let bpms = (0..=self.last - over)
            .map(|beat| 60.0 * over as f64 / (self.pace.time_of(beat + over) - self.pace.time_of(beat)));
        bpms.fold((f64::INFINITY, 0.0), |(slow, fast), bpm| (slow.min(bpm), fast.max(bpm)))
    }

    /// How far the taps are from their beats: the standard deviation.
    #[must_use]
    pub fn scatter(&self) -> Duration {
        Duration::from_secs_f64(self.scatter)
    }

    /// How many taps count.
    #[must_use]
    pub fn kept(&self) -> usize {
        self.kept.len()
    }

    /// How many taps were left out: doubled ones and slips.
    #[must_use]
    pub fn dropped(&self) -> usize {
        self.taps - self.kept.len()
    }

    /// How many beats between the taps had none.
    #[must_use]
    pub fn missed(&self) -> u32 {
        self.missed
    }

    /// How many beats a bar has, by the taps that began one; `None` if fewer than two of them are a bar apart.
    #[must_use]
    pub fn beats_a_bar(&self) -> Option<u32> {
        const LONGEST: i64 = 16;
        let bars: Vec<i64> = self.bar_beats().collect();
        let gaps: Vec<i64> = bars.windows(2).map(|pair| pair[1] - pair[0]).collect();
        let gaps = gaps.into_iter().filter(|gap| (2..=LONGEST).contains(gap));
        most_frequent(gaps).map(|beats| beats as u32)
    }

    /// Where bars of so many beats begin: the first beat of a bar is this one, and each that lies a whole number of
    /// bars from it. Without a tap that began a bar, the first tap did.
    #[must_use]
    pub fn bar_begins_at(&self, beats_a_bar: u32) -> i64 {
        let bar = i64::from(beats_a_bar.max(1));
        most_frequent(self.bar_beats().map(|beat| beat.rem_euclid(bar))).unwrap_or(0)
    }

    fn bar_beats(&self) -> impl Iterator<Item = i64> + '_ {
        self.kept.iter().filter(|tap| tap.begins_bar).map(|tap| tap.beat)
    }
}

impl BeatPace {
    fn time_of(&self, beat: i64) -> f64 {
        match self {
            Self::Steady { line, .. } => line.time_of(beat),
            Self::Breathing(curve) => curve.time_of(beat),
        }
    }
}

fn pace_of(kept: &[NumberedTap]) -> Option<BeatPace> {
    if kept.len() < FEWEST {
        return None;
    }
    let measured = EvenBeats::through(kept)?;
    if let Some((curve, evidence)) = BreathingBeats::through(kept)
        && evidence > EVIDENCE
        && kept.iter().any(|tap| (curve.time_of(tap.beat) - measured.time_of(tap.beat)).abs() > STEADY)
    {
        return Some(BeatPace::Breathing(curve));
    }
    let line = round_tempo::rounded(&measured);
    Some(BeatPace::Steady { line, measured })
}

/// The standard deviation of the taps, as far as slips do not change it.
fn usual_distance(pace: &BeatPace, kept: &[NumberedTap]) -> f64 {
    let mut distances: Vec<f64> = kept.iter().map(|tap| (tap.at - pace.time_of(tap.beat)).abs()).collect();
    distances.sort_by(f64::total_cmp);
    // Of normally distributed numbers, half are nearer than two thirds of the standard deviation.
    1.4826 * distances[distances.len() / 2]
}

/// The first of those that come most often.
fn most_frequent(numbers: impl Iterator<Item = i64>) -> Option<i64> {
    let numbers: Vec<i64> = numbers.collect();
    let times = |number: i64| numbers.iter().filter(|other| **other == number).count();
    numbers.iter().copied().rev().max_by_key(|number| times(*number))
}
