//! Which launches exclude each other: the machine's lock, a show's, and the lines.

use std::fs;

use crate::child_process;
use crate::children::{ChildProcess, Outcome, Scratch, claim};
use starcourt::lock::{Lock, Refusal};

fn launcher(scratch: &Scratch, name: &str, lines: &str) -> ChildProcess {
    scratch.child_with("launch", name, |command| {
        command.env(child_process::LINES, lines);
    })
}

#[test]
fn different_shows_run_side_by_side_and_the_same_one_never_twice() {
    let scratch = Scratch::new();
    let demo = scratch.holder_of_lines("starcourt_demo", "17 18");
    let _mall = scratch.holder_of_lines("starcourt_mall", "22 23");
    let told = launcher(&scratch, "starcourt_demo", "4").launches().refused_for(demo.pid());
    let first = told.lines().next().unwrap_or_default();
    assert!(
        first.contains(&format!("Show 'demo' is already running (PID: {}): since ", demo.pid())),
        "{told}"
    );
}

#[test]
fn the_machines_lock_and_a_shows_exclude_each_other() {
    let scratch = Scratch::new();
    let machine = scratch.holder("starcourt");
    let told = launcher(&scratch, "starcourt_demo", "").launches().refused_for(machine.pid());
    assert!(told.contains("Another instance is already running"), "{told}");
    machine.leaves();
    let demo = scratch.holder("starcourt_demo");
    let told = launcher(&scratch, "starcourt", "").launches().refused_for(demo.pid());
    assert!(told.contains("Another instance is already running"), "{told}");
    assert!(told.contains("show \"demo\" since ") && told.contains("starcourt_demo.lock"), "{told}");
}

#[test]
fn two_shows_never_share_a_line() {
    let scratch = Scratch::new();
    let demo = scratch.holder_of_lines("starcourt_demo", "17 18");
    let told = launcher(&scratch, "starcourt_mall", "4 18").launches().refused_for(demo.pid());
    let first = format!("GPIO 18 is in use by another instance (PID: {}): show \"demo\" since ", demo.pid());
    assert!(told.contains(&first), "{told}");
    assert_eq!(launcher(&scratch, "starcourt_mall", "4").launches(), Outcome::Won);
}

#[test]
fn a_refused_launch_keeps_no_line() {
    let scratch = Scratch::new();
    let _demo = scratch.holder_of_lines("starcourt_demo", "17");
    let refusal =
        Lock::acquire(&scratch.dir(), claim("starcourt_mall", &[4, 17])).expect_err("line 17 is taken");
    assert!(matches!(refusal, Refusal::OutputClaimed { output, .. } if output.number() == 17));
    assert_eq!(launcher(&scratch, "starcourt_porch", "4").launches(), Outcome::Won);
}

#[test]
fn deleting_every_file_gives_nobody_a_line_or_a_show() {
    let scratch = Scratch::new();
    let demo = scratch.holder_of_lines("starcourt_demo", "17");
    fs::remove_file(scratch.file("starcourt_demo")).unwrap();
    for (name, lines) in [("starcourt_demo", "4"), ("starcourt_mall", "17"), ("starcourt", "")] {
        launcher(&scratch, name, lines).launches().refused_for(demo.pid());
    }
}

#[test]
fn two_shows_in_one_process_exclude_each_other_as_two_processes_do() {
    let scratch = Scratch::new();
    let _demo = Lock::acquire(&scratch.dir(), claim("starcourt_demo", &[17])).expect("free");
    let _mall = Lock::acquire(&scratch.dir(), claim("starcourt_mall", &[18])).expect("free");
    assert!(Lock::acquire(&scratch.dir(), claim("starcourt_porch", &[18])).is_err());
    assert!(scratch.acquire("starcourt").is_err());
}
