//! Sound of which is known what is heard in it.

use std::time::Duration;

use super::*;

const RATES: [u32; 9] = [8_000, 11_025, 16_000, 22_050, 32_000, 44_100, 48_000, 96_000, 192_000];

/// A tone of so many hertz and such a height, 0 to 32,767, for so many milliseconds.
type Tone = (f64, f64, u32);

fn heard(rate: u32, tones: &[Tone]) -> SongEnvelope {
    let mut meter = EnvelopeMeter::new(rate, usize::MAX);
    for (hertz, height, millis) in tones {
        for frame in 0..u64::from(rate) * u64::from(*millis) / 1_000 {
            let angle = std::f64::consts::TAU * hertz * frame as f64 / f64::from(rate);
            let sample = (angle.sin() * height).round() as i16;
            meter.take(sample, sample);
        }
    }
    meter.finish()
}

/// The mean strength of `band` in each of `parts` even parts, in per cent; the first 100 ms of a part do not count.
fn parts(song: &SongEnvelope, band: SoundBand, parts: usize) -> Vec<u32> {
    let strengths = song.strengths(band);
    let part = |part: &[u16]| {
        let settled = &part[4..];
        settled.iter().map(|strength| u32::from(*strength)).sum::<u32>() / settled.len() as u32 * 100
            / u32::from(FULL_STRENGTH)
    };
    strengths.chunks(strengths.len() / parts).take(parts).map(part).collect()
}

/// With `low` the highest mean that counts as nothing, and `high` the lowest that counts as all, in per cent.
#[track_caller]
fn check(song: &SongEnvelope, band: SoundBand, expected: &str, rate: u32) {
    let found = parts(song, band, expected.len());
    for (found, expected) in found.iter().zip(expected.chars()) {
        let is_right = if expected == 'x' { *found >= 90 } else { *found <= 1 };
        assert!(is_right, "{band:?} at {rate} Hz: {found} where `{expected}` is expected");
    }
}

#[test]
fn a_tone_moves_its_own_band_and_no_other_at_any_rate() {
    for rate in RATES {
        for (hertz, moved) in
            [(60.0, SoundBand::Bass), (1_000.0, SoundBand::Middle), (6_000.0, SoundBand::Treble)]
        {
            if hertz > f64::from(rate) * 0.4 {
                continue;
            }
            let song =
                heard(rate, &[(hertz, 12_000.0, 1_000), (hertz, 0.0, 1_000), (hertz, 12_000.0, 1_000)]);
            assert_eq!(song.steps(), 120);
            for band in SoundBand::ALL {
                let moves = band == moved || band == SoundBand::Loudness;
                check(&song, band, if moves { "x.x" } else { "..." }, rate);
            }
        }
    }
}

#[test]
fn tones_one_after_another_are_told_apart() {
    let tones =
        [(60.0, 9_000.0, 1_000), (1_000.0, 9_000.0, 1_000), (6_000.0, 9_000.0, 1_000), (0.0, 0.0, 1_000)];
    for rate in RATES.into_iter().filter(|rate| *rate >= 16_000) {
        let song = heard(rate, &tones);
        check(&song, SoundBand::Bass, "x...", rate);
        check(&song, SoundBand::Middle, ".x..", rate);
        check(&song, SoundBand::Treble, "..x.", rate);
    }
}

#[test]
fn a_quiet_recording_gives_what_a_loud_one_gives() {
    let swelling = |height: f64| {
        let tones: Vec<Tone> =
            (0..60).map(|part| (440.0, height * f64::from(part % 7 + 1) / 7.0, 200)).collect();
        heard(44_100, &tones)
    };
    let (loud, quiet) = (swelling(30_000.0), swelling(300.0));
    for band in SoundBand::ALL {
        for (step, (loud, quiet)) in loud.strengths(band).iter().zip(quiet.strengths(band)).enumerate() {
            // A quiet one has coarser samples.
            assert!(loud.abs_diff(*quiet) < FULL_STRENGTH / 40, "{band:?}, step {step}: {loud} {quiet}");
        }
    }
}

#[test]
fn equal_ratios_of_loudness_are_equal_steps_of_strength() {
    // From the 95th percentile down, 6 dB each.
    let tones: Vec<Tone> = (0..5).map(|part| (1_000.0, 16_000.0 / f64::from(1 << part), 1_000)).collect();
    let song = heard(48_000, &tones);
    let found = parts(&song, SoundBand::Middle, 5);
    let expected = [100, 75, 50, 25, 0];
    assert!(found.iter().zip(expected).all(|(found, expected)| found.abs_diff(expected) <= 2), "{found:?}");
}

#[test]
fn silence_and_noise_far_below_hearing_move_nothing() {
    for height in [0.0, 3.0] {
        let song = heard(44_100, &[(500.0, height, 2_000)]);
        assert!(
            SoundBand::ALL.iter().all(|band| song.strengths(*band).iter().all(|strength| *strength == 0))
        );
    }
}

#[test]
fn a_still_offset_of_the_samples_is_not_heard() {
    let mut meter = EnvelopeMeter::new(44_100, usize::MAX);
    for frame in 0..4 * 44_100 {
        let sample = if frame % 44_100 < 22_050 { 4_000 } else { 4_000 + (frame % 2 * 2_000) as i16 };
        meter.take(sample, sample);
    }
    let song = meter.finish();
    assert!(song.strengths(SoundBand::Bass)[10..20].iter().all(|strength| *strength == 0));
}

#[test]
fn sound_has_as_many_steps_as_it_lasts_at_every_rate() {
    for rate in (1..200).chain(RATES).chain([44_099, 384_000]) {
        let frames = 2 * rate + rate / 3;
        let mut meter = EnvelopeMeter::new(rate, usize::MAX);
        (0..frames).for_each(|frame| meter.take(frame as i16, 0));
        let expected = (u64::from(frames) * 40).div_ceil(rate.into());
        assert_eq!(meter.finish().steps() as u64, expected, "{rate} Hz");
        let mut meter = EnvelopeMeter::new(rate, 7);
        (0..frames).for_each(|frame| meter.take(frame as i16, 0));
        assert_eq!(meter.finish().steps(), 7, "{rate} Hz");
    }
    assert_eq!(EnvelopeMeter::new(44_100, 9).finish().steps(), 0);
}

/// The strengths from `from` on, to `to` (both in milliseconds), in per cent.
fn followed(song: &SongEnvelope, (rise, fall): (u64, u64), (from, to): (u64, u64)) -> Vec<(u64, f64)> {
    let response = Response::new(Duration::from_millis(rise), Duration::from_millis(fall));
    let at = |millis: u64| ShowTime::from_micros(millis * 1_000);
    song.followed(SoundBand::Middle, response, (at(from), at(to)))
        .map(|(time, strength)| {
            (time.micros() / 1_000, f64::from(strength) / f64::from(FULL_STRENGTH) * 100.0)
        })
        .collect()
}

#[test]
fn a_light_rises_and_falls_as_fast_as_it_is_told() {
    let song = heard(48_000, &[(0.0, 0.0, 1_000), (1_000.0, 9_000.0, 2_000), (0.0, 0.0, 2_000)]);
    for (rise, fall) in [(50, 300), (100, 1_000), (500, 75), (0, 0)] {
        let found = followed(&song, (rise, fall), (0, 5_000));
        assert_eq!(found.len(), 200);
        let at = |millis: u64| found[(millis / 25) as usize];
        assert_eq!(at(975), (975, 0.0));
        // By the formula of the filter, in floats: what is left of the way after each step of 25 ms.
        let left = |time: u64, steps: i32| (time as f64 / (time as f64 + 25.0)).powi(steps) * 100.0;
        for steps in 1..40_u64 {
            let (risen, fallen) = (at(1_000 + 25 * (steps - 1)).1, at(3_000 + 25 * (steps - 1)).1);
            let (rises, falls) = (100.0 - left(rise, steps as i32), left(fall, steps as i32));
            // The filters of the bands ring for a few milliseconds.
            assert!((risen - rises).abs() < 7.0, "rise {rise}, step {steps}: {risen} {rises}");
            assert!((fallen - falls).abs() < 13.0, "fall {fall}, step {steps}: {fallen} {falls}");
        }
    }
}

#[test]
fn a_light_that_follows_from_the_middle_is_where_one_is_that_followed_from_the_start() {
    let tones: Vec<Tone> = (0..80).map(|part| (900.0, f64::from(part * 37 % 11) * 900.0, 350)).collect();
    let song = heard(22_050, &tones);
    let whole = followed(&song, (80, 400), (0, 28_000));
    for from in [1, 24, 25, 26, 4_990, 15_013] {
        let part = followed(&song, (80, 400), (from, 20_001));
        assert_eq!(part[0].0, from);
        let first = (from / 25) as usize;
        for ((time, strength), (all_time, all_strength)) in part.iter().zip(&whole[first..]) {
            assert_eq!(*time, (*all_time).max(from));
            assert!((strength - all_strength).abs() < 1e-6, "at {time} ms");
        }
        assert_eq!(part.last().unwrap().0, 20_000);
    }
}

#[test]
fn after_the_end_of_the_song_a_light_goes_down_and_stays_there() {
    let song = heard(44_100, &[(1_000.0, 9_000.0, 1_000)]);
    let found = followed(&song, (0, 100), (0, 5_000));
    assert!(found[39].1 > 90.0 && found[44].1 > 10.0 && found[199].1 == 0.0, "{found:?}");
    assert!(found[40..].windows(2).all(|pair| pair[1].1 <= pair[0].1));
}

#[test]
fn strengths_of_chance_stay_between_silence_and_the_loudest_that_was_heard() {
    let mut chance = crate::random::Random::new(&[b"follow"]);
    for rate in [8_000, 37_800, 44_100] {
        let mut meter = EnvelopeMeter::new(rate, usize::MAX);
        let mut height = 1;
        for frame in 0..rate * 3 {
            if frame % 997 == 0 {
                height = 1 << chance.below(17);
            }
            let sample = (chance.below(height) as i64 - height as i64 / 2) as i16;
            meter.take(sample, -sample / 3);
        }
        let song = meter.finish();
        for band in SoundBand::ALL {
            let highest = f64::from(*song.strengths(band).iter().max().unwrap());
            for _ in 0..20 {
                let [rise, fall] = [0; 2].map(|_: u64| Duration::from_millis(chance.below(3_000)));
                let end = ShowTime::from_micros(4_000_000);
                let start = ShowTime::from_micros(chance.below(3_999_999));
                let strengths = song.followed(band, Response::new(rise, fall), (start, end));
                let mut before = None;
                for (time, strength) in strengths {
                    assert!(
                        f64::from(strength) <= highest && before < Some(time) && time >= start && time < end
                    );
                    before = Some(time);
                }
            }
        }
    }
}
