//! Sound devices that cannot be had: what a person is told of them, by `play` and by `doctor`.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use rustix::process::Signal;

use crate::common::setup::Setup;
use crate::files::plays_next;
use crate::music::with_music;
use crate::preload::preload;
use crate::sound_server::{Server, SoundServer};

const OUT_OF_REACH: &str = "the sound server (PipeWire or PulseAudio) cannot be reached as this user";
/// What a sound library says, and a person need not read.
const TECHNICAL: [&str; 5] = ["Host is down", "refused", "ALSA function", "snd_pcm", "not available"];
const CARDS: &str = " 0 [vc4hdmi0       ]: vc4-hdmi - vc4-hdmi-0\n                      vc4-hdmi-0\n \
                     1 [Headphones     ]: bcm2835_headpho - bcm2835 Headphones\n                      bcm2835\n";
const TO_NAME: &str = r#"device = "plughw:CARD=Headphones" (or "sysdefault:CARD=vc4hdmi0")"#;

/// What plays the show of [`with_music`] on a machine with the cards of a Pi.
fn on_a_pi(setup: &Setup, libraries: &[PathBuf]) -> Command {
    with_cards(setup, libraries, setup.command_with_sound(&[], "porch"))
}

fn with_cards(setup: &Setup, libraries: &[PathBuf], mut command: Command) -> Command {
    fs::create_dir_all(setup.path("asound")).unwrap();
    fs::write(setup.path("asound/cards"), CARDS).unwrap();
    let own = preload(setup, "sound_cards");
    let all: Vec<String> =
        [&own].into_iter().chain(libraries).map(|path| path.display().to_string()).collect();
    command.env("LD_PRELOAD", all.join(":")).env("FAKE_ASOUND", setup.path("asound"));
    command.stdout(fs::File::options().append(true).create(true).open(setup.path("errors")).unwrap());
    command
}

/// What `doctor` says here.
fn doctor(setup: &Setup, prepare: impl FnOnce(Command) -> Command) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_starcourt"));
    command.args(["doctor", "--output", "sim", "--rig"]).arg(setup.path("rig.toml"));
    command.arg("--lock-dir").arg(setup.path("lock"));
    let output = prepare(command).stdout(Stdio::piped()).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

#[track_caller]
fn assert_plain(said: &str) {
    for words in TECHNICAL {
        assert!(!said.contains(words), "{words}: {said}");
    }
}

#[test]
fn a_sound_server_out_of_reach_is_told_in_plain_words_and_the_lights_play_on() {
    for server in Server::ALL {
        let setup = with_music();
        let mut command = on_a_pi(&setup, &[]);
        server.heard_by(&mut command, &setup.path(""));
        let said = setup.launch(command).once_lit().ends_with(0);
        let told =
            format!("No sound: {OUT_OF_REACH}. Name a card under [audio]: {TO_NAME}. The lights play on.");
        assert!(said.contains(&told), "{server:?}: {said}");
        assert_plain(&said);
    }
}

#[test]
fn the_technical_words_are_in_the_log_for_whoever_asks() {
    let setup = with_music();
    let mut command = on_a_pi(&setup, &[]);
    Server::PipeWire.heard_by(&mut command, &setup.path("")).env("STARCOURT_LOG", "debug");
    let said = setup.launch(command).once_lit().ends_with(0);
    assert!(said.contains("sound device `default`: ") && said.contains("Host is down (112)"), "{said}");
}

#[test]
fn a_sound_card_that_another_program_holds_is_told_with_the_other_cards() {
    let setup = with_music();
    let said = setup.launch(on_a_pi(&setup, &[preload(&setup, "busy_card")])).once_lit().ends_with(0);
    let told = format!(
        "No sound: another program is using the sound device `default`. End that program (`sudo starcourt doctor` \
         names it), or name another card under [audio]: {TO_NAME}. The lights play on."
    );
    assert!(said.contains(&told), "{said}");
    assert_plain(&said);
}

#[test]
fn a_required_sound_card_that_another_program_holds_is_told() {
    let setup = with_music();
    setup.write_rig("[audio]\nrequired = true\n");
    let mut launch = setup.launch(on_a_pi(&setup, &[preload(&setup, "busy_card")]));
    let code = launch.code();
    let said = launch.said();
    let told =
        "no sound, and sound is required: another program is using the sound device `default`.\n  End that";
    assert!(code == 69 && said.contains(told), "{code}: {said}");
    launch.until("safe", |launch| launch.setup.pins().is_empty() || launch.setup.is_safe());
    plays_next(&setup);
}

#[test]
fn without_a_sound_server_a_show_still_ends_on_a_signal() {
    let setup = with_music();
    let mut command = on_a_pi(&setup, &[]);
    Server::PulseAudio.heard_by(&mut command, &setup.path(""));
    let mut launch = setup.launch(command).once_lit();
    launch.says("The lights play on.");
    launch.goes_safe_on_signal(Signal::TERM);
    launch.ends_with(0);
}

#[test]
fn the_doctor_opens_the_device_and_says_what_to_write_into_the_rig() {
    let setup = with_music();
    for server in Server::ALL {
        let said = doctor(&setup, |mut command| {
            server.heard_by(&mut command, &setup.path(""));
            with_cards(&setup, &[], command)
        });
        assert!(said.contains(&format!("advice  {OUT_OF_REACH} (tried as ")), "{said}");
        let mend = format!(
            "editor {}    # under [audio]: device = \"plughw:CARD=Headphones\"",
            setup.path("rig.toml").display()
        );
        assert!(said.contains(&mend), "{mend}: {said}");
        assert_plain(&said);
    }
}

#[test]
fn the_doctor_hears_a_sound_server_where_there_is_no_card() {
    for server in Server::ALL {
        let setup = with_music();
        let _server = SoundServer::start_as(server, &setup.path(""), false);
        let said = doctor(&setup, |mut command| {
            server.heard_by(&mut command, &setup.path(""));
            command
        });
        assert!(said.contains("good    the sound device \"default\" plays (tried as "), "{said}");
        assert!(!said.contains("no sound") && !said.contains("silence"), "{said}");
    }
}
