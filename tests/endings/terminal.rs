//! A show in a terminal: its keys, and that the terminal is as it was however the show ends.

use std::process::Command;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::common::setup::{ALONE, IN_SHELL, LIT, Setup};
use crate::common::show_launch::ShowLaunch;
use crate::trace::changes_of;

const A_WHILE: Duration = Duration::from_millis(300);

/// Plays from a shell, has `ending` happen, and sees the terminal given back with exit code 0.
#[track_caller]
fn check_given_back(setup: &Setup, ending: impl FnOnce(&mut ShowLaunch<'_>)) {
    let mut launch = on_stage(setup, setup.command_by(IN_SHELL));
    ending(&mut launch);
    let code = launch.code();
    assert_eq!(code, 0, "{}", launch.said());
    launch.terminal().assert_as_before();
    launch.ends_with(0);
}

fn on_stage(setup: &Setup, command: Command) -> ShowLaunch<'_> {
    let mut launch = setup.launch_in_terminal(command).once_lit();
    launch.until("on the stage", |launch| launch.terminal().is_taken());
    launch
}

fn alone(setup: &Setup) -> ShowLaunch<'_> {
    setup.launch_in_terminal(setup.command_by(ALONE)).once_lit()
}

#[test]
fn the_shows_end_gives_the_terminal_back() {
    check_given_back(&Setup::new("0 ms", "0:01", LIT), |_| ());
}

#[test]
fn q_ends_the_show_and_gives_the_terminal_back() {
    check_given_back(&Setup::lit(), |launch| {
        launch.goes_safe_on("q", |launch| launch.terminal().types("q"));
    });
}

#[test]
fn a_second_q_skips_the_fade() {
    check_given_back(&Setup::fading("20 s"), |launch| {
        launch.terminal().types("q");
        launch.stays(A_WHILE, "fading", |launch| launch.setup.is_lit());
        launch.goes_safe_on("a second q", |launch| launch.terminal().types("q"));
    });
}

#[test]
fn ctrl_c_ends_the_show_and_gives_the_terminal_back() {
    check_given_back(&Setup::lit(), |launch| {
        launch.goes_safe_on("Ctrl-C in a terminal", |launch| launch.terminal().types("\x03"));
    });
}

#[test]
fn ctrl_c_skips_the_fade_of_a_q() {
    check_given_back(&Setup::fading("20 s"), |launch| {
        launch.terminal().types("q");
        launch.stays(A_WHILE, "fading", |launch| launch.setup.is_lit());
        launch.goes_safe_on("Ctrl-C after q", |launch| launch.terminal().types("\x03"));
    });
}

#[test]
fn ctrl_backslash_ends_the_show_and_gives_the_terminal_back() {
    check_given_back(&Setup::fading("20 s"), |launch| {
        launch.goes_safe_on("Ctrl-\\ in a terminal", |launch| launch.terminal().types("\x1c"));
    });
}

#[test]
fn sigterm_gives_the_terminal_back() {
    check_given_back(&Setup::lit(), |launch| launch.goes_safe_on_signal(Signal::TERM));
}

#[test]
fn sighup_gives_the_terminal_back() {
    check_given_back(&Setup::lit(), |launch| launch.goes_safe_on_signal(Signal::HUP));
}

#[test]
fn ctrl_z_gives_the_terminal_to_the_shell_and_fg_brings_the_show_back() {
    check_given_back(&Setup::lit(), |launch| {
        launch.goes_safe_on("Ctrl-Z in a terminal", |launch| launch.terminal().types("\x1a"));
        launch.until("stopped", |launch| launch.is_stopped());
        launch.terminal().assert_as_before();
        launch.stays(A_WHILE, "safe", |launch| launch.setup.is_safe());
        launch.terminal().types("\n");
        launch.until("lit again", |launch| launch.setup.is_lit());
        launch.until("on the stage again", |launch| launch.terminal().is_taken());
        launch.terminal().types("q");
    });
}

#[test]
fn ctrl_z_where_no_shell_could_continue_the_show_does_not_hold_it_up() {
    let setup = Setup::lit();
    let mut launch = alone(&setup);
    launch.goes_safe_on("Ctrl-Z without a shell", |launch| launch.terminal().types("\x1a"));
    launch.until("lit again", |launch| launch.setup.is_lit());
    launch.terminal().types("q");
    launch.ends_with(0);
}

#[test]
fn b_makes_the_lights_safe_while_time_goes_on() {
    let setup = Setup::lit();
    let mut command = setup.command_by(ALONE);
    command.arg("--trace").arg(setup.path("trace.csv"));
    let mut launch = setup.launch_in_terminal(command).once_lit();
    launch.goes_safe_on("b", |launch| launch.terminal().types("b"));
    launch.stays(A_WHILE, "safe", |launch| launch.setup.is_safe());
    launch.terminal().types("b");
    launch.until("lit again", |launch| launch.setup.is_lit());
    launch.terminal().types("q");
    launch.ends_with(0);
    let [_lit, dark, lit_again, _over] = changes_of(&setup, "neon")[..] else { panic!("another trace") };
    assert!(lit_again.show - dark.show >= A_WHILE);
}

/// Garland is lit for the first half of every half second, and nothing else ever changes.
const BLINKING: &str = "0:00  neon  on\n0:00  exit  off\n0:00 to 0:59 every 500 ms  garland  on for 250 ms\n";

#[test]
fn space_holds_the_lights_as_they_are_until_it_is_pressed_again() {
    check_given_back(&Setup::new("0 ms", "1:00", BLINKING), |launch| {
        launch.terminal().types(" ");
        launch.until("paused", |launch| stands_still(launch, Duration::from_millis(700)));
        let before = launch.setup.pins();
        launch.terminal().types(" ");
        launch.until("playing again", |launch| launch.setup.pins() != before);
        launch.terminal().types("q");
    });
}

/// Whether no line changes in this time: only the last of many looks can say so.
fn stands_still(launch: &mut ShowLaunch<'_>, time: Duration) -> bool {
    let (start, before) = (Instant::now(), launch.setup.pins());
    while launch.setup.pins() == before {
        if start.elapsed() > time {
            return true;
        }
        std::thread::sleep(Duration::from_millis(1));
        launch.terminal().listen();
    }
    false
}

#[test]
fn a_closed_terminal_ends_the_show() {
    let setup = Setup::fading("20 s");
    let mut launch = alone(&setup);
    launch.goes_safe_on("the terminal is closed", ShowLaunch::hang_up);
    launch.ends_with(0);
}

#[test]
fn a_terminal_that_is_closed_under_a_shell_ends_the_show() {
    let setup = Setup::fading("20 s");
    let mut launch = on_stage(&setup, setup.command_by(IN_SHELL));
    launch.goes_safe_on("the shell's terminal is closed", ShowLaunch::hang_up);
    // The shell has ended with its terminal, so that nobody knows the exit code.
    launch.until("gone", |launch| launch.is_gone());
    setup.assert_safe_and_free();
}

#[test]
fn a_show_that_heeds_no_hangup_outlives_its_terminal() {
    let setup = Setup::new("0 ms", "0:02", LIT);
    let heedless = ["setsid", "-c", "sh", "-c", "trap '' HUP; exec \"$@\"", "sh"];
    let mut launch = setup.launch_in_terminal(setup.command_by(&heedless)).once_lit();
    launch.hang_up();
    launch.stays(A_WHILE, "lit", |launch| launch.setup.is_lit());
    launch.ends_with(0);
}

#[test]
fn a_stalled_terminal_holds_up_nobody() {
    for signal in [Signal::TERM, Signal::INT, Signal::HUP] {
        let setup = Setup::lit();
        let mut launch = alone(&setup);
        launch.terminal().stalls();
        // It is told to draw everything anew, again and again, and cannot.
        for _ in 0..20 {
            launch.signal(Signal::CONT);
            launch.stays(Duration::from_millis(20), "lit", |launch| launch.setup.is_lit());
        }
        launch.goes_safe_on_signal(signal);
        launch.ends_with(0);
    }
}

/// As with Ctrl-S before the launch, or a window that is frozen: text goes nowhere, but keys come.
#[test]
fn keys_and_orders_are_obeyed_while_the_terminal_takes_no_text() {
    let setup = Setup::lit();
    let mut launch = alone(&setup);
    launch.until("on the stage", |launch| launch.terminal().is_taken());
    launch.terminal().stalls();
    // It has much to draw, and cannot.
    for _ in 0..10 {
        launch.signal(Signal::CONT);
        launch.stays(Duration::from_millis(60), "lit", |launch| launch.setup.is_lit());
    }
    launch.goes_safe_on("b", |launch| launch.terminal().types("b"));
    launch.terminal().types("b");
    launch.until("lit again", |launch| launch.setup.is_lit());
    let order = |words: &[&str]| assert!(setup.order(words).status().unwrap().success(), "{words:?}");
    launch.goes_safe_on("an order", |_| order(&["blackout", "on"]));
    order(&["blackout", "off"]);
    launch.until("lit again", |launch| launch.setup.is_lit());
    launch.goes_safe_on("q", |launch| launch.terminal().types("q"));
    let end = Instant::now();
    assert_eq!(launch.code(), 0);
    assert!(end.elapsed() < Duration::from_secs(5), "{:?}", end.elapsed());
    setup.assert_safe_and_free();
}

#[test]
fn a_terminal_that_takes_text_again_shows_the_show_and_is_given_back() {
    check_given_back(&Setup::lit(), |launch| {
        launch.terminal().stalls();
        launch.stays(A_WHILE * 2, "lit", |launch| launch.setup.is_lit());
        launch.terminal().types("b");
        launch.until("dark", |launch| launch.setup.is_safe());
        launch.terminal().goes_on();
        launch.until("drawn", |launch| launch.said().contains("blackout"));
        launch.terminal().types("q");
    });
}

#[test]
fn a_show_attached_to_another_instance_obeys_keys_while_the_terminal_takes_no_text() {
    let setup = Setup::lit();
    let mut service = setup.command_for("serve");
    service.arg("--shows").arg(setup.path(""));
    let mut service = setup.launch(service);
    service.until("there", |service| service.setup.told_holder().is_some() && service.setup.is_safe());
    let words = ["setsid", "-c", env!("CARGO_BIN_EXE_starcourt"), "play", "porch", "--silent", "--lock-dir"];
    let mut command = Command::new(words[0]);
    command.args(&words[1..]).arg(setup.path("lock"));
    let mut shown = setup.launch_in_terminal(command).once_lit();
    shown.until("on the stage", |shown| shown.terminal().is_taken());
    shown.terminal().stalls();
    shown.stays(A_WHILE, "lit", |shown| shown.setup.is_lit());
    shown.goes_safe_on("b", |shown| shown.terminal().types("b"));
    // What `b` means there depends on what this terminal has heard of the lights.
    shown.stays(A_WHILE, "dark", |shown| shown.setup.is_safe());
    shown.terminal().types("b");
    shown.until("lit again", |shown| shown.setup.is_lit());
    shown.goes_safe_on("q", |shown| shown.terminal().types("q"));
    assert_eq!(shown.code(), 0);
    service.signal(Signal::TERM);
    service.ends_with(0);
}
