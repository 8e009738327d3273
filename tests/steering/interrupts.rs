//! One show in the middle of another, which then goes on from where it was.

use rustix::process::Signal;

use crate::common::launch::until;
use crate::setup::{BELL, Edge, GONG, MALL, Setup, times_lit};

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
    let setup = Setup::new("");
    let first = setup.launch("ticks --trace trace.csv");
    until("half a second on", || setup.tell("status").code == 0 && setup.position() > 500_000);
    let before = setup.position();
    setup.launch_interrupt("ding").end().with(0, &["ding has played to its end"]);
    until("further on", || setup.position() > before + 500_000);
    first.ends_on(Signal::TERM).with(0, &["the lights are safe"]);

    let trace = setup.trace();
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
    let setup = Setup::new("");
    let mall = setup.play("mall", MALL);
    let gong = setup.interrupt("gong", GONG);
    let bell = setup.interrupt("bell", BELL);
    assert_eq!(setup.now()["then"], serde_json::json!(["gong", "mall"]));
    setup.tell("next").with(0, &["ends bell at"]);
    bell.end().with(0, &["bell stopped at"]);
    setup.comes_to_show(GONG);
    setup.tell("next").with(0, &["ends gong at"]);
    gong.end().with(0, &["gong stopped at"]);
    setup.comes_to_show(MALL);
    assert_eq!(setup.now()["then"], serde_json::json!([]));
    setup.ends(mall);
}

#[test]
fn of_interrupts_at_the_same_time_each_gets_its_turn() {
    let setup = Setup::new("");
    let mall = setup.play("mall", MALL);
    let dings: Vec<_> = (0..5).map(|_| setup.launch_interrupt("ding")).collect();
    for ding in dings {
        ding.end().with(0, &["ding has played to its end"]);
    }
    setup.comes_to_show(MALL);
    setup.ends(mall);
}

#[test]
fn a_paused_show_comes_back_paused() {
    let setup = Setup::new("");
    let mall = setup.play("mall", MALL);
    setup.tell("pause").with(0, &[]);
    let before = setup.position();
    setup.launch_interrupt("ding").end().with(0, &["ding has played to its end"]);
    setup.comes_to("paused", "mall");
    let after = setup.position();
    assert!(before.abs_diff(after) <= TICK_US, "paused at {before}, then at {after}");
    setup.comes_to_show(MALL);
    setup.tell("resume").with(0, &[]);
    until("further on", || setup.position() > after);
    setup.ends(mall);
}

#[test]
fn a_stop_ends_the_interrupted_show_too() {
    let setup = Setup::new("");
    let mall = setup.play("mall", MALL);
    let gong = setup.interrupt("gong", GONG);
    setup.tell("stop").with(0, &["ends gong at"]);
    gong.end().with(0, &["gong stopped at"]);
    mall.end().with(0, &[]);
    setup.assert_safe_and_free();
}

#[test]
fn what_cannot_interrupt_is_told_and_changes_nothing() {
    let setup = Setup::new("");
    setup.folder.write("shows/broken.show", "0:00  nobody  on\n");
    let mall = setup.play("mall", MALL);
    assert_ne!(setup.launch_interrupt("broken").end().code, 0);
    assert_ne!(setup.launch_interrupt("parade").end().code, 0);
    setup.tell("play ding --interrupt --silent --output sim --from 9:00").with(2, &["ding ends at 0:00.300"]);
    setup
        .tell("play ding --interrupt --silent --output sim --trace x.csv")
        .with(2, &["--trace", "--takeover"]);
    assert_eq!((setup.lines(), setup.now()["show"]["name"].as_str().unwrap()), (MALL, "mall"));
    setup.ends(mall);
}

#[test]
fn with_nobody_to_interrupt_the_show_is_played_here() {
    let setup = Setup::new("");
    setup.launch_interrupt("ding").end().with(0, &["ding has played to its end"]);
    setup.tell("status").with(3, &[]);
    assert_eq!(setup.lines(), ['.'; 3], "its lines were in memory");
}
