//! The show's end, and signals.

use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::common::setup::{ALONE, LIT, Setup};

/// What a fade still has to go when it is looked at: by then every channel is past neither half.
const A_WHILE: Duration = Duration::from_millis(300);

#[test]
fn a_show_that_has_played_leaves_the_lights_safe() {
    let setup = Setup::new("0 ms", "0:01", LIT);
    setup.play().ends_with(0);
}

#[track_caller]
fn check_ends_without_a_fade(signal: Signal) {
    let setup = Setup::fading("20 s");
    let mut launch = setup.play();
    launch.goes_safe_on_signal(signal);
    launch.ends_with(0);
}

#[test]
fn sigterm_ends_a_show_without_a_fade() {
    check_ends_without_a_fade(Signal::TERM);
}

#[test]
fn sigquit_ends_a_show_without_a_fade() {
    check_ends_without_a_fade(Signal::QUIT);
}

#[test]
fn sighup_ends_a_show_without_a_fade() {
    check_ends_without_a_fade(Signal::HUP);
}

#[test]
fn ctrl_c_ends_a_show_at_once_where_the_rig_asks_for_no_fade() {
    let setup = Setup::lit();
    let mut launch = setup.play();
    launch.goes_safe_on_signal(Signal::INT);
    launch.ends_with(0);
}

#[test]
fn ctrl_c_fades_as_long_as_the_rig_says() {
    let setup = Setup::fading("1 s");
    let mut launch = setup.play();
    let asked = Instant::now();
    launch.goes_safe_on("SIGINT, fading over 1 s", |launch| launch.signal(Signal::INT));
    assert!(asked.elapsed() >= Duration::from_millis(500), "the relay goes dark half-way");
    launch.ends_with(0);
}

#[track_caller]
fn check_skips_the_fade(second: Signal) {
    let setup = Setup::fading("20 s");
    let mut launch = setup.play();
    launch.signal(Signal::INT);
    launch.stays(A_WHILE, "fading", |launch| launch.setup.is_lit());
    launch.goes_safe_on_signal(second);
    launch.ends_with(0);
}

#[test]
fn a_second_ctrl_c_skips_the_fade() {
    check_skips_the_fade(Signal::INT);
}

#[test]
fn sigterm_skips_the_fade_of_a_ctrl_c() {
    check_skips_the_fade(Signal::TERM);
}

#[test]
fn sighup_skips_the_fade_of_a_ctrl_c() {
    check_skips_the_fade(Signal::HUP);
}

/// The show has a terminal that takes no more text, so that it is busy tidying up when asked again.
#[test]
fn a_third_ctrl_c_kills_and_leaves_the_lights_safe() {
    let setup = Setup::fading("20 s");
    let mut launch = setup.launch_in_terminal(setup.command_by(ALONE)).once_lit();
    launch.terminal().stalls();
    launch.signal(Signal::INT);
    launch.stays(A_WHILE, "fading", |launch| launch.setup.is_lit());
    launch.goes_safe_on_signal(Signal::INT);
    launch.signal(Signal::INT);
    assert_eq!(launch.code(), 128 + libc::SIGKILL);
    setup.assert_safe_and_free();
}

#[test]
fn three_ctrl_cs_in_a_hurry_leave_the_lights_safe() {
    let setup = Setup::fading("20 s");
    let mut launch = setup.play();
    launch.goes_safe_on("three SIGINTs", |launch| {
        // Those that come too close together are one to the kernel, and more may be needed.
        launch.until("safe", |launch| {
            launch.signal(Signal::INT);
            launch.setup.is_safe()
        });
    });
    // Whether it was done before it was killed is a matter of microseconds.
    let code = launch.code();
    assert!([0, 128 + libc::SIGKILL].contains(&code), "{code}");
    setup.assert_safe_and_free();
}

#[test]
fn a_show_under_nohup_plays_on_after_sighup_to_its_end() {
    let setup = Setup::new("0 ms", "0:02", LIT);
    let mut launch = setup.launch(setup.command_by(&["nohup"])).once_lit();
    launch.signal(Signal::HUP);
    launch.stays(A_WHILE, "lit", |launch| launch.setup.is_lit());
    launch.ends_with(0);
}
