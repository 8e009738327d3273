//! Terminals and instances that end in the middle of an interrupt.

use rustix::process::Signal;

use crate::common::launch::Launch;
use crate::setup::{GONG, MALL, Setup};

fn interrupted() -> (Setup, Launch, Launch) {
    let setup = Setup::new("");
    let mall = setup.play("mall", MALL);
    let gong = setup.interrupt("gong", GONG);
    (setup, mall, gong)
}

#[test]
fn ctrl_c_where_the_interrupt_was_asked_for_goes_back_to_the_first_show() {
    let (setup, mall, gong) = interrupted();
    gong.ends_on(Signal::INT).with(0, &["gong stopped at"]);
    setup.comes_to_show(MALL);
    setup.ends(mall);
}

#[test]
fn ctrl_c_where_the_first_show_was_asked_for_ends_everything() {
    let (setup, mall, gong) = interrupted();
    mall.ends_on(Signal::INT).with(0, &["the lights are safe"]);
    gong.end().with(0, &["gong stopped at"]);
    setup.assert_safe_and_free();
}

#[test]
fn an_interrupt_whose_terminal_is_lost_ends_and_the_first_show_goes_on() {
    for signal in [Signal::KILL, Signal::HUP] {
        let (setup, mall, gong) = interrupted();
        gong.ends_on(signal);
        setup.comes_to_show(MALL);
        assert_eq!(setup.now()["then"], serde_json::json!([]));
        setup.ends(mall);
    }
}

#[test]
fn one_that_is_interrupted_itself_and_loses_its_terminal_does_not_come_back() {
    let (setup, mall, gong) = interrupted();
    let sign = setup.launch_interrupt("ding");
    setup.comes_to("playing", "ding");
    gong.ends_on(Signal::KILL);
    sign.end().with(0, &["ding has played to its end"]);
    setup.comes_to("playing", "mall");
    setup.comes_to_show(MALL);
    setup.ends(mall);
}

/// Whenever it dies: before it has asked, before its show has begun, after.
#[test]
fn a_terminal_may_be_lost_at_any_moment() {
    let setup = Setup::new("");
    let mall = setup.play("mall", MALL);
    for millis in 0..40 {
        let gong = setup.launch_interrupt("gong");
        std::thread::sleep(std::time::Duration::from_millis(millis));
        gong.ends_on(Signal::KILL);
        crate::common::launch::until("back", || {
            let now = setup.now();
            now["show"]["name"] == "mall" && now["state"] == "playing" && setup.lines() == MALL
        });
    }
    setup.ends(mall);
}

#[test]
fn an_instance_that_is_killed_during_an_interrupt_leaves_the_lights_safe() {
    let (setup, mall, gong) = interrupted();
    mall.ends_on(Signal::KILL);
    gong.end().with(1, &["the instance that played the show has ended"]);
    setup.assert_safe_and_free();
}
