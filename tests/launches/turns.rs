//! One launch after the other: waiting, taking over, and what a dead instance leaves behind.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::time::Instant;

use rustix::process::Signal;

use crate::mall::{LIT, Mall, SAFE};
use crate::venue::{Launch, PATIENCE, until};

fn playing(mall: &Mall) -> Launch {
    mall.play("mall", LIT)
}

#[test]
fn who_waits_plays_when_the_first_has_ended() {
    let mall = Mall::new("");
    let first = playing(&mall);
    let second = mall.launch("encore --wait");
    let waits = format!("Another instance is already running (PID: {})", first.pid());
    until("waiting", || second.told().contains("; waiting"));
    assert!(second.told().starts_with(&format!("starcourt: {waits}")), "{}", second.told());
    first.ends_on(Signal::TERM).with(0, &[]);
    second.end().with(0, &["has played to its end"]);
    assert_eq!(mall.lines(), SAFE);
}

#[test]
fn who_waits_for_a_while_is_refused_after_it() {
    let mall = Mall::new("");
    let first = playing(&mall);
    let began = Instant::now();
    mall.run("encore --wait=300ms").with(75, &[&format!("(PID: {})", first.pid()), "--takeover"]);
    let waited = began.elapsed();
    assert!((300..PATIENCE.as_millis()).contains(&waited.as_millis()), "{waited:?}");
    assert_eq!(mall.lines(), LIT);
}

#[test]
fn who_waits_can_be_sent_away() {
    let mall = Mall::new("");
    let _first = playing(&mall);
    for signal in [Signal::INT, Signal::TERM, Signal::HUP, Signal::QUIT] {
        let second = mall.launch("encore --wait");
        until("waiting", || second.told().contains("; waiting"));
        second.ends_on(signal).with(0, &[]);
    }
    assert_eq!(mall.lines(), LIT);
}

#[test]
fn a_takeover_ends_the_first_and_plays() {
    let mall = Mall::new("");
    let first = playing(&mall);
    let ending = format!("ending PID {}", first.pid());
    mall.run("encore --takeover").with(0, &[&ending, "has played to its end"]);
    first.end().with(0, &["the lights are safe"]);
    assert_eq!(mall.lines(), SAFE);
}

#[test]
fn a_takeover_of_nobody_is_a_launch() {
    let mall = Mall::new("");
    mall.run("encore --takeover").with(0, &["has played to its end"]);
}

#[test]
fn a_killed_instance_keeps_nobody_out_and_leaves_no_line_lit() {
    let mall = Mall::new("");
    for _ in 0..3 {
        playing(&mall).ends_on(Signal::KILL);
        mall.comes_to_show(SAFE);
        mall.is_free();
    }
}

#[test]
fn a_leftover_lock_file_keeps_nobody_out() {
    let mall = Mall::new("");
    fs::create_dir(mall.venue.path("lock")).unwrap();
    // Of a process that runs, of one that cannot be, and of none.
    for text in ["pid 1\nshow mall\n", "pid 999999999\n", "", "\0\u{fffd}\n"] {
        mall.venue.write("lock/starcourt.lock", text);
        mall.is_free();
    }
}

#[test]
fn a_deleted_lock_file_lets_nobody_in_and_comes_back() {
    let mall = Mall::new("");
    let first = playing(&mall);
    fs::remove_file(mall.venue.path("lock/starcourt.lock")).unwrap();
    mall.run("encore").with(75, &[&format!("(PID: {})", first.pid())]);
    until("back", || mall.venue.text("lock/starcourt.lock").starts_with(&format!("pid {}\n", first.pid())));
    mall.ends(first);
    mall.is_free();
}

#[test]
fn a_deleted_lock_file_in_a_directory_that_was_opened_to_everybody_lets_nobody_in() {
    let mall = Mall::new("");
    let first = playing(&mall);
    let lock = mall.venue.path("lock");
    fs::remove_file(lock.join("starcourt.lock")).unwrap();
    for (mode, code) in [(0o777, 1), (0o000, 75), (0o700, 75), (0o755, 75)] {
        fs::set_permissions(&lock, fs::Permissions::from_mode(mode)).unwrap();
        mall.run("encore").with(code, &[]);
        assert_eq!(mall.lines(), LIT, "mode {mode:o}");
    }
    mall.ends(first);
    mall.is_free();
}

#[test]
fn a_lock_directory_that_cannot_be_trusted_is_refused_with_the_mend() {
    let mall = Mall::new("");
    let lock = mall.venue.path("lock");
    fs::create_dir(&lock).unwrap();
    fs::set_permissions(&lock, fs::Permissions::from_mode(0o777)).unwrap();
    mall.run("encore").with(1, &["everybody may write in it", "sudo chmod o-w"]);
    fs::remove_dir(&lock).unwrap();
    mall.venue.write("lock", "");
    mall.run("encore").with(1, &["it is not a directory"]);
    assert_eq!(mall.lines(), ['.'; 3], "no line was touched");
}
