//! One launch after the other: waiting, taking over, and what a dead instance leaves behind.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::time::Instant;

use rustix::process::Signal;

use crate::common::launch::{Launch, PATIENCE, until};
use crate::setup::{LIT, SAFE, Setup};

fn playing(setup: &Setup) -> Launch {
    setup.play("mall", LIT)
}

#[test]
fn who_waits_plays_when_the_first_has_ended() {
    let setup = Setup::new("");
    let first = playing(&setup);
    let second = setup.launch("encore --wait");
    until("waiting", || second.told().starts_with("starcourt: waiting for the end of mall ("));
    first.ends_on(Signal::TERM).with(0, &[]);
    second.end().with(0, &["has played to its end"]);
    assert_eq!(setup.lines(), SAFE);
}

#[test]
fn who_waits_for_a_while_is_refused_after_it() {
    let setup = Setup::new("");
    let first = playing(&setup);
    let began = Instant::now();
    setup.run("encore --wait=300ms").with(75, &[&format!("(PID: {})", first.pid()), "--takeover"]);
    let waited = began.elapsed();
    assert!((300..PATIENCE.as_millis()).contains(&waited.as_millis()), "{waited:?}");
    assert_eq!(setup.lines(), LIT);
}

#[test]
fn who_waits_can_be_sent_away() {
    let setup = Setup::new("");
    let _first = playing(&setup);
    for signal in [Signal::INT, Signal::TERM, Signal::HUP, Signal::QUIT] {
        let second = setup.launch("encore --wait");
        until("waiting", || second.told().contains("waiting for the end of "));
        second.ends_on(signal).with(0, &[]);
    }
    assert_eq!(setup.lines(), LIT);
}

#[test]
fn a_takeover_ends_the_first_and_plays() {
    let setup = Setup::new("");
    let first = playing(&setup);
    let ending = format!("ending PID {}", first.pid());
    setup.run("encore --takeover").with(0, &[&ending, "has played to its end"]);
    first.end().with(0, &["the lights are safe"]);
    assert_eq!(setup.lines(), SAFE);
}

#[test]
fn a_takeover_of_nobody_is_a_launch() {
    let setup = Setup::new("");
    setup.run("encore --takeover").with(0, &["has played to its end"]);
}

#[test]
fn a_killed_instance_keeps_nobody_out_and_leaves_no_line_lit() {
    let setup = Setup::new("");
    for _ in 0..3 {
        playing(&setup).ends_on(Signal::KILL);
        setup.comes_to_show(SAFE);
        setup.assert_free();
    }
}

#[test]
fn a_leftover_lock_file_keeps_nobody_out() {
    let setup = Setup::new("");
    fs::create_dir(setup.folder.path("lock")).unwrap();
    // Of a process that runs, of one that cannot be, and of none.
    for text in ["pid 1\nshow mall\n", "pid 999999999\n", "", "\0\u{fffd}\n"] {
        setup.folder.write("lock/starcourt.lock", text);
        setup.assert_free();
    }
}

#[test]
fn a_deleted_lock_file_lets_nobody_in_and_comes_back() {
    let setup = Setup::new("");
    let first = playing(&setup);
    fs::remove_file(setup.folder.path("lock/starcourt.lock")).unwrap();
    setup.run("encore").with(75, &[&format!("(PID: {})", first.pid())]);
    until("back", || setup.folder.text("lock/starcourt.lock").starts_with(&format!("pid {}\n", first.pid())));
    setup.ends(first);
    setup.assert_free();
}

#[test]
fn a_deleted_lock_file_in_a_directory_that_was_opened_to_everybody_lets_nobody_in() {
    let setup = Setup::new("");
    let first = playing(&setup);
    let lock = setup.folder.path("lock");
    fs::remove_file(lock.join("starcourt.lock")).unwrap();
    for (mode, code) in [(0o777, 1), (0o000, 75), (0o700, 75), (0o755, 75)] {
        fs::set_permissions(&lock, fs::Permissions::from_mode(mode)).unwrap();
        setup.run("encore").with(code, &[]);
        assert_eq!(setup.lines(), LIT, "mode {mode:o}");
    }
    setup.ends(first);
    setup.assert_free();
}

#[test]
fn a_lock_directory_that_cannot_be_trusted_is_refused_with_the_mend() {
    let setup = Setup::new("");
    let lock = setup.folder.path("lock");
    fs::create_dir(&lock).unwrap();
    fs::set_permissions(&lock, fs::Permissions::from_mode(0o777)).unwrap();
    setup.run("encore").with(1, &["everybody may write in it", "sudo chmod o-w"]);
    fs::remove_dir(&lock).unwrap();
    setup.folder.write("lock", "");
    setup.run("encore").with(1, &["it is not a directory"]);
    assert_eq!(setup.lines(), ['.'; 3], "no line was touched");
}
