//! The everyday commands around a show, with the real program: walking the channels, and finding a
//! speaker's latency.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on ends by panicking")]

mod common;
#[allow(dead_code, reason = "nothing is recorded here")]
mod sound_server;

use std::fs;
use std::time::Duration;

use common::setup::{ALONE, Setup};
use common::show_launch::ShowLaunch;
use sound_server::{SoundServer, hearing};

/// What the trace tells of `channel`: when it was where, in ms and per mille; of a fade its ends.
fn traced(setup: &Setup, channel: &str) -> Vec<(u64, u16)> {
    let text = fs::read_to_string(setup.path("trace.csv")).unwrap();
    let rows = text.lines().skip(1).map(|line| line.split(',').collect::<Vec<_>>());
    let mut told: Vec<(u64, u16)> = rows
        .filter(|row| row[3] == channel)
        .map(|row| (row[0].parse::<u64>().unwrap() / 1_000, row[4].parse().unwrap()))
        .collect();
    let steps = told.clone();
    told.retain(|(_, level)| [0, 1_000].contains(level) || steps.len() <= 2);
    told
}

#[test]
fn test_lights_each_channel_in_its_turn_and_names_its_pins() {
    let setup = Setup::lit();
    let mut command = setup.command_for("test");
    let out = fs::File::create(setup.path("out")).unwrap();
    command.arg("--trace").arg(setup.path("trace.csv")).stdout(out);
    setup.launch(command).ends_with(0);
    let out = fs::read_to_string(setup.path("out")).unwrap();
    for line in [
        "1 of 4  neon: GPIO 4, header pin 7 (relay)",
        "2 of 4  garland: GPIO 17, header pin 11 (ssr)",
        "3 of 4  moon: GPIO 18, header pin 12 (pwm)",
        "4 of 4  exit: GPIO 27, header pin 13 (ssr)",
    ] {
        assert!(out.contains(line), "{out}");
    }
    assert_eq!(traced(&setup, "neon"), [(300, 1_000), (1_300, 0)]);
    assert_eq!(traced(&setup, "garland"), [(1_600, 1_000), (2_600, 0)]);
    let moon = traced(&setup, "moon");
    assert!(moon.contains(&(3_400, 1_000)) && moon.last().unwrap().1 == 0, "{moon:?}");
}

#[test]
fn test_takes_one_channel_by_name_for_as_long_as_it_is_told() {
    let setup = Setup::lit();
    let mut command = setup.command_for("test");
    command.args(["--channel", "garland", "--seconds", "2"]).arg("--trace").arg(setup.path("trace.csv"));
    setup.launch(command).ends_with(0);
    assert_eq!(traced(&setup, "garland"), [(300, 1_000), (2_300, 0)]);
    let mut command = setup.command_for("test");
    command.args(["--channel", "galrand"]);
    let told = setup.launch(command).ends_with(2);
    assert!(told.contains("did you mean `garland`?"), "{told}");
}

#[test]
fn a_step_waits_for_a_key() {
    let setup = Setup::lit();
    let mut command = setup.command_for_by(ALONE, "test");
    command.arg("--step");
    let mut launch = setup.launch_in_terminal(command);
    let carries =
        |launch: &ShowLaunch<'_>, line: usize, sign| launch.setup.pins().chars().nth(line) == Some(sign);
    launch.until("neon lit", |launch| carries(launch, 4, '0'));
    // Longer than its turn would last.
    launch.stays(Duration::from_millis(1_500), "neon lit", |launch| carries(launch, 4, '0'));
    launch.terminal().types("x");
    launch.until("garland lit", |launch| carries(launch, 17, '1') && carries(launch, 4, '1'));
    launch.stays(Duration::from_millis(1_500), "garland lit", |launch| carries(launch, 17, '1'));
    launch.terminal().types("q");
    launch.ends_with(0);
}

#[test]
fn what_needs_keys_says_so_where_there_are_none() {
    let setup = Setup::lit();
    for words in [&["calibrate"][..], &["test", "--step"]] {
        let mut command = setup.command_for(words[0]);
        command.args(&words[1..]);
        let mut launch = setup.launch(command);
        assert_eq!(launch.code(), 2);
        assert!(launch.said().contains("ssh -t"), "{}", launch.said());
    }
}

const REMARKS: &str = "[audio]\nlatency = \"20 ms\"   # the big one\n";

fn calibrating(setup: &Setup) -> ShowLaunch<'_> {
    setup.write_rig(REMARKS);
    let mut command = setup.command_for_by(ALONE, "calibrate");
    command.args(["--channel", "garland"]);
    let mut launch = setup.launch_in_terminal({
        hearing(&mut command, &setup.path(""));
        command
    });
    launch.says("when they meet");
    // Garland flashes.
    launch.until("lit", |launch| launch.setup.pins().chars().nth(17) == Some('1'));
    launch
}

fn rig_of(setup: &Setup) -> String {
    fs::read_to_string(setup.path("rig.toml")).unwrap()
}

#[test]
fn enter_writes_the_latency_that_the_keys_made_and_nothing_else() {
    let setup = Setup::lit();
    let _server = SoundServer::start(&setup.path(""));
    let mut launch = calibrating(&setup);
    let before = rig_of(&setup);
    launch.terminal().types("\x1b[C\x1b[C]\x1b[D]]\r");
    let told = launch.ends_with(0);
    assert!(told.contains("latency = \"28 ms\" is in"), "{told}");
    assert_eq!(rig_of(&setup), before.replace("\"20 ms\"   #", "\"28 ms\"   #"));
    assert_eq!(fs::read_to_string(setup.path("rig.toml.bak")).unwrap(), before);
}

#[test]
fn whoever_leaves_without_enter_leaves_the_rig_as_it_was() {
    for key in ["q", "\x1b", "\x03"] {
        let setup = Setup::lit();
        let _server = SoundServer::start(&setup.path(""));
        let mut launch = calibrating(&setup);
        let before = rig_of(&setup);
        launch.terminal().types("\x1b[C");
        launch.terminal().types(key);
        launch.ends_with(0);
        assert_eq!(rig_of(&setup), before);
        assert!(!setup.path("rig.toml.bak").exists());
    }
}

#[test]
fn without_sound_there_is_nothing_to_calibrate() {
    let setup = Setup::lit();
    let mut command = setup.command_for_by(ALONE, "calibrate");
    hearing(&mut command, &setup.path(""));
    setup.launch_in_terminal(command).ends_with(69);
}
