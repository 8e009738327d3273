//! Ctrl-Z: safe before the process stops, and on with the show from where it was.

use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::common::setup::{LIT, Setup};
use crate::common::show_launch::ShowLaunch;
use crate::trace::changes_of;

const A_WHILE: Duration = Duration::from_millis(300);

fn stop(launch: &mut ShowLaunch<'_>) {
    launch.goes_safe_on_signal(Signal::TSTP);
    launch.until("stopped", |launch| launch.is_stopped());
    launch.stays(A_WHILE, "safe", |launch| launch.setup.is_safe());
}

#[test]
fn a_stopped_show_is_safe_and_goes_on_from_where_it_was() {
    let setup = Setup::new("0 ms", "0:02", LIT);
    let mut command = setup.command();
    command.arg("--trace").arg(setup.path("trace.csv"));
    let began = Instant::now();
    let mut launch = setup.launch(command).once_lit();
    stop(&mut launch);
    launch.signal(Signal::CONT);
    launch.until("lit again", |launch| launch.setup.is_lit());
    launch.ends_with(0);
    assert!(began.elapsed() >= Duration::from_secs(2) + A_WHILE, "the time it was stopped counts as played");

    let [_lit, dark, lit_again, _over] = changes_of(&setup, "neon")[..] else { panic!("another trace") };
    assert!(lit_again.written - dark.written >= A_WHILE);
    assert!(lit_again.show - dark.show < A_WHILE);
}

#[test]
fn a_show_can_be_stopped_many_times() {
    let setup = Setup::lit();
    let mut launch = setup.play();
    for _ in 0..3 {
        stop(&mut launch);
        launch.signal(Signal::CONT);
        launch.until("lit again", |launch| launch.setup.is_lit());
    }
    launch.signal(Signal::TERM);
    launch.ends_with(0);
}

#[test]
fn a_show_that_is_ended_while_it_is_stopped_stays_safe() {
    let setup = Setup::lit();
    let mut launch = setup.play();
    stop(&mut launch);
    launch.signal(Signal::TERM);
    launch.signal(Signal::CONT);
    launch.ends_with(0);
}

#[test]
fn a_show_that_is_stopped_while_it_fades_is_safe_at_once() {
    let setup = Setup::fading("20 s");
    let mut launch = setup.play();
    launch.signal(Signal::INT);
    stop(&mut launch);
    launch.signal(Signal::CONT);
    launch.ends_with(0);
}

#[test]
fn a_blackout_outlasts_ctrl_z() {
    let setup = Setup::lit();
    let mut launch = setup.play();
    assert!(setup.order(&["blackout", "on"]).status().unwrap().success());
    launch.until("dark", |launch| launch.setup.is_safe());
    stop(&mut launch);
    launch.signal(Signal::CONT);
    launch.stays(A_WHILE, "dark", |launch| launch.setup.is_safe());
    assert!(setup.order(&["blackout", "off"]).status().unwrap().success());
    launch.until("lit again", |launch| launch.setup.is_lit());
    launch.signal(Signal::TERM);
    launch.ends_with(0);
}

/// Without music the machine's clock leads, which no stop of the process stops: what was due meanwhile is not made
/// up for, and what is due now shows.
#[test]
fn a_silent_show_runs_on_through_a_stop_of_its_process() {
    let cues = "0:00  neon, garland  on\n0:00  moon  60 %\n0:00  exit  off\n\
                0:01.500  neon  off\n0:01.600  garland  off\n0:01.700  garland  on\n0:01.800  moon  0 %\n\
                0:05  neon  on\n0:05  garland  off\n";
    let setup = Setup::new("0 ms", "0:06", cues);
    let mut command = setup.command();
    command.arg("--trace").arg(setup.path("trace.csv"));
    let mut launch = setup.launch(command).once_lit();
    launch.signal(Signal::STOP);
    launch.until("stopped", |launch| launch.is_stopped());
    std::thread::sleep(Duration::from_secs(2));
    launch.signal(Signal::CONT);
    let lines = |launch: &ShowLaunch<'_>| {
        let pins: Vec<char> = launch.setup.pins().chars().collect();
        [pins[4], pins[17], pins[18], pins[27]]
    };
    let due_at_2 = ['1', '1', '0', '0'];
    launch.until("as at 0:02", |launch| lines(launch) == due_at_2);
    launch.stays(A_WHILE, "as at 0:02", |launch| lines(launch) == due_at_2);
    launch.until("as at 0:05", |launch| lines(launch) == ['0', '0', '0', '0']);
    launch.ends_with(0);

    let neon = changes_of(&setup, "neon");
    let (begins, again) =
        (neon[0], neon.iter().find(|change| change.show == Duration::from_secs(5)).unwrap());
    let apart = again.written - begins.written;
    assert!((4_500..5_500).contains(&apart.as_millis()), "the stop counts as played: {apart:?}");
    let sent = changes_of(&setup, "garland").len();
    assert!(sent <= 6, "what was due in between was made up for: {sent}");
}
