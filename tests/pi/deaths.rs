//! Deaths without a farewell in the middle of a show: the guardian's writes in the register log.

use rustix::process::Signal;

use crate::common::launch::until;
use crate::fake_pi::FakePi;
use crate::fake_pi::Step::{BecameInput, High, Low};
use crate::setup::{RIG, Setup};

/// A relay that is on when its line is low, and one that is on when it is high.
const RELAYS: &str = r#"
[channels]
low  = { pin = 4, kind = "relay", active = "low" }
high = { pin = 22, kind = "relay" }
"#;

#[test]
fn relays_of_both_sorts_are_off_after_a_kill_and_the_log_says_who_did_it() {
    let setup = Setup::on(FakePi::new(), RELAYS);
    setup.folder.write("shows/on.show", "length 1:00\n0:00  all  on\n");
    let launch = setup.launch("play on --silent --rig rig.toml --lock-dir lock");
    until("on", || setup.pi.line(4) == (true, false) && setup.pi.line(22) == (true, true));
    let (player, guardian) = (launch.pid(), setup.guardian());
    launch.ends_on(Signal::KILL).with(128 + libc::SIGKILL, &[]);
    until("off", || setup.pi.line(4) == (true, true) && setup.pi.line(22) == (true, false));
    for (line, [on, off]) in [(4, [Low, High]), (22, [High, Low])] {
        let events = setup.pi.events().into_iter().filter(|event| event.line == line);
        let steps: Vec<_> = events.map(|event| (event.pid, event.step)).collect();
        // Safe from the first write on, then on; off by another hand.
        assert_eq!((steps[0], steps[2]), ((player, off), (player, on)), "GPIO {line}: {steps:?}");
        assert!(steps[3..].iter().all(|step| *step == (guardian, off)), "GPIO {line}: {steps:?}");
        assert!(!steps[3..].is_empty());
    }
}

#[test]
fn every_channel_is_safe_and_driven_after_a_kill_and_the_next_show_plays() {
    let setup = Setup::new();
    for _ in 0..3 {
        let launch = setup.play();
        let guardian = setup.guardian();
        launch.ends_on(Signal::KILL);
        until("safe", || setup.is_safe());
        assert!(!setup.events_of(guardian).is_empty());
    }
    setup.run("play cues --silent --from 0:01 --rig rig.toml --lock-dir lock").with(0, &[]);
    setup.assert_safe();
}

#[test]
fn a_guardian_touches_no_line_of_a_show_that_ends_as_it_should() {
    let setup = Setup::new();
    let launch = setup.play();
    let guardian = setup.guardian();
    launch.ends_on(Signal::TERM).with(0, &[]);
    assert_eq!(setup.events_of(guardian), []);
}

#[test]
fn lines_that_are_to_float_do_so_after_a_kill_too() {
    let setup = Setup::on(FakePi::new(), &format!("release = \"input\"\n{RIG}"));
    let launch = setup.play();
    let guardian = setup.guardian();
    launch.ends_on(Signal::KILL);
    until("afloat", || [4, 18, 20, 22].iter().all(|line| !setup.pi.line(*line).0));
    for (line, safe) in [(4, High), (20, High), (22, Low), (18, Low)] {
        let events = setup.events_of(guardian).into_iter().filter(|event| event.line == line);
        let steps: Vec<_> = events.map(|event| event.step).collect();
        assert_eq!(steps[steps.len() - 2..], [safe, BecameInput], "GPIO {line}");
    }
}

#[test]
fn a_show_that_was_stopped_comes_back_on_its_pins() {
    let setup = Setup::new();
    let launch = setup.play();
    launch.signal(Signal::STOP);
    until("safe", || setup.is_safe());
    launch.signal(Signal::CONT);
    setup.comes_to_be_lit();
    until("told", || launch.told().contains("the lights go on"));
    launch.ends_on(Signal::TERM).with(0, &["stood still for 2 s"]);
    setup.assert_safe();
}

const DIMMED: &str = r#"
[channels]
porch = { pin = 4, kind = "relay", active = "low" }
moon  = { pin = 18, kind = "pwm", hardware = true, curve = "linear" }
"#;

#[test]
fn what_the_chip_dims_is_dark_after_a_kill() {
    let setup = Setup::on(FakePi::new().with_pwm_block(), DIMMED);
    setup.folder.write("shows/dim.show", "length 1:00\n0:00  porch  on\n0:00  moon  40 %\n");
    let launch = setup.launch("play dim --silent --rig rig.toml --lock-dir lock");
    until("lit", || setup.pi.dimmed() == Some(2_000_000) && setup.pi.line(4) == (true, false));
    launch.ends_on(Signal::KILL);
    until("safe", || setup.pi.dimmed() == Some(0) && setup.pi.line(4) == (true, true));
}
