//! Interrupts where different shows play side by side: which of them makes room.

use crate::common::launch::Launch;
use crate::setup::{MALL, SAFE, Setup};

const BY_SHOW: &str = "lock = \"show\"\n";
/// The mall and the sign.
const BOTH: [char; 3] = ['0', '1', '0'];

fn side_by_side() -> (Setup, Launch, Launch) {
    let setup = Setup::new(BY_SHOW);
    let mall = setup.play("mall", ['.', '1', '0']);
    let sign = setup.play("sign", BOTH);
    (setup, mall, sign)
}

fn launch_interrupt(setup: &Setup, show: &str, other: &str) -> Launch {
    Launch::of(setup.command(&format!("play {show} --interrupt={other} --silent --output sim")))
}

#[test]
fn the_only_show_makes_room() {
    let setup = Setup::new(BY_SHOW);
    let sign = setup.play("sign", ['0', '.', '.']);
    setup.launch_interrupt("ding").end().with(0, &["ding has played to its end"]);
    setup.comes_to("playing", "sign");
    setup.tell("stop").with(0, &["ends sign at"]);
    sign.end().with(0, &["the lights are safe"]);
}

#[test]
fn of_several_shows_the_one_that_is_to_make_room_has_to_be_named() {
    let (setup, mall, sign) = side_by_side();
    let refused = setup.launch_interrupt("gong").end();
    refused.with(
        2,
        &[
            "several shows play: ",
            "name the one that makes room",
            "starcourt play gong --interrupt=mall --lock-dir ",
            "starcourt play gong --interrupt=sign --lock-dir ",
        ],
    );
    assert_eq!(setup.lines(), BOTH);
    let gong = launch_interrupt(&setup, "gong", "sign");
    let plays_gong = || setup.tell("status").said.contains("show      gong");
    crate::common::launch::until("gong", plays_gong);
    setup.tell("next gong").with(0, &["ends gong at"]);
    gong.end().with(0, &["gong stopped at"]);
    setup.comes_to_show(BOTH);
    for (show, launch) in [("sign", sign), ("mall", mall)] {
        setup.tell(&format!("stop {show}")).with(0, &["ends ", show]);
        launch.end().with(0, &["the lights are safe"]);
    }
    assert_eq!(setup.lines(), SAFE);
}

#[test]
fn an_interrupted_show_is_still_to_be_named() {
    let (setup, mall, sign) = side_by_side();
    let gong = launch_interrupt(&setup, "gong", "sign");
    crate::common::launch::until("gong", || setup.tell("status").said.contains("show      gong"));
    let refused = setup.launch_interrupt("ding").end();
    refused.with(
        2,
        &[
            "starcourt play ding --interrupt=mall --lock-dir ",
            "starcourt play ding --interrupt=sign --lock-dir ",
        ],
    );
    launch_interrupt(&setup, "ding", "sign").end().with(0, &["ding has played to its end"]);
    setup.tell("stop sign").with(0, &["ends gong at"]);
    gong.end().with(0, &[]);
    sign.end().with(0, &[]);
    setup.comes_to_show(MALL);
    mall.ends_on(rustix::process::Signal::TERM).with(0, &[]);
}

#[test]
fn whoever_cannot_make_room_is_told() {
    let (setup, mall, sign) = side_by_side();
    launch_interrupt(&setup, "ding", "parade")
        .end()
        .with(3, &["`parade` is not playing", "starcourt status"]);
    let words = ["ding drives GPIO 4, which is not this instance's", "starcourt play ding "];
    launch_interrupt(&setup, "ding", "mall").end().with(75, &words);
    assert_eq!(setup.lines(), BOTH);
    setup.tell("stop sign").with(0, &[]);
    sign.end().with(0, &[]);
    setup.launch_interrupt("ding").end().with(75, &words);
    mall.ends_on(rustix::process::Signal::TERM).with(0, &[]);
}
