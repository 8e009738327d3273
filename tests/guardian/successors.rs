//! The next instance, as close behind a killed one as can be: the old guardian never darkens it, however late
//! it comes, and what that one has not done is done before the first line is taken.

use std::fs;
use std::time::Duration;

use rustix::process::Signal;

use crate::common::setup::Setup;
use crate::common::show_launch::ShowLaunch;
use crate::guardian_process::{GuardianProcess, dies_unguarded};

const A_WHILE: Duration = Duration::from_millis(500);

/// The lines may still be lit by the show before, whose guardian was `former`. By the time that this one
/// is guarded they are safe, and then they are its own.
fn assert_stays_lit(launch: &mut ShowLaunch<'_>, former: GuardianProcess, time: Duration) {
    launch.until("guarded by another", |launch| {
        GuardianProcess::named_on(launch.setup).is_some_and(|guardian| guardian != former)
    });
    assert!(launch.is_the_holder());
    launch.until("rid of the former guardian", |_| !former.is_there());
    launch.until("lit", |launch| launch.setup.is_lit());
    launch.stays(time, "lit", |launch| launch.setup.is_lit());
}

/// Plays on when the guardian of the show before comes to itself, which then has nothing to do.
fn assert_left_alone_by(stuck: &GuardianProcess, launch: &mut ShowLaunch<'_>) {
    launch.until("lit", |launch| launch.is_the_holder() && launch.setup.is_lit());
    launch.until("guarded", |launch| {
        GuardianProcess::named_on(launch.setup).is_some_and(|guardian| guardian != *stuck)
    });
    // What was lit by the show before is made safe once as the lines are taken.
    std::thread::sleep(A_WHILE);
    launch.until("lit by itself", |launch| launch.setup.is_lit());
    assert!(stuck.is_there(), "nobody has to end it");
    stuck.signal(Signal::CONT);
    launch.stays(A_WHILE, "lit", |launch| launch.setup.is_lit());
    launch.until("alone", |_| !stuck.is_there());
    launch.stays(A_WHILE, "lit", |launch| launch.setup.is_lit());
}

#[test]
fn who_is_launched_at_the_instant_of_a_kill_plays_undisturbed() {
    let setup = Setup::lit();
    let mut playing = setup.play();
    for _ in 0..20 {
        let former = GuardianProcess::of(&playing);
        playing.signal(Signal::KILL);
        let mut next = setup.launch(setup.command());
        assert_eq!(playing.code(), 128 + libc::SIGKILL);
        next.until("playing or refused", |next| next.is_the_holder() || next.has_ended());
        if next.has_ended() {
            // On a busy machine it came before the kill had come to pass.
            assert_eq!(next.code(), 75, "{}", next.said());
            next = setup.launch(setup.command());
        }
        assert_stays_lit(&mut next, former, Duration::from_millis(50));
        playing = next;
    }
    playing.goes_safe_on_signal(Signal::TERM);
    playing.ends_with(0);
}

#[test]
fn who_waits_for_the_lock_of_a_show_that_is_killed_plays_undisturbed() {
    let setup = Setup::lit();
    let mut playing = setup.play();
    for _ in 0..5 {
        let mut command = setup.command();
        command.arg("--wait");
        let mut next = setup.launch(command);
        next.says("waiting");
        fs::write(setup.path("errors"), "").unwrap();
        let former = GuardianProcess::of(&playing);
        playing.signal(Signal::KILL);
        assert_eq!(playing.code(), 128 + libc::SIGKILL);
        assert_stays_lit(&mut next, former, Duration::from_millis(50));
        playing = next;
    }
    playing.goes_safe_on_signal(Signal::TERM);
    playing.ends_with(0);
}

#[test]
fn a_guardian_that_comes_late_leaves_the_next_show_alone() {
    let setup = Setup::lit();
    let mut killed = setup.play();
    let stuck = dies_unguarded(&mut killed);
    assert!(setup.is_lit(), "nobody could make them safe");
    let mut next = setup.launch(setup.command());
    assert_left_alone_by(&stuck, &mut next);
    next.goes_safe_on_signal(Signal::TERM);
    next.ends_with(0);
}

#[test]
fn what_a_stuck_guardian_was_to_make_safe_is_made_safe_where_the_next_show_drives_it_not() {
    let setup = Setup::lit();
    let mut killed = setup.play();
    let stuck = dies_unguarded(&mut killed);
    // The next rig knows nothing of the garland on GPIO 17, which is lit.
    let rig = fs::read_to_string(setup.path("rig.toml")).unwrap();
    let rig: String =
        rig.lines().filter(|line| !line.starts_with("garland")).map(|line| format!("{line}\n")).collect();
    fs::write(setup.path("rig.toml"), rig).unwrap();
    setup.write_show("porch", "length 1:00\n0:00  neon  on\n");
    let mut next = setup.launch(setup.command());
    let neon_and_garland = |launch: &ShowLaunch<'_>| {
        let pins: Vec<char> = launch.setup.pins().chars().collect();
        (pins[4], pins[17])
    };
    next.until("playing", |next| neon_and_garland(next) == ('0', '0'));
    next.stays(A_WHILE, "playing", |next| neon_and_garland(next) == ('0', '0'));
    stuck.signal(Signal::CONT);
    next.until("alone", |_| !stuck.is_there());
    next.stays(A_WHILE, "playing", |next| neon_and_garland(next) == ('0', '0'));
}

/// The service takes no line before its first show.
#[test]
fn a_service_that_stands_by_makes_safe_what_nobody_could() {
    for guardian_is_dead in [false, true] {
        let setup = Setup::lit();
        let mut killed = setup.play();
        let stuck = dies_unguarded(&mut killed);
        if guardian_is_dead {
            stuck.signal(Signal::KILL);
            killed.until("dead", |_| !stuck.is_there());
        }
        assert!(setup.is_lit());
        let mut command = setup.command_for("serve");
        command.arg("--shows").arg(setup.path(""));
        let mut service = setup.launch(command);
        service.until("safe", |service| service.setup.is_safe());
        service.stays(A_WHILE, "safe", |service| service.setup.is_safe());
    }
}

#[test]
fn off_makes_safe_what_nobody_could() {
    let setup = Setup::lit();
    let mut killed = setup.play();
    let stuck = dies_unguarded(&mut killed);
    let mut off = setup.command_for("off");
    assert!(off.status().unwrap().success());
    assert!(setup.is_safe(), "{}", setup.pins());
    stuck.signal(Signal::CONT);
    killed.until("gone", |_| !stuck.is_there());
    setup.assert_safe_and_free();
}

#[test]
fn a_stuck_guardian_whose_file_was_deleted_is_in_nobodys_way() {
    let setup = Setup::lit();
    let mut killed = setup.play();
    let stuck = dies_unguarded(&mut killed);
    fs::remove_file(setup.path("lock/guardian_starcourt.lock")).unwrap();
    let mut next = setup.launch(setup.command());
    assert_left_alone_by(&stuck, &mut next);
}

#[test]
fn a_guardian_whose_file_was_deleted_gets_another_within_a_second_or_so() {
    let setup = Setup::lit();
    let mut launch = setup.play();
    let guardian = GuardianProcess::of(&launch);
    for _ in 0..2 {
        fs::remove_file(setup.path("lock/guardian_starcourt.lock")).unwrap();
        launch.until("named again", |launch| GuardianProcess::named_on(launch.setup) == Some(guardian));
    }
    launch.stays(A_WHILE, "lit", |launch| launch.setup.is_lit());
    launch.goes_safe_on_signal(Signal::KILL);
    assert_eq!(launch.code(), 128 + libc::SIGKILL);
    launch.until("done", |launch| {
        fs::read(launch.setup.path("lock/guardian_starcourt.lock"))
            .is_ok_and(|text| text.split(|byte| *byte == b'\n').count() == 2)
    });
    setup.assert_safe_and_free();
}

#[test]
fn a_guardian_whose_file_was_deleted_still_makes_the_lines_safe() {
    let setup = Setup::lit();
    let mut launch = setup.play();
    let guardian = GuardianProcess::of(&launch);
    fs::remove_file(setup.path("lock/guardian_starcourt.lock")).unwrap();
    launch.goes_safe_on_signal(Signal::KILL);
    assert_eq!(launch.code(), 128 + libc::SIGKILL);
    launch.until("gone", |_| !guardian.is_there());
    setup.assert_safe_and_free();
}
