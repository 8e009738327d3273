//! Kills at random instants, one launch after the other: how long the lines are unsafe, and that nothing
//! is ever left behind.

use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::common::launch::Launch;
use crate::common::porch::Porch;
use crate::sentry::Sentry;

/// Generous: a debug build on a machine under load.
const SLOWEST: Duration = Duration::from_secs(2);
/// About as long as a launch takes.
const LAUNCH_MICROS: u64 = 40_000;
const PLAYING_MICROS: u64 = 20_000;

fn kills() -> usize {
    std::env::var("STARCOURT_KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(200)
}

/// A xorshift generator (Marsaglia 2003): the same instants at every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }
}

/// From the kill to the last look at which a line was not safe.
fn dies(mut launch: Launch<'_>) -> Duration {
    let sentry = Sentry::named_on(launch.porch);
    let killed = Instant::now();
    launch.signal_waiting(Signal::KILL);
    let mut unsafe_until = killed;
    loop {
        // Asked before the look: what is seen after both are gone is what remains.
        let are_gone = launch.is_over() && !sentry.is_some_and(Sentry::is_there);
        let is_safe = launch.porch.is_safe() || launch.porch.pins().is_empty();
        let now = Instant::now();
        if !is_safe {
            unsafe_until = now;
        }
        if are_gone && is_safe {
            return unsafe_until - killed;
        }
        assert!(killed.elapsed() < SLOWEST, "not safe: {}", launch.porch.pins());
    }
}

#[test]
fn kills_at_random_instants_leave_every_line_safe_and_the_lock_free() {
    let porch = Porch::lit();
    let mut dice = Dice(0x2545_F491_4F6C_DD1D);
    let mut lit = Vec::new();
    let (mut starting, mut others) = (0, 0);
    while lit.len() < kills() / 2 || starting + others < kills() / 2 {
        if lit.len() <= starting + others {
            // Half of them are seen to play: whatever the one before left is in nobody's way.
            let launch = porch.play();
            thread::sleep(Duration::from_micros(dice.below(PLAYING_MICROS)));
            lit.push(dies(launch));
        } else {
            let launch = porch.launch(porch.command());
            thread::sleep(Duration::from_micros(dice.below(LAUNCH_MICROS)));
            match dies(launch) {
                Duration::ZERO => starting += 1,
                _ => others += 1,
            }
        }
    }
    lit.sort();
    let at = |share: usize| lit[(lit.len() - 1) * share / 1000];
    println!(
        "{} kills while lit: safe after p50 {:?}, p99 {:?}, p99.9 {:?}, max {:?}; \
         {} while starting, {others} of them with lines lit",
        lit.len(),
        at(500),
        at(990),
        at(999),
        at(1000),
        starting + others,
    );
    porch.is_left_safe_and_free();
}
