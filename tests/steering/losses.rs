//! Terminals and instances that end in the middle of an interrupt.

use rustix::process::Signal;

use crate::hall::{GONG, Hall, MALL};
use crate::venue::Launch;

fn interrupted() -> (Hall, Launch, Launch) {
    let hall = Hall::new("");
    let mall = hall.play("mall", MALL);
    let gong = hall.interrupt("gong", GONG);
    (hall, mall, gong)
}

#[test]
fn ctrl_c_where_the_interrupt_was_asked_for_goes_back_to_the_first_show() {
    let (hall, mall, gong) = interrupted();
    gong.ends_on(Signal::INT).with(0, &["gong was ended at"]);
    hall.comes_to_show(MALL);
    hall.ends(mall);
}

#[test]
fn ctrl_c_where_the_first_show_was_asked_for_ends_everything() {
    let (hall, mall, gong) = interrupted();
    mall.ends_on(Signal::INT).with(0, &["the lights are safe"]);
    gong.end().with(0, &["gong was ended at"]);
    hall.assert_safe_and_free();
}

#[test]
fn an_interrupt_whose_terminal_is_lost_ends_and_the_first_show_goes_on() {
    for signal in [Signal::KILL, Signal::HUP] {
        let (hall, mall, gong) = interrupted();
        gong.ends_on(signal);
        hall.comes_to_show(MALL);
        assert_eq!(hall.now()["then"], serde_json::json!([]));
        hall.ends(mall);
    }
}

#[test]
fn one_that_is_interrupted_itself_and_loses_its_terminal_does_not_come_back() {
    let (hall, mall, gong) = interrupted();
    let sign = hall.launch_interrupt("ding");
    hall.comes_to("playing", "ding");
    gong.ends_on(Signal::KILL);
    sign.end().with(0, &["ding has played to its end"]);
    hall.comes_to("playing", "mall");
    hall.comes_to_show(MALL);
    hall.ends(mall);
}

/// Whenever it dies: before it has asked, before its show has begun, after.
#[test]
fn a_terminal_may_be_lost_at_any_moment() {
    let hall = Hall::new("");
    let mall = hall.play("mall", MALL);
    for millis in 0..40 {
        let gong = hall.launch_interrupt("gong");
        std::thread::sleep(std::time::Duration::from_millis(millis));
        gong.ends_on(Signal::KILL);
        crate::venue::until("back", || {
            let now = hall.now();
            now["show"]["name"] == "mall" && now["state"] == "playing" && hall.lines() == MALL
        });
    }
    hall.ends(mall);
}

#[test]
fn an_instance_that_is_killed_during_an_interrupt_leaves_the_lights_safe() {
    let (hall, mall, gong) = interrupted();
    mall.ends_on(Signal::KILL);
    gong.end().with(1, &["the instance that played the show has ended"]);
    hall.assert_safe_and_free();
}
