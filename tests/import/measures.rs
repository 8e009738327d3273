//! Marks whose bars are not all of one measure: each bar of the sheet begins where its mark is.

use std::fs;

use super::common::folder::Folder;
use super::files::{labels, midi, timing};
use super::midi::rises;
use super::{MIXED, OPTIONS, imported};

/// Beats of a song, each with its place in its bar, in bars of so many beats. The beats of a steady song are 0.5 s apart.
fn beats(bars: &[u32], is_steady: bool) -> Vec<(f64, u32)> {
    let places = bars.iter().flat_map(|beats| 1..=*beats);
    let at = |beat: f64| if is_steady { 1.0 + beat * 0.5 } else { 1.0 + beat * 0.5 + beat * beat * 0.000_7 };
    places.zip(0..).map(|(place, beat)| (at(f64::from(beat)), place)).collect()
}

fn marks<'a>(
    beats: &[(f64, u32)],
    texts: &'a [String],
    is_wanted: impl Fn(u32) -> bool,
) -> Vec<(f64, f64, &'a str)> {
    let wanted = beats.iter().zip(texts).filter(|((_, place), _)| is_wanted(*place));
    wanted.map(|((at, _), text)| (*at, *at, text.as_str())).collect()
}

fn numbers(beats: &[(f64, u32)]) -> Vec<String> {
    beats.iter().map(|(_, place)| place.to_string()).collect()
}

/// A cue at the beginning of each bar of `show` comes when its mark is.
#[track_caller]
fn bars_begin_at_their_marks(folder: &Folder, show: &str, beats: &[(f64, u32)]) {
    let begun: Vec<f64> = beats.iter().filter(|(_, place)| *place == 1).map(|(at, _)| *at).collect();
    let cues: String = (1..=begun.len()).map(|bar| format!("{bar}.1  star  on for 100 ms\n")).collect();
    folder
        .write("bars.show", &folder.text(show).replace("# Write your cues here: when, who, what.\n", &cues));
    let rises = rises(folder, "bars.show", "star");
    assert_eq!(rises.len(), begun.len());
    for (bar, (found, due)) in (1..).zip(rises.iter().zip(&begun)) {
        assert!(
            (*found as f64 - due * 1e6).abs() < 1_000.0,
            "bar {bar} is at {found}, and its mark at {due}"
        );
    }
}

const CHANGING: [u32; 13] = [3, 3, 3, 3, 4, 4, 4, 2, 4, 4, 6, 6, 6];
const TOLD: &str = "3/4, 4/4 from bar 5 on, 2/4 from bar 8 on, 4/4 from bar 9 on, 6/8 from bar 11 on";

#[test]
fn beats_that_count_bars_of_several_measures_are_taken_with_them() {
    for is_steady in [true, false] {
        let folder = Folder::new(MIXED);
        let beats = beats(&CHANGING, is_steady);
        folder.write("song.txt", &labels(&marks(&beats, &numbers(&beats), |_| true)));
        let sheet =
            imported(&folder, "song.txt", "song.show", &[TOLD, "as the marks of the beats count them"]);
        assert!(sheet.contains("\ntempo   4/4 from 5.1\ntempo   2/4 from 8.1\n"), "{sheet}");
        assert_eq!(sheet.contains("tempo   120 bpm, 3/4, first beat at 1.000 s\n"), is_steady, "{sheet}");
        bars_begin_at_their_marks(&folder, "song.show", &beats);
        if !is_steady {
            let map = folder.text("song-beats.txt");
            let labels: Vec<&str> = map.lines().map(|line| line.rsplit('\t').next().unwrap()).collect();
            assert_eq!(labels[11..17], ["4.3", "5.1", "5.2", "5.3", "5.4", "6.1"]);
        }
    }
}

#[test]
fn bars_that_another_track_marks_may_change_too() {
    for is_steady in [true, false] {
        let folder = Folder::new(MIXED);
        let beats = beats(&CHANGING, is_steady);
        let same = vec!["x".to_owned(); beats.len()];
        folder.write("beats.txt", &labels(&marks(&beats, &same, |_| true)));
        folder.write("bars.txt", &labels(&marks(&beats, &same, |place| place == 1)));
        let sheet =
            imported(&folder, "beats.txt bars.txt --name song", "song.show", &[TOLD, "bars: as the track"]);
        assert!(sheet.contains("\ntempo   6/8 from 11.1\n"), "{sheet}");
        bars_begin_at_their_marks(&folder, "song.show", &beats);
    }
}

#[test]
fn a_timing_track_whose_measure_changes_is_taken_with_its_parts() {
    let folder = Folder::new(MIXED);
    let beats = beats(&[3, 3, 3, 4, 4, 4, 4], true);
    let numbers = numbers(&beats);
    let millis = |at: f64| (at * 1_000.0).round() as u32;
    let marks: Vec<(u32, u32, &str)> = beats
        .iter()
        .zip(&numbers)
        .map(|((at, _), text)| (millis(*at), millis(*at) + 500, text.as_str()))
        .collect();
    // Bars 4 and 5, and 6 and 7.
    let parts = [(5_500, 9_500, "verse"), (9_500, 13_500, "chorus")];
    folder.write(
        "song.xtiming",
        &format!("<timings>{}{}</timings>", timing("Beats", &[&marks]), timing("Parts", &[&parts])),
    );
    let sheet = imported(&folder, "song.xtiming", "song.show", &["120 bpm, 3/4, 4/4 from bar 4 on"]);
    assert!(sheet.contains("4.1 to 6.1 ") && sheet.contains("6.1 to 0:13.500 "), "{sheet}");
    bars_begin_at_their_marks(&folder, "song.show", &beats);
}

#[test]
fn a_bar_whose_first_beat_is_missing_is_a_bar_again() {
    let folder = Folder::new(MIXED);
    let beats = beats(&[4; 12], false);
    let marked: Vec<(f64, u32)> =
        beats.iter().enumerate().filter(|(beat, _)| *beat != 20).map(|(_, it)| *it).collect();
    folder.write("song.txt", &labels(&marks(&marked, &numbers(&marked), |_| true)));
    let said = ["47 marks become a beat map, 4/4; 1 is missing and put evenly between the others"];
    imported(&folder, "song.txt", "song.show", &said);
    assert_eq!(folder.text("song-beats.txt").lines().count(), 48);
    bars_begin_at_their_marks(&folder, "song.show", &beats);
}

/// Beats get faster by half within 40 beats, and where some are missing the others stay where they are.
#[test]
fn a_strong_drift_with_a_gap_keeps_every_mark() {
    for missing in [vec![20], vec![20, 21], vec![12, 27, 28, 29]] {
        let folder = Folder::new(MIXED);
        let mut at = 1.0;
        let all: Vec<f64> = (0..60)
            .map(|beat| {
                at += 0.8 - 0.3 * (f64::from(beat) / 40.0).min(1.0);
                at
            })
            .collect();
        let kept: Vec<f64> = (0..60).filter(|beat| !missing.contains(beat)).map(|beat| all[beat]).collect();
        let marks: Vec<(f64, f64, &str)> = kept.iter().map(|at| (*at, *at, "")).collect();
        folder.write("song.txt", &labels(&marks));
        imported(&folder, "song.txt", "song.show", &["missing and put evenly between the others"]);
        let map = folder.text("song-beats.txt");
        let map: Vec<f64> =
            map.lines().map(|line| line.split('\t').next().unwrap().parse().unwrap()).collect();
        assert_eq!(map.len(), 60, "{missing:?}");
        for (found, due) in map.iter().zip(&all) {
            assert!((found - due).abs() < 0.05, "a beat is at {found}, and was at {due}");
        }
        for mark in kept {
            assert!(map.iter().any(|found| (found - mark).abs() < 1e-5), "no beat is at the mark {mark}");
        }
    }
}

#[test]
fn a_midi_file_whose_measure_and_tempo_change_often_keeps_both() {
    let folder = Folder::new(MIXED);
    let (mut events, mut due, mut at) = (Vec::new(), Vec::new(), 0.0);
    let mut bar = |beats: u32, quarter: u32| {
        let [_, high, middle, low] = quarter.to_be_bytes();
        events.push((0, vec![0xff, 0x51, 3, high, middle, low]));
        events.push((0, vec![0xff, 0x58, 4, beats as u8, 2, 24, 8]));
        events.push((0, vec![0x90, 60, 90]));
        events.push((240, vec![0x80, 60, 0]));
        // The next bar begins where this one ends.
        events.push((beats * 480 - 240, vec![0xb0, 1, 1]));
        due.push(at);
        at += f64::from(beats * quarter);
    };
    (0..70).for_each(|number| bar(3 + number % 3, 500_000 + number * 7_919 % 60_001));
    fs::write(folder.path("song.mid"), midi(&events)).unwrap();
    let sheet = imported(&folder, "song.mid --map 60=sign", "song.show", &["a beat map of"]);
    assert!(
        sheet.contains("tempo   map song-beats.txt, 3/4\ntempo   4/4 from 2.1\ntempo   5/4 from 3.1\n"),
        "{sheet}"
    );
    assert!(sheet.contains("\n70.1"), "{sheet}");
    let found = rises(&folder, "song.show", "sign");
    assert_eq!(found.len(), due.len());
    for (found, due) in found.iter().zip(due) {
        assert!((*found as f64 - due).abs() <= 1_000.0, "{found} and {due}");
    }
    folder.run(&format!("check song.show {OPTIONS}")).with(0, &["fine"]);
}
