//! Names that people give their files: shows, music and beat maps, as `list`, `check` and `play` take or tell them.
#![allow(clippy::unwrap_used)]

use std::path::Path;
use std::process::{Command, Output};

const RIG: &str = "[channels]\nporch = { pin = 17, kind = \"relay\" }\n";
const SHOW: &str = "title T\nlength 2 s\n0:01  porch  on\n";
const MAP: &str = "0.5\t0.5\t\n1.0\t1.0\t\n1.5\t1.5\t\n";

/// Runs the program in `folder`, whose shows and rig these are: what it says, and its exit code.
fn run(folder: &Path, words: &[&str]) -> (String, Option<i32>) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_starcourt"));
    command.args(words).args(["--rig", "rig.toml", "--output", "sim", "--shows", "."]);
    command.env("STARCOURT_STATE", folder).env_remove("STARCOURT_SCHEDULE");
    let Output { stdout, stderr, status } = command.current_dir(folder).output().unwrap();
    (String::from_utf8([stdout, stderr].concat()).unwrap(), status.code())
}

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [("rig.toml", RIG)].iter().chain(files) {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

/// `check` refuses the show `t`, made of `sheet`, beside these files, with these words.
#[track_caller]
fn assert_refused(sheet: &str, files: &[(&str, &str)], words: &[&str]) {
    let folder = folder(&[&[("t.show", sheet)], files].concat());
    let check = run(folder.path(), &["check", "t"]);
    let lock = folder.path().join("lock").display().to_string();
    let play = run(folder.path(), &["play", "t", "--silent", "--lock-dir", &lock]);
    for (told, code) in [&check, &play] {
        assert_eq!(*code, Some(65), "{told}");
        for words in words {
            assert!(told.contains(words), "`{words}` is not in: {told}");
        }
    }
}

#[test]
fn a_file_that_cannot_be_a_show_is_named_with_the_command_that_renames_it() {
    let shows = ["Jingle Bells.show", "UPPER.show", "ok.SHOW", "weiß.show"];
    let folder = folder(&shows.map(|name| (name, SHOW)));
    let (list, code) = run(folder.path(), &["list"]);
    assert_eq!(code, Some(0), "{list}");
    let (check, code) = run(folder.path(), &["check"]);
    assert_eq!(code, Some(65), "{check}");
    for command in [
        "mv -n './Jingle Bells.show' ./jingle_bells.show",
        "mv -n ./UPPER.show ./upper.show",
        "mv -n ./ok.SHOW ./ok.show",
        "mv -n './weiß.show' ./weiss.show",
    ] {
        assert!(list.contains(command) && check.contains(command), "{command}: {list}\n{check}");
        let renames = Command::new("sh").args(["-c", command]).current_dir(folder.path()).status().unwrap();
        assert!(renames.success(), "{command}");
    }
    let (check, code) = run(folder.path(), &["check"]);
    assert!(code == Some(0) && check.contains("show jingle_bells: 0:02"), "{check}");
}

#[test]
fn a_show_that_is_asked_for_by_the_name_of_its_file_is_told_how_to_rename_it() {
    let folder = folder(&[("Jingle Bells.show", SHOW), ("UPPER.show", SHOW), ("x.SHOW", SHOW)]);
    for name in ["Jingle Bells", "Jingle Bells.show", "jingle_bells", "UPPER", "upper", "x", "x.SHOW"] {
        let (told, code) = run(folder.path(), &["check", name]);
        assert!(code == Some(65) && told.contains("rename it: mv -n "), "{name}: {told}");
    }
    // Beside a show that is there already nothing is replaced.
    std::fs::write(folder.path().join("upper.show"), SHOW).unwrap();
    let (told, _) = run(folder.path(), &["list"]);
    assert!(told.contains("mv -n ./UPPER.show ./upper-2.show"), "{told}");
}

#[test]
fn a_file_name_with_a_space_or_a_remark_sign_works_in_quotes() {
    let files = [("Label Track.txt", MAP), ("Beats #2, live.txt", MAP)];
    for (tempo, title) in [
        ("tempo map Label Track.txt, 4/4", "title Song #1 # the first"),
        ("tempo map Label Track.txt 4/4", "title \"Song #1\""),
        ("tempo map \"Label Track.txt\", 4/4  # a remark", "title \"Song #1\"  # a remark"),
        ("tempo map \"Beats #2, live.txt\", 3/4", "title \"Weird Al\" Medley"),
    ] {
        let sheet = format!("{title}\nlength 5 s\n{tempo}\n1.1  porch  on\n");
        let folder = folder(&[&[("t.show", sheet.as_str())], &files[..]].concat());
        let (told, code) = run(folder.path(), &["check", "t"]);
        assert_eq!(code, Some(0), "{told}");
        let is_doubtful = title.contains("Song #1 #");
        assert_eq!(told.contains("write `\"Song #1 # the first\"`"), is_doubtful, "{told}");
        let (list, _) = run(folder.path(), &["list"]);
        let shown = match title {
            "title \"Weird Al\" Medley" => "\"Weird Al\" Medley",
            _ if is_doubtful => "Song",
            _ => "Song #1",
        };
        assert!(list.trim_end().ends_with(shown), "{list}");
    }
}

#[test]
fn a_missing_file_is_told_with_the_one_that_was_meant() {
    let files = [("song.ogg", ""), ("Nächt.ogg", ""), ("Jingle Bells #2.ogg", ""), ("Label Track.txt", MAP)];
    for (line, words) in [
        ("audio SONG.ogg", &["there is no file", "did you mean `song.ogg`?"][..]),
        ("audio song.flac", &["did you mean `song.ogg`?"]),
        ("audio 'song.ogg'", &["did you mean `song.ogg`?"]),
        ("audio Na\u{308}cht.ogg", &["did you mean `Nächt.ogg`?", "stored in another way"]),
        (
            "audio Jingle Bells #2.ogg",
            &[
                "did you mean `Jingle Bells #2.ogg`?",
                "a comment begins here",
                "write `\"Jingle Bells #2.ogg\"`",
            ],
        ),
        ("audio \"song.ogg", &["this quote is never closed", "write `audio \"song.ogg\"`"]),
        ("length 5 s\ntempo map Label Trak.txt", &["did you mean `Label Track.txt`?"]),
        ("length 5 s\ntempo map label_track.txt", &["did you mean `Label Track.txt`?"]),
    ] {
        assert_refused(&format!("{line}\n0:01  porch  on\n"), &files, words);
    }
}

#[test]
fn the_line_ends_of_an_old_mac_are_told_as_that() {
    let words = &["has the line ends of an old Mac", "sed -i 's/\\r/\\n/g'"];
    assert_refused("title T\rlength 5 s\r0:01 porch on\r", &[], words);
    let beats = MAP.replace('\n', "\r");
    let sheet = "length 5 s\ntempo map beats.txt\n1.1  porch  on\n";
    assert_refused(sheet, &[("beats.txt", &beats)], words);
    assert_refused(SHOW, &[("rig.toml", &RIG.replace('\n', "\r"))], words);
    let schedule = folder(&[("t.show", SHOW), ("schedule.toml", "volume = \"60 %\"\rbetween = \"dark\"\r")]);
    let (told, code) = run(schedule.path(), &["check"]);
    assert!(code == Some(65) && words.iter().all(|words| told.contains(words)), "{told}");
    // What it says to run mends it.
    let folder = folder(&[("t.show", "title T\rlength 5 s\r0:01 porch on")]);
    let (told, _) = run(folder.path(), &["check", "t"]);
    let command = told.split("run: ").nth(1).unwrap().lines().next().unwrap();
    assert!(Command::new("sh").args(["-c", command]).current_dir(folder.path()).status().unwrap().success());
    assert_eq!(run(folder.path(), &["check", "t"]).1, Some(0), "{command}");
}

#[test]
fn other_line_ends_and_encodings_are_taken_or_told() {
    for sheet in [SHOW.replace('\n', "\r\n"), format!("\u{feff}{SHOW}"), SHOW.replacen('\n', "\r\n", 1)] {
        let folder = folder(&[("t.show", &sheet)]);
        assert_eq!(run(folder.path(), &["check", "t"]).1, Some(0), "{sheet:?}");
    }
    let folder = folder(&[]);
    let wide: Vec<u8> = format!("\u{feff}{SHOW}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    std::fs::write(folder.path().join("t.show"), wide).unwrap();
    let (told, code) = run(folder.path(), &["check", "t"]);
    assert!(code == Some(65) && told.contains("is saved as UTF-16"), "{told}");
}
