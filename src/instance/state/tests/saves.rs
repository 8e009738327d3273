//! What becomes of a show that is saved while it plays, a case each.

use std::time::Duration;

use super::fixtures::{Mode, edition_of_rig};
use super::virtual_runner::VirtualRunner;
use crate::diagnosis::Diagnoses;
use crate::instance::saved::{Saved, SavedMistakes};
use crate::instance::state::InstanceEvent;
use crate::ipc::{Order, Play};

/// A command that has played its own show, `long`, for 5 s.
fn playing() -> VirtualRunner {
    let mut runner = VirtualRunner::new(Mode::Play);
    runner.wait(Duration::from_secs(5));
    runner
}

/// Until all that begins at once has come to its end.
fn wait_a_moment(runner: &mut VirtualRunner) {
    (0..20).for_each(|_| runner.wait(Duration::from_millis(10)));
}

#[track_caller]
fn check(runner: &VirtualRunner, show: &str, told: &str) {
    let playing = runner.show.as_ref().map(|show| show.order.loaded.show.name.as_str());
    assert_eq!(playing, Some(show), "{:?}", runner.told);
    assert!(runner.told.iter().any(|words| words.contains(told)), "no `{told}` in {:?}", runner.told);
}

#[test]
fn a_save_is_taken_up_without_a_new_start() {
    let mut runner = playing();
    let started = runner.show.as_ref().map(|show| show.order.job);
    runner.save("long", false);
    check(&runner, "long", "the new text plays from 0:05");
    assert_eq!(runner.show.as_ref().map(|show| show.order.job), started);
}

#[test]
fn another_music_begins_anew_from_the_same_place() {
    let mut runner = playing();
    runner.save("tune", false);
    wait_a_moment(&mut runner);
    check(&runner, "tune", "the new text plays from 0:05");
    let show = runner.show.as_ref().expect("it plays");
    assert!(!show.order.takes_sound && !show.order.extent.from.as_duration().is_zero());
}

#[test]
fn a_show_that_is_shorter_than_the_place_begins_again() {
    let mut runner = playing();
    runner.save("short", false);
    wait_a_moment(&mut runner);
    check(&runner, "short", "0:05 is not in the new text: it plays from 0:00");
}

#[test]
fn a_new_rig_is_taken_up_with_the_sound_that_plays() {
    let mut runner = playing();
    runner.save("long", true);
    wait_a_moment(&mut runner);
    check(&runner, "long", "the show plays on the new rig from 0:05; its settings");
    assert_eq!(edition_of_rig(&runner.rig), 1);
    assert!(runner.show.as_ref().is_some_and(|show| show.order.takes_sound));
}

#[test]
fn a_new_rig_that_cannot_be_taken_leaves_everything_as_it_was() {
    let mut runner = playing();
    runner.fates.rig_is_refused = true;
    runner.save("long", true);
    wait_a_moment(&mut runner);
    check(&runner, "long", "the new rig cannot be taken: GPIO 4 is in use");
    assert_eq!(edition_of_rig(&runner.rig), 0);
}

#[test]
fn a_new_rig_waits_for_the_show_that_interrupts() {
    let mut runner = playing();
    runner.order(1, Order::Play(Play { interrupt: true, ..Play::show("short") }));
    wait_a_moment(&mut runner);
    runner.save("long", true);
    wait_a_moment(&mut runner);
    assert_eq!(edition_of_rig(&runner.rig), 0);
    runner.wait(Duration::from_secs(4));
    check(&runner, "long", "the show plays on the new rig from 0:05");
    assert_eq!(edition_of_rig(&runner.rig), 1);
}

#[test]
fn mistakes_change_nothing() {
    let mut runner = playing();
    runner.feed(InstanceEvent::Saved(Saved::Mistakes(SavedMistakes {
        words: "error: no channel `sgn`".to_owned(),
        told: Diagnoses::default(),
    })));
    check(&runner, "long", "the saved text has mistakes: the show plays on as before");
}

#[test]
fn a_part_that_is_looped_repeats_on_with_the_new_text() {
    let repeats = |runner: &VirtualRunner| runner.show.as_ref().and_then(|show| show.order.extent.repeats());
    for is_rewired in [false, true] {
        let mut runner = playing();
        runner.order(1, Order::Loop { on: true });
        let range = repeats(&runner).expect("it repeats");
        runner.save("long", is_rewired);
        wait_a_moment(&mut runner);
        assert_eq!(repeats(&runner), Some(range), "{is_rewired}");
        runner.order(2, Order::Loop { on: false });
        assert!(
            runner
                .reply(2)
                .is_some_and(|reply| reply.as_ref().is_ok_and(|words| words.contains("plays on to")))
        );
        assert_eq!(repeats(&runner), None);
    }
    let mut runner = playing();
    runner.order(1, Order::Loop { on: true });
    runner.save("short", false);
    wait_a_moment(&mut runner);
    assert_eq!(repeats(&runner), None, "the part is not in the new text");
}
