//! What the state machine decides, a case each.

use std::time::Duration;

use super::super::{EndRequest, InstanceEvent};
use super::fixtures::{FilesFate, Mode, TaskFate, TaskFates, edition_of_rig};
use super::virtual_runner::VirtualRunner;
use crate::ipc::{Order, Play};
use crate::speed::Speed;

const MOMENT: Duration = Duration::from_millis(200);

fn play(show: &str) -> Order {
    Order::Play(Play::show(show))
}

pub(super) fn interrupt(show: &str) -> Order {
    Order::Play(Play { interrupt: true, ..Play::show(show) })
}

fn seek(place: &str) -> Order {
    Order::Seek(place.parse().unwrap())
}

/// A service that plays `long`, which connection 1 has ordered, 5 s ago.
pub(super) fn playing() -> VirtualRunner {
    let mut runner = VirtualRunner::new(Mode::Service);
    runner.order(1, play("long"));
    runner.wait(Duration::from_secs(5));
    assert_eq!(playing_now(&runner), Some("long"));
    runner
}

pub(super) fn playing_now(runner: &VirtualRunner) -> Option<&str> {
    runner.show.as_ref().map(|show| show.order.loaded.show.name.as_str())
}

/// Each order, given while `long` plays: its reply as words or an exit code, and what plays a moment later.
#[test]
fn an_order_has_its_reply_and_does_what_it_says() {
    for (order, reply, then) in [
        (Order::Pause {}, Ok("paused long at 0:05"), Some("long")),
        (Order::Resume {}, Ok("long at 0:05 is playing already"), Some("long")),
        (
            Order::Blackout { on: true },
            Ok("blackout on: every light is at its safe level, and the show keeps running"),
            Some("long"),
        ),
        (Order::Next {}, Ok("ends long at 0:05"), None),
        (Order::Stop {}, Ok("ends long at 0:05"), None),
        (
            Order::Off {},
            Ok("ends long at 0:05 at once; nothing plays before `starcourt resume` or `starcourt play SHOW`"),
            None,
        ),
        (seek("+10s"), Ok("long at 0:15"), Some("long")),
        (seek("-90 s"), Ok("long at 0:00"), Some("long")),
        (seek("0:09"), Ok("long at 0:09"), Some("long")),
        (seek("+2 bars"), Err(1), Some("long")),
        (seek("84.1"), Err(1), Some("long")),
        (seek("9:00:00"), Err(1), Some("long")),
        (Order::Loop { on: true }, Ok("long repeats 0:00 to 1:00"), Some("long")),
        (Order::Loop { on: false }, Ok("long repeats nothing"), Some("long")),
        (Order::Speed { to: Speed::Half }, Ok("long at 0:05 plays at half speed"), Some("long")),
        (Order::Speed { to: Speed::Normal }, Ok("long at 0:05 plays at normal speed already"), Some("long")),
        (seek("+9 h"), Ok("long at 1:00"), None),
        (Order::Hold { on: true }, Err(1), Some("long")),
        (Order::Leave { at_once: true }, Err(1), Some("long")),
        (play("short"), Err(75), Some("long")),
        (interrupt("short"), Ok("short begins"), Some("short")),
        (interrupt("missing"), Err(65), Some("long")),
        (
            Order::Play(Play { from: Some("9:00".parse().unwrap()), interrupt: true, ..Play::show("short") }),
            Err(2),
            Some("long"),
        ),
    ] {
        let mut runner = playing();
        runner.order(2, order.clone());
        runner.wait(Duration::from_secs(1));
        assert_eq!(runner.reply(2), Some(&reply.map(str::to_owned)), "{order:?}");
        assert_eq!(playing_now(&runner), then, "{order:?}");
        runner.finish();
    }
}

#[test]
fn an_interrupted_show_goes_on_where_it_was() {
    let mut runner = playing();
    runner.order(2, interrupt("short"));
    runner.order(3, Order::Blackout { on: true });
    runner.wait(Duration::from_secs(5));
    let show = runner.show.as_ref().expect("it has come back");
    assert_eq!((show.order.loaded.show.name.as_str(), show.is_dark), ("long", true));
    assert!(
        (4_900..5_100).contains(&show.order.extent.from.as_duration().as_millis()),
        "{}",
        show.order.extent.from
    );
}

/// How long the show lasts after orders to stop it that come so many milliseconds after one another.
#[test]
fn only_a_second_press_skips_a_fade() {
    for (presses, lasts) in
        [(&[][..], 500), (&[10, 10, 10], 500), (&[50, 49], 500), (&[150], 150), (&[10, 200], 210)]
    {
        let mut runner = playing();
        let start = runner.time;
        runner.order(2, Order::Stop {});
        for after in presses {
            runner.wait(Duration::from_millis(*after));
            runner.order(2, Order::Stop {});
        }
        while runner.show.is_some() {
            runner.wait(Duration::from_millis(1));
        }
        let lasted = (runner.time - start).as_millis();
        assert!((lasts..=lasts + 2).contains(&lasted), "{presses:?}: {lasted} ms");
    }
}

/// The fade takes 500 ms.
#[test]
fn a_show_that_is_ordered_during_the_last_fade_follows_it() {
    for (mode, ending) in [
        (Mode::Service, Order::Stop {}),
        (Mode::Service, Order::Next {}),
        (Mode::Service, Order::Off {}),
        (Mode::Scheduled, Order::Stop {}),
    ] {
        let mut runner = VirtualRunner::new(mode);
        runner.wait(Duration::from_secs(2));
        runner.order(1, interrupt("long"));
        runner.wait(Duration::from_secs(2));
        assert_eq!(playing_now(&runner), Some("long"));
        let fades = ending != Order::Off {};
        // The second press ends what was interrupted as well.
        runner.order(2, ending.clone());
        runner.wait(Duration::from_millis(50));
        runner.order(3, play("tune"));
        runner.order(4, play("short"));
        runner.wait(Duration::from_millis(100));
        assert_eq!(playing_now(&runner) == Some("long"), fades, "{ending:?}: the fade is not cut short");
        runner.wait(Duration::from_secs(2));
        assert_eq!(playing_now(&runner), Some("tune"), "{ending:?}");
        let begins = if fades { "tune begins when long has ended" } else { "tune begins" };
        assert_eq!(runner.reply(3), Some(&Ok(begins.to_owned())), "{ending:?}");
        assert_eq!(runner.reply(4), Some(&Err(75)), "{ending:?}");
        runner.finish();
    }
}

#[test]
fn a_show_that_is_to_follow_an_ending_one_can_be_ended_too() {
    for order in [Order::Stop {}, Order::Off {}, Order::Leave { at_once: false }] {
        let mut runner = playing();
        runner.order(2, Order::Stop {});
        runner.order(3, Order::Play(Play { attach: true, ..Play::show("tune") }));
        runner.wait(Duration::from_millis(50));
        runner.order(3, order.clone());
        runner.wait(Duration::from_secs(2));
        assert_eq!(playing_now(&runner), None, "{order:?}");
        runner.finish();
    }
}

#[test]
fn an_order_for_a_show_that_cannot_be_read_in_time_is_refused() {
    let mut runner = VirtualRunner::new(Mode::Service);
    runner.fates = TaskFates { load: TaskFate::Hangs, ..TaskFates::default() };
    runner.order(1, play("short"));
    runner.wait(Duration::from_secs(29));
    assert_eq!(runner.reply(1), None);
    runner.wait(Duration::from_secs(2));
    assert_eq!(runner.reply(1), Some(&Err(1)));
}

#[test]
fn a_start_that_hangs_is_given_up_and_holds_nobody_up() {
    let mut runner = VirtualRunner::new(Mode::Service);
    runner.fates = TaskFates { start: TaskFate::Hangs, ..TaskFates::default() };
    runner.order(1, play("short"));
    runner.wait(Duration::from_secs(11));
    assert!(runner.told.iter().any(|told| told.contains("not opened within 10 s")), "{:?}", runner.told);
    runner.fates = TaskFates::default();
    runner.order(1, play("short"));
    runner.wait(MOMENT);
    assert_eq!(playing_now(&runner), Some("short"));
    runner.fates = TaskFates { start: TaskFate::Hangs, ..TaskFates::default() };
    runner.order(1, interrupt("long"));
    runner.wait(MOMENT);
    runner.feed(InstanceEvent::End(EndRequest::Fade));
    assert!(runner.is_over, "it waits for a start that hangs");
}

#[test]
fn an_ending_ends_also_where_the_lights_do_not() {
    for (lights_hang, within) in [(false, 600), (true, 11_000)] {
        let mut runner = playing();
        runner.fates = TaskFates { lights_hang, ..TaskFates::default() };
        runner.feed(InstanceEvent::End(EndRequest::Fade));
        runner.wait(Duration::from_millis(400));
        assert!(!runner.is_over, "the fade is cut short");
        runner.wait(Duration::from_millis(within - 400));
        assert!(runner.is_over);
    }
}

#[test]
fn a_command_ends_with_its_show_and_a_service_goes_on() {
    for (mode, is_over) in [(Mode::Play, true), (Mode::Service, false)] {
        let mut runner = VirtualRunner::new(mode);
        runner.order(1, play("long"));
        runner.wait(Duration::from_secs(62));
        assert_eq!((playing_now(&runner), runner.is_over), (None, is_over));
    }
}

/// The schedule has its show read while somebody orders another one.
#[test]
fn a_show_of_the_schedule_waits_for_one_that_was_ordered_before_it_was_read() {
    let mut runner = VirtualRunner::new(Mode::Scheduled);
    let after = |millis| TaskFate::Works { after: Duration::from_millis(millis) };
    runner.fates = TaskFates { load: after(3_000), ..TaskFates::default() };
    runner.wait(Duration::from_millis(600));
    runner.fates = TaskFates::default();
    runner.order(1, Order::Play(Play { attach: true, looped: true, ..Play::show("long") }));
    runner.wait(Duration::from_secs(10));
    assert_eq!(playing_now(&runner), Some("long"));
    runner.order(1, Order::Leave { at_once: true });
    runner.wait(MOMENT * 3);
    assert_eq!(playing_now(&runner), Some("short"));
    runner.finish();
}

/// The schedule plays `short` (3 s) and `tune` in turn, with 2 s between them.
#[test]
fn next_skips_the_pause_of_a_playlist_and_answers_tell_what_follows() {
    let mut runner = VirtualRunner::new(Mode::Scheduled);
    runner.wait(Duration::from_secs(2));
    assert_eq!(playing_now(&runner), Some("short"));
    runner.wait(Duration::from_secs(2));
    assert_eq!(playing_now(&runner), Some("idle"), "the pause");
    assert!(runner.machine.next_scheduled().unwrap().starts_with("tune about 08:00 (day until "));
    runner.order(1, Order::Next {});
    runner.wait(Duration::from_millis(600));
    assert_eq!(runner.reply(1), Some(&Ok("skips the pause; tune follows".to_owned())));
    assert_eq!(playing_now(&runner), Some("tune"));
    runner.wait(Duration::from_secs(2));
    runner.order(2, Order::Next {});
    let ends = runner.reply(2).unwrap().clone().unwrap();
    assert!(ends.starts_with("ends tune at 0:0") && ends.ends_with("; short follows"), "{ends}");

    runner.order(3, interrupt("long"));
    runner.wait(Duration::from_secs(1));
    runner.finish();
}

fn reading(files: FilesFate) -> TaskFates {
    TaskFates { files, ..TaskFates::default() }
}

#[test]
fn a_new_rig_waits_for_the_end_of_the_show_and_the_reply_does_not() {
    let mut runner = playing();
    runner.fates = reading(FilesFate::Rig);
    runner.order(2, Order::Reload {});
    runner.wait(MOMENT);
    let reply = runner.reply(2).unwrap().clone().unwrap();
    assert_eq!(reply, "the new rig is followed when long has ended:");
    assert_eq!((edition_of_rig(&runner.rig), playing_now(&runner)), (0, Some("long")));
    runner.order(3, interrupt("short"));
    runner.wait(Duration::from_secs(10));
    assert_eq!((edition_of_rig(&runner.rig), playing_now(&runner)), (0, Some("long")), "it came back");
    runner.order(1, Order::Stop {});
    runner.wait(Duration::from_secs(1));
    assert_eq!(edition_of_rig(&runner.rig), 1);
    assert!(runner.told.contains(&"the new rig is followed from now on".to_owned()), "{:?}", runner.told);
    runner.order(1, play("short"));
    runner.wait(MOMENT);
    assert_eq!(playing_now(&runner), Some("short"));
    runner.finish();
}

#[test]
fn between_shows_a_new_rig_is_followed_at_once_and_the_look_comes_back() {
    for (files, reply) in [
        (FilesFate::Unchanged, "nothing has changed in the schedule and the rig"),
        (FilesFate::Schedule { is_gone: false }, "the new schedule is followed from now on:"),
        (FilesFate::Rig, "the new rig is followed from now on:"),
        (
            FilesFate::Both,
            "the new schedule fits the new rig only, and is followed with it:\nthe new rig is followed from now on:",
        ),
    ] {
        let mut runner = VirtualRunner::new(Mode::Scheduled);
        runner.wait(Duration::from_millis(4_200));
        assert_eq!(playing_now(&runner), Some("idle"), "the pause");
        runner.fates = reading(files);
        runner.order(1, Order::Reload {});
        runner.wait(MOMENT * 4);
        assert_eq!(runner.reply(1), Some(&Ok(reply.to_owned())));
        assert_eq!(playing_now(&runner), Some("idle"), "{files:?}");
        let is_new = matches!(files, FilesFate::Rig | FilesFate::Both);
        assert_eq!(edition_of_rig(&runner.rig), u32::from(is_new));
        runner.wait(Duration::from_secs(2));
        assert_eq!(playing_now(&runner), Some("tune"), "the playlist goes on");
        runner.finish();
    }
}

#[test]
fn a_rig_or_a_schedule_that_cannot_be_had_leaves_everything_as_it_was() {
    let works = TaskFates::default().read;
    for (read, rig_is_refused, exit) in
        [(TaskFate::Fails, false, 65), (TaskFate::Hangs, false, 1), (works, true, 75)]
    {
        let mut runner = VirtualRunner::new(Mode::Scheduled);
        runner.wait(Duration::from_millis(3_600));
        runner.fates = TaskFates { read, rig_is_refused, ..reading(FilesFate::Both) };
        runner.order(1, Order::Reload {});
        runner.wait(Duration::from_secs(32));
        assert_eq!(runner.reply(1), Some(&Err(exit)), "{read:?}");
        assert_eq!(edition_of_rig(&runner.rig), 0);
        assert!(playing_now(&runner).is_some(), "the schedule goes on");
        runner.finish();
    }
}

#[test]
fn without_its_schedule_a_service_is_dark_and_goes_on_when_there_is_one_again() {
    let mut runner = VirtualRunner::new(Mode::Scheduled);
    runner.wait(Duration::from_millis(4_200));
    for (is_gone, plays) in [(true, false), (false, true)] {
        runner.fates = reading(FilesFate::Schedule { is_gone });
        runner.order(1, Order::Reload {});
        runner.wait(Duration::from_secs(5));
        assert_eq!(playing_now(&runner).is_some(), plays);
    }
    runner.finish();
}

/// Which orders end what `off` began.
#[test]
fn after_off_nothing_plays_before_somebody_says_play_or_resume() {
    for (order, goes_on) in [
        (Order::Next {}, false),
        (Order::Reload {}, false),
        (Order::Stop {}, false),
        (Order::Blackout { on: false }, false),
        (Order::Resume {}, true),
        (play("short"), true),
    ] {
        let mut runner = VirtualRunner::new(Mode::Scheduled);
        runner.wait(Duration::from_secs(2));
        runner.order(1, Order::Off {});
        runner.wait(Duration::from_millis(1));
        assert_eq!(playing_now(&runner), None, "there is no fade");
        runner.wait(Duration::from_secs(20));
        assert_eq!(playing_now(&runner), None, "not even a look");
        assert!(runner.machine.next_scheduled().unwrap().starts_with("switched off; "));
        runner.order(2, order.clone());
        runner.wait(Duration::from_secs(20));
        assert_eq!(playing_now(&runner).is_some(), goes_on, "{order:?}");
        runner.finish();
    }
}
