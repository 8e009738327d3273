//! Sockets that are stale, gone or not permitted, and instances that do not answer.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::time::Instant;

use rustix::process::Signal;

use crate::common::launch::{Launch, PATIENCE, until};
use crate::setup::{MALL, Setup};

const SOCKET: &str = "lock/starcourt.sock";

#[test]
fn a_socket_that_a_killed_instance_left_is_in_nobodys_way() {
    let setup = Setup::new("");
    setup.play("mall", MALL).ends_on(Signal::KILL);
    assert!(setup.folder.path(SOCKET).exists(), "nobody was left to remove it");
    setup.tell("stop").with(3, &["nothing is playing"]);
    let next = setup.play("mall", MALL);
    setup.tell("pause").with(0, &["paused mall"]);
    setup.ends(next);
    assert!(!setup.folder.path(SOCKET).exists());
}

#[test]
fn a_socket_that_a_hand_deletes_comes_back_and_commands_wait_for_it() {
    let setup = Setup::new("");
    let mall = setup.play("mall", MALL);
    fs::remove_file(setup.folder.path(SOCKET)).unwrap();
    setup.tell("pause").with(0, &["paused mall"]);
    assert!(setup.folder.path(SOCKET).exists());
    setup.ends(mall);
}

#[test]
fn whoever_may_not_speak_ends_with_77_and_is_told_what_mends_it() {
    let setup = Setup::new("");
    let mall = setup.play("mall", MALL);
    let open = |within: &str, mode| {
        fs::set_permissions(setup.folder.path(within), fs::Permissions::from_mode(mode)).unwrap();
    };
    open("", 0o755);
    open("lock", 0o755);
    open(SOCKET, 0o000);
    let as_nobody = |words: &str| {
        let mut command = setup.command(words);
        // SAFETY: takes nothing and cannot fail.
        if unsafe { libc::geteuid() } == 0 {
            command.uid(65_534).gid(65_534);
        }
        Launch::of(command).end()
    };
    for order in ["stop", "pause", "status --follow"] {
        as_nobody(order).with(77, &["not permitted to speak on ", "usermod -aG gpio"]);
    }
    as_nobody("status").with(0, &["show      mall"]);
    assert_eq!(setup.lines(), MALL);
    setup.ends(mall);
}

#[test]
fn an_instance_that_stands_still_is_told() {
    let setup = Setup::new("");
    let mall = setup.play("mall", MALL);
    mall.signal(Signal::STOP);
    mall.wait_until_stopped();
    let began = Instant::now();
    setup.tell("pause").with(1, &["does not answer; it may be stopped or stuck"]);
    setup.tell("status").with(0, &["show      mall"]);
    assert!(began.elapsed() < PATIENCE);
    mall.signal(Signal::CONT);
    until("heard after all", || setup.now()["state"] == "paused");
    setup.ends(mall);
}
