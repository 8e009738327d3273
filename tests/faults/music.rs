//! Music that is missing, broken or lies, and what it plays on.

use std::fs;
use std::os::unix::fs::symlink;
use std::process::Command;

use rustix::process::Signal;

use crate::common::setup::{LIT, Setup};
use crate::common::show_launch::ShowLaunch;
use crate::files::assert_refused;
use crate::sound_server::{SoundServer, hearing, write_clicks};

pub(crate) fn with_music() -> Setup {
    let setup = Setup::lit();
    write_clicks(&setup.path("clicks.wav"), 48_000, 3, &[0]);
    setup.write_show("porch", &format!("audio clicks.wav\n{LIT}"));
    setup
}

#[track_caller]
fn check_refused(words: &str, spoil: impl FnOnce(&Setup)) {
    let setup = with_music();
    spoil(&setup);
    assert_refused(&setup, words);
}

#[test]
fn music_that_is_missing_is_told_at_its_name() {
    check_refused("there is no file", |setup| fs::remove_file(setup.path("clicks.wav")).unwrap());
}

#[test]
fn music_of_no_length_is_told() {
    check_refused("is empty", |setup| fs::write(setup.path("clicks.wav"), "").unwrap());
}

#[test]
fn music_that_is_no_file_is_told_and_waited_for_by_nobody() {
    check_refused("this is not a file but a named pipe", |setup| {
        let music = setup.path("clicks.wav");
        fs::remove_file(&music).unwrap();
        assert!(Command::new("mkfifo").arg(music).status().unwrap().success());
    });
    check_refused("this is not a file but a device", |setup| {
        let music = setup.path("clicks.wav");
        fs::remove_file(&music).unwrap();
        symlink("/dev/zero", music).unwrap();
    });
    check_refused("irectory", |setup| {
        let music = setup.path("clicks.wav");
        fs::remove_file(&music).unwrap();
        fs::create_dir(music).unwrap();
    });
}

/// What a command says that opens every show, and how it ends.
fn asked(setup: &Setup, word: &str) -> (String, Option<i32>) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_starcourt"));
    command.args([word, "--output", "sim", "--rig"]).arg(setup.path("rig.toml"));
    command.arg("--shows").arg(setup.path("")).env("NO_COLOR", "1");
    let output = command.output().unwrap();
    (String::from_utf8([output.stdout, output.stderr].concat()).unwrap(), output.status.code())
}

#[test]
fn shows_beside_music_that_is_no_file_are_checked_and_listed() {
    let setup = with_music();
    let music = setup.path("clicks.wav");
    fs::remove_file(&music).unwrap();
    assert!(Command::new("mkfifo").arg(music).status().unwrap().success());
    let (said, code) = asked(&setup, "check");
    assert!(code == Some(65) && said.contains("this is not a file but a named pipe"), "{said}");
    let (said, code) = asked(&setup, "list");
    assert!(code == Some(0) && said.contains("cannot be played: starcourt check porch"), "{said}");
    assert!(said.contains("encore"), "{said}");
}

#[test]
fn music_that_is_none_is_told() {
    check_refused("is no sound that is known here", |setup| {
        fs::write(setup.path("clicks.wav"), "a letter to grandmother\n".repeat(100)).unwrap();
    });
}

/// A decoder panics over this one.
#[test]
fn music_that_a_decoder_falls_over_is_told_as_any_other_that_is_none() {
    let broken = include_bytes!("../../fuzz/corpus/audio/riff-panics");
    check_refused("is no sound that is known here", |setup| {
        fs::write(setup.path("clicks.wav"), broken).unwrap();
    });
}

fn heard<'a>(setup: &'a Setup) -> ShowLaunch<'a> {
    let mut command = setup.command_with_sound(&[], "porch");
    hearing(&mut command, &setup.path(""));
    command.stdout(fs::File::options().append(true).open(setup.path("errors")).unwrap());
    setup.launch(command).once_lit()
}

/// Two of its cues come after the break.
const AROUND_THE_BREAK: &str =
    "0:00  all  on\n0:01  garland  off\n0:02  garland  on\n0:02.700  garland  off\n";

fn with_music_cut_short() -> Setup {
    let setup = Setup::lit();
    write_clicks(&setup.path("clicks.wav"), 48_000, 3, &[0]);
    let whole = fs::read(setup.path("clicks.wav")).unwrap();
    fs::write(setup.path("clicks.wav"), &whole[..whole.len() / 2]).unwrap();
    setup.write_show("porch", &format!("audio clicks.wav\n{AROUND_THE_BREAK}"));
    setup
}

/// Each change of a light that `play` made: at which time of the show, of which channel, to which level.
fn changes(setup: &Setup, refine: impl FnOnce(&mut Command)) -> (Vec<String>, String) {
    let mut command = setup.command_with_sound(&[], "porch");
    command.arg("--trace").arg(setup.path("trace.csv"));
    refine(&mut command);
    command.stdout(fs::File::options().append(true).open(setup.path("errors")).unwrap());
    let said = setup.launch(command).ends_with(0);
    let trace = fs::read_to_string(setup.path("trace.csv")).unwrap();
    let lines = trace.lines().skip(1).map(|line| {
        let fields: Vec<_> = line.split(',').collect();
        format!("{} {} {}", fields[0], fields[3], fields[4])
    });
    (lines.collect(), said)
}

#[test]
fn music_that_was_cut_short_falls_silent_and_the_lights_play_to_the_end() {
    let setup = with_music_cut_short();
    let (silent, _) = changes(&setup, |command| _ = command.arg("--silent"));
    for due in ["2000000 garland 1000", "2700000 garland 0"] {
        assert!(silent.iter().any(|change| change == due), "{due}: {silent:?}");
    }
    let (deaf, said) = changes(&setup, |command| _ = hearing(command, &setup.path("")));
    assert!(said.contains("The lights play on."), "{said}");
    assert_eq!(deaf, silent, "with no sound card");
    let _server = SoundServer::start(&setup.path(""));
    let (heard, said) = changes(&setup, |command| _ = hearing(command, &setup.path("")));
    assert!(said.contains("The sound is broken: the file ends at 0:01.4"), "{said}");
    assert!(said.contains(" of 0:03.000"), "{said}");
    assert_eq!(heard, silent, "with a sound card");
}

#[test]
fn music_that_was_cut_short_is_a_warning_and_its_show_is_as_long_as_it_was_meant() {
    let setup = with_music_cut_short();
    let (said, code) = asked(&setup, "check");
    assert!(code == Some(0) && said.contains("is cut short: it ends at 0:01.500"), "{said}");
    assert!(said.contains("show porch: 0:03, 4 cues, 1 warning"), "{said}");
    let (said, _) = asked(&setup, "list");
    assert!(said.lines().any(|line| line.starts_with("porch") && line.contains("0:03")), "{said}");
}

#[test]
fn a_sound_server_that_is_killed_and_comes_back_changes_nothing_for_the_lights() {
    let setup = Setup::lit();
    write_clicks(&setup.path("clicks.wav"), 48_000, 30, &[0]);
    setup.write_show("porch", &format!("audio clicks.wav\n{LIT}"));
    let server = SoundServer::start(&setup.path(""));
    let mut launch = heard(&setup);
    server.kill();
    launch.says("The sound is lost: ");
    let _again = SoundServer::start(&setup.path(""));
    launch.says("The sound is back.");
    assert!(setup.is_lit());
    launch.goes_safe_on_signal(Signal::TERM);
    launch.ends_with(0);
}
