//! Kills at random instants, one launch after the other: how long the lines are unsafe, and that nothing
//! is ever left behind.

use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::common::setup::Setup;
use crate::common::show_launch::ShowLaunch;
use crate::guardian_process::GuardianProcess;

/// Generous: a debug build on a machine under load. One whose thread waits for a disk is dead only when that has
/// answered; by then its heartbeat has told, after two seconds and a quarter.
const SLOWEST: Duration = Duration::from_secs(10);
/// About as long as a launch takes.
const LAUNCH_MICROS: u64 = 40_000;
const PLAYING_MICROS: u64 = 20_000;

fn kills() -> usize {
    std::env::var("STARCOURT_KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(200)
}

/// A xorshift generator (Marsaglia 2003): the same instants at every run.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new() -> Self {
        Self::seeded(0x2545_F491_4F6C_DD1D)
    }

    /// `seed` is not 0.
    pub(crate) fn seeded(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len() as u64) as usize]
    }

    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }
}

/// From the kill to the last look at which a line was not safe.
fn dies(launch: ShowLaunch<'_>) -> Duration {
    let guardian = GuardianProcess::named_on(launch.setup);
    let killed = Instant::now();
    launch.signal_waiting(Signal::KILL);
    let mut unsafe_until = killed;
    loop {
        // Asked before the look: what is seen after both are gone is what remains.
        let are_gone = launch.has_ended() && !guardian.is_some_and(GuardianProcess::is_there);
        let is_safe = launch.setup.is_safe() || launch.setup.pins().is_empty();
        let now = Instant::now();
        if !is_safe {
            unsafe_until = now;
        }
        if are_gone && is_safe {
            return unsafe_until - killed;
        }
        assert!(killed.elapsed() < SLOWEST, "not safe: {}", launch.setup.pins());
    }
}

#[test]
fn kills_at_random_instants_leave_every_line_safe_and_the_lock_free() {
    let setup = Setup::lit();
    let mut dice = Dice::new();
    let (mut playing, mut starting) = (Vec::new(), Vec::new());
    for _ in 0..kills().div_ceil(2) {
        // Seen to play: whatever the one before has left is in nobody's way.
        let launch = setup.play();
        thread::sleep(Duration::from_micros(dice.below(PLAYING_MICROS)));
        playing.push(dies(launch));
        let launch = setup.launch(setup.command());
        thread::sleep(Duration::from_micros(dice.below(LAUNCH_MICROS)));
        starting.push(dies(launch));
    }
    tell("killed while playing", playing);
    tell("killed while starting", starting);
    setup.assert_safe_and_free();
}

/// Prints how long it took after each kill or storm until every line was safe.
pub(crate) fn tell(when: &str, mut unsafe_for: Vec<Duration>) {
    unsafe_for.sort();
    let at = |share: usize| unsafe_for[(unsafe_for.len() - 1) * share / 1000];
    println!(
        "{} times {when}: every line safe after p50 {:?}, p99 {:?}, p99.9 {:?}, max {:?}",
        unsafe_for.len(),
        at(500),
        at(990),
        at(999),
        at(1000),
    );
}
