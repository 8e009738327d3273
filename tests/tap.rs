//! `starcourt tap` in a terminal, to a song on a sound server of the test's own: what is tapped is written, and what is
//! written is heard as clicks.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on ends by panicking")]

mod common;
#[path = "sound_server/mod.rs"]
#[allow(dead_code)]
mod sound_server;

use std::process::Command;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use common::folder::Folder;
use common::launch::{Launch, STARCOURT, until};
use rustix::process::Signal;
use sound_server::{Server, SoundServer, write_clicks};

const RIG: &str = "[channels]\nporch = { pin = 4, kind = \"ssr\" }\n";
/// The song has a beat each quarter of a second: 240 bpm.
const GAP: u64 = 250; // ms
const SECONDS: u32 = 20;
const SHEET: &str = "title   Any    # mine\r\naudio   song.wav\r\n\r\n1.1  porch  on\r\n";

/// What a busy machine does to a test is not done to it each time.
const TRIALS: usize = 3;

/// One sound server at a time: more would starve each other.
static ALONE: Mutex<()> = Mutex::new(());

fn alone() -> MutexGuard<'static, ()> {
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

fn folder() -> Folder {
    let folder = Folder::new(RIG);
    let beats: Vec<u64> = (2..u64::from(SECONDS) * 1_000 / GAP).map(|beat| beat * GAP).collect();
    write_clicks(&folder.path("shows/song.wav"), 48_000, SECONDS, &beats);
    folder.write("shows/any.show", SHEET);
    folder
}

/// `starcourt tap` and `words`, heard by the sound server in this folder.
fn launch(folder: &Folder, words: &str) -> Launch {
    let mut command = Command::new("setsid");
    folder.isolate(&mut command);
    command.args(["-c", STARCOURT, "tap"]).args(words.split_whitespace());
    command.args(["--rig", "rig.toml", "--output", "sim"]).current_dir(folder.path(""));
    Server::PulseAudio.heard_by(&mut command, &folder.path(""));
    Launch::in_terminal(command)
}

fn says(launch: &mut Launch, words: &str) {
    until(&format!("on the screen: {words}"), || {
        assert!(!launch.has_ended(), "{}", launch.terminal().unwrap().said());
        launch.terminal().unwrap().said().contains(words)
    });
}

/// Waits for the end: the exit code, and all that was on the screen.
fn ends(launch: &mut Launch) -> (i32, String) {
    until("over", || {
        launch.terminal().unwrap().listen();
        launch.has_ended()
    });
    launch.terminal().unwrap().assert_as_before();
    let said = launch.terminal().unwrap().said();
    (launch.code().unwrap(), said)
}

/// Taps `beats` beats, bars of four.
fn tap(launch: &mut Launch, beats: u64) {
    // The song is heard by then.
    says(launch, "0:00 of");
    thread::sleep(Duration::from_secs(1));
    let begin = Instant::now();
    for beat in 0..beats {
        let due = Duration::from_millis(beat * GAP);
        thread::sleep(due.saturating_sub(begin.elapsed()));
        launch.terminal().unwrap().types(if beat % 4 == 0 { "\r" } else { " " });
    }
}

/// The beats of a map, in seconds, and its labels.
fn map(folder: &Folder, name: &str) -> Vec<(f64, String)> {
    let text = folder.text(name);
    let line = |line: &str| {
        let columns: Vec<&str> = line.split('\t').collect();
        assert_eq!(columns[0], columns[1], "{line}");
        (columns[0].parse().unwrap(), columns[2].to_owned())
    };
    text.lines().map(line).collect()
}

#[test]
fn tapped_beats_become_a_map_of_the_whole_song_and_the_tempo_of_the_show() {
    let _alone = alone();
    // On a machine that has other things to do, the sound stands still for a moment, and these taps do not hear it.
    let tapped = (0..TRIALS).find_map(|_| {
        let folder = folder();
        let _server = SoundServer::start_as(Server::PulseAudio, &folder.path(""), false);
        let mut tapping = launch(&folder, "any");
        tap(&mut tapping, 24);
        tapping.terminal().unwrap().types("w");
        let (code, said) = ends(&mut tapping);
        assert_eq!(code, 0, "{said}");
        assert!(said.contains(" taps count, "), "{said}");
        said.contains("the same all along").then_some(folder)
    });
    let folder = tapped.expect("the sound stood still each time");
    let beats = map(&folder, "shows/any-beats.txt");
    // A busy machine types late, but not by a tenth of a beat on the whole.
    let mean = (beats[beats.len() - 1].0 - beats[0].0) / (beats.len() - 1) as f64;
    assert!((mean - 0.25).abs() < 0.01, "{mean}");
    assert!(beats[0].0 >= 0.4 && beats[0].0 < 1.6, "from the first bar of the music: {beats:?}");
    assert!(beats[beats.len() - 1].0 > f64::from(SECONDS) - 0.3, "to its end: {beats:?}");
    let labels: Vec<&str> = beats.iter().take(5).map(|(_, label)| label.as_str()).collect();
    assert_eq!(labels, ["1.1", "1.2", "1.3", "1.4", "2.1"]);
    let sheet = folder.text("shows/any.show");
    let tempo = sheet.lines().find(|line| line.starts_with("tempo")).unwrap();
    assert!(tempo.starts_with("tempo   ") && tempo.contains(" bpm, 4/4, first beat at "), "{tempo}");
    assert_eq!(sheet.replace(&format!("{tempo}\r\n"), ""), SHEET, "nothing else has changed");
    folder.run("check any --output sim --rig rig.toml").with(0, &[]);
}

#[test]
fn a_part_that_is_tapped_again_replaces_that_part_of_the_map() {
    let _alone = alone();
    let folder = folder();
    // It slows down a little from beat to beat.
    let old: Vec<u64> = (0..60).map(|beat| 500_000 + beat * 250_000 + beat * beat * 500).collect();
    let line = |micros: &u64| format!("{0}.{1:06}\t{0}.{1:06}\t\n", micros / 1_000_000, micros % 1_000_000);
    let text: String = old.iter().map(line).collect();
    folder.write("shows/song-beats.txt", &text);
    let _server = SoundServer::start_as(Server::PulseAudio, &folder.path(""), false);
    let mut tapping = launch(&folder, "shows/song.wav --measure 4/4");
    tap(&mut tapping, 16);
    tapping.terminal().unwrap().types("q");
    let (code, said) = ends(&mut tapping);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("only the part from"), "{said}");
    assert_eq!(folder.text("shows/song-beats.txt.bak"), text);
    let beats: Vec<u64> =
        map(&folder, "shows/song-beats.txt").iter().map(|(at, _)| (at * 1e6).round() as u64).collect();
    assert!(beats.windows(2).all(|pair| pair[1] > pair[0] + 60_000), "{beats:?}");
    let kept = beats.iter().filter(|beat| old.contains(beat)).count();
    assert!(beats.first() == old.first() && beats.last() == old.last(), "{beats:?}");
    assert!((36..=48).contains(&kept), "{kept} of {}", beats.len());
}

#[test]
fn whoever_leaves_writes_nothing() {
    let _alone = alone();
    let folder = folder();
    let _server = SoundServer::start_as(Server::PulseAudio, &folder.path(""), false);
    for way in ["\x1b", "\x03", "TERM"] {
        let mut tapping = launch(&folder, "any --write");
        tap(&mut tapping, 12);
        match way {
            "TERM" => tapping.signal(Signal::TERM),
            key => tapping.terminal().unwrap().types(key),
        }
        let (code, said) = ends(&mut tapping);
        assert_eq!(code, 0, "{said}");
        assert!(said.contains("nothing was written"), "{said}");
    }
    let mut tapping = launch(&folder, "any --write");
    tap(&mut tapping, 3);
    tapping.terminal().unwrap().types("q");
    let (code, said) = ends(&mut tapping);
    assert!(code == 1 && said.contains("3 of your taps fit together"), "{code} {said}");
    assert_eq!(folder.text("shows/any.show"), SHEET);
    assert!(!folder.path("shows/any-beats.txt").exists());
}

#[test]
fn a_map_is_heard_as_clicks_with_the_song() {
    let _alone = alone();
    let folder = folder();
    // The song is silent, so that only clicks are heard.
    write_clicks(&folder.path("shows/quiet.wav"), 48_000, 4, &[]);
    let beats: Vec<u64> = (0..8).map(|beat| 300 + beat * 400 + beat * beat * 5).collect();
    let line = |millis: &u64| format!("{0}.{1:03}\t{0}.{1:03}\t\n", millis / 1_000, millis % 1_000);
    folder.write("shows/quiet-beats.txt", &beats.iter().map(line).collect::<String>());
    let server = SoundServer::start_as(Server::PulseAudio, &folder.path(""), false);
    let mut wrong = Vec::new();
    for _ in 0..TRIALS {
        let recording = server.record();
        let mut listening = launch(&folder, "shows/quiet.wav --click --to 3.7s");
        let (code, said) = ends(&mut listening);
        assert_eq!(code, 0, "{said}");
        assert!(said.contains("quiet with 8 clicks"), "{said}");
        // What is still on its way to the recording.
        thread::sleep(Duration::from_millis(300));
        let heard = recording.clicks();
        let pairs = heard.windows(2).zip(beats.windows(2));
        let off =
            pairs.map(|(heard, beat)| heard[1].since(heard[0]) / 1_000_000 - (beat[1] - beat[0]) as i64);
        let off: Vec<i64> = off.collect();
        if heard.len() == beats.len() && off.iter().all(|millis| millis.abs() < 20) {
            return;
        }
        wrong.push((heard.len(), off));
    }
    panic!("wrong each time: {wrong:?}");
}

#[test]
fn what_cannot_be_tapped_is_told_before_anything_is_heard() {
    let folder = folder();
    folder.write("shows/mute.show", "length 0:10\n0:00 porch on\n");
    folder.write("here.show", "length 0:10\n0:00 porch on\n");
    folder.write("shows/gone.show", "audio gone.wav\n0:00 porch on\n");
    folder
        .write("shows/changing.show", "audio song.wav\ntempo 90 bpm\ntempo 80 bpm from 9.1\n1.1 porch on\n");
    folder.write("shows/odd-beats.txt", "soon\n");
    std::fs::copy(folder.path("shows/song.wav"), folder.path("shows/odd.wav")).unwrap();
    folder.run("tap any").with(2, &["ssh -t pi starcourt tap any"]);
    for (words, code, why) in [
        ("mute", 65, "add a line such as `audio song.ogg`"),
        ("gone", 65, "gone.wav"),
        ("nobody", 65, "no show `nobody`"),
        ("shows/nobody.wav", 65, "there is no file shows/nobody.wav"),
        ("shows/odd.wav", 65, "`--replace` writes a new beat map"),
        ("shows/song.wav --write", 2, "--write goes with a show"),
        ("here", 65, "here.show is in this folder, which is not searched: add `--shows .`"),
        ("any --from 9.1", 2, "has no tempo"),
        ("any --from 0:10 --to 0:05", 2, "this part is empty"),
        ("any --to 5:00", 2, "any ends at 0:20.000"),
        ("any --measure 4/3", 2, "not a time signature"),
        ("any --hand soon", 2, "expected a number and a unit"),
        ("any --click --write", 2, "cannot be used with"),
        ("any --click", 65, "`starcourt tap any --rig rig.toml` makes one"),
        ("changing --write", 65, "it changes its tempo later: `tempo 80 bpm from 9.1`; leave out --write"),
        // There is no sound server here.
        ("any", 69, "`starcourt doctor` looks at the sound of this machine"),
    ] {
        let mut refused = launch(&folder, words);
        until("over", || refused.has_ended());
        let said = refused.terminal().unwrap().said().replace("\r\n", " ");
        assert_eq!(refused.code(), Some(code), "{words}: {said}");
        assert!(said.contains(why), "{words}: {said}");
    }
    assert!(!folder.path("shows/any-beats.txt").exists());
}
