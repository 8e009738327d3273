//! The next instance, as close behind a killed one as can be: the old guardian never darkens it.

use std::fs;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::common::launch::Launch;
use crate::common::porch::Porch;
use crate::sentry::{Sentry, dies_unguarded};

const A_WHILE: Duration = Duration::from_millis(500);

/// The lines may still be lit by the show before, whose guardian was `former`. By the time that this one
/// is guarded they are safe, and then they are its own.
fn is_lit_and_stays_so(launch: &mut Launch<'_>, former: Sentry, time: Duration) {
    launch.until("guarded by another", |launch| {
        Sentry::named_on(launch.porch).is_some_and(|sentry| sentry != former)
    });
    assert!(launch.is_the_holder());
    launch.until("rid of the former guardian", |_| !former.is_there());
    launch.until("lit", |launch| launch.porch.is_lit());
    launch.stays(time, "lit", |launch| launch.porch.is_lit());
}

#[test]
fn who_is_launched_at_the_instant_of_a_kill_plays_undisturbed() {
    let porch = Porch::lit();
    let mut playing = porch.play();
    for _ in 0..20 {
        let former = Sentry::of(&playing);
        playing.signal(Signal::KILL);
        let mut next = porch.launch(porch.command());
        assert_eq!(playing.code(), 128 + libc::SIGKILL);
        next.until("playing or refused", |next| next.is_the_holder() || next.is_over());
        if next.is_over() {
            // On a busy machine it came before the kill had come to pass.
            assert_eq!(next.code(), 75, "{}", next.said());
            next = porch.launch(porch.command());
        }
        is_lit_and_stays_so(&mut next, former, Duration::from_millis(50));
        playing = next;
    }
    playing.goes_safe_on_signal(Signal::TERM);
    playing.ends_with(0);
}

#[test]
fn who_waits_for_the_lock_of_a_show_that_is_killed_plays_undisturbed() {
    let porch = Porch::lit();
    let mut playing = porch.play();
    for _ in 0..5 {
        let mut command = porch.command();
        command.arg("--wait");
        let mut next = porch.launch(command);
        next.says("waiting");
        fs::write(porch.path("errors"), "").unwrap();
        let former = Sentry::of(&playing);
        playing.signal(Signal::KILL);
        assert_eq!(playing.code(), 128 + libc::SIGKILL);
        is_lit_and_stays_so(&mut next, former, Duration::from_millis(50));
        playing = next;
    }
    playing.goes_safe_on_signal(Signal::TERM);
    playing.ends_with(0);
}

#[test]
fn a_guardian_that_does_not_come_to_an_end_is_ended_and_the_next_show_plays_on() {
    let porch = Porch::lit();
    let mut killed = porch.play();
    let stuck = dies_unguarded(&mut killed);
    assert!(porch.is_lit(), "nobody could make them safe");
    let mut next = porch.launch(porch.command());
    is_lit_and_stays_so(&mut next, stuck, A_WHILE);
    next.goes_safe_on_signal(Signal::TERM);
    next.ends_with(0);
}

#[test]
fn what_a_stuck_guardian_was_to_make_safe_is_made_safe_where_the_next_show_drives_it_not() {
    let porch = Porch::lit();
    let mut killed = porch.play();
    dies_unguarded(&mut killed);
    // The next rig knows nothing of the garland on GPIO 17, which is lit.
    let rig = fs::read_to_string(porch.path("rig.toml")).unwrap();
    let rig: String =
        rig.lines().filter(|line| !line.starts_with("garland")).map(|line| format!("{line}\n")).collect();
    fs::write(porch.path("rig.toml"), rig).unwrap();
    porch.write_show("porch", "length 1:00\n0:00  neon  on\n");
    let mut next = porch.launch(porch.command());
    let neon_and_garland = |launch: &Launch<'_>| {
        let pins: Vec<char> = launch.porch.pins().chars().collect();
        (pins[4], pins[17])
    };
    next.until("playing", |next| neon_and_garland(next) == ('0', '0'));
    next.stays(A_WHILE, "playing", |next| neon_and_garland(next) == ('0', '0'));
}

#[test]
fn off_makes_safe_what_nobody_could() {
    let porch = Porch::lit();
    let mut killed = porch.play();
    let stuck = dies_unguarded(&mut killed);
    let mut off = porch.command_for("off");
    assert!(off.status().unwrap().success());
    assert!(porch.is_safe(), "{}", porch.pins());
    assert!(!stuck.is_there());
    porch.is_left_safe_and_free();
}

/// Only its file proves that a process is a guardian, and nobody is killed without a proof.
#[test]
fn a_stuck_guardian_that_cannot_be_proven_is_a_reason_not_to_play() {
    let porch = Porch::lit();
    let mut killed = porch.play();
    let stuck = dies_unguarded(&mut killed);
    fs::remove_file(porch.path("lock/guardian_starcourt.lock")).unwrap();
    let mut next = porch.launch(porch.command());
    let began = Instant::now();
    assert_eq!(next.code(), 69, "{}", next.said());
    assert!(began.elapsed() < Duration::from_secs(10));
    assert!(next.said().contains("end it with: sudo kill -KILL"), "{}", next.said());
    assert!(stuck.is_there() && porch.is_lit(), "nobody has touched the lines");
    // Set free, it does what it is there for.
    stuck.signal(Signal::CONT);
    next.until("safe", |next| next.porch.is_safe());
    next.until("gone", |_| !stuck.is_there());
    porch.is_left_safe_and_free();
}

#[test]
fn a_guardian_whose_file_was_deleted_still_makes_the_lines_safe() {
    let porch = Porch::lit();
    let mut launch = porch.play();
    let sentry = Sentry::of(&launch);
    fs::remove_file(porch.path("lock/guardian_starcourt.lock")).unwrap();
    launch.goes_safe_on_signal(Signal::KILL);
    assert_eq!(launch.code(), 128 + libc::SIGKILL);
    launch.until("gone", |_| !sentry.is_there());
    porch.is_left_safe_and_free();
}
