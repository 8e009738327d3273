//! `starcourt listen`: what it hears in the music of a show whose tempo is known, and what it writes.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on ends by panicking")]

mod common;

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::{Mutex, MutexGuard, PoisonError};

use common::folder::Folder;
use common::launch::{Launch, STARCOURT, until};

const RIG: &str = "[channels]\nporch = { pin = 4, kind = \"ssr\" }\n";
const SHEET: &str = "title   Any    # mine\naudio   song.ogg\n\n0:01  porch  on\n";

/// Unoptimised, one listens for seconds: side by side they would be too slow to wait for.
static ALONE: Mutex<()> = Mutex::new(());

fn alone() -> MutexGuard<'static, ()> {
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// With a song of 112 bpm whose first beat is at 0.420 s.
fn folder() -> Folder {
    let folder = Folder::new(RIG);
    let song = Path::new(env!("CARGO_MANIFEST_DIR")).join("shows/starcourt.ogg");
    fs::copy(song, folder.path("shows/song.ogg")).unwrap();
    folder.write("shows/any.show", SHEET);
    folder
}

#[test]
fn tempo_and_parts_are_told_and_nothing_is_written() {
    let _alone = alone();
    let folder = folder();
    let heard = folder.run("listen song.ogg");
    let heard =
        heard.with(0, &["song: 4/4, 112 bpm, the same all along", "`tempo 112 bpm, 4/4, first beat at 0.41"]);
    assert!(heard.said.contains("\nA     0:00.41"), "{}", heard.said);
    assert!(!heard.told.contains('%'), "no terminal: {}", heard.told);
    assert!(!folder.path("shows/song-beats.txt").exists());
}

#[test]
fn a_program_gets_every_beat_with_its_bar() {
    let _alone = alone();
    let heard = folder().run("listen any --json").with(0, &[]);
    let song: serde_json::Value = serde_json::from_str(&heard.said).unwrap();
    assert_eq!((song["bpm"].as_f64(), song["measure"].as_str()), (Some(112.0), Some("4/4")));
    let beats = song["beats"].as_array().unwrap();
    assert!(beats.len() > 130, "{}", beats.len());
    for (index, beat) in beats.iter().enumerate() {
        let due = 420_000.0 + index as f64 * 60e6 / 112.0;
        let at = beat["at_us"].as_f64().unwrap();
        assert!((at - due).abs() < 70_000.0, "beat {index} is at {at}, not at {due}");
        let place = (beat["bar"].as_u64().unwrap(), beat["beat"].as_u64().unwrap());
        assert_eq!(place, (index as u64 / 4 + 1, index as u64 % 4 + 1));
    }
    let lengths = song["parts"].as_array().unwrap().iter().map(|part| part["bars"].as_u64().unwrap());
    let ends: Vec<u64> = lengths
        .scan(0, |end, bars| {
            *end += bars;
            Some(*end)
        })
        .collect();
    let [borders @ .., bars] = &*ends else { panic!("no parts") };
    assert!((33..37).contains(bars), "{bars}");
    let due = [4, 12, 16, 24, 28, 32];
    let right = borders.iter().filter(|border| due.contains(border)).count();
    assert!(right >= 5 && borders.len() <= right + 1, "a part ends after each of the bars {borders:?}");
}

#[test]
fn a_map_and_a_tempo_line_are_written_once_and_replaced_only_if_asked() {
    let _alone = alone();
    let folder = folder();
    folder.run("listen any --write").with(0, &["any-beats.txt has", "any.show has `tempo 112 bpm"]);
    let map = folder.text("shows/any-beats.txt");
    assert!(map.starts_with("0.41") && map.lines().next().unwrap().ends_with("\t1.1"), "{map}");
    assert!(folder.text("shows/any.show").contains("tempo   112 bpm, 4/4, first beat at 0.41"));
    folder.run("check any --rig rig.toml --output sim").with(0, &[]);
    folder.write("shows/any-beats.txt", "0.5\t0.5\t1.1\n1.0\t1.0\t1.2\n");
    folder
        .run("listen any --write")
        .with(2, &["any-beats.txt is there already", "`starcourt listen any --write --replace`"]);
    assert!(folder.text("shows/any-beats.txt").starts_with("0.5\t"));
    folder.run("listen any --write --replace").with(0, &["any-beats.txt.bak has the map as it was"]);
    assert_eq!(folder.text("shows/any-beats.txt"), map);
    assert!(folder.text("shows/any-beats.txt.bak").starts_with("0.5\t"));
}

/// A line of labels as Audacity's manual describes it: two times in seconds, a tab between, and a text.
fn audacity_label(line: &str) -> (f64, f64, String) {
    let columns: Vec<&str> = line.split('\t').collect();
    let [from, to, text] = columns[..] else { panic!("not three columns: {line}") };
    let (from, to) = (from.parse().unwrap(), to.parse().unwrap());
    assert!(0.0 <= from && from <= to && to < 80.0, "{line}");
    (from, to, text.to_owned())
}

#[test]
fn labels_for_audacity_are_written_once_and_replaced_only_if_asked() {
    let _alone = alone();
    let folder = folder();
    folder.run("listen any --labels").with(0, &["any-labels.txt has", "Audacity opens it"]);
    let text = folder.text("shows/any-labels.txt");
    let labels: Vec<(f64, f64, String)> = text.lines().map(audacity_label).collect();
    assert!(labels.windows(2).all(|pair| pair[0].0 <= pair[1].0), "{text}");
    let of = |wanted: &str| labels.iter().find(|(.., text)| text == wanted).cloned();
    let bar = 4.0 * 60.0 / 112.0;
    let (from, to, _) = of("bar 5").unwrap();
    assert!((from - 8.991).abs() < 0.07 && (to - from - bar).abs() < 0.01, "bar 5 is from {from} to {to}");
    let (from, to, _) = of("5.2").unwrap();
    assert!((from - 8.991 - bar / 4.0).abs() < 0.07 && from == to, "5.2 is at {from}");
    let parts: Vec<_> = labels.iter().filter(|(from, to, _)| to - from > 1.5 * bar).collect();
    assert!(parts.len() > 2, "{parts:?}");
    folder.write("shows/any-labels.txt", "0.5\t0.5\tmine\n");
    folder.run("listen any --labels").with(2, &["already", "`starcourt listen any --labels --replace`"]);
    assert_eq!(folder.text("shows/any-labels.txt"), "0.5\t0.5\tmine\n");
    folder.run("listen any --labels --replace").with(0, &["any-labels.txt.bak has the labels as they were"]);
    assert_eq!(folder.text("shows/any-labels.txt"), text);
    assert!(!folder.path("shows/any-beats.txt").exists());
    folder.run("listen any --replace").with(2, &["required"]);
}

#[test]
fn a_terminal_sees_how_far_it_is_and_ctrl_c_ends_it_with_nothing_written() {
    let _alone = alone();
    let folder = folder();
    let mut command = Command::new("setsid");
    folder.isolate(&mut command);
    command.args(["-c", STARCOURT, "listen", "any", "--write", "--labels"]).current_dir(folder.path(""));
    let mut launch = Launch::in_terminal(command);
    until("a bar", || {
        let said = launch.terminal().unwrap().said();
        assert!(!launch.has_ended(), "{said}");
        said.contains("listening to any  [=") && said.contains(" 10 %")
    });
    launch.terminal().unwrap().types("\x03");
    until("over", || {
        launch.terminal().unwrap().listen();
        launch.has_ended()
    });
    assert_eq!(launch.code(), Some(130));
    let mut left: Vec<_> =
        fs::read_dir(folder.path("shows")).unwrap().map(|file| file.unwrap().file_name()).collect();
    left.sort();
    assert_eq!(left, ["any.show", "song.ogg"]);
    assert_eq!(folder.text("shows/any.show"), SHEET);
}

#[test]
fn what_has_no_beat_is_told() {
    let folder = folder();
    fs::write(folder.path("shows/quiet.wav"), wav_of_silence()).unwrap();
    folder.run("listen quiet.wav").with(1, &["no beat is heard in", "`starcourt tap quiet.wav`"]);
    folder.run("listen nowhere.wav").with(65, &["there is no file nowhere.wav"]);
    folder.run("listen any --json --write").with(2, &["cannot be used with"]);
}

fn wav_of_silence() -> Vec<u8> {
    const RATE: u32 = 8_000;
    let bytes = RATE * 10 * 2;
    let mut wav = Vec::from(*b"RIFF");
    wav.extend((36 + bytes).to_le_bytes());
    wav.extend(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    wav.extend(RATE.to_le_bytes());
    wav.extend((RATE * 2).to_le_bytes());
    wav.extend(b"\x02\0\x10\0data");
    wav.extend(bytes.to_le_bytes());
    wav.resize(44 + bytes as usize, 0);
    wav
}
