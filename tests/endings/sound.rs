//! A show with music on a sound server of its own, and what ends with it; and files that fail.

use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Signal;
use starcourt::time::Mono;

use crate::common::setup::{LIT, Setup};
use crate::sound_server::{SoundServer, hearing, write_clicks};

/// Gives `setup` a show of half a minute with music, and a sound server that plays it.
pub(crate) fn with_music(setup: &Setup) -> SoundServer {
    write_clicks(&setup.path("clicks.wav"), 48_000, 30, &[0]);
    setup.write_show("porch", &format!("audio clicks.wav\n{LIT}"));
    SoundServer::start(&setup.path(""))
}

/// What plays it.
pub(crate) fn heard(setup: &Setup) -> Command {
    let mut command = setup.command_with_sound(&[], "porch");
    hearing(&mut command, &setup.path(""));
    command
}

/// The same, with its notices in the file `told`.
#[cfg(debug_assertions)]
fn heard_with_fault(setup: &Setup, fault: &str) -> Command {
    let mut command = heard(setup);
    command.env("STARCOURT_FAULT", fault).stdout(std::fs::File::create(setup.path("told")).unwrap());
    command
}

#[cfg(debug_assertions)]
fn told(setup: &Setup) -> String {
    std::fs::read_to_string(setup.path("told")).unwrap()
}

#[test]
fn a_required_sound_device_that_dies_ends_the_show() {
    let setup = Setup::lit();
    let server = with_music(&setup);
    setup.write_rig("stop_fade = \"20 s\"\n[audio]\nrequired = true\n");
    let mut launch = setup.launch(heard(&setup)).once_lit();
    launch.goes_safe_on("the sound device dies", |_| server.kill());
    launch.ends_with(69);
}

#[test]
fn a_full_disk_under_the_trace_is_told_when_the_show_has_played() {
    let setup = Setup::new("0 ms", "0:01", LIT);
    std::fs::create_dir(setup.path("disk")).unwrap();
    let disk = setup.path("disk").display().to_string();
    let full = format!(
        "mount -t tmpfs -o size=16k none '{disk}' && {{ head -c 64K /dev/zero >'{disk}/fill' 2>&1; exec \"$@\"; }}"
    );
    let mut command =
        setup.command_by(&["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", &full, "sh"]);
    command.arg("--trace").arg(setup.path("disk/trace.csv"));
    let told = setup.launch(command).once_lit().ends_with(1);
    assert!(told.contains("No space left"), "{told}");
}

/// Far less than the device hangs, and far more than the end of a show takes.
const PROMPT: Duration = Duration::from_secs(4);

#[cfg(debug_assertions)]
#[test]
fn a_required_sound_device_that_hangs_leaves_signals_heard() {
    let setup = Setup::lit();
    let _server = with_music(&setup);
    setup.write_rig("[audio]\nrequired = true\n");
    let mut launch = setup.launch(heard_with_fault(&setup, "sound open after 0 ms for 9000 ms"));
    launch.until("holding the lock", |launch| launch.is_the_holder());
    thread::sleep(Duration::from_millis(800));
    assert!(setup.is_safe(), "lit before its sound: {}", setup.pins());
    let start = Instant::now();
    launch.signal(Signal::TERM);
    launch.ends_with(0);
    assert!(start.elapsed() < PROMPT, "ended after {:?}", start.elapsed());
}

/// As a share of the network does whose server is gone.
#[cfg(debug_assertions)]
#[test]
fn music_on_a_disk_that_hangs_leaves_signals_and_orders_heard() {
    for is_signal in [true, false] {
        let setup = Setup::lit();
        let _server = with_music(&setup);
        let mut launch = setup.launch(heard_with_fault(&setup, "music open after 0 ms for 9000 ms"));
        launch.until("holding the lock", |launch| launch.is_the_holder() && launch.setup.is_safe());
        thread::sleep(Duration::from_millis(500));
        assert!(setup.is_safe(), "lit before its sound: {}", setup.pins());
        let start = Instant::now();
        match is_signal {
            true => launch.signal(Signal::TERM),
            false => assert!(setup.order(&["stop"]).status().unwrap().success()),
        }
        launch.ends_with(0);
        assert!(start.elapsed() < PROMPT, "ended after {:?}", start.elapsed());
    }
}

#[cfg(debug_assertions)]
#[test]
fn music_on_a_disk_that_hangs_for_ten_seconds_is_given_up() {
    let setup = Setup::lit();
    let _server = with_music(&setup);
    setup.launch(heard_with_fault(&setup, "music open after 0 ms for 40000 ms")).ends_with(1);
    let told = std::fs::read_to_string(setup.path("errors")).unwrap_or_default() + &told(&setup);
    assert!(told.contains("the music was not opened within 10 s"), "{told}");
}

#[cfg(debug_assertions)]
#[test]
fn a_required_sound_device_that_hangs_for_ten_seconds_is_missing() {
    let setup = Setup::lit();
    let _server = with_music(&setup);
    setup.write_rig("[audio]\nrequired = true\n");
    setup.launch(heard_with_fault(&setup, "sound open after 0 ms for 40000 ms")).ends_with(69);
    let told = told(&setup);
    assert!(
        told.contains("no sound, and sound is required: the sound device `default` does not answer"),
        "{told}"
    );
}

#[cfg(debug_assertions)]
#[test]
fn a_sound_device_that_hangs_holds_up_no_show_for_longer_than_ten_seconds() {
    let setup = Setup::lit();
    let _server = with_music(&setup);
    let launch = setup.launch(heard_with_fault(&setup, "sound open after 0 ms for 40000 ms")).once_lit();
    launch.signal(Signal::TERM);
    launch.ends_with(0);
    let told = told(&setup);
    assert!(told.contains("No sound: the sound device `default` does not answer. "), "{told}");
}

/// Sound minus light that is the same for all clicks may be the recording's; this much more is not.
const TOGETHER: i64 = 20_000_000;
const STOPS: [Duration; 2] = [Duration::from_millis(500), Duration::from_millis(2_000)];

#[test]
fn after_the_process_was_stopped_every_light_comes_with_its_sound() {
    // A machine that is busy with other tests starves the sound server now and then.
    let trials = [(); 3].map(|()| lights_against_sound());
    assert!(trials.iter().any(Result::is_ok), "{trials:?}");
}

/// Plays clicks with a light each, stops the process twice, and compares.
fn lights_against_sound() -> Result<(), String> {
    let setup = Setup::lit();
    let clicks: Vec<u64> = (0..32).map(|quarter| 100 + quarter * 250).collect();
    write_clicks(&setup.path("clicks.wav"), 48_000, 9, &clicks);
    let cues = clicks.iter().map(|millis| format!("{millis} ms  garland  on for 50 ms\n"));
    setup.write_show("porch", &format!("audio clicks.wav\n0:00  neon  on\n{}", cues.collect::<String>()));
    let server = SoundServer::start(&setup.path(""));
    let recording = server.record();
    let trace = setup.path("trace.csv");
    let mut command = heard(&setup);
    command.arg("--trace").arg(&trace);
    let mut launch = setup.launch(command);
    launch.until("lit", |launch| launch.setup.pins().chars().nth(4) == Some('0'));
    for stop in STOPS {
        thread::sleep(Duration::from_millis(1_500));
        launch.signal(Signal::STOP);
        thread::sleep(stop);
        launch.signal(Signal::CONT);
    }
    launch.ends_with(0);
    let heard = recording.clicks();
    let lights = lights(&std::fs::read_to_string(trace).unwrap());
    if lights.len() != clicks.len() || heard.len() < clicks.len() - STOPS.len() {
        return Err(format!("{} lights and {} clicks of {}", lights.len(), heard.len(), clicks.len()));
    }
    let apart = |light: &Mono| heard.iter().map(|heard| heard.since(*light)).min_by_key(|apart| apart.abs());
    let apart: Vec<i64> = lights.iter().filter_map(apart).collect();
    // A click that was cut by a stop is the last before it.
    let strays = apart.iter().filter(|apart| apart.abs() > TOGETHER).count();
    if strays > STOPS.len() { Err(format!("{strays} strays: {apart:?}")) } else { Ok(()) }
}

/// When garland went on, each time.
fn lights(trace: &str) -> Vec<Mono> {
    let lit = trace.lines().filter(|line| line.ends_with(",garland,1000"));
    lit.map(|line| Mono::from_nanos(line.split(',').nth(2).unwrap().parse().unwrap())).collect()
}
