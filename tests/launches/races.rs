//! 32 launches at the same moment: one plays, the others are told who. With a hand that deletes the
//! lock's file all the while, too.

use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use rustix::process::Signal;

use crate::common::launch::first_to_end;
use crate::setup::{LIT, Setup};
use crate::starting_gate::launch_at_once;

const LAUNCHES: usize = 32;
/// Generous: 32 debug builds on a machine of two busy processors.
const SLOWEST_REFUSAL: Duration = Duration::from_secs(10);

fn rounds() -> usize {
    std::env::var("STARCOURT_LAUNCH_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(2)
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Hand {
    Rests,
    DeletesTheLock,
}

/// Ends the hand however the test ends.
struct Done<'a>(&'a AtomicBool);

impl Drop for Done<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Rounds of launches at once. The winner of every other round is killed, so that the next round also
/// starts from what a killed instance leaves behind.
fn check(hand: Hand, head: &str, lock: &str) {
    let setup = Setup::new(head);
    let lock = setup.folder.path(lock);
    let is_done = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            while hand == Hand::DeletesTheLock && !is_done.load(Ordering::Relaxed) {
                let _ = fs::remove_file(&lock); // as often not there
                thread::sleep(Duration::from_micros(50));
            }
        });
        let _done = Done(&is_done);
        let mut refusals: Vec<Duration> = (0..rounds()).flat_map(|round| race(&setup, round)).collect();
        refusals.sort();
        let at = |share: usize| refusals[(refusals.len() - 1) * share / 1000];
        let (p50, p99, max) = (at(500), at(990), at(1000));
        println!("{hand:?}: {} refusals, p50 {p50:?}, p99 {p99:?}, max {max:?}", refusals.len());
        assert!(max < SLOWEST_REFUSAL);
    });
}

/// How long each refusal took, from the gate to the end of its process.
fn race(setup: &Setup, round: usize) -> Vec<Duration> {
    let _ = fs::remove_file(setup.folder.path("pins")); // none in the first round
    let words = Setup::words("mall");
    let (launches, opened) = launch_at_once((0..LAUNCHES).map(|_| setup.folder.command(&words)).collect());
    let (refused, mut playing) = first_to_end(launches, LAUNCHES - 1);
    let winner = playing.pop().expect("one of them plays");
    setup.comes_to_show(LIT);
    let named = format!("already running (PID: {})", winner.pid());
    let took = refused.into_iter().map(|(launch, at)| {
        launch.end().with(75, &[&named]);
        at.duration_since(opened)
    });
    let took = took.collect();
    match round % 2 {
        0 => drop(winner.ends_on(Signal::KILL)),
        _ => setup.ends(winner),
    }
    took
}

#[test]
fn of_32_launches_at_once_one_plays() {
    check(Hand::Rests, "", "lock/starcourt.lock");
}

#[test]
fn of_32_launches_at_once_one_plays_while_the_lock_file_is_deleted() {
    check(Hand::DeletesTheLock, "", "lock/starcourt.lock");
}

#[test]
fn of_32_launches_of_a_show_at_once_one_plays() {
    check(Hand::Rests, "lock = \"show\"\n", "lock/starcourt_mall.lock");
}

#[test]
fn of_32_launches_of_a_show_at_once_one_plays_while_its_lock_file_is_deleted() {
    check(Hand::DeletesTheLock, "lock = \"show\"\n", "lock/starcourt_mall.lock");
}
