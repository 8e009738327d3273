//! A terminal that is stopped by Ctrl-Z while another instance plays its show: that show is safe and waits, and all
//! that others have ordered stays as they ordered it.

use std::thread;
use std::time::Duration;

use rustix::process::Signal;

use crate::hall::{GONG, Hall, MALL, SAFE};
use crate::venue::{Launch, until};

const A_WHILE: Duration = Duration::from_millis(300);

/// The service plays the mall for a terminal.
fn playing() -> (Hall, Launch, Launch) {
    let hall = Hall::new("");
    hall.venue.write("shows/schedule.toml", "");
    let service = Launch::of(hall.command("serve --output sim --pins pins"));
    until("serving", || hall.tell("status --json").said.contains("\"state\": \"idle\""));
    let terminal = Launch::of(hall.command("play mall --silent --output sim"));
    hall.comes_to("playing", "mall");
    hall.comes_to_show(MALL);
    (hall, service, terminal)
}

/// Its show is safe before it stops.
#[track_caller]
fn stop(hall: &Hall, terminal: &Launch) {
    terminal.signal(Signal::TSTP);
    terminal.is_stopped();
    assert_eq!(hall.lines(), SAFE);
}

#[track_caller]
fn ends(hall: &Hall, service: Launch, terminal: Launch) {
    terminal.ends_on(Signal::INT).with(0, &["mall was ended at"]);
    hall.ends(service);
}

#[test]
fn its_show_is_safe_and_goes_on_from_where_it_was() {
    let (hall, service, terminal) = playing();
    for _ in 0..3 {
        stop(&hall, &terminal);
        let before = hall.position();
        thread::sleep(A_WHILE);
        assert_eq!((hall.position(), hall.lines()), (before, SAFE));
        terminal.signal(Signal::CONT);
        hall.comes_to_show(MALL);
        hall.comes_to("playing", "mall");
        until("further", || hall.position() > before);
    }
    ends(&hall, service, terminal);
}

#[test]
fn a_blackout_and_a_pause_that_others_ordered_outlast_it() {
    // Before it stopped, and while it was stopped.
    for is_before in [true, false] {
        let (hall, service, terminal) = playing();
        let order = || {
            hall.tell("pause").with(0, &["paused mall"]);
            hall.tell("blackout on").with(0, &[]);
        };
        if is_before {
            order();
            hall.comes_to_show(SAFE);
        }
        stop(&hall, &terminal);
        if !is_before {
            order();
        }
        terminal.signal(Signal::CONT);
        thread::sleep(A_WHILE);
        assert_eq!((hall.now()["state"].as_str(), hall.lines()), (Some("blackout"), SAFE));
        hall.tell("blackout off").with(0, &[]);
        hall.comes_to_show(MALL);
        hall.comes_to("paused", "mall");
        let before = hall.position();
        hall.tell("resume").with(0, &["goes on with mall"]);
        until("further", || hall.position() > before);
        ends(&hall, service, terminal);
    }
}

#[test]
fn a_show_that_interrupts_it_is_not_touched_and_it_comes_back_held() {
    let (hall, service, terminal) = playing();
    stop(&hall, &terminal);
    let gong = hall.interrupt("gong", GONG);
    hall.comes_to("playing", "gong");
    let before = hall.position();
    until("further", || hall.position() > before);
    gong.ends_on(Signal::INT).with(0, &["gong was ended at"]);
    hall.comes_to("paused", "mall");
    let (before, lines) = (hall.position(), hall.lines());
    thread::sleep(A_WHILE);
    assert_eq!((hall.position(), lines, hall.lines()), (before, SAFE, SAFE));
    terminal.signal(Signal::CONT);
    hall.comes_to_show(MALL);
    hall.comes_to("playing", "mall");
    ends(&hall, service, terminal);
}

#[test]
fn it_stops_and_comes_back_while_another_show_is_on() {
    let (hall, service, terminal) = playing();
    let gong = hall.interrupt("gong", GONG);
    terminal.signal(Signal::TSTP);
    terminal.is_stopped();
    hall.tell("blackout on").with(0, &[]);
    hall.comes_to_show(SAFE);
    terminal.signal(Signal::CONT);
    thread::sleep(A_WHILE);
    assert_eq!((hall.now()["show"]["name"].as_str(), hall.lines()), (Some("gong"), SAFE));
    hall.tell("blackout off").with(0, &[]);
    hall.comes_to_show(GONG);
    gong.ends_on(Signal::INT).with(0, &["gong was ended at"]);
    hall.comes_to_show(MALL);
    hall.comes_to("playing", "mall");
    ends(&hall, service, terminal);
}

#[test]
fn others_can_end_its_show_and_nobody_can_light_it() {
    let (hall, service, terminal) = playing();
    stop(&hall, &terminal);
    hall.tell("resume").with(0, &["goes on when its terminal does"]);
    hall.tell("blackout off").with(0, &[]);
    thread::sleep(A_WHILE);
    assert_eq!(hall.lines(), SAFE);
    hall.tell("stop").with(0, &["ends mall"]);
    until("idle", || hall.now()["state"] == "idle");
    terminal.signal(Signal::CONT);
    terminal.end().with(0, &["mall was ended at"]);
    assert_eq!(hall.lines(), SAFE);
    hall.ends(service);
}

#[test]
fn one_that_is_killed_while_it_is_stopped_takes_its_show_along() {
    let (hall, service, terminal) = playing();
    stop(&hall, &terminal);
    terminal.ends_on(Signal::KILL);
    until("idle", || hall.now()["state"] == "idle");
    assert_eq!(hall.lines(), SAFE);
    let gong = Launch::of(hall.command("play gong --silent --output sim"));
    hall.comes_to_show(GONG);
    gong.ends_on(Signal::INT).with(0, &[]);
    hall.ends(service);
}

#[test]
fn who_has_no_show_holds_none() {
    use std::io::{BufRead, BufReader, Write};
    let (hall, service, terminal) = playing();
    let mut line = std::os::unix::net::UnixStream::connect(hall.venue.path("lock/starcourt.sock")).unwrap();
    line.write_all(b"{\"order\":\"hold\",\"on\":true}\n").unwrap();
    let mut answer = String::new();
    BufReader::new(&line).read_line(&mut answer).unwrap();
    assert!(answer.contains("no show of yours plays"), "{answer}");
    assert_eq!((hall.now()["state"].as_str(), hall.lines()), (Some("playing"), MALL));
    ends(&hall, service, terminal);
}
