//! Lock directories on a file system that is full or read-only, and standard streams that take nothing.

use std::fs::{self, File};
use std::io::ErrorKind;
use std::process::Command;
use std::time::Duration;

use rustix::process::Signal;

use crate::common::setup::{LIT, Setup};
use crate::common::show_launch::ShowLaunch;
use crate::files::plays_next;

/// Plays with a lock directory on a file system of its own, of 16 KiB, which `spoiled` has spoiled: seen by
/// nobody else.
fn on_file_system<'a>(setup: &'a Setup, spoiled: &str) -> ShowLaunch<'a> {
    fs::create_dir_all(setup.path("lock")).unwrap();
    let lock = setup.path("lock").display().to_string();
    let mounted = format!("mount -t tmpfs -o size=16k,mode=0755 none '{lock}' && cd '{lock}'");
    let script = format!("{mounted} && {spoiled} && exec \"$@\"");
    let apart = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", &script, "sh"];
    setup.launch(setup.command_by(&apart))
}

/// Refused with 1 and these words, and no line is touched.
#[track_caller]
fn check_refused(spoiled: &str, words: &str) {
    let setup = Setup::lit();
    let mut launch = on_file_system(&setup, spoiled);
    let code = launch.code();
    let said = launch.said();
    assert!(code == 1 && said.matches(words).count() == 1, "{code}: {said}");
    assert_eq!(setup.pins(), "", "a line was touched");
    plays_next(&setup);
}

#[test]
fn a_full_lock_directory_is_told_before_a_line_is_touched() {
    check_refused("{ head -c 64K /dev/zero > fill 2>&1; true; }", "No space left on device (os error 28)");
}

/// The text in the lock's file is written over and over; what it needs of the file system it has.
#[test]
fn a_lock_directory_that_fills_up_under_a_show_changes_nothing() {
    let setup = Setup::lit();
    let mut launch = on_file_system(&setup, "true").once_lit();
    let inside = format!("/proc/{}/root{}", launch.pid(), setup.path("lock/fill").display());
    let filled = fs::write(inside, [0; 1 << 16]);
    assert_eq!(filled.unwrap_err().kind(), ErrorKind::StorageFull);
    launch.stays(Duration::from_millis(1_500), "lit", |launch| launch.setup.is_lit());
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
    let setup = Setup::new("0 ms", "0:00.500", LIT);
    let full = || File::options().write(true).open("/dev/full").unwrap();
    let mut command = setup.command();
    command.stdout(full()).stderr(full());
    let mut launch = setup.launch(command).once_lit();
    let code = launch.code();
    assert_eq!(code, 0);
    setup.assert_safe_and_free();
}

/// What `command` says on standard error, and its exit code, with its standard output on a disk that is full.
fn onto_a_full_disk(setup: &Setup, command: &str) -> (Option<i32>, String) {
    let mut asked = Command::new(env!("CARGO_BIN_EXE_starcourt"));
    asked.args(command.split(' ')).current_dir(setup.path("")).env("STARCOURT_STATE", setup.path("state"));
    let output = asked.stdout(File::options().write(true).open("/dev/full").unwrap()).output().unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

const SCHEDULE: &str = "[place]\ntimezone = \"UTC\"\n\n[schedule]\nevenings = { play = \"porch\", from = \"17:00\", to = \"22:00\" }\n";

#[test]
fn an_answer_that_a_full_disk_does_not_take_is_a_failure() {
    let setup = Setup::lit();
    fs::write(setup.path("schedule.toml"), SCHEDULE).unwrap();
    let stage = "--output sim --rig rig.toml --shows .";
    let mut launch = setup.play().once_lit();
    let lock = setup.path("lock").display().to_string();
    for command in [
        "--help",
        "--version",
        "play --help",
        &format!("list {stage}"),
        &format!("check porch {stage}"),
        &format!("schedule --schedule schedule.toml {stage}"),
        &format!("schedule --json --schedule schedule.toml {stage}"),
        &format!("doctor --output sim --rig rig.toml --lock-dir {lock}"),
        &format!("status --lock-dir {lock}"),
        &format!("status --json --lock-dir {lock}"),
        &format!("status --follow --lock-dir {lock}"),
        "status --lock-dir nowhere",
        "status --follow --lock-dir nowhere",
    ] {
        let (code, said) = onto_a_full_disk(&setup, command);
        assert_eq!(code, Some(1), "{command}: {said}");
        assert!(said.contains("writing to standard output: No space left on device"), "{command}: {said}");
    }
    launch.goes_safe_on_signal(Signal::TERM);
    launch.ends_with(0);
}

#[test]
fn an_order_is_done_whoever_can_be_told_of_it() {
    let setup = Setup::lit();
    let launch = setup.play().once_lit();
    let order = format!("stop --lock-dir {}", setup.path("lock").display());
    let (code, said) = onto_a_full_disk(&setup, &order);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("writing to standard output"), "{said}");
    launch.ends_with(0);
}

#[test]
fn a_reader_that_has_gone_has_read_enough() {
    let setup = Setup::lit();
    for command in ["--help", "list --output sim --rig rig.toml --shows .", "status --lock-dir nowhere"] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut asked = Command::new(env!("CARGO_BIN_EXE_starcourt"));
        asked
            .args(command.split(' '))
            .current_dir(setup.path(""))
            .env("STARCOURT_STATE", setup.path("state"));
        let output = asked.stdout(writer).output().unwrap();
        let expected = if command.starts_with("status") { 3 } else { 0 };
        assert_eq!((output.status.code(), &*output.stderr), (Some(expected), &b""[..]), "{command}");
    }
}

/// On a file system of its own, of 16 KiB: full before the pins file is made, and with one that was made by a
/// hand without writing it.
#[test]
fn a_pins_file_on_a_full_disk_is_told_before_anything_plays() {
    for made in ["true", "truncate -s 29 pins"] {
        let setup = Setup::lit();
        fs::create_dir(setup.path("disk")).unwrap();
        let disk = setup.path("disk").display().to_string();
        let script = format!(
            "mount -t tmpfs -o size=16k none '{disk}' && cd '{disk}' && {made} && \
             {{ head -c 64K /dev/zero >fill 2>&1; cd /; exec \"$@\" --pins '{disk}/pins'; }}"
        );
        let apart = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", &script, "sh"];
        let program = [env!("CARGO_BIN_EXE_starcourt"), "play", "porch", "--silent", "--output", "sim"];
        let mut command = Command::new(apart[0]);
        command.args(&apart[1..]).args(program);
        for (option, name) in [("--rig", "rig.toml"), ("--shows", ""), ("--lock-dir", "lock")] {
            command.arg(option).arg(setup.path(name));
        }
        let output = command.output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{made}: {}: {said}", output.status);
        assert!(said.contains("pins file") && said.contains("No space left on device"), "{made}: {said}");
        plays_next(&setup);
    }
}

#[test]
fn a_pins_file_that_is_cut_short_under_a_show_ends_nothing() {
    let setup =
        Setup::new("0 ms", "1:00", &format!("{LIT}0:00 to 0:59 every 100 ms  garland  on for 50 ms\n"));
    let mut launch = setup.play().once_lit();
    fs::write(setup.path("pins"), "").unwrap();
    launch.until("written again", |launch| launch.setup.pins().contains('1'));
    launch.signal(Signal::TERM);
    assert_eq!(launch.code(), 0, "{}", launch.said());
    plays_next(&setup);
}
