//! Shows that take long to read: whoever gives an order meanwhile is heard.

use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::theatre::{MALL, SAFE, Theatre};
use crate::venue::{Launch, until};

/// A disk hangs this long at the first show that is read this long after the start.
const HANGS: &str = "loader after 1500 ms for 8000 ms";
/// It does by then.
const BY_THEN: Duration = Duration::from_millis(1_700);
const STALL: Duration = Duration::from_secs(8);

/// A service whose disk will hang, with the mall on its stage; and when it was started.
fn playing() -> (Theatre, Launch, Launch, Instant) {
    let theatre = Theatre::new("");
    let mut command = theatre.service();
    command.env("STARCOURT_FAULT", HANGS);
    let began = Instant::now();
    let service = theatre.launch(command);
    let mall = theatre.play("mall");
    theatre.comes_to_show(MALL);
    thread::sleep(BY_THEN.saturating_sub(began.elapsed()));
    (theatre, service, mall, Instant::now())
}

#[test]
fn while_a_show_is_read_that_takes_long_every_order_is_heard() {
    let (theatre, service, mall, began) = playing();
    let gong = theatre.play("gong --interrupt");
    for order in ["blackout on", "blackout off", "pause", "resume"] {
        theatre.tell(order).with(0, &[]);
    }
    theatre.comes_to_show(MALL);
    theatre.tell("stop").with(0, &["ends mall"]);
    theatre.comes_to_show(SAFE);
    mall.end().with(0, &["mall was ended"]);
    gong.end().with(1, &["ended before it began"]);
    assert!(began.elapsed() < STALL, "somebody waited");
    // It is read at last, and nobody wants it.
    thread::sleep(STALL.saturating_sub(began.elapsed()) + Duration::from_secs(1));
    assert_eq!(theatre.lines(), SAFE);
    theatre.ends(service);
}

#[test]
fn a_service_ends_while_a_show_is_read_that_takes_long() {
    let (theatre, service, mall, began) = playing();
    let gong = theatre.play("gong --interrupt");
    thread::sleep(Duration::from_millis(200));
    service.ends_on(Signal::TERM).with(0, &[]);
    mall.end();
    gong.end();
    assert!(began.elapsed() < STALL, "somebody waited");
    theatre.assert_safe_and_free();
}

#[test]
fn a_terminal_that_is_lost_while_its_show_is_read_has_none() {
    let (theatre, service, mall, _) = playing();
    let gong = theatre.play("gong --interrupt");
    thread::sleep(Duration::from_millis(200));
    gong.ends_on(Signal::KILL);
    let ding = theatre.play("ding --interrupt");
    ding.end().with(0, &["ding has played to its end"]);
    theatre.comes_to("playing", "mall");
    mall.ends_on(Signal::INT).with(0, &["mall was ended"]);
    until("idle", || theatre.now()["state"] == "idle");
    assert_eq!(theatre.lines(), SAFE);
    theatre.ends(service);
}
