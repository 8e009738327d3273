//! Timing tracks and sequences of xLights.

use std::fs;
use std::path::Path;

use super::common::folder::Folder;
use super::files::{timing, xsq};
use super::{MIXED, RELAYS, imported};

#[test]
fn timing_tracks_become_a_tempo_sections_and_remarks() {
    let folder = Folder::new(MIXED);
    let beats: Vec<(u32, u32, &str)> =
        (0..32).map(|beat| (beat * 500, beat * 500 + 500, ["1", "2", "3", "4"][beat as usize % 4])).collect();
    let parts = [(0, 8_000, "Intro &amp; verse"), (8_000, 16_000, "on")];
    let lyrics: [&[_]; 3] = [
        &[(1_000, 3_000, "hello there")],
        &[(1_000, 2_000, "hello"), (2_000, 3_000, "there")],
        &[(1_000, 1_100, "HH")],
    ];
    let text = timing("Beats", &[&beats]) + &timing("Parts", &[&parts]) + &timing("Lyrics", &lyrics);
    folder.write("song.xtiming", &format!("<timings>\n{text}</timings>\n"));
    let said = [
        "32 marks of a steady tempo of 120 bpm",
        "2 sections",
        "remarks: 1 mark",
        "3 words and sounds of lyrics",
    ];
    let sheet = imported(&folder, "song.xtiming", "song.show", &said);
    for line in [
        "1.1 to 5.1                play  intro___verse",
        "play  part_on",
        "# 0:01.000 to 0:03.000 hello there",
    ] {
        assert!(sheet.contains(line), "{line} is not in {sheet}");
    }
}

#[test]
fn a_sequence_gives_its_music_length_and_timing_and_no_path_is_followed() {
    let folder = Folder::new(RELAYS);
    let song = Path::new(env!("CARGO_MANIFEST_DIR")).join("shows/starcourt.ogg");
    fs::copy(song, folder.path("bells.ogg")).unwrap();
    let effects: String = (0..20)
        .map(|beat| {
            format!("<Effect label=\"\" startTime=\"{}\" endTime=\"{}\"/>", beat * 500, beat * 500 + 500)
        })
        .collect();
    folder.write("new.xsq", &xsq("C:\\Shows\\bells.ogg", "76.000", &effects));
    let said = ["music: bells.ogg (1:1", "length: 1:16.000", "1 effect: it needs", "120 bpm"];
    let sheet = imported(&folder, "new.xsq", "new.show", &said);
    assert!(sheet.contains("title   Bells\naudio   bells.ogg\n"), "{sheet}");
    // Older ones count in seconds.
    let effects: String = (0..20)
        .map(|beat| {
            let at = f64::from(beat) * 0.5;
            format!("<Effect label=\"\" startTime=\"{at:.3}\" endTime=\"{:.3}\"/>", at + 0.5)
        })
        .collect();
    fs::create_dir(folder.path("other")).unwrap();
    fs::rename(folder.path("bells.ogg"), folder.path("other/bells.ogg")).unwrap();
    folder.write("old.xsq", &xsq("other/bells.ogg", "30.5", &effects));
    let said = ["music: `bells.ogg` is not beside the file", "120 bpm"];
    let sheet = imported(&folder, "old.xsq", "old.show", &said);
    assert!(sheet.contains("length  0:30.500") && !sheet.contains("audio"), "{sheet}");
}
