//! Each command that speaks to whoever plays: its words, its exit code, and what it does.

use std::thread;
use std::time::Duration;

use rustix::process::Signal;

use crate::hall::{Hall, MALL, SAFE};

const ORDERS: [&str; 6] = ["stop", "pause", "resume", "next", "blackout on", "volume 60"];
const A_WHILE: Duration = Duration::from_millis(300);

fn playing() -> (Hall, crate::venue::Launch) {
    let hall = Hall::new("");
    let launch = hall.play("mall", MALL);
    (hall, launch)
}

#[test]
fn without_an_instance_they_end_with_3() {
    let hall = Hall::new("");
    for order in ORDERS.into_iter().chain(["stop mall", "status --follow"]) {
        hall.tell(order).with(3, &["nobody plays"]);
    }
    assert!(!hall.venue.path("lock").exists(), "asking makes nothing");
}

#[test]
fn a_show_that_nobody_plays_is_told() {
    let (hall, launch) = playing();
    hall.tell("pause parade").with(3, &["nobody plays parade", "starcourt status"]);
    hall.tell("pause mall").with(0, &["paused mall at 0:0"]);
    hall.ends(launch);
}

#[test]
fn where_several_play_the_one_that_is_meant_has_to_be_named() {
    let hall = Hall::new("lock = \"show\"\n");
    let mall = hall.play("mall", ['.', '1', '0']);
    let sign = hall.play("sign", ['0', '1', '0']);
    for order in ORDERS {
        let ended = hall.tell(order).with(2, &["several shows play: ", "mall", "sign", "name the one"]);
        assert_eq!(ended.said, "");
    }
    hall.tell("status --follow").with(2, &["several shows play: ", "name the one"]);
    let told = hall.tell("status sign").with(0, &["show      sign"]);
    assert!(!told.said.contains("mall"), "{}", told.said);
    hall.tell("status parade").with(3, &["nobody plays parade"]);
    hall.tell("stop sign").with(0, &["ends sign at 0:0"]);
    sign.end().with(0, &["the lights are safe"]);
    assert_eq!(hall.lines(), MALL, "the mall plays on");
    hall.tell("stop").with(0, &["ends mall at 0:0"]);
    mall.end().with(0, &["the lights are safe"]);
}

#[test]
fn a_pause_freezes_time_and_lights_until_it_is_over() {
    let (hall, launch) = playing();
    hall.tell("pause").with(0, &["paused mall at 0:0"]);
    assert_eq!(hall.now()["state"], "paused", "at once");
    thread::sleep(A_WHILE);
    let frozen = hall.position();
    thread::sleep(A_WHILE);
    assert_eq!((hall.position(), hall.lines()), (frozen, MALL));
    hall.tell("resume").with(0, &["goes on with mall at 0:0"]);
    crate::venue::until("further on", || hall.position() > frozen);
    hall.ends(launch);
}

#[test]
fn a_blackout_is_dark_while_time_goes_on() {
    let (hall, launch) = playing();
    hall.tell("blackout on").with(0, &["every light is at its safe level; time goes on"]);
    hall.comes_to_show(SAFE);
    let before = hall.position();
    crate::venue::until("further on", || hall.position() > before + 100_000);
    assert_eq!((hall.now()["state"].as_str(), hall.lines()), (Some("blackout"), SAFE));
    hall.tell("blackout off").with(0, &["the lights are the show's again"]);
    hall.comes_to_show(MALL);
    hall.ends(launch);
}

#[test]
fn stop_ends_the_show_and_its_program() {
    let (hall, launch) = playing();
    hall.tell("stop").with(0, &["ends mall at 0:0"]);
    launch.end().with(0, &["the lights are safe"]);
    hall.assert_safe_and_free();
}

#[test]
fn next_ends_a_show_after_which_nothing_comes() {
    let (hall, launch) = playing();
    hall.tell("next").with(0, &["ends mall at 0:0"]);
    launch.end().with(0, &["mall was ended at"]);
    hall.assert_safe_and_free();
}

#[test]
fn the_volume_is_set_and_changed_within_its_range() {
    let (hall, launch) = playing();
    let words = [("60", "60 %"), ("+30", "90 %"), ("+30", "100 %"), ("-100", "0 %"), ("5%", "5 %")];
    for (volume, told) in words {
        hall.tell(&format!("volume {volume}")).with(0, &[&format!("volume {told}")]);
    }
    hall.tell("volume 101").with(2, &["expected 0 to 100"]);
    hall.ends(launch);
}

#[test]
fn a_show_that_fades_out_is_neither_paused_nor_replaced() {
    let hall = Hall::new("stop_fade = \"20 s\"\n");
    let launch = hall.play("mall", MALL);
    hall.tell("stop").with(0, &["ends mall at"]);
    hall.comes_to("fading out", "mall");
    for order in ["pause", "resume"] {
        hall.tell(order).with(1, &["mall at 0:0", "is ending"]);
    }
    hall.launch_interrupt("ding").end().with(75, &["this instance is ending"]);
    // A second press, and not the same one again.
    std::thread::sleep(std::time::Duration::from_millis(500));
    hall.tell("stop").with(0, &["ends mall at"]);
    launch.end().with(0, &["the lights are safe"]);
    hall.assert_safe_and_free();
}

#[test]
fn status_follows_until_the_end() {
    let (hall, launch) = playing();
    let follower = crate::venue::Launch::of(hall.command("status --follow"));
    crate::venue::until("told", || follower.said().contains("mall  0:00 of 10:00  playing, 1 of 3 lit"));
    hall.tell("pause").with(0, &[]);
    crate::venue::until("told", || follower.said().contains("paused, 1 of 3 lit"));
    launch.ends_on(Signal::TERM).with(0, &[]);
    follower.end().with(0, &[]);
}
