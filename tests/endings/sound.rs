//! A show with music on a sound server of its own, and what ends with it; and files that fail.

use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Signal;
use starcourt::time::Mono;

use crate::common::porch::{LIT, Porch};
use crate::sound_server::{SoundServer, hearing, write_clicks};

/// Gives the porch a show of half a minute with music, and a sound card to hear it on.
pub(crate) fn with_music(porch: &Porch) -> SoundServer {
    write_clicks(&porch.path("clicks.wav"), 48_000, 30, &[0]);
    porch.write_show("porch", &format!("audio clicks.wav\n{LIT}"));
    SoundServer::start(&porch.path(""))
}

/// What plays it.
pub(crate) fn heard(porch: &Porch) -> Command {
    let mut command = porch.command_with_sound(&[], "porch");
    hearing(&mut command, &porch.path(""));
    command
}

/// The same, with its notices in the porch's `told`.
#[cfg(debug_assertions)]
fn heard_with_fault(porch: &Porch, fault: &str) -> Command {
    let mut command = heard(porch);
    command.env("STARCOURT_FAULT", fault).stdout(std::fs::File::create(porch.path("told")).unwrap());
    command
}

#[cfg(debug_assertions)]
fn told(porch: &Porch) -> String {
    std::fs::read_to_string(porch.path("told")).unwrap()
}

#[test]
fn a_required_sound_device_that_dies_ends_the_show() {
    let porch = Porch::lit();
    let server = with_music(&porch);
    porch.write_rig("stop_fade = \"20 s\"\n[audio]\nrequired = true\n");
    let mut launch = porch.launch(heard(&porch)).once_lit();
    launch.goes_safe_on("the sound device dies", |_| server.kill());
    launch.ends_with(69);
}

#[test]
fn a_full_disk_under_the_trace_is_told_when_the_show_has_played() {
    let porch = Porch::new("0 ms", "0:01", LIT);
    std::fs::create_dir(porch.path("disk")).unwrap();
    let disk = porch.path("disk").display().to_string();
    let full = format!(
        "mount -t tmpfs -o size=16k none '{disk}' && {{ head -c 64K /dev/zero >'{disk}/fill' 2>&1; exec \"$@\"; }}"
    );
    let mut command =
        porch.command_by(&["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", &full, "sh"]);
    command.arg("--trace").arg(porch.path("disk/trace.csv"));
    let told = porch.launch(command).once_lit().ends_with(1);
    assert!(told.contains("No space left"), "{told}");
}

/// Far less than the device hangs, and far more than the end of a show takes.
const PROMPT: Duration = Duration::from_secs(4);

#[cfg(debug_assertions)]
#[test]
fn a_required_sound_device_that_hangs_leaves_signals_heard() {
    let porch = Porch::lit();
    let _server = with_music(&porch);
    porch.write_rig("[audio]\nrequired = true\n");
    let mut launch = porch.launch(heard_with_fault(&porch, "sound open after 0 ms for 9000 ms"));
    launch.until("holding the lock", |launch| launch.is_the_holder());
    thread::sleep(Duration::from_millis(800));
    assert!(porch.is_safe(), "lit before its sound: {}", porch.pins());
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
        let porch = Porch::lit();
        let _server = with_music(&porch);
        let mut launch = porch.launch(heard_with_fault(&porch, "music open after 0 ms for 9000 ms"));
        launch.until("holding the lock", |launch| launch.is_the_holder() && launch.porch.is_safe());
        thread::sleep(Duration::from_millis(500));
        assert!(porch.is_safe(), "lit before its sound: {}", porch.pins());
        let start = Instant::now();
        match is_signal {
            true => launch.signal(Signal::TERM),
            false => assert!(porch.order(&["stop"]).status().unwrap().success()),
        }
        launch.ends_with(0);
        assert!(start.elapsed() < PROMPT, "ended after {:?}", start.elapsed());
    }
}

#[cfg(debug_assertions)]
#[test]
fn music_on_a_disk_that_hangs_for_ten_seconds_is_given_up() {
    let porch = Porch::lit();
    let _server = with_music(&porch);
    porch.launch(heard_with_fault(&porch, "music open after 0 ms for 40000 ms")).ends_with(1);
    let told = std::fs::read_to_string(porch.path("errors")).unwrap_or_default() + &told(&porch);
    assert!(told.contains("the music was not opened within 10 s"), "{told}");
}

#[cfg(debug_assertions)]
#[test]
fn a_required_sound_device_that_hangs_for_ten_seconds_is_missing() {
    let porch = Porch::lit();
    let _server = with_music(&porch);
    porch.write_rig("[audio]\nrequired = true\n");
    porch.launch(heard_with_fault(&porch, "sound open after 0 ms for 40000 ms")).ends_with(69);
    let told = told(&porch);
    assert!(
        told.contains("sound device `default`: it does not answer; the rig says it is required"),
        "{told}"
    );
}

#[cfg(debug_assertions)]
#[test]
fn a_sound_device_that_hangs_holds_up_no_show_for_longer_than_ten_seconds() {
    let porch = Porch::lit();
    let _server = with_music(&porch);
    let launch = porch.launch(heard_with_fault(&porch, "sound open after 0 ms for 40000 ms")).once_lit();
    launch.signal(Signal::TERM);
    launch.ends_with(0);
    let told = told(&porch);
    assert!(told.contains("no sound: sound device `default`: it does not answer"), "{told}");
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
    let porch = Porch::lit();
    let clicks: Vec<u64> = (0..32).map(|quarter| 100 + quarter * 250).collect();
    write_clicks(&porch.path("clicks.wav"), 48_000, 9, &clicks);
    let cues = clicks.iter().map(|millis| format!("{millis} ms  garland  on for 50 ms\n"));
    porch.write_show("porch", &format!("audio clicks.wav\n0:00  neon  on\n{}", cues.collect::<String>()));
    let server = SoundServer::start(&porch.path(""));
    let recording = server.record();
    let trace = porch.path("trace.csv");
    let mut command = heard(&porch);
    command.arg("--trace").arg(&trace);
    let mut launch = porch.launch(command);
    launch.until("lit", |launch| launch.porch.pins().chars().nth(4) == Some('0'));
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
