//! Light and sound of the real binary on PulseAudio and PipeWire: in step from the first second, and again after
//! something stood still. Bounds are for a busy machine; `cargo bench --bench sync` measures.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod launch;
mod seeking;
#[path = "../sound_server/mod.rs"]
#[allow(dead_code)]
mod sound_server;
mod speeds;
mod stall;

use std::sync::Mutex;
use std::time::Duration;

use launch::{Apart, Launch, Stage, median, off_median};
use seeking::SEEKS;
use sound_server::Server;
use speeds::SPEEDS;
use stall::Who;

/// A machine that has other things to do starves server, recorder and player. What is wrong with our own sync is
/// wrong each time.
const TRIALS: usize = 3;
/// The way from the sink to the recording is two milliseconds at most.
const NEAR: i64 = 10_000_000;
/// Off the launch's middle.
const STEADY: i64 = 3_000_000;
/// After a stall.
const IN_STEP: i64 = 20_000_000;

/// One launch at a time: two would starve each other.
static ALONE: Mutex<()> = Mutex::new(());

/// Plays until `judge` finds nothing wrong, for a few times.
fn try_launches(play: impl Fn() -> Result<Launch, String>, judge: impl Fn(&Launch) -> Result<(), String>) {
    let _alone = ALONE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let mut wrong = Vec::new();
    for _ in 0..TRIALS {
        match play().and_then(|launch| judge(&launch)) {
            Ok(()) => return,
            Err(why) => wrong.push(why),
        }
    }
    panic!("wrong each time: {wrong:#?}");
}

fn is_in_step(launch: &Launch) -> Result<(), String> {
    let apart = launch.apart();
    let unsteady = off_median(&apart).into_iter().filter(|off| off.nanos.abs() > STEADY).count();
    match () {
        () if !launch.is_whole() => Err(counts(launch)),
        () if median(&apart).abs() > NEAR => Err(format!("{} ns apart", median(&apart))),
        () if unsteady * 10 > apart.len() => Err(format!("not steady: {:?}", off_median(&apart))),
        () => Ok(()),
    }
}

fn counts(launch: &Launch) -> String {
    let (lights, clicks) = (launch.lights.len(), launch.heard.len());
    format!("of {} cues, {lights} lights and {clicks} clicks; {} clicks unlit", launch.cues, launch.unlit())
}

#[test]
fn lights_and_sound_are_in_step_from_the_first_second_to_the_last() {
    for server in Server::ALL {
        let stage = Stage::new(server, false, 4);
        try_launches(|| stage.play(true, |_| ()), is_in_step);
    }
}

#[test]
fn lights_and_sound_are_in_step_when_the_sink_has_just_woken() {
    for server in Server::ALL {
        let stage = Stage::new(server, true, 4);
        std::thread::sleep(2 * sound_server::SLEEPS_AFTER);
        try_launches(|| stage.play(false, |_| ()), is_in_step);
    }
}

/// No cue is lost, and whatever is heard is seen within [`IN_STEP`].
fn comes_back_into_step(launch: &Launch) -> Result<(), String> {
    let late: Vec<Apart> = launch.apart().into_iter().filter(|apart| apart.nanos.abs() > IN_STEP).collect();
    match () {
        () if launch.lights.len() < launch.cues || launch.unlit() > 0 => Err(counts(launch)),
        () if !late.is_empty() => Err(format!("out of step: {late:?}; {}", counts(launch))),
        () => Ok(()),
    }
}

#[test]
fn after_a_stop_of_the_process_no_cue_is_lost_and_each_is_in_step() {
    for server in Server::ALL {
        let stage = Stage::new(server, false, 7);
        let play = || stage.play_with_stall(Who::Process, Duration::from_secs(2));
        try_launches(play, comes_back_into_step);
    }
}

#[test]
fn after_a_stop_of_the_sound_server_no_cue_is_lost_and_each_is_in_step() {
    for server in Server::ALL {
        let stage = Stage::new(server, false, 7);
        let play = || stage.play_with_stall(Who::Server, Duration::from_secs(2));
        try_launches(play, comes_back_into_step);
    }
}

/// The text says something else each time, and lights the same.
fn save_often(stage: &Stage) {
    let sheet = stage.path("clicks.show");
    let text = std::fs::read_to_string(&sheet).unwrap();
    for save in 0..15 {
        std::thread::sleep(Duration::from_millis(200));
        std::fs::write(&sheet, format!("{text}# {save}\n")).unwrap();
    }
}

/// Each light that came on has its click. What the card already had of an old place is still heard: a click a seek at most.
fn follows_seeks(launch: &Launch) -> Result<(), String> {
    let apart = launch.apart();
    let far: Vec<&Apart> = apart.iter().filter(|apart| apart.nanos.abs() > IN_STEP).collect();
    let unsteady = off_median(&apart).into_iter().filter(|off| off.nanos.abs() > STEADY).count();
    match () {
        () if apart.len() < launch.cues || launch.unlit() > SEEKS => Err(counts(launch)),
        () if median(&apart).abs() > NEAR => Err(format!("{} ns apart", median(&apart))),
        () if !far.is_empty() => Err(format!("out of step: {far:?}; {}", counts(launch))),
        () if unsteady * 10 > apart.len() => Err(format!("not steady: {:?}", off_median(&apart))),
        () => Ok(()),
    }
}

#[test]
fn while_the_show_is_being_written_its_sound_plays_on_and_stays_in_step() {
    for server in Server::ALL {
        let stage = Stage::new(server, false, 4).with_option("--watch");
        try_launches(|| stage.play(true, |_| save_often(&stage)), is_in_step);
    }
}

/// Each light comes once, and what is heard is lit. At another speed nothing is heard: a click a change at most, which fades.
fn follows_speeds(launch: &Launch) -> Result<(), String> {
    let apart = launch.apart();
    let far: Vec<&Apart> = apart.iter().filter(|apart| apart.nanos.abs() > IN_STEP).collect();
    match () {
        () if launch.lights.len() != launch.cues || launch.unlit() > SPEEDS => Err(counts(launch)),
        () if apart.len() * 4 < launch.cues => Err(format!("{} are heard; {}", apart.len(), counts(launch))),
        () if median(&apart).abs() > NEAR => Err(format!("{} ns apart", median(&apart))),
        () if !far.is_empty() => Err(format!("out of step: {far:?}; {}", counts(launch))),
        () => Ok(()),
    }
}

#[test]
fn after_half_and_double_speed_light_and_sound_go_on_together_and_no_cue_is_lost() {
    for server in Server::ALL {
        let stage = Stage::new(server, false, 9);
        try_launches(|| stage.play_with_speeds(), follows_speeds);
    }
}

#[test]
fn after_each_seek_light_and_sound_go_on_together() {
    for server in Server::ALL {
        let stage = Stage::new(server, false, 7);
        try_launches(|| stage.play_with_seeks(), follows_seeks);
    }
}
