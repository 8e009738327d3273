//! Songs with known beats are heard.

mod song;

use self::song::{RATE, Sound, Style, beats};
use super::*;
use crate::random::Random;
use crate::time::ShowTime;

/// No ear hears a beat that is so near as another one.
const NEAR: f64 = 0.07; // s

fn hear(sound: &Sound) -> Option<HeardSong> {
    hear_at(RATE, &sound.0)
}

fn hear_at(rate: u32, samples: &[f32]) -> Option<HeardSong> {
    let mut analyser = SongAnalyser::new(rate);
    analyser.push(samples);
    analyser.finish()
}

fn seconds(at: ShowTime) -> f64 {
    at.as_duration().as_secs_f64()
}

/// The share of `known` with one of `heard` near, and the other way round: the smaller of the two.
fn agreement(known: &[f64], heard: &[f64]) -> f64 {
    let share = |of: &[f64], with: &[f64]| {
        let near = of.iter().filter(|at| with.iter().any(|other| (*at - other).abs() < NEAR)).count();
        near as f64 / of.len().max(1) as f64
    };
    share(known, heard).min(share(heard, known))
}

/// The beats that a foot taps, and the first beats of the bars.
fn times(song: &HeardSong) -> (Vec<f64>, Vec<f64>) {
    let step = if song.measure == HeardMeasure::Six { 3 } else { 1 };
    let all = song.beats.iter().step_by(step).map(|beat| seconds(beat.at)).collect();
    let bars = song.beats.iter().filter(|beat| beat.begins_bar).map(|beat| seconds(beat.at)).collect();
    (all, bars)
}

/// Checks the beats and bars of a song of this style.
fn check(style: Style, known: &[f64], sound: &Sound) -> HeardSong {
    let song = hear(sound).expect("a song with beats");
    let (heard, bars) = times(&song);
    // The last beat is where the last note ends: nothing begins there.
    let known = &known[..known.len() - 1];
    let agreement_of_beats = agreement(known, &heard);
    assert!(agreement_of_beats > 0.9, "{style:?}: {agreement_of_beats}, {known:.2?}, {heard:.2?}");
    let known_bars: Vec<f64> = known.iter().copied().step_by(style.beats_a_bar()).collect();
    let agreement_of_bars = agreement(&known_bars, &bars);
    assert!(agreement_of_bars > 0.85, "{style:?}: {agreement_of_bars}, {known_bars:.2?}, {bars:.2?}");
    assert!(song.bar_sureness <= song.beat_sureness.min(song.measure_sureness), "{style:?}");
    song
}

fn random(seed: u64) -> Random {
    Random::new(&[&seed.to_le_bytes()])
}

#[test]
fn beats_bars_and_measures_of_each_kind_of_song_are_heard() {
    for (style, bpm, measure) in [
        (Style::Rock, 117.3, HeardMeasure::Four),
        (Style::Ballad, 104.0, HeardMeasure::Four),
        (Style::Waltz, 131.0, HeardMeasure::Three),
        (Style::Jig, 71.5, HeardMeasure::Six),
    ] {
        let length = 60.0 / bpm;
        let known = beats(0.4, (36.0 / length) as usize, |_| length);
        let mut sound = Sound::silence(39.0);
        sound.add_song(style, &known, &mut random(1));
        let song = check(style, &known, &sound);
        assert_eq!(song.measure, measure, "{style:?}");
        let (heard, _) = times(&song);
        let mean = (heard[heard.len() - 1] - heard[0]) / (heard.len() - 1) as f64;
        assert!((mean / length - 1.0).abs() < 0.002, "{style:?}: {mean} for {length}");
        assert!(song.beats.windows(2).all(|pair| pair[0].at < pair[1].at));
    }
}

#[test]
fn a_song_that_breathes_or_changes_its_tempo_is_followed() {
    let breathing = |beat: usize| 0.5 + 0.025 * (beat as f64 / 9.0).sin();
    let changing = |beat: usize| if beat < 40 { 0.5 } else { 0.43 };
    for length_of in [&breathing as &dyn Fn(usize) -> f64, &changing] {
        let known = beats(0.3, 76, length_of);
        let mut sound = Sound::silence(40.0);
        sound.add_song(Style::Rock, &known, &mut random(2));
        check(Style::Rock, &known, &sound);
    }
}

#[test]
fn silence_and_hiss_around_a_song_are_left_out() {
    let known = beats(6.0, 56, |_| 0.52);
    let mut sound = Sound::silence(44.0);
    let mut random = random(3);
    sound.add_song(Style::Rock, &known, &mut random);
    sound.0.iter_mut().for_each(|sample| *sample += random.below(2_001) as f32 * 1e-7);
    let song = hear(&sound).expect("a song with beats");
    let (heard, _) = times(&song);
    let (first, last) = (known[0], known[known.len() - 2]);
    assert!((heard[0] - first).abs() < NEAR, "begins at {}", heard[0]);
    assert!((heard[heard.len() - 1] - last).abs() < 1.1, "ends at {}, not at {last}", heard[heard.len() - 1]);
}

#[test]
fn a_part_that_sounds_otherwise_is_found_at_its_bar_line() {
    let known = beats(0.2, 96, |_| 0.45);
    let mut sound = Sound::silence(46.0);
    let mut random = random(4);
    sound.add_song(Style::Rock, &known[..33], &mut random);
    sound.add_song(Style::Ballad, &known[32..65], &mut random);
    sound.add_song(Style::Rock, &known[64..], &mut random);
    let song = check(Style::Rock, &known, &sound);
    let begins: Vec<f64> = song.parts.iter().map(|part| seconds(part.from)).collect();
    assert!(agreement(&[known[0], known[32], known[64]], &begins) > 0.99, "{begins:.2?}");
    let [first, second, third] = &*song.parts else { panic!("{:?}", song.parts) };
    assert_eq!((&*first.name, &*second.name), ("A", "B"));
    assert!(third.name.starts_with('A'), "{}", third.name);
    assert!(second.energy < 0.2 && first.energy > 0.7, "{:?}", song.parts);
}

#[test]
fn a_song_that_goes_on_as_it_began_is_not_divided_in_its_middle() {
    let known = beats(0.2, 96, |_| 0.45);
    let mut sound = Sound::silence(46.0);
    sound.add_song(Style::Rock, &known, &mut random(9));
    let song = hear(&sound).expect("a song with beats");
    let longest = song.parts.iter().map(|part| part.bars).max();
    assert!(longest.is_some_and(|bars| bars >= 18), "{:?}", song.parts);
}

#[test]
fn what_falls_on_a_beat_is_told_apart() {
    let known = beats(0.2, 64, |_| 0.5);
    let mut sound = Sound::silence(34.0);
    sound.add_song(Style::Rock, &known, &mut random(5));
    let song = check(Style::Rock, &known, &sound);
    let mean = |place: usize, value: &dyn Fn(&HeardBeat) -> f32| {
        let first = song.beats.iter().position(|beat| beat.begins_bar).expect("a bar");
        let beats: Vec<f32> = song.beats[first..].iter().skip(place).step_by(4).map(value).collect();
        beats.iter().sum::<f32>() / beats.len() as f32
    };
    let (bass_drum, snare) = (mean(0, &|beat| beat.low), mean(1, &|beat| beat.high));
    assert!(bass_drum > 1.3 * mean(1, &|beat| beat.low), "low: {bass_drum}");
    assert!(snare > 1.1 * mean(0, &|beat| beat.high), "high: {snare}");
    assert!(song.beats.iter().all(|beat| beat.loudness < 0.0 && beat.loudness > -60.0));
}

#[test]
fn the_size_of_the_pieces_changes_nothing() {
    let known = beats(0.2, 30, |_| 0.5);
    let mut sound = Sound::silence(16.0);
    sound.add_song(Style::Rock, &known, &mut random(6));
    let whole = hear(&sound);
    assert!(whole.is_some());
    let mut random = random(7);
    let mut analyser = SongAnalyser::new(RATE);
    let mut rest = &*sound.0;
    while !rest.is_empty() {
        let (piece, after) = rest.split_at((random.below(9_000) as usize).min(rest.len()));
        analyser.push(piece);
        rest = after;
    }
    assert_eq!(analyser.finish(), whole);
}

#[test]
fn no_sound_at_all_makes_it_fail() {
    let mut random = random(8);
    for rate in [1, 50, 8_000, 11_025, 44_100, 96_000, 192_000] {
        for length in [0, 1, 100, rate as usize, 6 * rate as usize] {
            let noise: Vec<f32> = (0..length).map(|_| random.below(2_001) as f32 / 1_000.0 - 1.0).collect();
            let song = hear_at(rate, &noise);
            assert!(song.is_none_or(|song| song.beats.windows(2).all(|pair| pair[0].at < pair[1].at)));
            assert_eq!(hear_at(rate, &vec![0.0; length]), None, "silence");
        }
    }
    let broken: Vec<f32> =
        (0..8 * RATE).map(|sample| [f32::NAN, 1e30, f32::INFINITY][sample as usize % 3]).collect();
    let _ = hear_at(RATE, &broken);
}

#[test]
fn the_last_chord_is_the_ending_also_if_something_quiet_comes_after_it() {
    let known = beats(0.2, 72, |_| 0.5);
    let ends = |chord: bool, after: f32| {
        let mut sound = Sound::silence(44.0);
        sound.add_song(Style::Rock, &known[..65], &mut random(10));
        let mut quiet = Sound::silence(44.0);
        quiet.add_song(Style::Ballad, &known[64..], &mut random(11));
        let shift = (2.5 * f64::from(RATE)) as usize;
        quiet.0.rotate_right(shift);
        sound.0.iter_mut().zip(&quiet.0).for_each(|(sample, other)| *sample += after * other);
        if chord {
            for pitch in [110.0, 220.0, 277.2, 330.0] {
                sound.tone(known[64], 2.4, pitch, 0.4);
            }
        }
        let song = hear(&sound).expect("a song with beats");
        let ending = song.moments.iter().find(|moment| moment.kind == MomentKind::Ending);
        ending.map(|ending| (seconds(ending.from), seconds(ending.to)))
    };
    let (chord, quiet) = (known[64], known[64] + 2.5);
    let (from, to) = ends(true, 0.15).expect("a last chord");
    assert!((from - chord).abs() < 0.15, "it begins at {from}, not at {chord}");
    assert!((to - quiet).abs() < 0.6, "it rings to {to}, not to {quiet}");
    // Nearly as strong as the chord: the song has not ended.
    let later = ends(true, 4.0);
    assert!(later.is_none_or(|(from, _)| from > quiet), "{later:?}");
}
