//! Each command that speaks to whoever plays: its words, its exit code, and what it does.

use std::thread;
use std::time::Duration;

use rustix::process::Signal;

use crate::setup::{MALL, SAFE, Setup};

const ORDERS: [&str; 9] =
    ["stop", "pause", "resume", "next", "blackout on", "volume 60", "seek +10s", "seek 84.1", "loop on"];
const A_WHILE: Duration = Duration::from_millis(300);

fn playing() -> (Setup, crate::common::launch::Launch) {
    let setup = Setup::new("");
    let launch = setup.play("mall", MALL);
    (setup, launch)
}

#[test]
fn without_an_instance_they_end_with_3() {
    let setup = Setup::new("");
    for order in ORDERS.into_iter().chain(["stop mall", "status --follow"]) {
        setup.tell(order).with(3, &["nothing is playing"]);
    }
    assert!(!setup.folder.path("lock").exists(), "asking makes nothing");
}

#[test]
fn a_show_that_nobody_plays_is_told() {
    let (setup, launch) = playing();
    setup.tell("pause parade").with(3, &["`parade` is not playing", "starcourt status"]);
    setup.tell("pause mall").with(0, &["paused mall at 0:0"]);
    setup.ends(launch);
}

#[test]
fn where_several_play_the_one_that_is_meant_has_to_be_named() {
    let setup = Setup::new("lock = \"show\"\n");
    let mall = setup.play("mall", ['.', '1', '0']);
    let sign = setup.play("sign", ['0', '1', '0']);
    for order in ORDERS {
        let ended = setup.tell(order).with(2, &["several shows play: ", "mall", "sign", "name the one"]);
        assert_eq!(ended.said, "");
    }
    setup.tell("status --follow").with(2, &["several shows play: ", "name the one"]);
    let told = setup.tell("status sign").with(0, &["show      sign"]);
    assert!(!told.said.contains("mall"), "{}", told.said);
    setup.tell("status parade").with(3, &["`parade` is not playing"]);
    setup.tell("stop sign").with(0, &["ends sign at 0:0"]);
    sign.end().with(0, &["the lights are safe"]);
    assert_eq!(setup.lines(), MALL, "the mall plays on");
    setup.tell("stop").with(0, &["ends mall at 0:0"]);
    mall.end().with(0, &["the lights are safe"]);
}

#[test]
fn a_pause_freezes_time_and_lights_until_it_is_over() {
    let (setup, launch) = playing();
    setup.tell("pause").with(0, &["paused mall at 0:0"]);
    assert_eq!(setup.now()["state"], "paused", "at once");
    thread::sleep(A_WHILE);
    let frozen = setup.position();
    thread::sleep(A_WHILE);
    assert_eq!((setup.position(), setup.lines()), (frozen, MALL));
    setup.tell("pause").with(0, &["mall at 0:0", "is paused already"]);
    setup.tell("resume").with(0, &["resumed mall at 0:0"]);
    setup.tell("resume").with(0, &["mall at 0:0", "is playing already"]);
    crate::common::launch::until("further on", || setup.position() > frozen);
    setup.ends(launch);
}

#[test]
fn a_blackout_is_dark_while_time_goes_on() {
    let (setup, launch) = playing();
    setup
        .tell("blackout on")
        .with(0, &["blackout on: every light is at its safe level, and the show keeps running"]);
    setup.comes_to_show(SAFE);
    setup.tell("blackout on").with(0, &["blackout is on already"]);
    let before = setup.position();
    crate::common::launch::until("further on", || setup.position() > before + 100_000);
    assert_eq!((setup.now()["state"].as_str(), setup.lines()), (Some("blackout"), SAFE));
    setup.tell("blackout off").with(0, &["blackout off: the lights follow the show again"]);
    setup.comes_to_show(MALL);
    setup.ends(launch);
}

#[test]
fn stop_ends_the_show_and_its_program() {
    let (setup, launch) = playing();
    setup.tell("stop").with(0, &["ends mall at 0:0"]);
    launch.end().with(0, &["the lights are safe"]);
    setup.assert_safe_and_free();
}

#[test]
fn next_ends_a_show_after_which_nothing_comes() {
    let (setup, launch) = playing();
    setup.tell("next").with(0, &["ends mall at 0:0"]);
    launch.end().with(0, &["mall stopped at"]);
    setup.assert_safe_and_free();
}

#[test]
fn the_volume_is_set_and_changed_within_its_range() {
    let (setup, launch) = playing();
    let words = [
        ("60", "now 60 %"),
        ("60", "already 60 %"),
        ("+30", "now 90 %"),
        ("+30", "now 100 %"),
        ("+30", "already 100 %"),
        ("-100", "now 0 %"),
        ("5%", "now 5 %"),
    ];
    for (volume, told) in words {
        setup.tell(&format!("volume {volume}")).with(0, &[&format!("the volume is {told}")]);
    }
    setup.tell("volume 101").with(2, &["expected 0 to 100"]);
    setup.ends(launch);
}

#[test]
fn a_show_that_fades_out_is_neither_paused_nor_replaced() {
    let setup = Setup::new("stop_fade = \"20 s\"\n");
    let launch = setup.play("mall", MALL);
    setup.tell("stop").with(0, &["ends mall at"]);
    setup.comes_to("fading out", "mall");
    for order in ["pause", "resume"] {
        setup.tell(order).with(1, &["mall at 0:0", "is ending"]);
    }
    setup.launch_interrupt("ding").end().with(75, &["this instance is ending"]);
    // A second press, and not the same one again.
    std::thread::sleep(std::time::Duration::from_millis(500));
    setup.tell("stop").with(0, &["ends mall at"]);
    launch.end().with(0, &["the lights are safe"]);
    setup.assert_safe_and_free();
}

#[test]
fn status_follows_until_the_end() {
    let (setup, launch) = playing();
    let follower = crate::common::launch::Launch::of(setup.command("status --follow"));
    crate::common::launch::until("told", || {
        follower.said().contains("mall  0:00 of 10:00  playing, 1 of 3 lit")
    });
    setup.tell("pause").with(0, &[]);
    crate::common::launch::until("told", || follower.said().contains("paused, 1 of 3 lit"));
    launch.ends_on(Signal::TERM).with(0, &[]);
    follower.end().with(0, &[]);
}
