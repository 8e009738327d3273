//! What is done to the guardian itself.

use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::process::{Command, Stdio};
use std::time::Duration;

use rustix::process::Signal;

use crate::common::setup::Setup;
use crate::common::show_launch::ShowLaunch;
use crate::guardian_process::GuardianProcess;

const A_WHILE: Duration = Duration::from_millis(500);
const REPLACED: &str = "the guardian of the lights had ended; it is replaced";

/// Kills it, and waits for the next.
fn loses_its_guardian(launch: &mut ShowLaunch<'_>) -> GuardianProcess {
    let lost = GuardianProcess::of(launch);
    lost.signal(Signal::KILL);
    launch.until("guarded again", |launch| {
        GuardianProcess::named_on(launch.setup)
            .is_some_and(|guardian| guardian != lost && guardian.is_there())
    });
    GuardianProcess::of(launch)
}

fn playing(setup: &Setup) -> ShowLaunch<'_> {
    let mut command = setup.command();
    // Notices go where a show is told of: here to the file that a test reads.
    command.stdout(std::fs::File::options().append(true).open(setup.path("errors")).unwrap());
    setup.launch(command).once_lit()
}

#[test]
fn a_guardian_that_is_killed_is_replaced_and_that_is_told_once() {
    let setup = Setup::lit();
    let mut launch = playing(&setup);
    loses_its_guardian(&mut launch);
    launch.says(REPLACED);
    launch.stays(A_WHILE, "lit", |launch| launch.setup.is_lit());
    assert_eq!(launch.said().matches(REPLACED).count(), 1, "{}", launch.said());
    launch.goes_safe_on_signal(Signal::KILL);
    assert_eq!(launch.code(), 128 + libc::SIGKILL);
    setup.assert_safe_and_free();
}

#[test]
fn a_guardian_may_be_killed_again_and_again() {
    let setup = Setup::lit();
    let mut launch = playing(&setup);
    for _ in 0..3 {
        loses_its_guardian(&mut launch);
    }
    launch.goes_safe_on_signal(Signal::KILL);
    assert_eq!(launch.code(), 128 + libc::SIGKILL);
    setup.assert_safe_and_free();
}

#[test]
fn a_show_without_its_guardian_ends_as_it_should() {
    let setup = Setup::lit();
    let mut launch = playing(&setup);
    GuardianProcess::of(&launch).signal(Signal::KILL);
    launch.goes_safe_on_signal(Signal::TERM);
    launch.ends_with(0);
}

#[test]
fn a_guardian_that_is_stopped_is_set_going_again() {
    let setup = Setup::lit();
    let mut launch = playing(&setup);
    let guardian = GuardianProcess::of(&launch);
    for _ in 0..3 {
        let _stuck = guardian.stopped();
        launch.stays(A_WHILE, "lit", |launch| launch.setup.is_lit());
        launch.until("running", |_| guardian.state() != Some('T'));
    }
    launch.goes_safe_on_signal(Signal::KILL);
    assert_eq!(launch.code(), 128 + libc::SIGKILL);
    setup.assert_safe_and_free();
}

#[test]
fn a_guardian_hears_no_signal_of_a_terminal() {
    let setup = Setup::lit();
    let mut launch = playing(&setup);
    let guardian = GuardianProcess::of(&launch);
    for signal in [
        Signal::INT,
        Signal::TERM,
        Signal::HUP,
        Signal::QUIT,
        Signal::TSTP,
        Signal::PIPE,
        Signal::USR1,
        Signal::ALARM,
    ] {
        guardian.signal(signal);
    }
    launch.stays(A_WHILE, "lit", |launch| launch.setup.is_lit());
    assert_eq!(GuardianProcess::of(&launch), guardian);
    launch.goes_safe_on_signal(Signal::KILL);
    assert_eq!(launch.code(), 128 + libc::SIGKILL);
    setup.assert_safe_and_free();
}

#[test]
fn a_guardian_is_dismissed_when_the_show_has_ended() {
    let setup = Setup::lit();
    let mut launch = playing(&setup);
    let guardian = GuardianProcess::of(&launch);
    launch.goes_safe_on_signal(Signal::TERM);
    assert_eq!(launch.code(), 0);
    assert!(!guardian.is_there(), "it has outlived its show");
    let said = launch.ends_with(0);
    assert!(!said.contains("guardian"), "{said}");
}

#[test]
fn a_lock_directory_that_was_replaced_gets_a_guardian_too() {
    let setup = Setup::lit();
    let mut launch = playing(&setup);
    std::fs::rename(setup.path("lock"), setup.path("old lock")).unwrap();
    launch.until("guarded in the new directory", |launch| {
        GuardianProcess::named_on(launch.setup).is_some_and(GuardianProcess::is_there)
    });
    launch.stays(A_WHILE, "lit", |launch| launch.setup.is_lit());
    launch.goes_safe_on_signal(Signal::KILL);
    assert_eq!(launch.code(), 128 + libc::SIGKILL);
    setup.assert_safe_and_free();
}

#[test]
fn a_guardian_that_a_hand_starts_touches_nothing_and_says_what_to_do() {
    let typed = |stdin: Stdio| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_starcourt"));
        let ended = command.arg("guardian").stdin(stdin).output().unwrap();
        let told = String::from_utf8(ended.stderr).unwrap();
        assert_eq!(ended.status.code(), Some(2), "{told}");
        for words in ["nothing to start by hand", "`starcourt play`", "starcourt off "] {
            assert!(told.contains(words), "{told}");
        }
    };
    let (over_ssh, _far_end) = UnixStream::pair().unwrap();
    typed(Stdio::null());
    typed(Stdio::piped());
    typed(OwnedFd::from(over_ssh).into());
}
