//! Shows that a terminal asks of the service, which goes on when the terminal is gone.

use std::fs;

use rustix::process::Signal;

use crate::hall::{GONG, Hall, MALL, SAFE};
use crate::venue::{Launch, until};

/// A service with nothing to do.
fn serving(schedule: &str) -> (Hall, Launch) {
    let hall = Hall::new("");
    hall.venue.write("shows/schedule.toml", schedule);
    let service = Launch::of(hall.command("serve --output sim --pins pins"));
    until("serving", || hall.tell("status --json").said.contains("\"state\": \"idle\""));
    hall.comes_to_show(SAFE);
    (hall, service)
}

fn ask(hall: &Hall, show_and_options: &str) -> Launch {
    Launch::of(hall.command(&format!("play {show_and_options} --silent --output sim")))
}

#[test]
fn a_terminal_has_the_service_play_and_ends_its_show_with_itself() {
    let (hall, service) = serving("");
    for signal in [Signal::INT, Signal::HUP, Signal::KILL] {
        let terminal = ask(&hall, "mall");
        hall.comes_to_show(MALL);
        terminal.ends_on(signal);
        hall.comes_to_show(SAFE);
        until("idle", || hall.now()["state"] == "idle");
    }
    hall.ends(service);
}

#[test]
fn who_waits_plays_when_the_service_is_free() {
    let (hall, service) = serving("");
    let first = ask(&hall, "mall");
    hall.comes_to_show(MALL);
    ask(&hall, "gong").end().with(75, &["Another instance is already running"]);
    ask(&hall, "gong --wait=300ms").end().with(75, &["Another instance is already running"]);
    let second = ask(&hall, "gong --wait");
    hall.tell("stop").with(0, &["ends mall at"]);
    first.end().with(0, &["mall was ended at"]);
    hall.comes_to_show(GONG);
    second.ends_on(Signal::INT).with(0, &["gong was ended at"]);
    hall.ends(service);
}

#[test]
fn who_waits_for_a_service_that_ends_plays_the_show_here() {
    let (hall, service) = serving("");
    let first = ask(&hall, "mall");
    hall.comes_to_show(MALL);
    let second = ask(&hall, "ding --wait");
    service.ends_on(Signal::TERM).with(0, &[]);
    first.end().with(0, &["mall was ended at"]);
    second.end().with(0, &["ding has played to its end"]);
}

#[test]
fn a_show_that_was_stopped_does_not_come_back_after_an_interrupt() {
    let (hall, service) = serving("");
    let first = ask(&hall, "mall");
    hall.comes_to_show(MALL);
    let gong = hall.interrupt("gong", GONG);
    hall.tell("stop").with(0, &["ends gong at"]);
    gong.end().with(0, &["gong was ended at"]);
    first.end().with(0, &["it was ended"]);
    until("idle", || hall.now()["state"] == "idle");
    hall.comes_to_show(SAFE);
    hall.ends(service);
}

/// While the commands before it run, it is neither on the stage nor among those who wait.
#[test]
fn a_show_that_is_about_to_begin_can_be_given_up() {
    let (hall, service) =
        serving("[commands]\nbefore = { run = \"touch asked; sleep 30\", timeout = \"1 min\" }\n");
    let about_to_begin = || {
        let terminal = ask(&hall, "mall");
        until("about to begin", || fs::remove_file(hall.venue.path("asked")).is_ok());
        terminal
    };
    for end in [Signal::INT, Signal::KILL] {
        let terminal = about_to_begin();
        ask(&hall, "gong --interrupt").end().with(75, &["mall is about to begin"]);
        terminal.ends_on(end);
    }
    let terminal = about_to_begin();
    hall.tell("stop").with(0, &[]);
    terminal.end().with(0, &["it was ended before it began"]);
    assert_eq!(hall.lines(), SAFE);
    service.ends_on(Signal::TERM).with(0, &[]);
    hall.assert_safe_and_free();
}
