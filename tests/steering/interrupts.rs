//! One show in the middle of another, which then goes on from where it was.

use rustix::process::Signal;

use crate::hall::{BELL, Edge, GONG, Hall, MALL, times_lit};
use crate::venue::until;

const TICK_US: u64 = 10_000;

/// The ticks of `edges` before the bell and after it.
fn around_the_bell(edges: &[Edge]) -> (Vec<&Edge>, Vec<&Edge>) {
    let bell = edges.iter().position(|edge| edge.channel == "neon" && edge.level == 1_000).unwrap();
    let (before, after) = edges.split_at(bell);
    let is_tick = |edge: &&Edge| edge.channel == "garland";
    (before.iter().filter(is_tick).collect(), after.iter().filter(is_tick).collect())
}

#[test]
fn an_interrupted_show_goes_on_from_the_same_playhead() {
    let hall = Hall::new("");
    let first = hall.launch("ticks --trace trace.csv");
    until("half a second on", || hall.tell("status").code == 0 && hall.position() > 500_000);
    let before = hall.position();
    hall.launch_interrupt("ding").end().with(0, &["ding has played to its end"]);
    until("further on", || hall.position() > before + 500_000);
    first.ends_on(Signal::TERM).with(0, &["the lights are safe"]);

    let trace = hall.trace();
    assert_eq!(times_lit(&trace)["neon"], 1);
    let (before, after) = around_the_bell(&trace);
    let (last, first) = (before.last().unwrap(), after.first().unwrap());
    let jump = first.show_us.checked_sub(last.show_us).expect("the playhead never goes back");
    assert!(jump <= 2 * TICK_US, "from {last:?} to {first:?}");
    let passed_us = (first.due_ns - last.due_ns) / 1_000;
    assert!(passed_us - jump >= 300_000, "the bell rang for 300 ms, in {passed_us} µs");
    // No tick is left out and none comes twice, but for the one that was lit when the bell rang.
    for ticks in [&before[..before.len() - 1], &after[1..after.len() - 1]] {
        let times: Vec<u64> = ticks.iter().map(|tick| tick.show_us).collect();
        assert!(times.iter().all(|time| time % TICK_US == 0), "{times:?}");
        assert!(times.windows(2).all(|pair| pair[1] - pair[0] == TICK_US), "{times:?}");
    }
}

#[test]
fn an_interrupt_can_be_interrupted() {
    let hall = Hall::new("");
    let mall = hall.play("mall", MALL);
    let gong = hall.interrupt("gong", GONG);
    let bell = hall.interrupt("bell", BELL);
    assert_eq!(hall.now()["then"], serde_json::json!(["gong", "mall"]));
    hall.tell("next").with(0, &["ends bell at"]);
    bell.end().with(0, &["bell was ended at"]);
    hall.comes_to_show(GONG);
    hall.tell("next").with(0, &["ends gong at"]);
    gong.end().with(0, &["gong was ended at"]);
    hall.comes_to_show(MALL);
    assert_eq!(hall.now()["then"], serde_json::json!([]));
    hall.ends(mall);
}

#[test]
fn of_interrupts_at_the_same_time_each_gets_its_turn() {
    let hall = Hall::new("");
    let mall = hall.play("mall", MALL);
    let dings: Vec<_> = (0..5).map(|_| hall.launch_interrupt("ding")).collect();
    for ding in dings {
        ding.end().with(0, &["ding has played to its end"]);
    }
    hall.comes_to_show(MALL);
    hall.ends(mall);
}

#[test]
fn a_paused_show_comes_back_paused() {
    let hall = Hall::new("");
    let mall = hall.play("mall", MALL);
    hall.tell("pause").with(0, &[]);
    let before = hall.position();
    hall.launch_interrupt("ding").end().with(0, &["ding has played to its end"]);
    hall.comes_to("paused", "mall");
    let after = hall.position();
    assert!(before.abs_diff(after) <= TICK_US, "paused at {before}, then at {after}");
    hall.comes_to_show(MALL);
    hall.tell("resume").with(0, &[]);
    until("further on", || hall.position() > after);
    hall.ends(mall);
}

#[test]
fn a_stop_ends_the_interrupted_show_too() {
    let hall = Hall::new("");
    let mall = hall.play("mall", MALL);
    let gong = hall.interrupt("gong", GONG);
    hall.tell("stop").with(0, &["ends gong at"]);
    gong.end().with(0, &["gong was ended at"]);
    mall.end().with(0, &[]);
    hall.assert_safe_and_free();
}

#[test]
fn what_cannot_interrupt_is_told_and_changes_nothing() {
    let hall = Hall::new("");
    hall.venue.write("shows/broken.show", "0:00  nobody  on\n");
    let mall = hall.play("mall", MALL);
    assert_ne!(hall.launch_interrupt("broken").end().code, 0);
    assert_ne!(hall.launch_interrupt("parade").end().code, 0);
    hall.tell("play ding --interrupt --silent --output sim --from 9:00").with(2, &["after the end"]);
    hall.tell("play ding --interrupt --silent --output sim --trace x.csv")
        .with(2, &["--trace", "--takeover"]);
    assert_eq!((hall.lines(), hall.now()["show"]["name"].as_str().unwrap()), (MALL, "mall"));
    hall.ends(mall);
}

#[test]
fn with_nobody_to_interrupt_the_show_is_played_here() {
    let hall = Hall::new("");
    hall.launch_interrupt("ding").end().with(0, &["ding has played to its end"]);
    hall.tell("status").with(3, &[]);
    assert_eq!(hall.lines(), ['.'; 3], "its lines were in memory");
}
