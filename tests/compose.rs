//! `starcourt compose`: the show that it writes for the music of a show whose parts are known, and what it refuses.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on ends by panicking")]

mod common;

use std::fs;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use common::folder::Folder;

const RIG: &str = "[channels]
sign = { pin = 4, kind = \"relay\" }
bass = { pin = 16, kind = \"ssr\" }
snare = { pin = 20, kind = \"ssr\" }
left = { pin = 12, kind = \"pwm\" }
right = { pin = 13, kind = \"pwm\" }
star = { pin = 18, kind = \"pwm\" }
";

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
    folder
}

#[test]
fn a_song_becomes_a_show_that_passes_check_and_is_never_overwritten() {
    let _alone = alone();
    let folder = folder();
    let told = folder
        .run("compose song.ogg --rig rig.toml")
        .with(0, &["song.show is written", "starcourt preview song"]);
    assert!(!told.said.contains("beats.txt"), "a steady song needs no beat map: {}", told.said);
    let sheet = folder.text("shows/song.show");
    assert!(sheet.contains("tempo   112 bpm, 4/4, first beat at 0.4"), "{sheet}");
    assert!(sheet.contains("follow ") && sheet.contains("\nsteps "), "{sheet}");
    // Its chorus comes twice.
    let plays = |line: &str| line.split_whitespace().skip(1).take(2).eq(["play", "chorus"]);
    assert_eq!(sheet.lines().filter(|line| plays(line)).count(), 2, "{sheet}");
    assert!(sheet.contains("\nsection chorus"), "{sheet}");
    // Its last chord is in bar 33, and muzak comes after it.
    assert!(
        sheet.contains("The end, bar 33, ") && sheet.contains("After the end, bars 34 to 36, "),
        "{sheet}"
    );
    assert!(sheet.lines().count() < 400, "{sheet}");
    let checked =
        folder.run("check song --rig rig.toml --output sim").with(0, &["show song: 1:17, ", "cues, fine"]);
    assert!(!checked.said.contains("rules change"), "{}", checked.said);
    folder.run("compose song.ogg --rig rig.toml --seed 2").with(
        1,
        &[
            "song.show already, and it stays as it is",
            "starcourt compose song.ogg --rig rig.toml --name song-2",
        ],
    );
    assert_eq!(folder.text("shows/song.show"), sheet);
    let again = folder.run("compose song.ogg --rig rig.toml --print").with(0, &[]);
    assert_eq!(again.said.trim_end(), sheet.trim_end());
}

#[test]
fn a_person_corrects_the_tempo_and_the_bars() {
    let _alone = alone();
    let said = folder()
        .run("compose song.ogg --rig rig.toml --tempo 56 --first-beat 0:01.491 --print")
        .with(0, &[])
        .said;
    assert!(said.contains("tempo   56 bpm, 4/4, first beat at 1.491 s"), "{said}");
}

#[test]
fn what_cannot_be_composed_is_refused_in_words_before_anything_is_heard() {
    let folder = folder();
    folder.write("shows/any.show", "audio song.ogg\n0:01  sign  on\n");
    folder
        .run("compose any --rig rig.toml")
        .with(2, &["any.show is a show already", "compose shows/song.ogg --name any-2`"]);
    folder.run("compose nothing.ogg --rig rig.toml").with(65, &["there is no file nothing.ogg"]);
    folder.run("compose rig.toml --rig rig.toml").with(65, &[]);
    folder.run("compose song.ogg --rig rig.toml --name No!").with(2, &["cannot be the name of a show"]);
    folder
        .run("compose song.ogg --rig rig.toml --tempo 1000")
        .with(2, &["expected 20 to 400 beats a minute"]);
    folder.run("compose song.ogg --rig rig.toml --first-beat soon").with(2, &["expected a time in the song"]);
    folder.run("compose song.ogg --rig no.toml").with(65, &["no.toml"]);
    folder.write("shows/silent.wav", "RIFF");
    folder.run("compose silent.wav --rig rig.toml").with(65, &["silent.wav"]);
    assert!(!folder.path("shows/song.show").exists());
}
