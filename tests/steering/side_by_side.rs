//! Interrupts where different shows play side by side: which of them makes room.

use crate::hall::{Hall, MALL, SAFE};
use crate::venue::Launch;

const BY_SHOW: &str = "lock = \"show\"\n";
/// The mall and the sign.
const BOTH: [char; 3] = ['0', '1', '0'];

fn side_by_side() -> (Hall, Launch, Launch) {
    let hall = Hall::new(BY_SHOW);
    let mall = hall.play("mall", ['.', '1', '0']);
    let sign = hall.play("sign", BOTH);
    (hall, mall, sign)
}

fn launch_interrupt(hall: &Hall, show: &str, other: &str) -> Launch {
    Launch::of(hall.command(&format!("play {show} --interrupt={other} --silent --output sim")))
}

#[test]
fn the_only_show_makes_room() {
    let hall = Hall::new(BY_SHOW);
    let sign = hall.play("sign", ['0', '.', '.']);
    hall.launch_interrupt("ding").end().with(0, &["ding has played to its end"]);
    hall.comes_to("playing", "sign");
    hall.tell("stop").with(0, &["ends sign at"]);
    sign.end().with(0, &["the lights are safe"]);
}

#[test]
fn of_several_shows_the_one_that_is_to_make_room_has_to_be_named() {
    let (hall, mall, sign) = side_by_side();
    let refused = hall.launch_interrupt("gong").end();
    refused.with(
        2,
        &[
            "several shows play: ",
            "name the one that makes room",
            "starcourt play gong --interrupt=mall\n",
            "starcourt play gong --interrupt=sign\n",
        ],
    );
    assert_eq!(hall.lines(), BOTH);
    let gong = launch_interrupt(&hall, "gong", "sign");
    let plays_gong = || hall.tell("status").said.contains("show      gong");
    crate::venue::until("gong", plays_gong);
    hall.tell("next gong").with(0, &["ends gong at"]);
    gong.end().with(0, &["gong was ended at"]);
    hall.comes_to_show(BOTH);
    for (show, launch) in [("sign", sign), ("mall", mall)] {
        hall.tell(&format!("stop {show}")).with(0, &["ends ", show]);
        launch.end().with(0, &["the lights are safe"]);
    }
    assert_eq!(hall.lines(), SAFE);
}

#[test]
fn an_interrupted_show_is_still_to_be_named() {
    let (hall, mall, sign) = side_by_side();
    let gong = launch_interrupt(&hall, "gong", "sign");
    crate::venue::until("gong", || hall.tell("status").said.contains("show      gong"));
    let refused = hall.launch_interrupt("ding").end();
    refused.with(2, &["starcourt play ding --interrupt=mall\n", "starcourt play ding --interrupt=sign\n"]);
    launch_interrupt(&hall, "ding", "sign").end().with(0, &["ding has played to its end"]);
    hall.tell("stop sign").with(0, &["ends gong at"]);
    gong.end().with(0, &[]);
    sign.end().with(0, &[]);
    hall.comes_to_show(MALL);
    mall.ends_on(rustix::process::Signal::TERM).with(0, &[]);
}

#[test]
fn whoever_cannot_make_room_is_told() {
    let (hall, mall, sign) = side_by_side();
    launch_interrupt(&hall, "ding", "parade").end().with(3, &["nobody plays parade", "starcourt status"]);
    let words = ["ding drives GPIO 4, which is not this instance's", "starcourt play ding "];
    launch_interrupt(&hall, "ding", "mall").end().with(75, &words);
    assert_eq!(hall.lines(), BOTH);
    hall.tell("stop sign").with(0, &[]);
    sign.end().with(0, &[]);
    hall.launch_interrupt("ding").end().with(75, &words);
    mall.ends_on(rustix::process::Signal::TERM).with(0, &[]);
}
