//! Labels of Audacity become a tempo, sections and remarks.

use super::common::folder::Folder;
use super::files::{beats, labels};
use super::{MIXED, ONE, OPTIONS, RELAYS, imported};

#[test]
fn steady_beats_become_a_tempo_line() {
    let folder = Folder::new(RELAYS);
    folder.write("song.txt", &beats(40));
    let sheet = imported(&folder, "song.txt", "song.show", &["40 marks of a steady tempo of 120 bpm, 4/4"]);
    assert!(sheet.contains("tempo   120 bpm, 4/4, first beat at 0.500 s\n"), "{sheet}");
    assert!(!folder.path("song-beats.txt").exists());
}

#[test]
fn a_band_that_breathes_gets_a_beat_map_with_each_beat_at_its_mark() {
    let folder = Folder::new(RELAYS);
    let at = |beat: u32| 1.0 + f64::from(beat) * 0.5 + f64::from(beat * beat) * 0.002;
    let marks: Vec<(f64, f64, String)> =
        (0..40).map(|beat| (at(beat), at(beat), ((beat + 1) % 3 + 1).to_string())).collect();
    let marks: Vec<(f64, f64, &str)> = marks.iter().map(|(from, to, text)| (*from, *to, &**text)).collect();
    folder.write("song.txt", &labels(&marks));
    let sheet =
        imported(&folder, "song.txt", "song.show", &["40 marks become a beat map, 3/4", "2 marks before"]);
    assert!(sheet.contains("tempo   map song-beats.txt, 3/4\n"), "{sheet}");
    let map: Vec<f64> = folder
        .text("song-beats.txt")
        .lines()
        .map(|line| line.split('\t').next().unwrap().parse().unwrap())
        .collect();
    assert_eq!(map.len(), 38);
    for (written, beat) in map.iter().zip(2..) {
        assert!((written - at(beat)).abs() < 2e-6, "beat {beat} is at {written}");
    }
}

#[test]
fn a_missing_beat_is_put_where_it_belongs() {
    let folder = Folder::new(RELAYS);
    let at = |beat: u32| 1.0 + f64::from(beat) * 0.6 + f64::from(beat * beat) * 0.000_5;
    let there = (0..40).filter(|beat| *beat != 21);
    let marks: Vec<(f64, f64, &str)> = there.map(|beat| (at(beat), at(beat), "")).collect();
    folder.write("song.txt", &labels(&marks));
    imported(
        &folder,
        "song.txt",
        "song.show",
        &["1 is missing and put evenly between the others", "nothing marks them"],
    );
    assert_eq!(folder.text("song-beats.txt").lines().count(), 40);
}

#[test]
fn parts_become_sections_and_other_labels_remarks() {
    for rig in [RELAYS, MIXED, ONE] {
        let folder = Folder::new(rig);
        folder.write("beats.txt", &beats(80));
        let parts = [
            (0.5, 8.5, "Verse 1"),
            (8.5, 16.5, "Chorus"),
            (12.2, 12.2, "guitar #1 \"solo\"\u{1b}[2J\u{202e}"),
            (16.5, 32.5, "Chorus"),
        ];
        folder.write("parts.txt", &labels(&parts));
        let said = ["parts: 3 named stretches as 2 sections", "remarks: 1 mark"];
        let sheet = imported(&folder, "beats.txt parts.txt --name song", "song.show", &said);
        let mut lines = sheet.lines();
        let plays = ["play  verse_1", "play  chorus", "# 0:12.200 guitar #1 \"solo\" [2J", "play  chorus"];
        for part in plays {
            assert!(lines.any(|line| line.contains(part)), "{part} is not there in order: {sheet}");
        }
        assert!(sheet.contains("\n5.1 to 9.1 "), "{sheet}");
        assert!(sheet.contains("section verse_1\n  0:00 to 0:08.000  neon  on\n"), "{sheet}");
    }
}

#[test]
fn tracks_below_one_another_are_tracks_of_their_own() {
    let folder = Folder::new(RELAYS);
    let bars = labels(&[(0.5, 0.5, "1"), (2.0, 2.0, "2"), (3.5, 3.5, "3"), (5.0, 5.0, "4")]);
    let beats: String =
        beats(12).lines().map(|line| line.rsplit_once('\t').unwrap().0.to_owned() + "\tb\n").collect();
    folder.write("song.txt", &(beats + &bars));
    let sheet = imported(&folder, "song.txt", "song.show", &["12 marks", "bars: as"]);
    assert!(sheet.contains("120 bpm, 3/4"), "{sheet}");
}

#[test]
fn nothing_that_is_there_is_changed_and_nothing_half_is_written() {
    let folder = Folder::new(RELAYS);
    folder.write("song.txt", &labels(&[(0.5, 0.5, "a"), (1.4, 1.4, "b")]));
    folder.write("song.show", "mine");
    let again = "starcourt import song.txt --name song-2";
    folder.run(&format!("import song.txt {OPTIONS}")).with(1, &["song.show already", again]);
    assert_eq!(folder.text("song.show"), "mine");
    let uneven: Vec<(f64, f64, &str)> =
        [0.5, 1.0, 1.56, 2.2, 2.9, 3.66, 4.5].iter().map(|at| (*at, *at, "")).collect();
    folder.write("other.txt", &labels(&uneven));
    folder.write("other-beats.txt", "mine");
    folder
        .run(&format!("import other.txt {OPTIONS}"))
        .with(1, &["other-beats.txt already", "--name other-2"]);
    assert_eq!(folder.text("other-beats.txt"), "mine");
    assert!(!folder.path("other.show").exists());
    folder.run(&format!("import other.txt --print {OPTIONS}")).with(0, &["tempo   map other-beats.txt"]);
    assert!(!folder.path("other.show").exists());
}

#[test]
fn what_is_no_file_to_import_is_told() {
    let folder = Folder::new(RELAYS);
    folder.write("letter.txt", "Dear Hopper\n");
    folder.write("empty.txt", "");
    folder.write("song.ogg", "OggS");
    folder.write("good.txt", &beats(8));
    for (words, code, told) in [
        ("letter.txt", 65, "this is no format that can be imported"),
        ("empty.txt", 65, "the file is empty"),
        ("song.ogg", 65, "starcourt compose SONG"),
        ("nowhere.txt", 65, "nowhere.txt"),
        ("good.txt --map 1", 2, "`1` is no map"),
        ("good.txt --name Good!", 2, "--name good"),
        ("good.txt letter.txt", 65, "`letter.txt`"),
    ] {
        folder.run(&format!("import {words} {OPTIONS}")).with(code, &[told]);
    }
    assert!(!folder.path("good.show").exists());
}
