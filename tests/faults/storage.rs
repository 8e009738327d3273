//! Lock directories on a file system that is full or read-only, and standard streams that take nothing.

use std::fs::{self, File};
use std::io::ErrorKind;
use std::time::Duration;

use rustix::process::Signal;

use crate::common::launch::Launch;
use crate::common::porch::{LIT, Porch};
use crate::files::plays_next;

/// Plays with a lock directory on a file system of its own, of 16 KiB, which `spoiled` has spoiled: seen by
/// nobody else.
fn on_file_system<'a>(porch: &'a Porch, spoiled: &str) -> Launch<'a> {
    fs::create_dir_all(porch.path("lock")).unwrap();
    let lock = porch.path("lock").display().to_string();
    let mounted = format!("mount -t tmpfs -o size=16k,mode=0755 none '{lock}' && cd '{lock}'");
    let script = format!("{mounted} && {spoiled} && exec \"$@\"");
    let apart = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", &script, "sh"];
    porch.launch(porch.command_by(&apart))
}

/// Refused with 1 and these words, and no line is touched.
#[track_caller]
fn check_refused(spoiled: &str, words: &str) {
    let porch = Porch::lit();
    let mut launch = on_file_system(&porch, spoiled);
    let code = launch.code();
    let said = launch.said();
    assert!(code == 1 && said.matches(words).count() == 1, "{code}: {said}");
    assert_eq!(porch.pins(), "", "a line was touched");
    plays_next(&porch);
}

#[test]
fn a_full_lock_directory_is_told_before_a_line_is_touched() {
    check_refused("{ head -c 64K /dev/zero > fill 2>&1; true; }", "No space left on device (os error 28)");
}

/// The text in the lock's file is written over and over; what it needs of the file system it has.
#[test]
fn a_lock_directory_that_fills_up_under_a_show_changes_nothing() {
    let porch = Porch::lit();
    let mut launch = on_file_system(&porch, "true").once_lit();
    let inside = format!("/proc/{}/root{}", launch.pid(), porch.path("lock/fill").display());
    let filled = fs::write(inside, [0; 1 << 16]);
    assert_eq!(filled.unwrap_err().kind(), ErrorKind::StorageFull);
    launch.stays(Duration::from_millis(1_500), "lit", |launch| launch.porch.is_lit());
    launch.goes_safe_on("SIGKILL", |launch| launch.signal_waiting(Signal::KILL));
    launch.ends_with(128 + libc::SIGKILL);
}

#[test]
fn a_read_only_lock_directory_is_told_before_a_line_is_touched() {
    check_refused(
        "cd / && mount -o remount,ro \"$OLDPWD\"",
        "its disk is read-only\n  give a lock directory on another disk",
    );
}

#[test]
fn standard_streams_that_are_full_keep_no_show_from_playing() {
    let porch = Porch::new("0 ms", "0:00.500", LIT);
    let full = || File::options().write(true).open("/dev/full").unwrap();
    let mut command = porch.command();
    command.stdout(full()).stderr(full());
    let mut launch = porch.launch(command).once_lit();
    let code = launch.code();
    assert_eq!(code, 0);
    porch.is_left_safe_and_free();
}
