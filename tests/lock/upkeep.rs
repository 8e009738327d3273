//! What a holder tells each second, and how it mends what a hand broke.

use std::fs;

use crate::cast::{Outcome, Player, Stage, name};
use starcourt::lock::{Holder, KnownBy, probe};
use starcourt::time::ShowTime;

fn publisher(stage: &Stage, name: &str) -> Player {
    let mut player = stage.player("publish", name);
    assert_eq!(player.launches(), Outcome::Won);
    player
}

fn published(player: &mut Player) -> String {
    player.cue();
    player.hears()
}

fn found(stage: &Stage, lock: &str) -> Holder {
    probe(stage.path(), &name(lock)).expect("readable").expect("held")
}

#[test]
fn the_position_is_rewritten_in_place() {
    let stage = Stage::new();
    let mut player = publisher(&stage, "starcourt");
    let length = fs::metadata(stage.file("starcourt")).unwrap().len();
    for second in 1..=12 {
        assert_eq!(published(&mut player), "Sound");
        let position = found(&stage, "starcourt").info.position;
        assert_eq!(position, Some(ShowTime::from_micros(second * 1_000_000)));
    }
    assert_eq!(fs::metadata(stage.file("starcourt")).unwrap().len(), length);
    let text = fs::read_to_string(stage.file("starcourt")).unwrap();
    assert!(text.starts_with(&format!("pid {}\nshow mall\nstarted ", player.pid())), "{text}");
    assert!(text.contains("\nposition 0:12.000\n"), "{text}");
}

#[test]
fn a_deleted_or_replaced_file_is_made_anew_and_locked() {
    for lock in ["starcourt", "starcourt_demo"] {
        let stage = Stage::new();
        let mut player = publisher(&stage, lock);
        for replacement in [None, Some("pid 1\nshow another\n")] {
            fs::remove_file(stage.file(lock)).unwrap();
            if let Some(text) = replacement {
                fs::write(stage.file(lock), text).unwrap();
            }
            assert_eq!(found(&stage, lock).known_by, KnownBy::SecondAnchor);
            assert_eq!(published(&mut player), "Mended");
            let holder = found(&stage, lock);
            assert_eq!((holder.pid.number(), holder.known_by), (Some(player.pid()), KnownBy::File));
            assert!(holder.info.position.is_some());
            assert_eq!(published(&mut player), "Sound");
        }
        stage.player("launch", lock).launches().refused_for(player.pid());
        player.leaves();
        stage.acquire(lock).expect("free");
    }
}

/// A backup by hard links, a hand, a member of the group: the holder stays provable.
#[test]
fn a_file_with_a_second_name_names_its_holder_and_is_made_anew() {
    let stage = Stage::new();
    let mut player = publisher(&stage, "starcourt");
    fs::hard_link(stage.file("starcourt"), stage.file("other")).unwrap();
    for upkeep in ["Mended", "Sound"] {
        let holder = found(&stage, "starcourt");
        assert_eq!((holder.pid.number(), holder.known_by), (Some(player.pid()), KnownBy::File));
        assert_eq!(published(&mut player), upkeep);
    }
    assert!(fs::metadata(stage.file("other")).is_ok(), "it is not ours to delete");
    stage.player("launch", "starcourt").launches().refused_for(player.pid());
    player.leaves();
    stage.acquire("starcourt").expect("free");
}

#[test]
fn a_replaced_directory_gets_the_lock_too() {
    let stage = Stage::new();
    let mut player = publisher(&stage, "starcourt");
    fs::remove_dir_all(stage.path()).unwrap();
    assert_eq!(published(&mut player), "Mended");
    stage.player("launch", "starcourt").launches().refused_for(player.pid());
}

#[test]
fn a_holder_who_lost_its_directory_to_another_is_told_so() {
    let stage = Stage::new();
    let mut player = publisher(&stage, "starcourt");
    fs::remove_dir_all(stage.path()).unwrap();
    let other = stage.holder("starcourt");
    let told = published(&mut player);
    assert!(
        told.contains(&format!("failed Another instance is already running (PID: {})", other.pid())),
        "{told}"
    );
}

#[test]
fn a_file_that_the_holders_process_closed_elsewhere_is_locked_again() {
    let stage = Stage::new();
    let mut lock = stage.acquire("starcourt").expect("free");
    drop(fs::read(stage.file("starcourt")).unwrap()); // this frees the lock on the file, by POSIX
    let ask = || {
        let mut player = stage.player("ask", "starcourt");
        player.cue();
        player.hears()
    };
    let us = std::process::id();
    assert_eq!(ask(), format!("held by {us} SecondAnchor"));
    lock.publish(ShowTime::ZERO).expect("nobody is in the way");
    assert_eq!(ask(), format!("held by {us} File mall"));
}

#[test]
fn something_unsafe_in_the_files_place_is_told_and_not_touched() {
    let stage = Stage::new();
    let mut player = publisher(&stage, "starcourt");
    fs::remove_file(stage.file("starcourt")).unwrap();
    std::os::unix::fs::symlink("/nowhere", stage.file("starcourt")).unwrap();
    let told = published(&mut player);
    assert!(told.contains("cannot be a lock: it is a symbolic link"), "{told}");
    assert_eq!(found(&stage, "starcourt").known_by, KnownBy::SecondAnchor);
    stage.player("launch", "starcourt").launches().refused_for(player.pid());
    fs::remove_file(stage.file("starcourt")).unwrap();
    assert_eq!(published(&mut player), "Mended");
}
