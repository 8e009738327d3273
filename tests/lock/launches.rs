//! Many launches at the same moment, with and without a hand that deletes.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use crate::child_process;
use crate::children::{Outcome, Scratch};

const LAUNCHES: usize = 32;
const SLOWEST_REFUSAL: Duration = Duration::from_secs(2); // generous: 32 debug builds on a busy machine

fn rounds(few: usize) -> usize {
    std::env::var("STARCOURT_LOCK_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(few)
}

/// What a hand deletes again and again.
#[derive(Clone, Copy)]
enum Hand {
    Rests,
    DeletesTheLock,
    DeletesEverything,
}

/// Ends the hand however the test ends.
struct Done<'a>(&'a AtomicBool);

impl Drop for Done<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

fn with_hand<T>(hand: Hand, dir: &Path, lock: &Path, act: impl FnOnce() -> T) -> T {
    let done = AtomicBool::new(false);
    let targets = || -> Vec<PathBuf> {
        match hand {
            Hand::Rests => Vec::new(),
            Hand::DeletesTheLock => vec![lock.to_owned()],
            Hand::DeletesEverything => {
                fs::read_dir(dir).into_iter().flatten().flatten().map(|entry| entry.path()).collect()
            }
        }
    };
    thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                for target in targets() {
                    let _ = fs::remove_file(target); // as often not there
                }
                thread::sleep(Duration::from_micros(50));
            }
        });
        let _done = Done(&done);
        act()
    })
}

/// Rounds of simultaneous launches: one wins, all others are told its PID. The winner is killed, so
/// each round also starts from what a killed instance leaves behind.
fn check(name: &str, hand: Hand) {
    let scratch = Scratch::new();
    let lock = scratch.file(name);
    let mut refusals = Vec::new();
    with_hand(hand, &scratch.path(), &lock, || {
        for round in 0..rounds(2) {
            let mut children: Vec<_> = (0..LAUNCHES).map(|_| scratch.child("launch", name)).collect();
            for child in &mut children {
                child.go_on();
            }
            let outcomes: Vec<_> = children.iter_mut().map(|child| child.outcome()).collect();
            let winners: Vec<_> =
                children.iter().zip(&outcomes).filter(|(_, outcome)| **outcome == Outcome::Won).collect();
            assert_eq!(winners.len(), 1, "round {round}: {outcomes:#?}");
            let winner = winners[0].0.pid();
            for outcome in outcomes {
                if let Outcome::Refused { after, .. } = outcome {
                    refusals.push(after);
                    let told = outcome.refused_for(winner);
                    assert!(told.contains(&format!("already running (PID: {winner})")), "{told}");
                }
            }
        }
    });
    refusals.sort();
    let at = |share: usize| refusals[(refusals.len() - 1) * share / 1000];
    println!("{name}: {} refusals, p50 {:?}, p99 {:?}, max {:?}", refusals.len(), at(500), at(990), at(1000));
    assert!(at(1000) < SLOWEST_REFUSAL);
}

#[test]
fn of_32_launches_at_once_one_wins() {
    check("starcourt", Hand::Rests);
}

#[test]
fn of_32_launches_at_once_one_wins_while_the_lock_file_is_deleted() {
    check("starcourt", Hand::DeletesTheLock);
}

#[test]
fn of_32_launches_at_once_one_wins_while_everything_is_deleted() {
    check("starcourt", Hand::DeletesEverything);
}

#[test]
fn of_32_launches_of_a_show_at_once_one_wins() {
    check("starcourt_demo", Hand::Rests);
}

#[test]
fn of_32_launches_of_a_show_at_once_one_wins_while_its_lock_file_is_deleted() {
    check("starcourt_demo", Hand::DeletesTheLock);
}

#[test]
fn of_32_launches_of_a_show_at_once_one_wins_while_everything_is_deleted() {
    check("starcourt_demo", Hand::DeletesEverything);
}

#[test]
fn launches_of_different_shows_at_once_all_win() {
    let scratch = Scratch::new();
    let shows: Vec<_> = (0..16).map(|n| format!("starcourt_show{n}")).collect();
    with_hand(Hand::DeletesEverything, &scratch.path(), &scratch.file("starcourt"), || {
        let mut children: Vec<_> = shows.iter().map(|show| scratch.child("launch", show)).collect();
        for child in &mut children {
            child.go_on();
        }
        for child in &mut children {
            assert_eq!(child.outcome(), Outcome::Won);
        }
    });
}

/// Players that come and go all the time, each noting whether it met another inside.
fn check_turns(name: &str, hand: Hand) {
    let scratch = Scratch::new();
    let turns = (rounds(2) * 10).to_string();
    with_hand(hand, &scratch.path(), &scratch.file(name), || {
        let child = |_| {
            scratch.child_with("turns", name, |command| {
                command.env(child_process::TURNS, &turns);
            })
        };
        let mut children: Vec<_> = (0..8).map(child).collect();
        for child in &mut children {
            child.go_on();
        }
        for child in &mut children {
            assert_eq!(child.hears(), "always alone");
        }
    });
}

#[test]
fn nobody_ever_meets_another_inside() {
    check_turns("starcourt", Hand::Rests);
}

#[test]
fn nobody_ever_meets_another_inside_while_everything_is_deleted() {
    check_turns("starcourt", Hand::DeletesEverything);
    check_turns("starcourt_demo", Hand::DeletesEverything);
}
