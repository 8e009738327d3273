//! Deaths without a farewell, in every state that a show can be in.

use std::fs;
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};

use crate::common::setup::{ALONE, IN_SHELL, LIT, Setup};
use crate::common::show_launch::ShowLaunch;
use crate::common::terminal::{ENTER, LEAVE};
use crate::guardian_process::GuardianProcess;
use crate::sound_server::{SoundServer, hearing, write_clicks};

const A_WHILE: Duration = Duration::from_millis(300);

/// Kills it while it does `what`.
#[track_caller]
fn check(what: &str, launch: ShowLaunch<'_>) {
    check_by(what, launch, Signal::KILL);
}

#[track_caller]
fn check_by(what: &str, mut launch: ShowLaunch<'_>, signal: Signal) {
    let guardian = GuardianProcess::of(&launch);
    launch.goes_safe_on(&format!("{signal:?} while {what}"), |launch| launch.signal(signal));
    launch.until("gone", |launch| launch.is_gone());
    launch.until("a guardian that has ended", |_| !guardian.is_there());
    launch.setup.assert_safe_and_free();
}

#[test]
fn a_show_that_plays() {
    let setup = Setup::lit();
    check("playing", setup.play());
}

#[test]
fn a_show_that_starts() {
    let setup = Setup::lit();
    setup.play().goes_safe_on_signal(Signal::KILL);
    for millis in 0..25 {
        let mut launch = setup.launch(setup.command());
        thread::sleep(Duration::from_millis(millis));
        launch.signal_waiting(Signal::KILL);
        assert_eq!(launch.code(), 128 + libc::SIGKILL);
        launch.until("safe", |launch| launch.setup.is_safe());
        setup.assert_safe_and_free();
    }
}

#[test]
fn a_show_that_is_paused() {
    let setup = Setup::lit();
    let mut launch = setup.launch_in_terminal(setup.command_by(ALONE)).once_lit();
    launch.terminal().types(" ");
    launch.says("paused");
    check("paused", launch);
}

#[test]
fn a_show_that_fades_out() {
    let setup = Setup::fading("20 s");
    let mut launch = setup.play();
    launch.signal(Signal::INT);
    launch.stays(A_WHILE, "fading", |launch| launch.setup.is_lit());
    check("fading out", launch);
}

#[test]
fn a_show_in_a_blackout() {
    let setup = Setup::lit();
    let mut launch = setup.launch_in_terminal(setup.command_by(ALONE)).once_lit();
    launch.goes_safe_on("b", |launch| launch.terminal().types("b"));
    check("in a blackout", launch);
}

#[test]
fn a_show_that_ctrl_z_has_stopped() {
    let setup = Setup::lit();
    let mut launch = setup.play();
    launch.goes_safe_on_signal(Signal::TSTP);
    launch.until("stopped", |launch| launch.is_stopped());
    check("stopped by Ctrl-Z", launch);
}

#[test]
fn a_show_with_sound() {
    let setup = Setup::lit();
    write_clicks(&setup.path("clicks.wav"), 48_000, 30, &[0]);
    setup.write_show("porch", &format!("audio clicks.wav\n{LIT}"));
    let _server = SoundServer::start(&setup.path(""));
    let mut command = setup.command_with_sound(&[], "porch");
    hearing(&mut command, &setup.path(""));
    check("playing with sound", setup.launch(command).once_lit());
}

#[test]
fn a_show_that_waits_for_a_sound_device_that_does_not_answer() {
    let setup = Setup::lit();
    write_clicks(&setup.path("clicks.wav"), 48_000, 30, &[0]);
    setup.write_show("porch", &format!("audio clicks.wav\n{LIT}"));
    let server = SoundServer::start(&setup.path(""));
    server.stalls();
    let mut command = setup.command_with_sound(&[], "porch");
    hearing(&mut command, &setup.path(""));
    let mut launch = setup.launch(command);
    launch.until("waiting with its lines taken", |launch| launch.setup.is_safe());
    launch.stays(A_WHILE, "waiting", |launch| launch.setup.is_safe());
    check("waiting for sound", launch);
}

#[test]
fn a_show_whose_whole_job_is_killed() {
    let setup = Setup::lit();
    let mut launch = setup.play();
    let group = launch.setup.holder();
    launch.goes_safe_on("SIGKILL of the job", |_| kill_process_group(group, Signal::KILL).unwrap());
    assert_eq!(launch.code(), 128 + libc::SIGKILL);
    setup.assert_safe_and_free();
}

/// By what else the kernel ends a process without a word: an abort, a realtime thread out of hand.
#[test]
fn a_show_that_the_kernel_ends() {
    for signal in [Signal::ABORT, Signal::XCPU, Signal::FPE, Signal::SYS] {
        let setup = Setup::lit();
        check_by("playing", setup.play(), signal);
    }
}

/// Rust listens for the first one: it may be a stack that has run out.
#[test]
fn a_show_with_a_segmentation_fault() {
    let setup = Setup::lit();
    let mut launch = setup.play();
    let victim: Pid = setup.holder();
    launch.goes_safe_on("SIGSEGV", |launch| {
        launch.until("gone", |launch| {
            let _gone_already = rustix::process::kill_process(victim, Signal::SEGV);
            launch.is_gone()
        });
    });
    setup.assert_safe_and_free();
}

#[test]
fn lines_that_are_to_float_after_a_show_float_after_a_death_too() {
    let setup = Setup::lit();
    setup.write_rig("release = \"input\"\n");
    let mut launch = setup.play();
    launch.signal(Signal::KILL);
    launch.until("afloat", |launch| launch.setup.pins().chars().all(|line| line == '.'));
}

#[test]
fn lines_in_memory_need_no_guardian() {
    let setup = Setup::lit();
    let mut command = setup.command();
    // The last of its options is the pins file; without it the lines end with the process.
    let words: Vec<_> = command.get_args().map(ToOwned::to_owned).collect();
    let pins = words.iter().position(|word| word == "--pins").unwrap();
    let mut unguarded = std::process::Command::new(command.get_program());
    unguarded.args(words[..pins].iter().chain(&words[pins + 2..]));
    std::mem::swap(&mut command, &mut unguarded);
    command.stdin(std::process::Stdio::null()).stdout(std::process::Stdio::null());
    let mut launch = setup.launch(command);
    launch.until("playing", |launch| {
        fs::read_to_string(launch.setup.path("lock/starcourt.lock")).is_ok_and(|text| text.contains("sim"))
    });
    launch.stays(A_WHILE, "alone", |launch| GuardianProcess::named_on(launch.setup).is_none());
}

#[test]
fn a_show_on_the_stage_whose_terminal_is_given_back() {
    let setup = Setup::lit();
    let mut launch = setup.launch_in_terminal(setup.command_by(IN_SHELL)).once_lit();
    launch.says(ENTER);
    launch.goes_safe_on_signal(Signal::KILL);
    launch.says("its guardian has made the lights safe");
    assert_eq!(launch.code(), 128 + libc::SIGKILL);
    launch.terminal().assert_as_before();
    setup.assert_safe_and_free();
}

/// A terminal that takes no text holds up nobody.
#[test]
fn a_show_on_a_stage_that_stalls() {
    let setup = Setup::lit();
    let mut launch = setup.launch_in_terminal(setup.command_by(IN_SHELL)).once_lit();
    launch.says(ENTER);
    launch.terminal().stalls();
    let guardian = GuardianProcess::of(&launch);
    launch.goes_safe_on_signal(Signal::KILL);
    launch.until("a guardian that has ended", |_| !guardian.is_there());
}

/// It gave the terminal back before it stopped; a second time would take from the shell what is the shell's.
#[test]
fn a_show_that_ctrl_z_has_stopped_and_whose_terminal_is_the_shells() {
    let setup = Setup::lit();
    let mut launch = setup.launch_in_terminal(setup.command_by(IN_SHELL)).once_lit();
    launch.says(ENTER);
    launch.goes_safe_on_signal(Signal::TSTP);
    launch.until("stopped", |launch| launch.is_stopped());
    let guardian = GuardianProcess::of(&launch);
    launch.signal(Signal::KILL);
    launch.until("a guardian that has ended", |_| !guardian.is_there());
    assert_eq!(launch.said().matches(LEAVE).count(), 1);
}
