//! Signals in the middle of a show: every line is safe afterwards, and driven.

use rustix::process::Signal;

use crate::common::launch::until;
use crate::fake_pi::FakePi;
use crate::setup::{RIG, Setup};

/// After `signals` the show has ended as it should, and every line is safe.
#[track_caller]
fn check(signal: Signal) {
    let setup = Setup::new();
    setup.play().ends_on(signal).with(0, &["the lights are safe"]);
    setup.assert_safe();
}

#[test]
fn ctrl_c_leaves_the_lines_safe_and_driven() {
    check(Signal::INT);
}

#[test]
fn sigterm_leaves_the_lines_safe_and_driven() {
    check(Signal::TERM);
}

#[test]
fn sighup_leaves_the_lines_safe_and_driven() {
    check(Signal::HUP);
}

#[test]
fn sigquit_leaves_the_lines_safe_and_driven() {
    check(Signal::QUIT);
}

#[test]
fn a_third_ctrl_c_leaves_the_lines_safe_and_driven() {
    const KILLED: i32 = 128 + libc::SIGKILL;
    let setup = Setup::on(FakePi::new(), &format!("stop_fade = \"20 s\"\n{RIG}"));
    let launch = setup.play();
    until("ended", || {
        launch.signal(Signal::INT);
        launch.has_ended()
    });
    // The second may have ended it before the third could kill it.
    let ended = launch.end();
    assert!([0, KILLED].contains(&ended.code), "{ended:?}");
    setup.assert_safe();
}

#[test]
fn ctrl_z_makes_the_lines_safe_and_fg_lights_them_again() {
    let setup = Setup::new();
    let launch = setup.play();
    for _ in 0..2 {
        launch.signal(Signal::TSTP);
        launch.wait_until_stopped();
        setup.assert_safe();
        launch.signal(Signal::CONT);
        setup.comes_to_be_lit();
    }
    launch.ends_on(Signal::TERM).with(0, &[]);
    setup.assert_safe();
}
