//! What a dead instance leaves behind: nothing that stands in anybody's way.

use std::fs;
use std::io::Write;

use crate::cast::{Outcome, Stage, name};
use starcourt::lock::probe;

#[test]
fn a_killed_holder_frees_the_lock_at_once() {
    let stage = Stage::new();
    for _ in 0..10 {
        stage.holder("starcourt").dies();
        assert_eq!(probe(stage.path(), &name("starcourt")).unwrap(), None);
        drop(stage.acquire("starcourt").expect("free at once"));
    }
}

#[test]
fn a_holder_that_leaves_frees_the_lock() {
    let stage = Stage::new();
    let holder = stage.holder_of_lines("starcourt_demo", "17 18");
    holder.leaves();
    assert_eq!(stage.player("launch", "starcourt_demo").launches(), Outcome::Won);
}

#[test]
fn a_forked_child_neither_frees_the_lock_nor_keeps_it_from_being_freed() {
    let stage = Stage::new();
    let mut parent = stage.player("fork", "starcourt");
    assert_eq!(parent.launches(), Outcome::Won);
    stage.player("launch", "starcourt").launches().refused_for(parent.pid());
    std::fs::remove_file(stage.file("starcourt")).unwrap();
    stage.player("launch", "starcourt").launches().refused_for(parent.pid());
    parent.cue();
    assert_eq!(parent.hears(), "left");
    stage.acquire("starcourt").expect("free, though a child lives that has a copy");
    parent.leaves();
}

#[test]
fn a_leftover_file_blocks_nobody_whatever_it_says() {
    let living = std::process::id();
    for text in [
        String::new(),
        format!("pid {living}\nshow mall\n"), // a recycled PID: somebody lives, but holds nothing
        "pid 1\n".into(),
        "\0\u{1b}[31m not ours".into(),
    ] {
        let stage = Stage::new();
        stage.dir();
        fs::write(stage.file("starcourt"), &text).unwrap();
        assert_eq!(probe(stage.path(), &name("starcourt")).unwrap(), None);
        let holder = stage.holder("starcourt");
        let found = probe(stage.path(), &name("starcourt")).unwrap().expect("a holder");
        assert_eq!((found.pid.number(), found.info.show.as_deref()), (Some(holder.pid()), Some("mall")));
    }
}

#[test]
fn a_child_that_a_killed_holder_was_about_to_start_refuses_nobody() {
    let stage = Stage::new();
    let mut holder = stage.player("fork briefly", "starcourt");
    assert_eq!(holder.launches(), Outcome::Won);
    let pid = holder.pid();
    stage.player("launch", "starcourt").launches().refused_for(pid);
    holder.dies();
    assert_eq!(stage.player("launch", "starcourt").launches(), Outcome::Won);
}

#[test]
fn a_hundred_megabytes_of_garbage_are_neither_read_nor_kept() {
    let stage = Stage::new();
    stage.dir();
    let file = fs::File::create(stage.file("starcourt")).unwrap();
    (&file).write_all(&[b'x'; 100_000]).unwrap();
    file.set_len(100_000_000).unwrap();
    let _holder = stage.holder("starcourt");
    assert!(fs::metadata(stage.file("starcourt")).unwrap().len() <= 4096);
}

#[test]
fn garbage_written_over_the_text_hides_the_show_but_not_the_holder() {
    let stage = Stage::new();
    let holder = stage.holder("starcourt");
    for garbage in ["", "pid 1\nshow another\n", "\u{1b}]0;title\u{7}"] {
        fs::write(stage.file("starcourt"), garbage.repeat(1_000)).unwrap();
        let told = stage.player("launch", "starcourt").launches().refused_for(holder.pid());
        assert!(!told.contains("another\"") && !told.contains('\u{1b}'), "{told}");
    }
}
