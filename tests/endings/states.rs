//! Every state that a show can be in, and every signal that ends one: the lines are safe and the lock is
//! free after each.

use std::thread;
use std::time::Duration;

use rustix::process::Signal;

use crate::common::setup::{ALONE, Setup};
use crate::common::show_launch::ShowLaunch;

const ENDING: [Signal; 5] = [Signal::INT, Signal::TERM, Signal::HUP, Signal::QUIT, Signal::KILL];
const A_WHILE: Duration = Duration::from_millis(100);

/// Brings a show into a state and ends it by each signal in turn.
#[track_caller]
fn check(state: &str, stop_fade: &str, bring: impl Fn(&Setup) -> ShowLaunch<'_>) {
    for signal in ENDING {
        let setup = Setup::fading(stop_fade);
        let mut launch = bring(&setup);
        launch.goes_safe_on(&format!("{signal:?} while {state}"), |launch| launch.signal(signal));
        let code = launch.code();
        let is_due = if signal == Signal::KILL { code == 128 + libc::SIGKILL } else { code == 0 };
        assert!(is_due, "{signal:?} while {state}: {code}\n{}", launch.said());
        setup.assert_safe_and_free();
    }
}

#[test]
fn while_playing() {
    check("playing", "0 ms", Setup::play);
}

#[test]
fn while_paused() {
    check("paused", "0 ms", |setup| {
        let mut launch = setup.launch_in_terminal(setup.command_by(ALONE)).once_lit();
        launch.terminal().types(" ");
        launch.says("paused");
        launch
    });
}

#[test]
fn while_fading_out() {
    check("fading out", "20 s", |setup| {
        let mut launch = setup.play();
        launch.signal(Signal::INT);
        launch.stays(A_WHILE, "fading", |launch| launch.setup.is_lit());
        launch
    });
}

/// At instants all over the launch, most of them before anybody listens for signals.
#[test]
fn while_starting() {
    for signal in ENDING {
        let setup = Setup::lit();
        for millis in (0..40).step_by(4) {
            let mut launch = setup.launch(setup.command());
            thread::sleep(Duration::from_millis(millis));
            launch.signal_waiting(signal);
            let code = launch.code();
            assert!(code == 0 || code == 128 + signal.as_raw(), "{signal:?} after {millis} ms: {code}");
            launch.until("safe", |launch| launch.setup.pins().is_empty() || launch.setup.is_safe());
        }
        setup.play().goes_safe_on_signal(Signal::TERM);
    }
}

/// The first signal has made the lights safe, and the second comes while the rest is tidied up.
#[test]
fn while_stopping() {
    for signal in ENDING {
        for micros in (0..10_000).step_by(1_000) {
            let setup = Setup::lit();
            let mut launch = setup.play();
            launch.signal(Signal::TERM);
            thread::sleep(Duration::from_micros(micros));
            launch.signal_waiting(signal);
            let code = launch.code();
            assert!(code == 0 || code == 128 + signal.as_raw(), "{signal:?} after {micros} us: {code}");
            launch.until("safe", |launch| launch.setup.is_safe());
            setup.assert_safe_and_free();
        }
    }
}

#[test]
fn while_waiting_for_the_lock() {
    let setup = Setup::lit();
    let mut playing = setup.play();
    for signal in ENDING {
        let _ = std::fs::write(setup.path("errors"), "");
        let mut command = setup.command();
        command.arg("--wait");
        let mut waiting = setup.launch(command);
        waiting.says("waiting");
        waiting.signal_waiting(signal);
        let code = waiting.code();
        let is_due = if signal == Signal::KILL { code == 128 + libc::SIGKILL } else { code == 0 };
        assert!(is_due && setup.is_lit(), "{signal:?}: {code}");
    }
    playing.goes_safe_on_signal(Signal::TERM);
    playing.ends_with(0);
}
