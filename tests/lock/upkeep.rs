//! What a holder tells each second, and how it mends what a hand broke.

use std::fs;

use crate::children::{ChildProcess, Outcome, Scratch, name};
use starcourt::lock::{Holder, KnownBy, probe};
use starcourt::time::ShowTime;

fn publisher(scratch: &Scratch, name: &str) -> ChildProcess {
    let mut child = scratch.child("publish", name);
    assert_eq!(child.launches(), Outcome::Won);
    child
}

fn published(child: &mut ChildProcess) -> String {
    child.go_on();
    child.hears()
}

fn found(scratch: &Scratch, lock: &str) -> Holder {
    probe(scratch.path(), &name(lock)).expect("readable").expect("held")
}

#[test]
fn the_position_is_rewritten_in_place() {
    let scratch = Scratch::new();
    let mut child = publisher(&scratch, "starcourt");
    let length = fs::metadata(scratch.file("starcourt")).unwrap().len();
    for second in 1..=12 {
        assert_eq!(published(&mut child), "Sound");
        let position = found(&scratch, "starcourt").info.position;
        assert_eq!(position, Some(ShowTime::from_micros(second * 1_000_000)));
    }
    assert_eq!(fs::metadata(scratch.file("starcourt")).unwrap().len(), length);
    let text = fs::read_to_string(scratch.file("starcourt")).unwrap();
    assert!(text.starts_with(&format!("pid {}\nshow mall\nstarted ", child.pid())), "{text}");
    assert!(text.contains("\nposition 0:12.000\n"), "{text}");
}

#[test]
fn a_deleted_or_replaced_file_is_made_anew_and_locked() {
    for lock in ["starcourt", "starcourt_demo"] {
        let scratch = Scratch::new();
        let mut child = publisher(&scratch, lock);
        for replacement in [None, Some("pid 1\nshow another\n")] {
            fs::remove_file(scratch.file(lock)).unwrap();
            if let Some(text) = replacement {
                fs::write(scratch.file(lock), text).unwrap();
            }
            assert_eq!(found(&scratch, lock).known_by, KnownBy::SecondAnchor);
            assert_eq!(published(&mut child), "Mended");
            let holder = found(&scratch, lock);
            assert_eq!((holder.pid.number(), holder.known_by), (Some(child.pid()), KnownBy::File));
            assert!(holder.info.position.is_some());
            assert_eq!(published(&mut child), "Sound");
        }
        scratch.child("launch", lock).launches().refused_for(child.pid());
        child.leaves();
        scratch.acquire(lock).expect("free");
    }
}

/// A backup by hard links, a hand, a member of the group: the holder stays provable.
#[test]
fn a_file_with_a_second_name_names_its_holder_and_is_made_anew() {
    let scratch = Scratch::new();
    let mut child = publisher(&scratch, "starcourt");
    fs::hard_link(scratch.file("starcourt"), scratch.file("other")).unwrap();
    for upkeep in ["Mended", "Sound"] {
        let holder = found(&scratch, "starcourt");
        assert_eq!((holder.pid.number(), holder.known_by), (Some(child.pid()), KnownBy::File));
        assert_eq!(published(&mut child), upkeep);
    }
    assert!(fs::metadata(scratch.file("other")).is_ok(), "it is not ours to delete");
    scratch.child("launch", "starcourt").launches().refused_for(child.pid());
    child.leaves();
    scratch.acquire("starcourt").expect("free");
}

#[test]
fn a_replaced_directory_gets_the_lock_too() {
    let scratch = Scratch::new();
    let mut child = publisher(&scratch, "starcourt");
    fs::remove_dir_all(scratch.path()).unwrap();
    assert_eq!(published(&mut child), "Mended");
    scratch.child("launch", "starcourt").launches().refused_for(child.pid());
}

#[test]
fn a_holder_who_lost_its_directory_to_another_is_told_so() {
    let scratch = Scratch::new();
    let mut child = publisher(&scratch, "starcourt");
    fs::remove_dir_all(scratch.path()).unwrap();
    let other = scratch.holder("starcourt");
    let told = published(&mut child);
    assert!(
        told.contains(&format!("failed Another instance is already running (PID: {})", other.pid())),
        "{told}"
    );
}

#[test]
fn a_file_that_the_holders_process_closed_elsewhere_is_locked_again() {
    let scratch = Scratch::new();
    let mut lock = scratch.acquire("starcourt").expect("free");
    drop(fs::read(scratch.file("starcourt")).unwrap()); // this frees the lock on the file, by POSIX
    let ask = || {
        let mut child = scratch.child("ask", "starcourt");
        child.go_on();
        child.hears()
    };
    let us = std::process::id();
    assert_eq!(ask(), format!("held by {us} SecondAnchor"));
    lock.publish(ShowTime::ZERO).expect("nobody is in the way");
    assert_eq!(ask(), format!("held by {us} File mall"));
}

#[test]
fn something_unsafe_in_the_files_place_is_told_and_not_touched() {
    let scratch = Scratch::new();
    let mut child = publisher(&scratch, "starcourt");
    fs::remove_file(scratch.file("starcourt")).unwrap();
    std::os::unix::fs::symlink("/nowhere", scratch.file("starcourt")).unwrap();
    let told = published(&mut child);
    assert!(told.contains("cannot be a lock: it is a symbolic link"), "{told}");
    assert_eq!(found(&scratch, "starcourt").known_by, KnownBy::SecondAnchor);
    scratch.child("launch", "starcourt").launches().refused_for(child.pid());
    fs::remove_file(scratch.file("starcourt")).unwrap();
    assert_eq!(published(&mut child), "Mended");
}
