//! Waiting for whoever is in the way.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::children::{Scratch, claim};
use starcourt::lock::{Lock, Refusal};

const LONG: Duration = Duration::from_secs(30); // nobody waits this long

#[test]
fn who_waits_gets_the_lock_when_it_is_freed() {
    let scratch = Scratch::new();
    let holder = scratch.holder("starcourt");
    thread::scope(|scope| {
        let waiter = scope.spawn(|| {
            Lock::acquire_within(&scratch.dir(), &claim("starcourt", &[]), None, &|| false).map(drop)
        });
        holder.dies();
        waiter.join().unwrap().expect("the holder is dead");
    });
}

#[test]
fn patience_ends_with_the_refusal() {
    let scratch = Scratch::new();
    let holder = scratch.holder("starcourt");
    let began = Instant::now();
    let patience = Duration::from_millis(120);
    let refusal = Lock::acquire_within(&scratch.dir(), &claim("starcourt", &[]), Some(patience), &|| false)
        .expect_err("the holder stays");
    assert!(began.elapsed() >= patience && began.elapsed() < LONG);
    assert_eq!(refusal.holder().and_then(|found| found.pid.number()), Some(holder.pid()));
}

#[test]
fn a_stop_ends_the_waiting() {
    let scratch = Scratch::new();
    let _holder = scratch.holder("starcourt");
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        let waiter = scope.spawn(|| {
            let stopped = || stop.load(Ordering::Relaxed);
            Lock::acquire_within(&scratch.dir(), &claim("starcourt", &[]), Some(LONG), &stopped)
        });
        stop.store(true, Ordering::Relaxed);
        assert!(matches!(waiter.join().unwrap(), Err(Refusal::Stopped)));
    });
}

#[test]
fn who_may_never_have_the_lock_does_not_wait_for_it() {
    let scratch = Scratch::new();
    std::fs::create_dir_all(scratch.file("starcourt")).unwrap();
    std::fs::set_permissions(scratch.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let outcome = Lock::acquire_within(&scratch.dir(), &claim("starcourt", &[]), None, &|| false);
    assert!(matches!(outcome, Err(Refusal::UnsafeFile { .. })));
}

#[test]
fn something_that_blocks_the_door_is_told_after_a_while() {
    let scratch = Scratch::new();
    let directory = std::fs::File::open(scratch.dir().path()).unwrap();
    directory.lock().unwrap();
    let refusal = scratch.acquire("starcourt").expect_err("nobody gets through");
    assert!(matches!(refusal, Refusal::Blocked { .. }) && refusal.may_pass());
    directory.unlock().unwrap();
    scratch.acquire("starcourt").expect("the door is free");
}
