//! How exact tapped beats are: simulated hands tap simulated songs, and what is found is held against what was true.
//! `cargo run --release --example tap_accuracy` prints the table in `docs/cue-sheet.md`.

use std::f64::consts::TAU;

use starcourt::beats::{Beats, Tap};
use starcourt::random::Random;
use starcourt::time::ShowTime;

const SONGS: u32 = 400;
const MINUTES: f64 = 4.0;

/// Songs and hands of one row.
#[derive(Clone, Copy)]
struct Row {
    /// The bars of four that are tapped; without, all of the song.
    bars: Option<i64>,
    is_round: bool,
    /// How much faster the song is at its end.
    drift: f64,
    jitter: f64,
    misses: f64,
}

/// What came of one song.
struct Found {
    bpm_off: f64,
    worst: f64,
    is_steady: bool,
}

fn main() {
    println!(
        "{SONGS} songs of {MINUTES} minutes a row, 70 to 170 bpm; a fifth as many taps are doubled as are missed"
    );
    println!(
        "tapped   tempo    drift  jitter  misses  within 0.05 bpm  tempo error (median, 95 %)  worst beat (median, 95 %)  called steady"
    );
    for (bars, is_round) in [
        (Some(16), true),
        (Some(16), false),
        (Some(32), true),
        (Some(32), false),
        (None, true),
        (None, false),
    ] {
        for jitter in [0.0, 0.010, 0.020, 0.040] {
            print_row(Row { bars, is_round, drift: 0.0, jitter, misses: 0.1 });
        }
        for misses in [0.0, 0.05, 0.2] {
            print_row(Row { bars, is_round, drift: 0.0, jitter: 0.020, misses });
        }
        if bars.is_none() && !is_round {
            for drift in [-0.03, -0.01, 0.01, 0.03] {
                print_row(Row { bars, is_round, drift, jitter: 0.020, misses: 0.1 });
            }
        }
    }
}

fn print_row(row: Row) {
    let found: Vec<Found> = (0..SONGS).filter_map(|seed| row.song(seed)).collect();
    let of = |value: fn(&Found) -> f64| {
        let mut values: Vec<f64> = found.iter().map(value).collect();
        values.sort_by(f64::total_cmp);
        (values[values.len() / 2], values[values.len() * 95 / 100])
    };
    let share =
        |is_so: fn(&&Found) -> bool| 100.0 * found.iter().filter(is_so).count() as f64 / f64::from(SONGS);
    let (tempo, worst) = (of(|found| found.bpm_off), of(|found| found.worst));
    println!(
        "{:7}  {:7} {:+4.0} %  {:3.0} ms  {:4.0} %  {:12.1} %  {:9.3}, {:.3} bpm       {:11.1}, {:.1} ms       {:9.1} %",
        row.bars.map_or("all".to_owned(), |bars| format!("{bars} bars")),
        if row.is_round { "round" } else { "any" },
        100.0 * row.drift,
        1e3 * row.jitter,
        100.0 * row.misses,
        share(|found| found.bpm_off <= 0.05),
        tempo.0,
        tempo.1,
        1e3 * worst.0,
        1e3 * worst.1,
        share(|found| found.is_steady),
    );
}

impl Row {
    /// `None` if too few taps fit together.
    fn song(self, seed: u32) -> Option<Found> {
        let mut random = Random::new(&[&seed.to_le_bytes()]);
        let bpm = 70.0 + 100.0 * uniform(&mut random);
        let bpm = if self.is_round { bpm.round() } else { bpm };
        let (period, all) = (60.0 / bpm, (MINUTES * bpm) as i64);
        let time_of = |beat: i64| {
            let beat = beat as f64;
            0.42 + period * beat * (1.0 - self.drift * beat / (2.0 * all as f64))
        };
        let mut taps = Vec::new();
        for beat in 0..self.bars.map_or(all, |bars| 4 * bars) {
            let at = time_of(beat) + self.jitter * normal(&mut random);
            if uniform(&mut random) < self.misses {
                continue;
            }
            taps.push(tap(at, beat % 4 == 0));
            if uniform(&mut random) < self.misses / 5.0 {
                taps.push(tap(at + 0.08 + 0.1 * uniform(&mut random), false));
            }
        }
        let beats = Beats::of(&taps)?;
        let found = |beat: i64| beats.time_of(beat).map_or(f64::INFINITY, |time| time.micros() as f64 / 1e6);
        let off = |beat: &i64| (time_of(*beat) - found(0)).abs();
        let first = (0..20).min_by(|one, other| off(one).total_cmp(&off(other)))?;
        // Also beyond the taps: a few bars give the beats of the whole song.
        let off = |beat: i64| (found(beat) - time_of(beat + first)).abs();
        let worst = (0..all - first).map(off).fold(0.0, f64::max);
        let mean =
            60.0 * *beats.tapped().end() as f64 / (time_of(*beats.tapped().end() + first) - time_of(first));
        Some(Found { bpm_off: (beats.bpm() - mean).abs(), worst, is_steady: beats.is_steady() })
    }
}

fn tap(at: f64, begins_bar: bool) -> Tap {
    Tap { at: ShowTime::from_micros((at.max(0.0) * 1e6) as u64), begins_bar }
}

fn uniform(random: &mut Random) -> f64 {
    const STEPS: u64 = 1 << 53;
    random.below(STEPS) as f64 / STEPS as f64
}

/// Box and Muller's way to normally distributed numbers.
fn normal(random: &mut Random) -> f64 {
    let radius = (-2.0 * (1.0 - uniform(random)).ln()).sqrt();
    radius * (TAU * uniform(random)).cos()
}
