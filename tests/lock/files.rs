//! What stands where the lock file should be, and with which rights the real one is made.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::Path;
use std::process::Command;

use crate::children::{Outcome, Scratch, as_nobody, claim, is_root, name, with_narrow_umask};
use starcourt::lock::{DirectoryFlaw, FileFlaw, KnownBy, Lock, Manner, Refusal, probe};

fn check_refused(flaw: FileFlaw, make: impl FnOnce(&Path)) {
    let scratch = Scratch::new();
    scratch.dir();
    let file = scratch.file("starcourt");
    make(&file);
    let before = fs::symlink_metadata(&file).expect("made above");
    for refusal in [scratch.acquire("starcourt").err(), probe(scratch.path(), &name("starcourt")).err()] {
        match refusal {
            Some(Refusal::UnsafeFile { path, flaw: found }) => {
                assert_eq!((path, found), (file.clone(), flaw))
            }
            other => panic!("{other:?} instead of {flaw:?}"),
        }
    }
    let after = fs::symlink_metadata(&file).expect("made above");
    assert_eq!(
        (before.ino(), before.len(), before.mtime_nsec()),
        (after.ino(), after.len(), after.mtime_nsec())
    );
}

#[test]
fn a_symbolic_link_is_not_followed() {
    let elsewhere = tempfile::NamedTempFile::new().unwrap();
    fs::write(&elsewhere, "precious").unwrap();
    check_refused(FileFlaw::Symlink, |file| symlink(&elsewhere, file).unwrap());
    check_refused(FileFlaw::Symlink, |file| symlink("/nowhere", file).unwrap());
    assert_eq!(fs::read(&elsewhere).unwrap(), b"precious");
}

#[test]
fn a_hard_link_is_replaced_and_not_written_through() {
    let scratch = Scratch::new();
    scratch.dir();
    let precious = scratch.file("precious");
    fs::write(&precious, "precious").unwrap();
    fs::hard_link(&precious, scratch.file("starcourt")).unwrap();
    let _lock = scratch.acquire("starcourt").expect("its own file is in place");
    assert_eq!(fs::read(&precious).unwrap(), b"precious");
    let mut other = scratch.child("ask", "starcourt");
    other.go_on();
    assert_eq!(other.hears(), format!("held by {} File mall", std::process::id()));
}

/// Whoever may read the file can lock it, shared, and would keep everybody out or be taken for the holder.
#[test]
fn a_mere_reader_who_locks_the_file_holds_nothing_and_is_left_alone() {
    let scratch = Scratch::new();
    drop(scratch.acquire("starcourt").expect("free"));
    let mut reader = scratch.child_with("read", "starcourt", as_nobody);
    reader.go_on();
    assert_eq!(reader.hears(), "locked 0");
    assert_eq!(probe(scratch.path(), &name("starcourt")).unwrap(), None);
    let told = &mut |_| panic!("nobody is to be ended");
    let taken = Lock::take_over(&scratch.dir(), &claim("starcourt", &[]), Manner::default(), &|| false, told);
    drop(taken.expect("free"));
    let holder = scratch.holder("starcourt");
    let found = probe(scratch.path(), &name("starcourt")).unwrap().expect("held");
    assert_eq!((found.pid.number(), found.known_by), (Some(holder.pid()), KnownBy::File));
    scratch.child("launch", "starcourt").launches().refused_for(holder.pid());
    assert!(!reader.has_ended());
}

#[test]
fn a_directory_is_no_lock() {
    check_refused(FileFlaw::Directory, |file| fs::create_dir(file).unwrap());
}

#[test]
fn a_pipe_is_no_lock_and_nobody_waits_for_its_other_end() {
    check_refused(FileFlaw::NotAFile, |file| {
        assert!(Command::new("mkfifo").arg(file).status().unwrap().success());
    });
}

#[test]
fn a_socket_is_no_lock() {
    check_refused(FileFlaw::NotAFile, |file| drop(std::os::unix::net::UnixListener::bind(file).unwrap()));
}

#[test]
fn a_world_writable_directory_is_refused() {
    let scratch = Scratch::new();
    scratch.dir();
    fs::set_permissions(scratch.path(), PermissionsExt::from_mode(0o1777)).unwrap();
    match starcourt::lock::LockDir::open(scratch.path()) {
        Err(Refusal::UnsafeDirectory { flaw, .. }) => assert_eq!(flaw, DirectoryFlaw::WorldWritable),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_narrow_umask_takes_the_lock_from_nobody() {
    let scratch = Scratch::new();
    let mut holder = scratch.child_with("launch", "starcourt", with_narrow_umask);
    assert_eq!(holder.launches(), Outcome::Won);
    let mode = |path| fs::metadata(path).unwrap().mode() & 0o7777;
    assert_eq!(mode(scratch.path()), 0o2775);
    assert_eq!(mode(scratch.file("starcourt")), 0o664);
    assert_eq!(
        fs::metadata(scratch.path()).unwrap().gid(),
        fs::metadata(scratch.file("starcourt")).unwrap().gid()
    );
}

#[test]
fn a_file_that_another_member_of_the_group_made_is_locked_all_the_same() {
    let scratch = Scratch::new();
    scratch.dir();
    let file = scratch.file("starcourt");
    fs::write(&file, "pid 1\n").unwrap();
    fs::set_permissions(&file, PermissionsExt::from_mode(0o664)).unwrap();
    if is_root() {
        std::os::unix::fs::chown(&file, Some(65_534), None).unwrap();
    }
    let owner = fs::metadata(&file).unwrap().uid();
    drop(scratch.acquire("starcourt").expect("the group may"));
    assert_eq!(fs::metadata(&file).unwrap().uid(), owner);
}

/// As a hand or a backup may leave it.
#[test]
fn a_file_that_this_user_may_not_write_is_replaced_by_who_may_write_the_directory() {
    let scratch = Scratch::new();
    scratch.dir();
    let file = scratch.file("starcourt");
    fs::write(&file, "pid 1\n").unwrap();
    fs::set_permissions(&file, PermissionsExt::from_mode(0o444)).unwrap();
    if is_root() {
        std::os::unix::fs::chown(scratch.path(), None, Some(65_534)).unwrap();
        fs::set_permissions(scratch.path(), PermissionsExt::from_mode(0o2775)).unwrap();
    }
    let before = fs::metadata(&file).unwrap().ino();
    let mut holder = scratch.child_with("launch", "starcourt", as_nobody);
    assert_eq!(holder.launches(), Outcome::Won);
    let found = probe(scratch.path(), &name("starcourt")).unwrap().expect("held");
    assert_eq!((found.pid.number(), found.known_by), (Some(holder.pid()), KnownBy::File));
    assert_ne!(fs::metadata(&file).unwrap().ino(), before);
}
