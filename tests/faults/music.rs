//! Music that is missing, broken or lies, and what it plays on.

use std::fs;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::common::launch::Launch;
use crate::common::porch::{LIT, Porch};
use crate::files::{is_refused, plays_next};
use crate::preload::preload;
use crate::sound_server::{SoundServer, hearing, write_clicks};

fn with_music() -> Porch {
    let porch = Porch::lit();
    write_clicks(&porch.path("clicks.wav"), 48_000, 3, &[0]);
    porch.write_show("porch", &format!("audio clicks.wav\n{LIT}"));
    porch
}

#[track_caller]
fn check_refused(words: &str, spoil: impl FnOnce(&Porch)) {
    let porch = with_music();
    spoil(&porch);
    is_refused(&porch, words);
}

#[test]
fn music_that_is_missing_is_told_at_its_name() {
    check_refused("No such file", |porch| fs::remove_file(porch.path("clicks.wav")).unwrap());
}

#[test]
fn music_of_no_length_is_told() {
    check_refused("is no sound that is known here", |porch| {
        fs::write(porch.path("clicks.wav"), "").unwrap();
    });
}

#[test]
fn music_that_is_none_is_told() {
    check_refused("is no sound that is known here", |porch| {
        fs::write(porch.path("clicks.wav"), "a letter to grandmother\n".repeat(100)).unwrap();
    });
}

/// A decoder panics over this one.
#[test]
fn music_that_a_decoder_falls_over_is_told_as_any_other_that_is_none() {
    let broken = include_bytes!("../../fuzz/corpus/audio/riff-panics");
    check_refused("is no sound that is known here", |porch| {
        fs::write(porch.path("clicks.wav"), broken).unwrap();
    });
}

fn heard<'a>(porch: &'a Porch) -> Launch<'a> {
    let mut command = porch.command_with_sound(&[], "porch");
    hearing(&mut command, &porch.path(""));
    command.stdout(fs::File::options().append(true).open(porch.path("errors")).unwrap());
    porch.launch(command).once_lit()
}

/// The lights keep to the length that was promised, and that the sound is broken is told.
#[track_caller]
fn check_cut_short(spoil: impl FnOnce(Vec<u8>) -> Vec<u8>) {
    let porch = with_music();
    let file = porch.path("clicks.wav");
    fs::write(&file, spoil(fs::read(&file).unwrap())).unwrap();
    let _server = SoundServer::start(&porch.path(""));
    let lit = Instant::now();
    let said = heard(&porch).ends_with(0);
    assert!(lit.elapsed() > Duration::from_millis(2_500), "{said}");
    assert!(said.contains("the sound is broken: the file ends at 1"), "{said}");
}

#[test]
fn music_that_was_cut_short_falls_silent_and_the_lights_play_to_the_end() {
    check_cut_short(|bytes| bytes[..bytes.len() / 2].to_vec());
}

#[test]
fn a_sound_server_that_is_killed_and_comes_back_changes_nothing_for_the_lights() {
    let porch = Porch::lit();
    write_clicks(&porch.path("clicks.wav"), 48_000, 30, &[0]);
    porch.write_show("porch", &format!("audio clicks.wav\n{LIT}"));
    let server = SoundServer::start(&porch.path(""));
    let mut launch = heard(&porch);
    server.kill();
    launch.says("the sound is lost");
    let _again = SoundServer::start(&porch.path(""));
    launch.says("the sound is back");
    assert!(porch.is_lit());
    launch.goes_safe_on_signal(Signal::TERM);
    launch.ends_with(0);
}

#[test]
fn without_a_sound_server_a_show_plays_by_the_machines_clock() {
    let porch = with_music();
    let mut launch = heard(&porch);
    launch.says("the show plays by the machine's clock");
    launch.goes_safe_on_signal(Signal::TERM);
    launch.ends_with(0);
}

#[test]
fn a_sound_card_that_another_program_holds_leaves_the_lights_to_the_machines_clock() {
    let porch = with_music();
    let mut command = porch.command_with_sound(&[], "porch");
    command.env("LD_PRELOAD", preload(&porch, "busy_card"));
    command.stdout(fs::File::options().append(true).open(porch.path("errors")).unwrap());
    let said = porch.launch(command).once_lit().ends_with(0);
    assert!(said.contains("the show plays by the machine's clock"), "{said}");
}

#[test]
fn a_required_sound_card_that_another_program_holds_is_told() {
    let porch = with_music();
    porch.write_rig("[audio]\nrequired = true\n");
    let mut command = porch.command_with_sound(&[], "porch");
    command.env("LD_PRELOAD", preload(&porch, "busy_card"));
    let mut launch = porch.launch(command);
    let code = launch.code();
    let said = launch.said();
    assert!(code == 69 && said.contains("the rig says it is required"), "{code}: {said}");
    println!("{said}");
    launch.until("safe", |launch| launch.porch.pins().is_empty() || launch.porch.is_safe());
    plays_next(&porch);
}
