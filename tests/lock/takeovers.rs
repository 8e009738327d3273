//! Ending the holder and taking its place.

use std::time::Duration;

use crate::children::{Outcome, Scratch, as_nobody, claim, is_root};
use starcourt::lock::{Ended, Lock, Manner, Pid, ServicePolicy, TakeoverError, TakeoverStep, end, probe};

const IMPATIENT: Manner = Manner { patience: Duration::from_millis(100), service: ServicePolicy::Spare };

fn take_over(
    scratch: &Scratch,
    name: &str,
    lines: &[u8],
    manner: Manner,
) -> (Result<Lock, TakeoverError>, Vec<TakeoverStep>) {
    let mut steps = Vec::new();
    let told = &mut |step| steps.push(step);
    let outcome = Lock::take_over(&scratch.dir(), &claim(name, lines), manner, &|| false, told);
    (outcome, steps)
}

#[test]
fn a_holder_that_obeys_is_only_asked() {
    let scratch = Scratch::new();
    let holder = scratch.holder("starcourt");
    let (lock, steps) = take_over(&scratch, "starcourt", &[], Manner::default());
    let _lock = lock.expect("the holder obeys");
    assert_eq!(steps, [TakeoverStep::Asking(Pid::new(holder.pid()))]);
    assert!(holder.has_ended());
}

#[test]
fn a_holder_that_does_not_hear_is_killed_after_saying_so() {
    let scratch = Scratch::new();
    let mut holder = scratch.child("deaf", "starcourt");
    assert_eq!(holder.launches(), Outcome::Won);
    let pid = Pid::new(holder.pid());
    let (lock, steps) = take_over(&scratch, "starcourt", &[], IMPATIENT);
    let _lock = lock.expect("the holder is dead");
    assert_eq!(steps, [TakeoverStep::Asking(pid), TakeoverStep::Killing(pid)]);
    assert!(holder.has_ended());
}

#[test]
fn the_machines_lock_is_taken_from_every_show() {
    let scratch = Scratch::new();
    let holders = [scratch.holder("starcourt_demo"), scratch.holder_of_lines("starcourt_mall", "17")];
    let (lock, steps) = take_over(&scratch, "starcourt", &[17], Manner::default());
    let _lock = lock.expect("both obey");
    assert_eq!(steps.len(), 2);
    assert!(holders.iter().all(|holder| holder.has_ended()));
}

#[test]
fn a_line_is_taken_from_the_show_that_has_it_and_no_other() {
    let scratch = Scratch::new();
    let demo = scratch.holder_of_lines("starcourt_demo", "17");
    let mall = scratch.holder_of_lines("starcourt_mall", "18");
    let (lock, _) = take_over(&scratch, "starcourt_porch", &[17], Manner::default());
    let _lock = lock.expect("demo obeys");
    assert!(demo.has_ended() && !mall.has_ended());
}

#[test]
fn where_nobody_holds_the_lock_nobody_is_signalled() {
    let scratch = Scratch::new();
    let (lock, steps) = take_over(&scratch, "starcourt", &[], IMPATIENT);
    assert!(lock.is_ok() && steps.is_empty());
}

#[test]
fn a_holder_that_has_gone_meanwhile_is_not_signalled() {
    let scratch = Scratch::new();
    let holder = scratch.holder("starcourt");
    let found = probe(scratch.path(), &claim("starcourt", &[]).name).unwrap().expect("held");
    holder.leaves();
    let mut told = |step| panic!("{step:?}");
    let ended = end(&scratch.dir(), &found, IMPATIENT, &|| false, &mut told).expect("nothing to do");
    assert_eq!(ended, Ended::Already);
}

#[test]
fn nobody_takes_over_from_themselves() {
    let scratch = Scratch::new();
    let _lock = scratch.acquire("starcourt").expect("free");
    let (outcome, steps) = take_over(&scratch, "starcourt", &[], IMPATIENT);
    assert!(matches!(outcome, Err(TakeoverError::Ourselves)) && steps.is_empty());
}

#[test]
fn a_holder_whose_file_is_gone_and_stays_gone_is_not_signalled() {
    let scratch = Scratch::new();
    let holder = scratch.holder("starcourt");
    std::fs::remove_file(scratch.file("starcourt")).unwrap();
    let (outcome, steps) = take_over(&scratch, "starcourt", &[], IMPATIENT);
    assert!(matches!(outcome, Err(TakeoverError::Unproven { pid }) if pid.number() == Some(holder.pid())));
    assert!(steps.is_empty() && !holder.has_ended());
}

#[test]
fn a_holder_of_another_user_is_not_ended() {
    let scratch = Scratch::new();
    let holder = scratch.holder("starcourt");
    let mut nobody = scratch.child_with("end", "starcourt", as_nobody);
    nobody.go_on();
    let told = nobody.hears();
    if is_root() {
        assert!(told.starts_with(&format!("not permitted to end PID {}", holder.pid())), "{told}");
        assert!(!holder.has_ended());
    } else {
        assert_eq!(told, "Asked"); // without root there is no other user
    }
}
