//! The audio clock against a sound server: what was recorded is compared with what the clock said.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod sound_server;

use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use sound_server::{SoundServer, child, with_own_sound, write_clicks};
use starcourt::audio::{AudioSource, Volume};
use starcourt::clock::sound::{AudioClock, Notice, StartError};
use starcourt::clock::{Clock, Leader, Playhead, Position, monotonic};
use starcourt::rig::Audio;
use starcourt::speed::Speed;
use starcourt::time::{Mono, Offset, ShowTime};

/// The sound's own way to the recording is a few milliseconds; a busy machine adds some.
const NEAR: i64 = 20_000_000;
const STEADY: i64 = 5_000_000;
/// How near each other light and sound have to be after something stood still.
const STEADY_AFTER_STALL: i64 = 20_000_000;
/// Milliseconds between clicks: many times as long as anything here may be off.
const EVERY: u64 = 300;

fn output(device: &str, required: bool) -> Audio {
    Audio { device: device.to_owned(), latency: Offset::ZERO, lead_in: Duration::ZERO, required }
}

fn source(file: &Path) -> AudioSource {
    AudioSource { file: file.to_owned(), from: ShowTime::ZERO, repeat: None }
}

fn show_ms(millis: u64) -> Position {
    Position::at(ShowTime::from_micros(millis * 1_000))
}

fn position(clock: &AudioClock) -> Option<Position> {
    let now = monotonic::now();
    match clock.playhead(now) {
        Playhead::Waiting => None,
        Playhead::Paused(position) => Some(position),
        Playhead::Running(course) => Some(course.at(now)),
    }
}

/// Waits until `wanted` holds, or fails as `what`.
fn wait_for(what: &str, mut wanted: impl FnMut() -> bool) {
    let patience = Instant::now() + Duration::from_secs(20);
    while !wanted() {
        assert!(Instant::now() < patience, "never happened: {what}");
        thread::sleep(Duration::from_millis(2));
    }
}

/// The instant that the clock gives for `millis`, asked when the playhead is just past it.
fn passed(clock: &AudioClock, millis: u64) -> Mono {
    let position = show_ms(millis);
    wait_for("the playhead arrives", || self::position(clock).is_some_and(|at| at >= position));
    let Playhead::Running(course) = clock.playhead(monotonic::now()) else { panic!("the show runs") };
    course.when(position).expect("the playhead has been there")
}

/// What was `predicted` was heard, by about the same time off: two of three clicks at least, for a
/// machine that is busy with other tests starves the sound now and then.
fn check_heard(predicted: &[Mono], heard: &[Mono], steady: i64) {
    let mut off: Vec<i64> = predicted
        .iter()
        .map(|&click| {
            let nearest = heard.iter().map(|heard| heard.since(click)).min_by_key(|off| off.abs());
            nearest.expect("nothing was recorded")
        })
        .collect();
    off.sort_unstable();
    let (median, spread) = (off[off.len() / 2], off[off.len() - 1] - off[0]);
    println!("median {} µs, spread {} µs of {} clicks", median / 1_000, spread / 1_000, off.len());
    assert!(median.abs() <= NEAR, "heard {median} ns after the clock said: of {predicted:?}, {heard:?}");
    let steady = off.iter().filter(|off| (*off - median).abs() <= steady).count();
    assert!(3 * steady >= 2 * off.len(), "not steady: {off:?}");
}

fn clicks_are_heard_at(test: &str, rate: u32) {
    with_own_sound(test, |folder| {
        let server = SoundServer::start(folder);
        let recording = server.record();
        let file = folder.join("clicks.wav");
        let clicks = [0, 400, 900, 1_450, 2_050, 2_700, 3_400];
        write_clicks(&file, rate, 4, &clicks);
        let clock = AudioClock::start(source(&file), &output("default", true), Volume::FULL).unwrap();
        let predicted = clicks.map(|millis| passed(&clock, millis));
        assert_eq!(clock.leader(), Leader::SoundCard);
        wait_for("the sound ends", || position(&clock) >= Some(show_ms(4_000)));
        assert_eq!(clock.notices(), []);
        check_heard(&predicted, &recording.clicks(), STEADY);
    });
}

#[test]
fn clicks_at_48_khz_are_heard_when_the_playhead_is_there() {
    clicks_are_heard_at("clicks_at_48_khz_are_heard_when_the_playhead_is_there", 48_000);
}

#[test]
fn clicks_at_44_khz_are_heard_when_the_playhead_is_there() {
    clicks_are_heard_at("clicks_at_44_khz_are_heard_when_the_playhead_is_there", 44_100);
}

#[test]
fn after_a_pause_sound_and_playhead_go_on_together() {
    with_own_sound("after_a_pause_sound_and_playhead_go_on_together", |folder| {
        let server = SoundServer::start(folder);
        let recording = server.record();
        let file = folder.join("clicks.wav");
        write_clicks(&file, 48_000, 3, &[200, 1_000, 1_400, 1_900]);
        let clock = AudioClock::start(source(&file), &output("default", true), Volume::FULL).unwrap();
        let mut predicted = vec![passed(&clock, 200)];
        passed(&clock, 600);
        clock.pause(monotonic::now());
        let frozen = position(&clock);
        thread::sleep(Duration::from_millis(700));
        assert_eq!(position(&clock), frozen);
        clock.resume(monotonic::now());
        let resumed = position(&clock).unwrap().0 - frozen.unwrap().0;
        assert!((0..300_000_000).contains(&resumed), "went on {resumed} ns from where it froze");
        predicted.extend([1_000, 1_400, 1_900].map(|millis| passed(&clock, millis)));
        thread::sleep(Duration::from_millis(200));
        check_heard(&predicted, &recording.clicks(), STEADY);
    });
}

/// Plays a click [`EVERY`] so often, has `disturb` done to the server at 0.8 s, and compares the next four clicks
/// that are wholly after it.
fn go_on_together_after(test: &str, disturb: impl Fn(&SoundServer, &AudioClock)) {
    with_own_sound(test, |folder| {
        let server = SoundServer::start(folder);
        let recording = server.record();
        let file = folder.join("clicks.wav");
        let clicks: Vec<u64> = (0..50).map(|click| click * EVERY).collect();
        write_clicks(&file, 48_000, 15, &clicks);
        let clock = AudioClock::start(source(&file), &output("default", false), Volume::FULL).unwrap();
        passed(&clock, 800);
        disturb(&server, &clock);
        let next = position(&clock).unwrap().0.unsigned_abs() / (EVERY * 1_000_000) + 1;
        let predicted: Vec<Mono> = (next..next + 4).map(|click| passed(&clock, click * EVERY)).collect();
        assert_eq!(clock.leader(), Leader::SoundCard);
        thread::sleep(Duration::from_millis(200));
        check_heard(&predicted, &recording.clicks(), STEADY_AFTER_STALL);
    });
}

/// Has the server hang for `hang`, shorter than a card is given up after, and sees that the playhead holds.
fn hang(server: &SoundServer, clock: &AudioClock, hang: Duration) {
    server.stalls();
    thread::sleep(hang / 2);
    let held = position(clock).unwrap();
    assert!(held < show_ms(1_400), "went on to {held:?}");
    thread::sleep(hang / 2);
    assert_eq!(position(clock), Some(held));
    server.goes_on();
    let start = Instant::now();
    wait_for("the playhead goes on", || position(clock) > Some(held));
    let took = start.elapsed();
    assert!(took < Duration::from_secs(2), "went on after {took:?}");
    let now = position(clock).unwrap();
    assert!(now.0 - held.0 < 100_000_000, "jumped from {held:?} to {now:?}");
    assert_eq!(clock.notices(), []);
}

#[test]
fn a_sound_server_that_hangs_for_a_second_holds_the_playhead() {
    go_on_together_after("a_sound_server_that_hangs_for_a_second_holds_the_playhead", |server, clock| {
        hang(server, clock, Duration::from_millis(1_000));
    });
}

#[test]
fn a_sound_server_that_hangs_for_two_seconds_holds_the_playhead() {
    go_on_together_after("a_sound_server_that_hangs_for_two_seconds_holds_the_playhead", |server, clock| {
        hang(server, clock, Duration::from_millis(2_000));
    });
}

#[test]
fn a_sound_server_that_hangs_for_longer_is_given_up_and_joins_the_show_again() {
    let test = "a_sound_server_that_hangs_for_longer_is_given_up_and_joins_the_show_again";
    go_on_together_after(test, |server, clock| {
        server.stalls();
        thread::sleep(Duration::from_millis(1_000));
        let held = position(clock).unwrap();
        let stalled = Instant::now();
        wait_for("the machine leads", || clock.leader() == Leader::Machine);
        assert!(stalled.elapsed() > Duration::from_millis(1_200), "given up after {:?}", stalled.elapsed());
        let now = position(clock).unwrap();
        assert!((0..500_000_000).contains(&(now.0 - held.0)), "went on from {held:?} at {now:?}");
        wait_for("the loss is told", || matches!(clock.notices()[..], [Notice::SoundLost(_)]));
        server.goes_on();
        wait_for("the sound card leads again", || clock.leader() == Leader::SoundCard);
        wait_for("the return is told", || clock.notices() == [Notice::SoundReturned]);
    });
}

#[test]
fn a_show_that_is_paused_while_the_sound_server_hangs_goes_on_with_its_sound() {
    let test = "a_show_that_is_paused_while_the_sound_server_hangs_goes_on_with_its_sound";
    go_on_together_after(test, |server, clock| {
        server.stalls();
        thread::sleep(Duration::from_millis(300));
        clock.pause(monotonic::now());
        let paused = position(clock);
        thread::sleep(Duration::from_millis(300));
        clock.resume(monotonic::now());
        thread::sleep(Duration::from_millis(600));
        let went_on = position(clock).unwrap().0 - paused.unwrap().0;
        assert!((0..300_000_000).contains(&went_on), "went on by {went_on} ns without sound");
        server.goes_on();
        thread::sleep(Duration::from_millis(700));
    });
}

#[test]
fn after_half_and_double_speed_the_sound_joins_the_playhead() {
    let test = "after_half_and_double_speed_the_sound_joins_the_playhead";
    go_on_together_after(test, |_, clock| {
        for (speed, parts) in [(Speed::Half, 1), (Speed::Double, 4)] {
            clock.set_speed(monotonic::now(), speed);
            assert_eq!((clock.speed(), clock.leader()), (speed, Leader::Machine));
            let (from, begin) = (position(clock).unwrap(), monotonic::now());
            thread::sleep(Duration::from_millis(300));
            let (to, end) = (position(clock).unwrap(), monotonic::now());
            let expected = end.since(begin) * parts / 2;
            assert!((to.0 - from.0 - expected).abs() < 20_000_000, "{speed:?}: {from:?} to {to:?}");
        }
        clock.set_speed(monotonic::now(), Speed::Normal);
        wait_for("the sound card leads again", || clock.leader() == Leader::SoundCard);
        assert_eq!(clock.notices(), []);
    });
}

#[test]
fn lights_hold_when_the_sound_server_dies_then_go_on_and_sound_joins_them_when_it_returns() {
    let test = "lights_hold_when_the_sound_server_dies_then_go_on_and_sound_joins_them_when_it_returns";
    with_own_sound(test, |folder| {
        let server = SoundServer::start(folder);
        let file = folder.join("clicks.wav");
        let clicks: Vec<u64> = (0..100).map(|click| click * EVERY).collect();
        write_clicks(&file, 48_000, 30, &clicks);
        let clock = AudioClock::start(source(&file), &output("default", false), Volume::FULL).unwrap();
        passed(&clock, 600);
        server.kill();
        wait_for("the machine leads", || clock.leader() == Leader::Machine);
        let held = position(&clock).unwrap();
        assert!(held < show_ms(1_400), "ran on to {held:?} without sound");
        let meanwhile = passed(&clock, 2_000);
        assert!(matches!(clock.notices()[..], [Notice::SoundLost(_)]));

        let server = SoundServer::start(folder);
        let recording = server.record();
        wait_for("the sound card leads again", || clock.leader() == Leader::SoundCard);
        wait_for("the return is told", || clock.notices() == [Notice::SoundReturned]);
        let next = position(&clock).unwrap().0.unsigned_abs() / (EVERY * 1_000_000) + 1;
        let predicted: Vec<Mono> = (next..next + 4).map(|click| passed(&clock, click * EVERY)).collect();
        let jump = predicted[0].since(meanwhile) - ((next * EVERY) as i64 - 2_000) * 1_000_000;
        assert!(jump.abs() < 300_000_000, "the lights jumped by {jump} ns");
        thread::sleep(Duration::from_millis(200));
        check_heard(&predicted, &recording.clicks(), STEADY_AFTER_STALL);
    });
}

#[test]
fn without_a_device_the_show_plays_by_the_machines_clock() {
    with_own_sound("without_a_device_the_show_plays_by_the_machines_clock", |folder| {
        let file = folder.join("clicks.wav");
        write_clicks(&file, 48_000, 1, &[]);
        for device in ["default", "no-such-card"] {
            let clock = AudioClock::start(source(&file), &output(device, false), Volume::FULL).unwrap();
            passed(&clock, 100);
            assert_eq!(clock.leader(), Leader::Machine);
            let notices = clock.notices();
            assert!(
                matches!(&notices[..], [Notice::NoSound(missing)] if missing.device == device),
                "{notices:?}"
            );
            println!("{}", notices[0]);
        }
    });
}

#[test]
fn a_required_device_that_is_missing_is_told_at_the_start() {
    with_own_sound("a_required_device_that_is_missing_is_told_at_the_start", |folder| {
        let file = folder.join("clicks.wav");
        write_clicks(&file, 48_000, 1, &[]);
        let started = AudioClock::start(source(&file), &output("no-such-card", true), Volume::FULL);
        let Err(StartError::DeviceMissing(missing)) = started else { panic!("there is no such card") };
        assert_eq!(missing.cause(), "there is no sound device `no-such-card`");
    });
}

#[test]
fn what_a_test_launched_ends_when_the_test_is_killed() {
    const LAUNCHED: &str = "STARCOURT_TEST_LAUNCHED";
    if let Some(file) = std::env::var_os(LAUNCHED) {
        let mut sleeper = Command::new("sleep");
        sleeper.arg("60");
        // By a thread that ends at once: that does not count as the end of the test.
        let mut sleeper = thread::spawn(|| child::spawn(sleeper).unwrap()).join().unwrap();
        std::fs::write(file, sleeper.id().to_string()).unwrap();
        sleeper.wait().unwrap();
        panic!("this test is killed long before");
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("launched");
    let mut test = Command::new(std::env::current_exe().unwrap());
    test.args(["what_a_test_launched_ends_when_the_test_is_killed", "--exact"]).env(LAUNCHED, &file);
    let mut test = child::spawn(test).unwrap();
    let sleeper = || std::fs::read_to_string(&file).unwrap_or_default();
    wait_for("the test launches", || !sleeper().is_empty());
    let stat = format!("/proc/{}/stat", sleeper());
    // It may wait for whoever buries it.
    let lives = || std::fs::read_to_string(&stat).is_ok_and(|stat| !stat.contains(") Z "));
    thread::sleep(Duration::from_millis(200));
    assert!(lives(), "ended with the thread that asked for it");
    test.kill().unwrap();
    test.wait().unwrap();
    wait_for("what it launched ends", || !lives());
}
