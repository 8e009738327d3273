//! A panic in any thread: the lights are safe, and what the thread said is told when the terminal can
//! show it. The debug build breaks on request.

use std::process::Command;
use std::time::Duration;

use rustix::process::Signal;

use crate::common::setup::{IN_SHELL, Setup};
use crate::common::show_launch::ShowLaunch;
use crate::common::terminal::LEAVE;
use crate::sound::{heard, with_music};

/// Has `place` break, a while after the launch.
#[track_caller]
fn check(place: &str, setup: &Setup, command: impl Fn() -> Command) {
    let launch = ShowLaunch::lit_in_time(|fuse| setup.launch(breaking(command(), place, fuse)));
    assert_safe_on(place, launch, |_| ());
}

/// Has `place` break as soon as a thread comes past it, which `cause` brings about.
#[track_caller]
fn check_on(place: &str, setup: &Setup, command: Command, cause: impl FnOnce(&mut ShowLaunch<'_>)) {
    let launch = setup.launch(breaking(command, place, Duration::ZERO)).once_lit();
    assert_safe_on(place, launch, cause);
}

fn breaking(mut command: Command, place: &str, fuse: Duration) -> Command {
    command.env("STARCOURT_FAULT", format!("{place} after {} ms", fuse.as_millis()));
    command
}

#[track_caller]
fn assert_safe_on(place: &str, mut launch: ShowLaunch<'_>, cause: impl FnOnce(&mut ShowLaunch<'_>)) {
    launch.goes_safe_on(&format!("a panic in {place}"), cause);
    assert_told(place, &launch.ends_with(1));
}

#[track_caller]
fn assert_told(place: &str, told: &str) {
    assert!(told.contains("a thread panicked; the lights are safe"), "{told}");
    assert!(told.contains(&format!("a fault at {place}")), "{told}");
}

/// In a thread that comes past its place all the time.
#[track_caller]
fn check_by_itself(place: &str) {
    let setup = Setup::fading("20 s");
    check(place, &setup, || setup.command());
}

#[test]
fn a_panic_in_the_main_loop_leaves_the_lights_safe() {
    check_by_itself("performance");
}

#[test]
fn a_panic_in_the_timing_thread_leaves_the_lights_safe() {
    check_by_itself("lights");
}

#[test]
fn a_panic_on_the_stage_leaves_the_lights_safe() {
    check_by_itself("stage");
}

#[test]
fn a_panic_in_the_thread_that_writes_the_trace_leaves_the_lights_safe() {
    let setup = Setup::fading("20 s");
    let command = || {
        let mut command = setup.command();
        command.arg("--trace").arg(setup.path("trace.csv"));
        command
    };
    check("trace", &setup, command);
}

/// In a thread that comes past its place when it hears something.
#[track_caller]
fn check_on_signal(place: &str, signal: Signal) {
    let setup = Setup::fading("20 s");
    check_on(place, &setup, setup.command(), |launch| launch.signal(signal));
}

#[test]
fn a_panic_in_the_thread_that_hears_ctrl_c_leaves_the_lights_safe() {
    check_on_signal("ctrl-c", Signal::INT);
}

#[test]
fn a_panic_in_the_thread_that_hears_signals_leaves_the_lights_safe() {
    check_on_signal("signals", Signal::CONT);
}

#[test]
fn a_panic_in_the_thread_that_watches_the_reader_leaves_the_lights_safe() {
    let setup = Setup::fading("20 s");
    let (end, pipe) = std::io::pipe().unwrap();
    let mut command = setup.command();
    command.stdout(pipe);
    check_on("hangup", &setup, command, |_| drop(end));
}

#[test]
fn a_panic_in_the_thread_that_serves_the_socket_leaves_the_lights_safe() {
    let setup = Setup::fading("20 s");
    let socket = setup.path("lock/starcourt.sock");
    let launch = ShowLaunch::lit_in_time(|fuse| setup.launch(breaking(setup.command(), "control", fuse)));
    // It comes past its place with every visitor, and is gone when it has broken.
    assert_safe_on("control", launch, |_| while std::os::unix::net::UnixStream::connect(&socket).is_ok() {});
}

/// In a thread that makes sound.
#[track_caller]
fn check_with_sound(place: &str) {
    let setup = Setup::fading("20 s");
    let _server = with_music(&setup);
    check(place, &setup, || heard(&setup));
}

#[test]
fn a_panic_in_the_thread_that_looks_after_the_sound_leaves_the_lights_safe() {
    check_with_sound("sound");
}

#[test]
fn a_panic_in_the_thread_that_decodes_the_sound_leaves_the_lights_safe() {
    check_with_sound("sound decode");
}

#[test]
fn a_panic_in_the_sound_cards_own_thread_leaves_the_lights_safe() {
    check_with_sound("sound card");
}

#[test]
fn a_panic_is_told_below_a_terminal_that_is_as_it_was() {
    for place in ["performance", "lights", "stage"] {
        let setup = Setup::fading("20 s");
        let command = || setup.command_by(IN_SHELL);
        let mut launch =
            ShowLaunch::lit_in_time(|fuse| setup.launch_in_terminal(breaking(command(), place, fuse)));
        assert_eq!(launch.code(), 1);
        launch.terminal().assert_as_before();
        let told = launch.ends_with(1);
        assert_told(place, told.rsplit_once(LEAVE).unwrap().1);
    }
}

#[test]
fn who_asks_for_a_backtrace_gets_it_after_the_lights_are_safe() {
    let setup = Setup::fading("20 s");
    let command = || {
        let mut command = setup.command();
        command.env("RUST_BACKTRACE", "1");
        command
    };
    check("lights", &setup, command);
    let told = std::fs::read_to_string(setup.path("errors")).unwrap();
    assert!(told.contains("starcourt::engine"), "{told}");
}

#[test]
fn a_panic_while_waiting_for_the_lock_is_told() {
    let setup = Setup::lit();
    let mut playing = setup.play();
    let mut command = setup.command();
    command.arg("--wait");
    let mut waiting = setup.launch(breaking(command, "signals", Duration::ZERO));
    waiting.says("waiting");
    waiting.signal_waiting(Signal::CONT);
    assert_eq!(waiting.code(), 1);
    assert_told("signals", &waiting.said());
    playing.goes_safe_on_signal(Signal::TERM);
    playing.ends_with(0);
}
