//! Where a show goes on that is told to, a case each.

use std::time::Duration;

use super::super::{Asker, InstanceEvent};
use super::fixtures::Mode;
use super::tables::{interrupt, playing, playing_now};
use super::virtual_runner::VirtualRunner;
use crate::ipc::{Order, Play};
use crate::rig::ButtonOrder;
use crate::time::ShowTime;

fn seek(place: &str) -> Order {
    Order::Seek(place.parse().unwrap())
}

#[test]
fn a_show_that_came_back_can_go_on_before_the_place_where_it_was_interrupted() {
    let mut runner = playing();
    runner.order(2, interrupt("short"));
    runner.wait(Duration::from_secs(10));
    assert_eq!(playing_now(&runner), Some("long"));
    runner.order(3, seek("0:02"));
    assert_eq!(runner.reply(3), Some(&Ok("long at 0:02".to_owned())));
    runner.finish();
}

#[test]
fn in_a_part_that_is_looped_a_step_stays_within_it() {
    let part =
        Play { from: Some("0:02".parse().unwrap()), to: Some("0:08".parse().unwrap()), ..Play::show("long") };
    for (place, reply) in [
        ("+90 s", Ok("long at 0:02")),
        ("-90 s", Ok("long at 0:02")),
        ("0:00", Ok("long at 0:02")),
        ("0:07", Ok("long at 0:07")),
        ("0:08", Err(1)),
    ] {
        let mut runner = VirtualRunner::new(Mode::Service);
        runner.order(1, Order::Play(Play { looped: true, ..part.clone() }));
        runner.wait(Duration::from_secs(3));
        runner.order(2, seek(place));
        assert_eq!(runner.reply(2), Some(&reply.map(str::to_owned)), "{place}");
        runner.finish();
    }
}

#[test]
fn what_does_not_play_goes_on_nowhere_else() {
    let mut runner = VirtualRunner::new(Mode::Service);
    runner.order(1, seek("+1 s"));
    assert_eq!(runner.reply(1), Some(&Err(3)));
    runner.order(1, Order::Loop { on: true });
    assert_eq!(runner.reply(1), Some(&Err(3)));
    runner.finish();
    let mut runner = playing();
    runner.order(2, Order::Stop {});
    runner.order(3, seek("+1 s"));
    assert_eq!(runner.reply(3), Some(&Err(1)));
    runner.order(3, Order::Loop { on: true });
    assert_eq!(runner.reply(3), Some(&Err(1)));
    runner.finish();
}

#[test]
fn a_button_has_the_show_go_on_elsewhere() {
    let mut runner = playing();
    for (order, reply) in [
        (ButtonOrder::Step("+10 s".parse().unwrap()), Ok("long at 0:15")),
        (ButtonOrder::Step("-2 bars".parse().unwrap()), Err(1)),
        (ButtonOrder::SeekTo(ShowTime::from_micros(2_000_000)), Ok("long at 0:02")),
        (ButtonOrder::SeekTo(ShowTime::from_micros(61_000_000)), Err(1)),
    ] {
        runner.feed(InstanceEvent::Button { button: "red".to_owned(), order: order.clone() });
        let (asker, told) = runner.replies.last().unwrap();
        assert_eq!(*asker, Asker::Button("red".to_owned()));
        assert_eq!(*told, reply.map(str::to_owned), "{order:?}");
    }
    runner.finish();
}
