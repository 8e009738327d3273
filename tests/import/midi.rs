//! MIDI files become cues: what is played is compared with the file's own clock.

use std::fs;

use super::common::folder::Folder;
use super::files::{drums, midi};
use super::{MIXED, ONE, OPTIONS, RELAYS, imported};

/// When `channel` goes on, in microseconds, by the rendered table of the show.
pub(super) fn rises(folder: &Folder, show: &str, channel: &str) -> Vec<u64> {
    folder.run(&format!("render {show} {OPTIONS} -o out.csv")).with(0, &[]);
    let table = folder.text("out.csv");
    let mut last = 0;
    let mut found = Vec::new();
    for line in table.lines().skip(1).map(|line| line.split(',').collect::<Vec<_>>()) {
        let (Some(name), Some(level)) = (line.get(line.len() - 2), line.last()) else { continue };
        let level: u32 = level.parse().unwrap();
        if *name == channel {
            if level > last {
                found.push(line[0].parse().unwrap());
            }
            last = level;
        }
    }
    found
}

#[test]
fn notes_are_lights_for_as_long_as_they_sound() {
    let folder = Folder::new(MIXED);
    fs::write(folder.path("song.mid"), drums(&[(0, 36, 480), (480, 38, 240), (1_680, 36, 480)])).unwrap();
    let sheet = imported(
        &folder,
        "song.mid --map 36=neon --map 38=sign",
        "song.show",
        &["note 36 (c2): neon as 2 notes", "note 38 (d2): sign as 1 note", "one tempo for all of the song"],
    );
    assert!(sheet.contains("tempo   120 bpm, 4/4, first beat at 0.000 s\n"), "{sheet}");
    assert!(sheet.contains("\n1.1 to 1.2 ") && sheet.contains("\n1.3 to 1.3& "), "{sheet}");
    assert_eq!(rises(&folder, "song.show", "neon"), [0, 3_000_000]);
    assert_eq!(rises(&folder, "song.show", "sign"), [1_000_000]);
}

#[test]
fn every_note_is_within_a_millisecond_through_changes_of_tempo() {
    let folder = Folder::new(MIXED);
    let (mut events, mut due, mut at) = (Vec::new(), Vec::new(), 0.0);
    for note in 0..120_u32 {
        let quarter = 400_000 + note * 3_457 % 300_007;
        let [_, high, middle, low] = quarter.to_be_bytes();
        // The tempo changes within beats, too.
        events.push((if note == 0 { 0 } else { 310 }, vec![0xff, 0x51, 3, high, middle, low]));
        events.push((170, vec![0x90, 60, 90]));
        events.push((300, vec![0x80, 60, 0]));
        due.push(at + 170.0 * f64::from(quarter) / 480.0);
        at += (170 + 300 + 310) as f64 * f64::from(quarter) / 480.0;
    }
    fs::write(folder.path("song.mid"), midi(&events)).unwrap();
    imported(&folder, "song.mid --map 60=sign", "song.show", &["sign as 120 notes"]);
    let found = rises(&folder, "song.show", "sign");
    assert_eq!(found.len(), due.len());
    for (found, due) in found.iter().zip(due) {
        assert!((*found as f64 - due).abs() <= 1_000.0, "{found} and {due}");
    }
}

#[test]
fn what_would_harm_eyes_or_contacts_is_left_out_and_told() {
    let roll: Vec<(u32, u8, u32)> = (0..200).map(|_| (60, 36, 60)).collect();
    for (rig, told) in
        [(RELAYS, "`min_on` and `min_off`"), (ONE, "`min_on` and `min_off`"), (MIXED, "a seizure")]
    {
        let folder = Folder::new(rig);
        fs::write(folder.path("roll.mid"), drums(&roll)).unwrap();
        imported(&folder, "roll.mid --map 36=neon", "roll.show", &["left", told]);
        assert!(!rises(&folder, "roll.show", "neon").is_empty());
    }
}

#[test]
fn notes_without_lights_are_told_and_a_file_needs_a_rig() {
    let folder = Folder::new(ONE);
    fs::write(folder.path("song.mid"), drums(&[(0, 36, 480), (0, 38, 480), (0, 40, 480)])).unwrap();
    let left = "the rig has no more lights: 38 `d2`, 40 `e2`; `--map 38=NAME` chooses others";
    imported(&folder, "song.mid", "song.show", &[left]);
    folder.run(&format!("import song.mid --map 99=neon --name b {OPTIONS}")).with(65, &["it has 36 `c2`"]);
    folder
        .run(&format!("import song.mid --map 36=noen --name b {OPTIONS}"))
        .with(65, &["did you mean `neon`?"]);
    folder.run("import song.mid --name b --rig nowhere.toml --output sim").with(65, &["nowhere.toml"]);
    let told = ["you have no rig yet", "describe your lights first: `starcourt new --rig`"];
    folder.run("import song.mid --name b --output sim").with(65, &told);
    assert!(!folder.path("b.show").exists());
}
