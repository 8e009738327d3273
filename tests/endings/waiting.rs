//! A launch that waits for the lock, and is asked to end.

use rustix::process::Signal;

use crate::common::setup::Setup;
use crate::common::show_launch::ShowLaunch;

/// A show that plays, and beside it a launch that waits for it to end.
fn check(ends: impl FnOnce(&mut ShowLaunch<'_>)) {
    let setup = Setup::lit();
    let mut playing = setup.play();
    let mut command = setup.command();
    command.arg("--wait");
    let mut waiting = setup.launch(command);
    waiting.says("waiting");
    ends(&mut waiting);
    assert_eq!(waiting.code(), 0);
    // Who takes a line sets it to its safe level first.
    assert!(setup.is_lit(), "it has touched lines that it had no lock for");
    playing.goes_safe_on_signal(Signal::TERM);
    playing.ends_with(0);
}

#[test]
fn sigterm_ends_the_waiting_and_touches_nothing() {
    check(|waiting| waiting.signal_waiting(Signal::TERM));
}

#[test]
fn ctrl_c_ends_the_waiting_and_touches_nothing() {
    check(|waiting| waiting.signal_waiting(Signal::INT));
}

#[test]
fn who_waits_plays_when_the_lights_are_free() {
    let setup = Setup::lit();
    let mut playing = setup.play();
    let mut command = setup.command();
    command.arg("--wait");
    let mut waiting = setup.launch(command);
    waiting.says("waiting");
    playing.signal(Signal::TERM);
    assert_eq!(playing.code(), 0);
    let mut next = waiting.once_lit();
    next.goes_safe_on_signal(Signal::TERM);
    next.ends_with(0);
}
