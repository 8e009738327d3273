//! What a dead instance leaves behind: nothing that stands in anybody's way.

use std::fs;
use std::io::Write;

use crate::children::{Outcome, Scratch, name};
use starcourt::lock::probe;

#[test]
fn a_killed_holder_frees_the_lock_at_once() {
    let scratch = Scratch::new();
    for _ in 0..10 {
        scratch.holder("starcourt").dies();
        assert_eq!(probe(scratch.path(), &name("starcourt")).unwrap(), None);
        drop(scratch.acquire("starcourt").expect("free at once"));
    }
}

#[test]
fn a_holder_that_leaves_frees_the_lock() {
    let scratch = Scratch::new();
    let holder = scratch.holder_of_lines("starcourt_demo", "17 18");
    holder.leaves();
    assert_eq!(scratch.child("launch", "starcourt_demo").launches(), Outcome::Won);
}

#[test]
fn a_forked_child_neither_frees_the_lock_nor_keeps_it_from_being_freed() {
    let scratch = Scratch::new();
    let mut parent = scratch.child("fork", "starcourt");
    assert_eq!(parent.launches(), Outcome::Won);
    scratch.child("launch", "starcourt").launches().refused_for(parent.pid());
    std::fs::remove_file(scratch.file("starcourt")).unwrap();
    scratch.child("launch", "starcourt").launches().refused_for(parent.pid());
    parent.go_on();
    assert_eq!(parent.hears(), "left");
    scratch.acquire("starcourt").expect("free, though a child lives that has a copy");
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
        let scratch = Scratch::new();
        scratch.dir();
        fs::write(scratch.file("starcourt"), &text).unwrap();
        assert_eq!(probe(scratch.path(), &name("starcourt")).unwrap(), None);
        let holder = scratch.holder("starcourt");
        let found = probe(scratch.path(), &name("starcourt")).unwrap().expect("a holder");
        assert_eq!((found.pid.number(), found.info.show.as_deref()), (Some(holder.pid()), Some("mall")));
    }
}

#[test]
fn a_child_that_a_killed_holder_was_about_to_start_refuses_nobody() {
    let scratch = Scratch::new();
    let mut holder = scratch.child("fork briefly", "starcourt");
    assert_eq!(holder.launches(), Outcome::Won);
    let pid = holder.pid();
    scratch.child("launch", "starcourt").launches().refused_for(pid);
    holder.dies();
    assert_eq!(scratch.child("launch", "starcourt").launches(), Outcome::Won);
}

#[test]
fn a_hundred_megabytes_of_garbage_are_neither_read_nor_kept() {
    let scratch = Scratch::new();
    scratch.dir();
    let file = fs::File::create(scratch.file("starcourt")).unwrap();
    (&file).write_all(&[b'x'; 100_000]).unwrap();
    file.set_len(100_000_000).unwrap();
    let _holder = scratch.holder("starcourt");
    assert!(fs::metadata(scratch.file("starcourt")).unwrap().len() <= 4096);
}

#[test]
fn garbage_written_over_the_text_hides_the_show_but_not_the_holder() {
    let scratch = Scratch::new();
    let holder = scratch.holder("starcourt");
    for garbage in ["", "pid 1\nshow another\n", "\u{1b}]0;title\u{7}"] {
        fs::write(scratch.file("starcourt"), garbage.repeat(1_000)).unwrap();
        let told = scratch.child("launch", "starcourt").launches().refused_for(holder.pid());
        assert!(!told.contains("another\"") && !told.contains('\u{1b}'), "{told}");
    }
}
