//! Simulated hands tap simulated songs.

use std::time::Duration;

use super::*;
use crate::time::ShowTime;

/// Numbers between 0 and 1 that look like chance (xorshift64).
struct Noise(u64);

impl Noise {
    fn new(seed: u64) -> Self {
        let mut random = Self((2 * seed + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15));
        (0..8).for_each(|_| _ = random.next());
        random
    }

    fn next(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Normally distributed, nearly.
    fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.next()).sum::<f64>() - 6.0
    }
}

/// A hand at work.
#[derive(Clone, Copy)]
struct TestHand {
    jitter: f64,
    misses: f64,
    doubles: f64,
}

const EXACT: TestHand = TestHand { jitter: 0.0, misses: 0.0, doubles: 0.0 };
/// As a person taps, on an evening that is not their best.
const PERSON: TestHand = TestHand { jitter: 0.020, misses: 0.1, doubles: 0.02 };

impl TestHand {
    /// Taps at beats `beats`, bars of four, where beat `n` is at `time_of(n)` seconds.
    fn taps(self, seed: u64, beats: std::ops::Range<i64>, time_of: impl Fn(i64) -> f64) -> Vec<Tap> {
        let mut random = Noise::new(seed);
        let mut taps = Vec::new();
        for beat in beats {
            let at = time_of(beat) + self.jitter * random.normal();
            if random.next() < self.misses {
                continue;
            }
            taps.push(tap(at, beat % 4 == 0));
            if random.next() < self.doubles {
                taps.push(tap(at + 0.08 + 0.1 * random.next(), false));
            }
        }
        taps
    }
}

fn tap(at: f64, begins_bar: bool) -> Tap {
    Tap { at: ShowTime::from_micros((at.max(0.0) * 1e6).round() as u64), begins_bar }
}

fn seconds(time: ShowTime) -> f64 {
    time.micros() as f64 / 1e6
}

/// The number that the first beat of `beats` has in the song.
fn first_number(beats: &Beats, time_of: &impl Fn(i64) -> f64) -> i64 {
    let first = seconds(beats.time_of(0).unwrap());
    let distance = |beat: &i64| (time_of(*beat) - first).abs();
    (0..2_000).min_by(|one, other| distance(one).total_cmp(&distance(other))).unwrap()
}

/// How far the worst of the tapped beats is off, in seconds.
fn worst(beats: &Beats, time_of: impl Fn(i64) -> f64) -> f64 {
    let first = first_number(beats, &time_of);
    let off = |beat| (seconds(beats.time_of(beat).unwrap()) - time_of(beat + first)).abs();
    beats.tapped().map(off).fold(0.0, f64::max)
}

/// 120 bpm, the first beat at 0.42 s.
fn even(beat: i64) -> f64 {
    0.42 + 0.5 * beat as f64
}

#[test]
fn exact_taps_give_the_exact_tempo_and_beats_far_beyond_them() {
    let beats = Beats::of(&EXACT.taps(1, 0..64, even)).unwrap();
    assert!(beats.is_steady());
    assert_eq!((beats.kept(), beats.dropped(), beats.missed()), (64, 0, 0));
    assert!((beats.bpm() - 120.0).abs() < 1e-9);
    assert_eq!(beats.time_of(480), Some(ShowTime::from_micros(240_420_000)));
    assert_eq!(beats.time_of(-1), None, "before the song");
    assert_eq!((beats.beats_a_bar(), beats.bar_begins_at(4)), (Some(4), 0));
}

#[test]
fn missed_doubled_and_stray_taps_are_told_apart() {
    let mut taps = EXACT.taps(1, 0..64, even);
    taps.retain(|tap| ![even(20), even(21), even(40)].contains(&seconds(tap.at)));
    taps.extend([tap(even(10) + 0.09, false), tap(even(30) + 0.25, false), tap(even(50) - 0.12, false)]);
    let beats = Beats::of(&taps).unwrap();
    assert_eq!((beats.kept(), beats.dropped(), beats.missed()), (61, 3, 3));
    assert!(worst(&beats, even) < 0.000_1);
}

#[test]
fn sixteen_bars_of_a_steady_song_give_its_tempo_for_four_minutes() {
    const SONGS: u64 = 300;
    let (mut near, mut worst_tempo, mut worst_beat) = (0, 0.0_f64, 0.0_f64);
    for seed in 0..SONGS {
        let bpm = (70.0 + 100.0 * Noise::new(seed + 7_000).next()).round();
        let time_of = |beat: i64| 0.42 + 60.0 / bpm * beat as f64;
        let beats = Beats::of(&PERSON.taps(seed, 0..64, time_of)).unwrap();
        assert!(beats.is_steady(), "{seed}");
        let off = (beats.bpm() - bpm).abs();
        near += u32::from(off <= 0.05);
        worst_tempo = worst_tempo.max(off);
        worst_beat = worst_beat.max(worst(&beats, time_of));
    }
    // Of a tempo that is no round one, chance alone allows this to 80 in 100; see examples/tap_accuracy.
    assert!(near >= SONGS as u32 * 9 / 10, "{near} of {SONGS}");
    assert!(worst_tempo < 0.4 && worst_beat < 0.035, "{worst_tempo} bpm, {worst_beat} s");
}

#[test]
fn a_tempo_that_is_no_round_one_is_found_as_well_as_chance_allows() {
    let (mut squares, mut outside) = (0.0, 0);
    for seed in 0..200 {
        let bpm = 90.0 + 60.0 * Noise::new(seed + 9_000).next();
        let beats = Beats::of(&PERSON.taps(seed, 0..128, |beat| 0.42 + 60.0 / bpm * beat as f64)).unwrap();
        let (measured, error) = beats.measured_bpm().unwrap();
        squares += ((measured - bpm) / (error / 2.0)).powi(2);
        outside += u32::from((measured - bpm).abs() > error);
    }
    // What it says of its own error is true.
    assert!((0.7..1.5).contains(&(squares / 200.0)), "{squares}");
    assert!(outside < 25, "{outside} of 200");
}

#[test]
fn a_song_that_breathes_is_followed() {
    // Between 112 and 128 bpm, there and back in 16 bars.
    let time_of = |beat: i64| {
        let beat = beat as f64;
        0.42 + 0.5 * beat
            + 0.5 * 0.066 * 64.0 / std::f64::consts::TAU * (beat * std::f64::consts::TAU / 64.0).sin()
    };
    let mut far = 0;
    for seed in 0..100 {
        let beats = Beats::of(&PERSON.taps(seed, 0..256, time_of)).unwrap();
        assert!(!beats.is_steady() && beats.measured_bpm().is_none(), "{seed}");
        let off = worst(&beats, time_of);
        // If the very first tap is doubled, nothing tells which of the two was meant.
        assert!(off < 0.11, "{seed}: {off}");
        far += u32::from(off > 0.045);
        let (slow, fast) = beats.bpm_range();
        assert!((109.0..117.0).contains(&slow) && (123.0..133.0).contains(&fast), "{slow} to {fast}");
    }
    assert!(far <= 5, "{far} of 100");
}

#[test]
fn a_band_that_slows_down_by_three_per_cent_is_no_steady_song() {
    for drift in [-0.03, 0.03] {
        let time_of = |beat: i64| 0.42 + 0.5 * beat as f64 * (1.0 + drift * beat as f64 / 800.0);
        for seed in 0..50 {
            let beats = Beats::of(&PERSON.taps(seed, 0..400, time_of)).unwrap();
            assert!(!beats.is_steady());
            assert!(worst(&beats, time_of) < 0.05, "{drift} {seed}");
        }
    }
}

#[test]
fn a_pause_of_the_hand_is_counted_through() {
    for seed in 0..50 {
        let mut taps = PERSON.taps(seed, 0..64, even);
        taps.extend(PERSON.taps(seed + 100, 200..264, even));
        let beats = Beats::of(&taps).unwrap();
        assert!(beats.is_steady(), "{seed}");
        assert!((beats.bpm() - 120.0).abs() < 0.02, "{seed}: {}", beats.bpm());
        assert!(beats.missed() < 40, "what was not tapped on purpose was not missed");
    }
}

#[test]
fn bars_are_found_by_those_that_began_one() {
    let waltz: Vec<Tap> = (1..50).map(|beat| tap(even(beat), beat % 3 == 2 && beat != 20)).collect();
    let beats = Beats::of(&waltz).unwrap();
    assert_eq!((beats.beats_a_bar(), beats.bar_begins_at(3)), (Some(3), 1));
    let none: Vec<Tap> = (1..50).map(|beat| tap(even(beat), false)).collect();
    let beats = Beats::of(&none).unwrap();
    assert_eq!((beats.beats_a_bar(), beats.bar_begins_at(4)), (None, 0));
}

#[test]
fn whatever_is_tapped_the_beats_rise() {
    for seed in 0..400 {
        let mut random = Noise::new(seed);
        let count = (random.next() * 60.0) as usize;
        let mut at = 0.0;
        let taps: Vec<Tap> = (0..count)
            .map(|_| {
                at += match random.next() {
                    kind if kind < 0.3 => 0.0,
                    kind if kind < 0.6 => random.next(),
                    kind if kind < 0.97 => 0.5,
                    _ => 500.0 * random.next(),
                };
                tap(at, random.next() < 0.3)
            })
            .collect();
        let Some(beats) = Beats::of(&taps) else { continue };
        assert_eq!(beats.kept() + beats.dropped(), taps.len(), "{seed}");
        assert!(beats.kept() >= FEWEST && beats.bpm() > 0.0, "{seed}");
        let times: Vec<ShowTime> = beats.tapped().filter_map(|beat| beats.time_of(beat)).collect();
        assert!(times.windows(2).all(|pair| pair[0] < pair[1]), "{seed}: {times:?}");
    }
}

#[test]
fn too_few_taps_tell_nothing() {
    for count in 0..FEWEST as i64 {
        assert_eq!(Beats::of(&EXACT.taps(1, 0..count, even)), None, "{count}");
    }
    let same = vec![tap(1.0, false); 20];
    assert_eq!(Beats::of(&same), None);
}

#[test]
fn a_few_bars_give_whole_bars_from_the_first_sound_to_the_end() {
    let late = EXACT.taps(1, 21..85, even);
    let beats = Beats::of(&late).unwrap();
    let song = |start: f64| {
        let at = |seconds: f64| ShowTime::from_micros((seconds * 1e6) as u64);
        beats.over_song(4, at(start), at(60.0))
    };
    for (start, first) in [(0.0, 0.42), (0.5, 0.42), (0.53, 2.42), (4.4, 4.42)] {
        let song = song(start);
        assert_eq!(seconds(song[0]), first, "{start}");
        assert_eq!(seconds(*song.last().unwrap()), 59.92);
        assert!(is_even(&song));
    }
    assert_eq!(beats.over_taps().len(), 64);
    assert!(
        beats.over_song(4, ShowTime::from_micros(70_000_000), ShowTime::from_micros(60_000_000)).is_empty()
    );
}

#[test]
fn a_part_that_is_tapped_again_replaces_that_part_only() {
    let beats = |from: u64, count: u64, gap: u64| -> Vec<ShowTime> {
        (0..count).map(|beat| ShowTime::from_micros(from + beat * gap)).collect()
    };
    let old = beats(500_000, 20, 500_000);
    // One beat more than before, a little early.
    let merged = replaced(&old, &beats(2_960_000, 6, 400_000));
    let expected = [beats(500_000, 5, 500_000), beats(2_960_000, 6, 400_000), beats(5_500_000, 10, 500_000)];
    assert_eq!(merged, expected.concat());
    assert!(!is_even(&merged) && is_even(&old));
    assert_eq!(replaced(&old, &[]), old);
    for seed in 0..200 {
        let mut random = Noise::new(seed);
        let mut part = |gap: f64| {
            beats(
                (random.next() * 1e7) as u64,
                2 + (random.next() * 30.0) as u64,
                (gap * (0.5 + random.next())) as u64,
            )
        };
        let (old, new) = (part(5e5), part(5e5));
        let merged = replaced(&old, &new);
        assert!(merged.windows(2).all(|pair| pair[1] - pair[0] >= Duration::from_millis(60)), "{seed}");
        assert!(merged.windows(new.len()).any(|part| part == new), "{seed}");
    }
}
