//! Shows that take long to read: whoever gives an order meanwhile is heard.

use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::common::launch::{Launch, first_to_end, until};
use crate::setup::{MALL, SAFE, Setup};

/// A disk hangs this long at the first show that is read this long after the start.
const HANGS: &str = "loader after 1500 ms for 8000 ms";
/// It does by then.
const BY_THEN: Duration = Duration::from_millis(1_700);
const STALL: Duration = Duration::from_secs(8);

/// A service whose disk will hang, with the mall on its stage; and when it was started.
fn playing() -> (Setup, Launch, Launch, Instant) {
    let setup = Setup::new("");
    let mut command = setup.service();
    command.env("STARCOURT_FAULT", HANGS);
    let began = Instant::now();
    let service = setup.launch(command);
    let mall = setup.play("mall");
    setup.comes_to_show(MALL);
    thread::sleep(BY_THEN.saturating_sub(began.elapsed()));
    (setup, service, mall, Instant::now())
}

#[test]
fn while_a_show_is_read_that_takes_long_every_order_is_heard() {
    let (setup, service, mall, began) = playing();
    let gong = setup.play("gong --interrupt");
    for order in ["blackout on", "blackout off", "pause", "resume"] {
        setup.tell(order).with(0, &[]);
    }
    setup.comes_to_show(MALL);
    setup.tell("stop").with(0, &["ends mall"]);
    setup.comes_to_show(SAFE);
    mall.end().with(0, &["mall stopped"]);
    gong.end().with(1, &["ended before it began"]);
    assert!(began.elapsed() < STALL, "somebody waited");
    // It is read at last, and nobody wants it.
    thread::sleep(STALL.saturating_sub(began.elapsed()) + Duration::from_secs(1));
    assert_eq!(setup.lines(), SAFE);
    setup.ends(service);
}

#[test]
fn a_service_ends_while_a_show_is_read_that_takes_long() {
    let (setup, service, mall, began) = playing();
    let gong = setup.play("gong --interrupt");
    thread::sleep(Duration::from_millis(200));
    service.ends_on(Signal::TERM).with(0, &[]);
    mall.end();
    gong.end();
    assert!(began.elapsed() < STALL, "somebody waited");
    setup.assert_safe_and_free();
}

#[test]
fn a_terminal_that_is_lost_while_its_show_is_read_has_none() {
    let (setup, service, mall, _) = playing();
    let gong = setup.play("gong --interrupt");
    thread::sleep(Duration::from_millis(200));
    gong.ends_on(Signal::KILL);
    let ding = setup.play("ding --interrupt");
    ding.end().with(0, &["ding has played to its end"]);
    setup.comes_to("playing", "mall");
    mall.ends_on(Signal::INT).with(0, &["mall stopped"]);
    until("idle", || setup.now()["state"] == "idle");
    assert_eq!(setup.lines(), SAFE);
    setup.ends(service);
}

#[test]
fn while_the_files_are_read_anew_that_take_long_every_order_is_heard_and_a_second_reload_is_refused() {
    let setup = Setup::new("");
    let mut command = setup.service();
    command.env("STARCOURT_FAULT", "reload after 0 ms for 3000 ms");
    let service = setup.launch(command);
    setup.folder.write("shows/schedule.toml", "[schedule]\nday = { play = \"mall\" }\n");
    // Whichever comes first is read, and the other one is refused.
    let reload = || Launch::of(setup.command("reload"));
    let (refused, mut read) = first_to_end(vec![reload(), reload()], 1);
    refused.into_iter().for_each(|(refused, _)| _ = refused.end().with(75, &[]));
    let reload = read.pop().unwrap();
    let gong = setup.play("gong");
    setup.comes_to("playing", "gong");
    setup.tell("stop").with(0, &["ends gong"]);
    assert!(!reload.has_ended(), "it is still read");
    gong.end();
    reload.end().with(0, &["entry `day` is new"]);
    setup.comes_to_show(MALL);
    setup.ends(service);
}
