//! What comes of the order to play at another speed, a case each.

use std::time::Duration;

use super::super::InstanceEvent;
use super::fixtures::Mode;
use super::tables::{interrupt, playing, playing_now};
use super::virtual_runner::VirtualRunner;
use crate::ipc::{Order, OutputKind, Play};
use crate::speed::Speed;
use crate::stage::{Key, Wish};

impl VirtualRunner {
    /// The show that is on may pass at `speed`.
    pub(super) fn check_speed(&self, speed: Speed) {
        assert!(
            self.machine.output == OutputKind::Sim || speed.is_normal(),
            "real lights at {speed:?} speed"
        );
    }
}

const fn speed(to: Speed) -> Order {
    Order::Speed { to }
}

/// How fast the show that is on passes.
fn speed_now(runner: &VirtualRunner) -> Speed {
    runner.show.as_ref().expect("one plays").speed
}

fn playing_tune(output: OutputKind) -> VirtualRunner {
    let mut runner = VirtualRunner::with(Mode::Service, output);
    runner.order(1, Order::Play(Play::show("tune")));
    runner.wait(Duration::from_secs(2));
    runner
}

#[test]
fn a_show_passes_faster_or_slower_until_its_end() {
    // Of 60 s, 5 have passed.
    for (to, still) in [(Speed::Half, 110.0), (Speed::Normal, 55.0), (Speed::Double, 27.5)] {
        let mut runner = playing();
        runner.order(2, speed(to));
        runner.wait(Duration::from_secs_f64(still - 0.5));
        assert_eq!(playing_now(&runner), Some("long"), "{to:?}");
        runner.wait(Duration::from_secs(1));
        assert_eq!(playing_now(&runner), None, "{to:?}");
        runner.finish();
    }
}

#[test]
fn each_order_says_what_comes_of_it() {
    let mut runner = playing_tune(OutputKind::Sim);
    for (order, reply) in [
        (speed(Speed::Half), "tune at 0:02 plays at half speed, without sound"),
        (speed(Speed::Half), "tune at 0:02 plays at half speed already"),
        (Order::Pause {}, "paused tune at 0:02"),
        (speed(Speed::Double), "tune at 0:02 is paused, and goes on at double speed, without sound"),
        (Order::Resume {}, "resumed tune at 0:02"),
        (speed(Speed::Normal), "tune at 0:02 plays at normal speed"),
    ] {
        runner.order(2, order.clone());
        assert_eq!(runner.reply(2), Some(&Ok(reply.to_owned())), "{order:?}");
    }
    runner.finish();
}

#[test]
fn the_keys_go_one_step_slower_or_faster() {
    let mut runner = playing();
    for (key, expected) in [
        ('<', Speed::Half),
        ('<', Speed::Half),
        ('>', Speed::Normal),
        ('>', Speed::Double),
        ('.', Speed::Double),
        (',', Speed::Normal),
    ] {
        runner.feed(InstanceEvent::Key(Wish::Key(Key::Char(key))));
        assert_eq!(speed_now(&runner), expected, "{key}");
    }
    runner.finish();
}

#[test]
fn a_show_that_was_interrupted_comes_back_at_its_speed_and_the_other_one_has_its_own() {
    let mut runner = playing();
    runner.order(2, speed(Speed::Double));
    runner.order(3, interrupt("short"));
    runner.wait(Duration::from_secs(1));
    assert_eq!((playing_now(&runner), speed_now(&runner)), (Some("short"), Speed::Normal));
    runner.wait(Duration::from_secs(4));
    assert_eq!((playing_now(&runner), speed_now(&runner)), (Some("long"), Speed::Double));
    runner.finish();
}

#[test]
fn a_show_that_is_saved_goes_on_at_its_speed_also_on_a_new_rig() {
    for is_rewired in [false, true] {
        let mut runner = VirtualRunner::new(Mode::Play);
        runner.wait(Duration::from_secs(5));
        runner.order(1, speed(Speed::Half));
        runner.save("long", is_rewired);
        runner.wait(Duration::from_secs(1));
        assert_eq!((playing_now(&runner), speed_now(&runner)), (Some("long"), Speed::Half), "{is_rewired}");
        runner.finish();
    }
}

#[test]
fn real_lights_play_at_normal_speed_only() {
    let mut runner = playing_tune(OutputKind::Gpio);
    for to in [Speed::Half, Speed::Double] {
        runner.order(2, speed(to));
        assert_eq!(runner.reply(2), Some(&Err(1)), "{to:?}");
        assert_eq!(speed_now(&runner), Speed::Normal);
    }
    runner.order(2, speed(Speed::Normal));
    assert_eq!(runner.reply(2), Some(&Ok("tune at 0:02 plays at normal speed already".to_owned())));
    runner.finish();
}

#[test]
fn what_does_not_play_has_no_speed() {
    let mut runner = VirtualRunner::new(Mode::Scheduled);
    runner.order(1, speed(Speed::Half));
    assert_eq!(runner.reply(1), Some(&Err(3)));
    runner.finish();
    let mut runner = playing();
    runner.order(2, Order::Stop {});
    runner.order(3, speed(Speed::Half));
    assert_eq!(runner.reply(3), Some(&Err(1)));
    runner.finish();
}
