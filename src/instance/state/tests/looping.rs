//! What comes of the order to repeat a part, and of the one to play on.

use std::time::Duration;

use super::fixtures::Mode;
use super::tables::{interrupt, playing, playing_now};
use super::virtual_runner::VirtualRunner;
use crate::ipc::{Order, Play};

#[test]
fn a_loop_ends_where_the_show_was_to_end() {
    let to = || Some("0:08".parse().unwrap());
    for (play, begins, ends) in [
        (Play::show("long"), "long repeats 0:00 to 1:00", "long plays on to 1:00"),
        (Play { to: to(), ..Play::show("long") }, "long repeats 0:00 to 0:08", "long plays on to 0:08"),
        (
            Play { to: to(), looped: true, ..Play::show("long") },
            "long repeats 0:00 to 0:08 already; for another part, switch this loop off first",
            "long plays on to 1:00",
        ),
    ] {
        let mut runner = VirtualRunner::new(Mode::Service);
        runner.order(1, Order::Play(play));
        runner.wait(Duration::from_secs(3));
        for (on, reply) in [(true, begins), (false, ends), (false, "long repeats nothing")] {
            runner.order(2, Order::Loop { on });
            assert_eq!(runner.reply(2), Some(&Ok(reply.to_owned())));
        }
        runner.finish();
    }
}

#[test]
fn a_show_that_was_interrupted_comes_back_into_its_loop() {
    let mut runner = playing();
    runner.order(2, Order::Loop { on: true });
    runner.order(3, interrupt("short"));
    runner.wait(Duration::from_secs(10));
    assert_eq!(playing_now(&runner), Some("long"));
    runner.order(2, Order::Loop { on: true });
    assert_eq!(
        runner.reply(2),
        Some(&Ok(
            "long repeats 0:00 to 1:00 already; for another part, switch this loop off first".to_owned()
        ))
    );
    runner.order(2, Order::Loop { on: false });
    assert_eq!(runner.reply(2), Some(&Ok("long plays on to 1:00".to_owned())));
    runner.finish();
}
