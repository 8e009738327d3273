//! A terminal that is stopped by Ctrl-Z while another instance plays its show: that show is safe and waits, and all
//! that others have ordered stays as they ordered it.

use std::thread;
use std::time::Duration;

use rustix::process::Signal;

use crate::common::launch::{Launch, until};
use crate::setup::{GONG, MALL, SAFE, Setup};

const A_WHILE: Duration = Duration::from_millis(300);

/// The service plays the mall for a terminal.
fn playing() -> (Setup, Launch, Launch) {
    let setup = Setup::new("");
    setup.folder.write("shows/schedule.toml", "");
    let service = Launch::of(setup.command("serve --output sim --pins pins"));
    until("serving", || setup.tell("status --json").said.contains("\"state\": \"idle\""));
    let terminal = Launch::of(setup.command("play mall --silent --output sim"));
    setup.comes_to("playing", "mall");
    setup.comes_to_show(MALL);
    (setup, service, terminal)
}

/// Its show is safe before it stops.
#[track_caller]
fn stop(setup: &Setup, terminal: &Launch) {
    terminal.signal(Signal::TSTP);
    terminal.wait_until_stopped();
    assert_eq!(setup.lines(), SAFE);
}

#[track_caller]
fn ends(setup: &Setup, service: Launch, terminal: Launch) {
    terminal.ends_on(Signal::INT).with(0, &["mall stopped at"]);
    setup.ends(service);
}

#[test]
fn its_show_is_safe_and_goes_on_from_where_it_was() {
    let (setup, service, terminal) = playing();
    for _ in 0..3 {
        stop(&setup, &terminal);
        let before = setup.position();
        thread::sleep(A_WHILE);
        assert_eq!((setup.position(), setup.lines()), (before, SAFE));
        terminal.signal(Signal::CONT);
        setup.comes_to_show(MALL);
        setup.comes_to("playing", "mall");
        until("further", || setup.position() > before);
    }
    ends(&setup, service, terminal);
}

#[test]
fn a_blackout_and_a_pause_that_others_ordered_outlast_it() {
    // Before it stopped, and while it was stopped.
    for is_before in [true, false] {
        let (setup, service, terminal) = playing();
        let order = || {
            setup.tell("pause").with(0, &["paused mall"]);
            setup.tell("blackout on").with(0, &[]);
        };
        if is_before {
            order();
            setup.comes_to_show(SAFE);
        }
        stop(&setup, &terminal);
        if !is_before {
            order();
        }
        terminal.signal(Signal::CONT);
        thread::sleep(A_WHILE);
        assert_eq!((setup.now()["state"].as_str(), setup.lines()), (Some("blackout"), SAFE));
        setup.tell("blackout off").with(0, &[]);
        setup.comes_to_show(MALL);
        setup.comes_to("paused", "mall");
        let before = setup.position();
        setup.tell("resume").with(0, &["resumed mall"]);
        until("further", || setup.position() > before);
        ends(&setup, service, terminal);
    }
}

#[test]
fn a_show_that_interrupts_it_is_not_touched_and_it_comes_back_held() {
    let (setup, service, terminal) = playing();
    stop(&setup, &terminal);
    let gong = setup.interrupt("gong", GONG);
    setup.comes_to("playing", "gong");
    let before = setup.position();
    until("further", || setup.position() > before);
    gong.ends_on(Signal::INT).with(0, &["gong stopped at"]);
    setup.comes_to("paused", "mall");
    let (before, lines) = (setup.position(), setup.lines());
    thread::sleep(A_WHILE);
    assert_eq!((setup.position(), lines, setup.lines()), (before, SAFE, SAFE));
    terminal.signal(Signal::CONT);
    setup.comes_to_show(MALL);
    setup.comes_to("playing", "mall");
    ends(&setup, service, terminal);
}

#[test]
fn it_stops_and_comes_back_while_another_show_is_on() {
    let (setup, service, terminal) = playing();
    let gong = setup.interrupt("gong", GONG);
    terminal.signal(Signal::TSTP);
    terminal.wait_until_stopped();
    setup.tell("blackout on").with(0, &[]);
    setup.comes_to_show(SAFE);
    terminal.signal(Signal::CONT);
    thread::sleep(A_WHILE);
    assert_eq!((setup.now()["show"]["name"].as_str(), setup.lines()), (Some("gong"), SAFE));
    setup.tell("blackout off").with(0, &[]);
    setup.comes_to_show(GONG);
    gong.ends_on(Signal::INT).with(0, &["gong stopped at"]);
    setup.comes_to_show(MALL);
    setup.comes_to("playing", "mall");
    ends(&setup, service, terminal);
}

#[test]
fn others_can_end_its_show_and_nobody_can_light_it() {
    let (setup, service, terminal) = playing();
    stop(&setup, &terminal);
    setup.tell("resume").with(0, &["resumes when its stopped terminal does"]);
    setup.tell("blackout off").with(0, &[]);
    thread::sleep(A_WHILE);
    assert_eq!(setup.lines(), SAFE);
    setup.tell("stop").with(0, &["ends mall"]);
    until("idle", || setup.now()["state"] == "idle");
    terminal.signal(Signal::CONT);
    terminal.end().with(0, &["mall stopped at"]);
    assert_eq!(setup.lines(), SAFE);
    setup.ends(service);
}

#[test]
fn one_that_is_killed_while_it_is_stopped_takes_its_show_along() {
    let (setup, service, terminal) = playing();
    stop(&setup, &terminal);
    terminal.ends_on(Signal::KILL);
    until("idle", || setup.now()["state"] == "idle");
    assert_eq!(setup.lines(), SAFE);
    let gong = Launch::of(setup.command("play gong --silent --output sim"));
    setup.comes_to_show(GONG);
    gong.ends_on(Signal::INT).with(0, &[]);
    setup.ends(service);
}

#[test]
fn who_has_no_show_holds_none() {
    use std::io::{BufRead, BufReader, Write};
    let (setup, service, terminal) = playing();
    let mut line = std::os::unix::net::UnixStream::connect(setup.folder.path("lock/starcourt.sock")).unwrap();
    line.write_all(b"{\"order\":\"hold\",\"on\":true}\n").unwrap();
    let mut answer = String::new();
    BufReader::new(&line).read_line(&mut answer).unwrap();
    assert!(answer.contains("no show of yours plays"), "{answer}");
    assert_eq!((setup.now()["state"].as_str(), setup.lines()), (Some("playing"), MALL));
    ends(&setup, service, terminal);
}
