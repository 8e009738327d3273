//! `off`: whoever plays is ended by whatever way is left, and nothing is called safe that plays on.

use std::fs;
use std::os::fd::AsRawFd;
use std::os::unix::fs::{PermissionsExt, chown};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::common::launch::{Ended, Launch, STARCOURT};
use crate::setup::{LIT, SAFE, Setup};

const OFF: &str = "off --output sim --pins pins --rig rig.toml --lock-dir lock";
const SAFE_SAID: &str = "3 channels are safe";
const NOT_SAFE_SAID: &str = "3 channels were made safe, and may be lit again";
/// Every wait of `off` together, on a machine under load.
const BOUND: Duration = Duration::from_secs(60);
const A_WHILE: Duration = Duration::from_millis(700);

/// The members of the group that may use the lights here.
const GROUP: u32 = 9_000;

/// A setup whose lights a group shares. `None` for who is not root, and has no other users.
fn shared() -> Option<Setup> {
    // SAFETY: takes nothing and cannot fail.
    if unsafe { libc::geteuid() } != 0 {
        return None;
    }
    let setup = Setup::new("");
    let set = |path: &str, mode| {
        fs::set_permissions(setup.folder.path(path), PermissionsExt::from_mode(mode)).unwrap();
    };
    set("", 0o755);
    fs::create_dir(setup.folder.path("lock")).unwrap();
    chown(setup.folder.path("lock"), None, Some(GROUP)).unwrap();
    set("lock", 0o2775);
    setup.folder.write("pins", "");
    set("pins", 0o666);
    Some(setup)
}

/// As user `number` of the group.
fn by_member(setup: &Setup, number: u32, words: &str) -> Launch {
    let mut command = Command::new("setpriv");
    command.args([format!("--reuid={number}"), format!("--regid={number}"), format!("--groups={GROUP}")]);
    command.arg(STARCOURT);
    setup.folder.dress(&mut command, words);
    Launch::of(command)
}

#[track_caller]
fn off(setup: &Setup) -> Ended {
    let start = Instant::now();
    let ended = setup.folder.run(OFF);
    assert!(start.elapsed() < BOUND, "{:?}", start.elapsed());
    ended
}

#[track_caller]
fn stay_safe(setup: &Setup) {
    let start = Instant::now();
    while start.elapsed() < A_WHILE {
        assert_eq!(setup.lines(), SAFE);
        thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_player_whose_lock_file_has_a_second_name_is_ended() {
    let setup = Setup::new("");
    let player = setup.play("mall", LIT);
    fs::hard_link(setup.folder.path("lock/starcourt.lock"), setup.folder.path("lock/other")).unwrap();
    let ended = format!("PID {} has ended", player.pid());
    off(&setup).with(0, &[&ended, SAFE_SAID]);
    stay_safe(&setup);
    player.end().with(0, &[]);
}

#[test]
fn a_player_whose_lock_file_was_deleted_or_replaced_is_ended() {
    for replacement in [None, Some("pid 1\nshow another\n")] {
        let setup = Setup::new("");
        let player = setup.play("mall", LIT);
        fs::remove_file(setup.folder.path("lock/starcourt.lock")).unwrap();
        if let Some(text) = replacement {
            setup.folder.write("lock/starcourt.lock", text);
        }
        off(&setup).with(0, &[SAFE_SAID]);
        stay_safe(&setup);
        player.end().with(0, &[]);
    }
}

/// It plays by the rig that it has read; that file has a mistake by now.
#[test]
fn a_player_is_ended_though_the_rig_cannot_be_read() {
    let setup = Setup::new("");
    let player = setup.play("mall", LIT);
    setup.folder.write("rig.toml", "[channels\n");
    let ended = format!("PID {} has ended", player.pid());
    off(&setup).with(65, &[&ended, "rig.toml", "fix the rig, then run `starcourt off` again"]);
    stay_safe(&setup);
    player.end().with(0, &[]);
}

/// The orders that a killed instance left for its guardian need no rig.
#[test]
fn what_a_killed_guardian_left_undone_is_done_though_the_rig_cannot_be_read() {
    let setup = Setup::new("");
    let player = setup.play("mall", LIT);
    let pid = player.pid();
    // The guardian is the only child.
    let child = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap();
    let guardian = rustix::process::Pid::from_raw(child.trim().parse().unwrap()).unwrap();
    player.signal(Signal::STOP);
    rustix::process::kill_process(guardian, Signal::KILL).unwrap();
    player.signal(Signal::KILL);
    drop(player.end());
    assert_eq!(setup.lines(), LIT);
    setup.folder.write("rig.toml", "[channels\n");
    off(&setup).with(65, &["rig.toml"]);
    stay_safe(&setup);
}

/// Whoever opens a file with a lease waits for up to 45 s.
#[test]
fn files_that_another_keeps_with_a_lease_hold_up_no_launch_and_hide_no_player() {
    let setup = Setup::new("");
    fs::create_dir(setup.folder.path("lock")).unwrap();
    const F_SETSIG: libc::c_int = 10; // fcntl(2); libc does not name it
    let lease = |name: &str| {
        let file = fs::File::create(setup.folder.path(name)).unwrap();
        // SAFETY: the file is open. SIGCHLD, by which the kernel tells of a break, is ignored.
        unsafe {
            assert_eq!(libc::fcntl(file.as_raw_fd(), F_SETSIG, libc::SIGCHLD), 0);
            assert_eq!(libc::fcntl(file.as_raw_fd(), libc::F_SETLEASE, libc::F_WRLCK), 0);
        }
        file
    };
    let start = Instant::now();
    let _leased =
        ["lock/starcourt.lock", "lock/starcourt_zzz.lock", "lock/guardian_starcourt_zzz.lock"].map(lease);
    let player = setup.play("mall", LIT);
    let ended = format!("PID {} has ended", player.pid());
    off(&setup).with(0, &[&ended, SAFE_SAID]);
    player.end().with(0, &[]);
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
}

#[test]
fn a_player_of_another_user_of_the_group_is_ended_over_its_socket() {
    let Some(setup) = shared() else { return };
    let player = by_member(&setup, 2002, &Setup::words("mall"));
    setup.comes_to_show(LIT);
    let asked = format!("PID {} was asked to stop", player.pid());
    by_member(&setup, 2001, OFF).end().with(0, &[&asked, SAFE_SAID]);
    stay_safe(&setup);
    player.end().with(0, &[]);
}

/// Nobody who presses the panic button waits for a fade.
#[test]
fn a_player_of_another_user_of_the_group_is_ended_without_its_fade() {
    let Some(setup) = shared() else { return };
    let rig = setup.folder.text("rig.toml");
    setup.folder.write("rig.toml", &format!("stop_fade = \"10 s\"\n{rig}"));
    let player = by_member(&setup, 2002, &Setup::words("mall"));
    setup.comes_to_show(LIT);
    by_member(&setup, 2001, OFF).end().with(0, &[SAFE_SAID]);
    stay_safe(&setup);
    player.end().with(0, &[]);
}

#[test]
fn a_player_of_another_user_that_does_not_answer_is_told_of_and_nothing_is_called_safe() {
    let Some(setup) = shared() else { return };
    let player = by_member(&setup, 2002, &Setup::words("mall"));
    setup.comes_to_show(LIT);
    player.signal(Signal::STOP);
    player.wait_until_stopped();
    let start = Instant::now();
    let plays_on = format!("PID {} plays on", player.pid());
    let ended = by_member(&setup, 2001, OFF).end().with(1, &[NOT_SAFE_SAID, &plays_on, "sudo starcourt off"]);
    assert!(!ended.said.contains(SAFE_SAID), "{}", ended.said);
    assert!(start.elapsed() < BOUND, "{:?}", start.elapsed());
    stay_safe(&setup);
    // Who may end it does.
    off(&setup).with(0, &[SAFE_SAID]);
    stay_safe(&setup);
}

#[test]
fn another_users_service_stops_its_show_and_is_told_of() {
    let Some(setup) = shared() else { return };
    let words = "serve --shows shows --output sim --pins pins --rig rig.toml --lock-dir lock";
    let service = by_member(&setup, 2002, words);
    setup.comes_to_show(SAFE);
    let shown = by_member(&setup, 2002, &Setup::words("mall").replace(" --pins pins --rig rig.toml", ""));
    setup.comes_to_show(LIT);
    let stands_by = format!("the service (PID {}) holds the lock and may play again", service.pid());
    let ended = by_member(&setup, 2001, OFF).end().with(1, &[NOT_SAFE_SAID, &stands_by]);
    assert!(!ended.said.contains(SAFE_SAID), "{}", ended.said);
    stay_safe(&setup);
    crate::common::launch::until("stopped", || shown.has_ended());
}

/// Any local user can make a mark on a directory that they may read.
#[test]
fn a_mark_that_nothing_proves_is_no_reason_to_kill_and_none_to_call_the_lights_safe() {
    const MACHINE: u64 = 64; // the slot of the machine's lock
    let setup = Setup::new("");
    setup.run("encore").with(0, &[]);
    let mut stranger = Command::new("sleep").arg("100").spawn().unwrap();
    let directory = fs::File::open(setup.folder.path("lock")).unwrap();
    let mut lock = libc::flock {
        l_type: libc::F_RDLCK as libc::c_short,
        l_whence: libc::SEEK_SET as libc::c_short,
        l_start: (MACHINE << 22 | u64::from(stranger.id())).cast_signed(),
        l_len: 1,
        l_pid: 0,
    };
    // SAFETY: an open descriptor, and a lock description that is valid.
    assert_eq!(unsafe { libc::fcntl(directory.as_raw_fd(), libc::F_OFD_SETLK, &raw mut lock) }, 0);
    let refused = setup.run("mall").with(75, &[]);
    let ended = off(&setup).with(1, &[NOT_SAFE_SAID, "nothing proves to be a starcourt"]);
    for told in [refused.told + &refused.said, ended.told + &ended.said] {
        assert!(!told.contains("kill"), "{told}");
    }
    assert!(stranger.try_wait().unwrap().is_none(), "it was killed");
    stranger.kill().unwrap();
    stranger.wait().unwrap();
    drop(directory);
    off(&setup).with(0, &[SAFE_SAID]);
}
