//! The real GPIO path, to the order of register writes, on a Raspberry Pi of files.

#![cfg(target_arch = "x86_64")] // the log of writes is made by single steps of this processor
#![allow(clippy::unwrap_used)]

mod common;
mod fake_pi;

use std::sync::Arc;

use starcourt::clock::{Clock, Course, Leader, Playhead, Position, monotonic};
use starcourt::engine::{Engine, Extent, Passes, RelayMoves, Setup};
use starcourt::heartbeat::Heartbeat;
use starcourt::level::Level;
use starcourt::output::gpio::{Gpio, Unavailable, pi_model};
use starcourt::output::patch::{Means, Patch};
use starcourt::output::{LineOutputs, Signal, Wire};
use starcourt::rig::{Line, Release};
use starcourt::speed::Speed;
use starcourt::time::{Mono, ShowTime};
use starcourt::timeline::{Timeline, Track};

use fake_pi::FakePi;
use fake_pi::Step::{BecameInput, BecameOutput, High, Low};

/// GPIO 17 rests high, as a relay board wants it that lights on a low line; GPIO 4 rests low.
fn wires() -> [Wire; 2] {
    let wire = |bcm, safe| Wire { line: Line::new(bcm).unwrap(), safe };
    [wire(17, Signal::High), wire(4, Signal::Low)]
}

fn light_and_leave(release: Release) {
    let [relay, lamp] = wires();
    let mut gpio = Gpio::open(&wires(), release).unwrap();
    assert!(gpio.drive(&[(relay.line, Signal::Low), (lamp.line, Signal::High)]));
}

#[test]
fn a_line_is_safe_before_it_becomes_an_output_and_stays_driven_and_safe() {
    let test = "a_line_is_safe_before_it_becomes_an_output_and_stays_driven_and_safe";
    let Some(pi) = FakePi::new().run(test, || light_and_leave(Release::Driven)) else { return };
    assert_eq!(pi.steps(17), [High, BecameOutput, Low, High]);
    assert_eq!(pi.steps(4), [Low, BecameOutput, High, Low]);
    assert_eq!((pi.line(17), pi.line(4)), ((true, true), (true, false)));
    assert_eq!(pi.steps(18), [], "a line of nobody's is left alone");
}

#[test]
fn a_line_that_a_kill_left_lit_is_made_safe_first() {
    let test = "a_line_that_a_kill_left_lit_is_made_safe_first";
    let pi = FakePi::new().with_output(17);
    assert_eq!(pi.line(17), (true, false));
    let Some(pi) = pi.run(test, || drop(Gpio::open(&wires(), Release::Driven).unwrap())) else { return };
    assert_eq!(pi.steps(17), [High, High]);
    assert_eq!(pi.line(17), (true, true));
}

#[test]
fn a_line_is_safe_before_it_is_released_as_an_input() {
    let test = "a_line_is_safe_before_it_is_released_as_an_input";
    let Some(pi) = FakePi::new().run(test, || light_and_leave(Release::Input)) else { return };
    assert_eq!(pi.steps(17), [High, BecameOutput, Low, High, BecameInput]);
    assert_eq!(pi.steps(4), [Low, BecameOutput, High, Low, BecameInput]);
}

/// The machine's clock from `0` on.
struct Machine(Mono);

impl Clock for Machine {
    fn playhead(&self, _now: Mono) -> Playhead {
        Playhead::Running(Course::by_machine(self.0, Position(0)))
    }

    fn pause(&self, _now: Mono) {}

    fn resume(&self, _now: Mono) {}

    fn seek(&self, _now: Mono, _to: Position) {}

    fn set_speed(&self, _now: Mono, _speed: Speed) {}

    fn speed(&self) -> Speed {
        Speed::Normal
    }

    fn leader(&self) -> Leader {
        Leader::Machine
    }
}

/// Plays 60 ms in which the porch, a relay on GPIO 4 that lights on a low line, is lit twice.
fn play() {
    let millis = |millis: u64| ShowTime::from_micros(millis * 1_000);
    let mut porch = Track::default();
    for (at, level) in [(10, Level::FULL), (20, Level::OFF), (50, Level::FULL)] {
        porch.hold(millis(at), level);
    }
    let rig = Arc::new(common::rig(common::PORCH));
    let engine = Engine::start(Setup {
        timeline: Arc::new(Timeline::new(vec![porch, Track::default(), Track::default()])),
        drivers: Patch::new(&Means::Pins { folder: std::env::temp_dir() }, &rig, |_| true).open().unwrap(),
        rig,
        heartbeat: Arc::new(Heartbeat::new().unwrap()),
        clock: Arc::new(Machine(monotonic::now())),
        recorder: None,
        extent: Extent { from: ShowTime::ZERO, passes: Passes::Once(millis(60)) },
        relay_moves: RelayMoves::default(),
        is_dark: false,
    });
    engine.unwrap().join().unwrap();
}

#[test]
fn a_show_on_real_registers_lights_in_order_and_ends_safe() {
    let test = "a_show_on_real_registers_lights_in_order_and_ends_safe";
    let Some(pi) = FakePi::new().run(test, play) else { return };
    // Dark at the end of the show, when all lines are made safe, and when the line is let go.
    assert_eq!(pi.steps(4), [High, BecameOutput, Low, High, Low, High, High, High]);
    assert_eq!(pi.line(4), (true, true));
}

#[test]
fn the_model_is_told_without_a_device() {
    let test = "the_model_is_told_without_a_device";
    let pi = FakePi::new().with_device("gpiomem", "").with_device("gpiochip0", "");
    pi.run(test, || assert_eq!(pi_model().as_deref(), Some("Raspberry Pi 4 B")));
}

/// In `pi` the pins are not to be had, and the words say what to do.
fn check_refusal(test: &str, pi: FakePi, is_expected: fn(&Unavailable) -> bool, words: &str) {
    pi.run(test, || {
        fake_pi::drop_privileges();
        let error = Gpio::open(&wires(), Release::Driven).err().expect("the pins are not to be had");
        assert!(is_expected(&error) && error.to_string().contains(words), "{error:?}: {error}");
    });
}

#[test]
fn another_machine_is_pointed_to_the_simulator() {
    let test = "another_machine_is_pointed_to_the_simulator";
    let pi = FakePi::new().of_another_make();
    check_refusal(test, pi, |error| matches!(error, Unavailable::NotAPi), "--output sim");
}

#[test]
fn who_may_not_open_the_pins_is_told_how_to_join_the_group() {
    let test = "who_may_not_open_the_pins_is_told_how_to_join_the_group";
    let is_expected = |error: &Unavailable| matches!(error, Unavailable::NotPermitted { .. });
    check_refusal(test, FakePi::new().locked_up(), is_expected, "usermod -aG gpio");
}

#[test]
fn a_gap_in_the_chip_numbers_comes_with_the_command_that_closes_it() {
    let test = "a_gap_in_the_chip_numbers_comes_with_the_command_that_closes_it";
    let pi = FakePi::new().with_device("gpiochip0", "gpiochip11");
    let is_expected = |error: &Unavailable| matches!(error, Unavailable::Missing(_));
    check_refusal(test, pi, is_expected, "sudo ln -s gpiochip11 /dev/gpiochip0");
}

#[test]
fn missing_devices_are_named() {
    let test = "missing_devices_are_named";
    let pi = FakePi::new().with_device("gpiomem", "");
    check_refusal(test, pi, |error| matches!(error, Unavailable::Missing(_)), "/dev/gpiomem");
}
