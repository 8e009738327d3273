//! Where the lock is kept when nobody says where, and what happens where that may not be.

use std::process::Command;

use crate::common::launch::{Ended, Launch};
use crate::fake_pi::{FakePi, without_rights};
use crate::setup::{RIG, Setup};

const PLAY: &str = "play cues --silent --from 0:01 --rig rig.toml";
const SIMULATE: &str = "play cues --silent --from 0:01 --rig rig.toml --output sim";

/// What `/run` is on a Pi where starcourt was never installed, and where it was, for others than us.
const SHUT: [&str; 2] = ["/run", "/run/starcourt"];

fn in_a_session(mut command: Command, setup: &Setup) -> Command {
    std::fs::create_dir_all(setup.folder.path("session")).unwrap();
    command.env("XDG_RUNTIME_DIR", setup.folder.path("session"));
    command
}

/// Whose session has a folder of its own to keep things in.
#[track_caller]
fn run_in_a_session(setup: &Setup, words: &str) -> Ended {
    Launch::of(without_rights(in_a_session(setup.command(words), setup))).end()
}

#[test]
fn the_lock_is_kept_under_run_and_its_folder_is_made_there() {
    let setup = Setup::new();
    let ended = setup.run(PLAY).with(0, &[]);
    let lock = setup.pi.text("/run/starcourt/starcourt.lock");
    assert!(lock.starts_with(&format!("pid {}\nshow cues\n", ended.pid)), "{lock}");
    setup.assert_safe();
}

#[test]
fn without_permission_no_pin_is_driven_whatever_other_folder_there_is() {
    for shut in SHUT {
        let setup = Setup::on(FakePi::new().with_shut(shut), RIG);
        let refused = ["not permitted to use /run/starcourt", "run: sudo"];
        setup.run_without_rights(PLAY).with(77, &refused);
        run_in_a_session(&setup, PLAY).with(77, &refused);
        setup.assert_untouched();
    }
}

#[test]
fn without_permission_a_simulation_is_locked_in_the_session_and_says_so() {
    for shut in SHUT {
        let setup = Setup::on(FakePi::new().with_shut(shut), RIG);
        let session = setup.folder.path("session/starcourt");
        let told = format!(
            "/run/starcourt may not be used: this simulation keeps its lock in {}",
            session.display()
        );
        let ended = run_in_a_session(&setup, SIMULATE).with(0, &[&told]);
        let lock = setup.folder.text("session/starcourt/starcourt.lock");
        assert!(lock.starts_with(&format!("pid {}\n", ended.pid)), "{lock}");
    }
}

#[test]
fn a_simulation_in_the_session_is_found_and_never_plays_twice() {
    let setup = Setup::on(FakePi::new().with_shut("/run"), RIG);
    let words = "play lit --silent --rig rig.toml --output sim --pins pins";
    let player = Launch::of(without_rights(in_a_session(setup.command(words), &setup)));
    crate::common::launch::until("playing", || setup.folder.text("pins").contains('1'));
    let pid = player.pid();
    run_in_a_session(&setup, "status").with(0, &[&format!("PID       {pid}"), "session/starcourt"]);
    run_in_a_session(&setup, SIMULATE).with(75, &[&format!("already running (PID: {pid})")]);
}

#[test]
fn without_permission_and_session_a_simulation_is_told_the_mend() {
    for shut in SHUT {
        let setup = Setup::on(FakePi::new().with_shut(shut), RIG);
        let refused = ["not permitted to use /run/starcourt", "run: sudo"];
        setup.run_without_rights(SIMULATE).with(77, &refused);
    }
}
