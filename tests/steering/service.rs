//! Shows that a terminal asks of the service, which goes on when the terminal is gone.

use std::fs;

use rustix::process::Signal;

use crate::common::launch::{Launch, until};
use crate::setup::{GONG, MALL, SAFE, Setup};

/// A service with nothing to do.
fn serving(schedule: &str) -> (Setup, Launch) {
    let setup = Setup::new("");
    setup.folder.write("shows/schedule.toml", schedule);
    let service = Launch::of(setup.command("serve --output sim --pins pins"));
    until("serving", || setup.tell("status --json").said.contains("\"state\": \"idle\""));
    setup.comes_to_show(SAFE);
    (setup, service)
}

fn ask(setup: &Setup, show_and_options: &str) -> Launch {
    Launch::of(setup.command(&format!("play {show_and_options} --silent --output sim")))
}

#[test]
fn a_terminal_has_the_service_play_and_ends_its_show_with_itself() {
    let (setup, service) = serving("");
    for signal in [Signal::INT, Signal::HUP, Signal::KILL] {
        let terminal = ask(&setup, "mall");
        setup.comes_to_show(MALL);
        terminal.ends_on(signal);
        setup.comes_to_show(SAFE);
        until("idle", || setup.now()["state"] == "idle");
    }
    setup.ends(service);
}

#[test]
fn who_waits_plays_when_the_service_is_free() {
    let (setup, service) = serving("");
    let first = ask(&setup, "mall");
    setup.comes_to_show(MALL);
    ask(&setup, "gong").end().with(75, &["Another instance is already running"]);
    ask(&setup, "gong --wait=300ms").end().with(75, &["Another instance is already running"]);
    let second = ask(&setup, "gong --wait");
    setup.tell("stop").with(0, &["ends mall at"]);
    first.end().with(0, &["mall stopped at"]);
    setup.comes_to_show(GONG);
    second.ends_on(Signal::INT).with(0, &["gong stopped at"]);
    setup.ends(service);
}

#[test]
fn who_waits_for_a_service_that_ends_plays_the_show_here() {
    let (setup, service) = serving("");
    let first = ask(&setup, "mall");
    setup.comes_to_show(MALL);
    let second = ask(&setup, "ding --wait");
    service.ends_on(Signal::TERM).with(0, &[]);
    first.end().with(0, &["mall stopped at"]);
    second.end().with(0, &["ding has played to its end"]);
}

#[test]
fn a_show_that_was_stopped_does_not_come_back_after_an_interrupt() {
    let (setup, service) = serving("");
    let first = ask(&setup, "mall");
    setup.comes_to_show(MALL);
    let gong = setup.interrupt("gong", GONG);
    setup.tell("stop").with(0, &["ends gong at"]);
    gong.end().with(0, &["gong stopped at"]);
    first.end().with(0, &["it was ended"]);
    until("idle", || setup.now()["state"] == "idle");
    setup.comes_to_show(SAFE);
    setup.ends(service);
}

/// While the commands before it run, it is neither on the stage nor among those who wait.
#[test]
fn a_show_that_is_about_to_begin_can_be_given_up() {
    let (setup, service) =
        serving("[commands]\nbefore = { run = \"touch asked; sleep 30\", timeout = \"1 min\" }\n");
    let about_to_begin = || {
        let terminal = ask(&setup, "mall");
        until("about to begin", || fs::remove_file(setup.folder.path("asked")).is_ok());
        terminal
    };
    for end in [Signal::INT, Signal::KILL] {
        let terminal = about_to_begin();
        ask(&setup, "gong --interrupt").end().with(75, &["mall is about to begin"]);
        terminal.ends_on(end);
    }
    let terminal = about_to_begin();
    setup.tell("stop").with(0, &[]);
    terminal.end().with(0, &["it was ended before it began"]);
    assert_eq!(setup.lines(), SAFE);
    service.ends_on(Signal::TERM).with(0, &[]);
    setup.assert_safe_and_free();
}
