//! Measures this machine: how late it wakes a thread, how late starcourt's edges come on it, and what
//! the lights cost. Knows no shows, no locks and no words for people.

mod cost;
mod edges;
mod floor;
mod load;
mod scene;
mod spread;
mod turns;

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use anyhow::{Result, anyhow};

use crate::clock::monotonic;
use crate::engine::Scheduling;
use crate::output::drivers::Drivers;
use crate::rig::Rig;

pub use cost::{Workload, cost, processor_share};
pub use edges::start;
pub use load::Load;
pub use scene::{different_levels, free_channel};
pub use spread::{BOUNDS, Spread};
pub use turns::ShouldStop;

use turns::{RUN_UP, TURN};

/// How late two things came that were measured in turns.
#[derive(Clone, Debug)]
pub struct Lateness {
    /// The machine's floor: a realtime thread that sleeps until a deadline and does nothing else.
    pub machine: Spread,
    /// From the instant an edge was due to the instant right after it was written.
    pub starcourt: Spread,
    pub scheduling: Scheduling,
}

/// Measures for about `length`: half of it wake-ups of the bare machine, a thousand a second, and half
/// of it edges of eight relays on simulated lines, two hundred a second, in turns of half a second.
///
/// # Errors
/// When a thread cannot be started, or one ended in a panic.
pub fn lateness(length: Duration, stop: ShouldStop<'_>) -> Result<Lateness> {
    let turns = u32::try_from(length.as_nanos() / (2 * TURN).as_nanos()).unwrap_or(u32::MAX).max(1);
    let begins = monotonic::now().offset(RUN_UP.as_nanos() as i64);
    let is_over = AtomicBool::new(false);
    thread::scope(|scope| {
        let floor = thread::Builder::new()
            .name("floor".to_owned())
            .spawn_scoped(scope, || floor::wake_ups(begins, turns, &is_over))?;
        let played = edges::in_turns(begins, turns, stop);
        is_over.store(played.is_err() || stop(), Ordering::Relaxed);
        let machine = floor.join().map_err(|_| anyhow!("the measuring thread ended in a panic"))?;
        let (starcourt, scheduling) = played?;
        Ok(Lateness { machine, starcourt, scheduling })
    })
}

/// Turns the one channel of `rig` over a hundred times a second with `drivers`, for `length`. How late the
/// edges came; an oscilloscope at the pin shows the rest.
///
/// # Errors
/// As [`lateness`].
pub fn toggle(
    rig: Rig,
    drivers: Drivers,
    length: Duration,
    stop: ShouldStop<'_>,
) -> Result<(Spread, Scheduling)> {
    let begins = monotonic::now().offset(RUN_UP.as_nanos() as i64);
    edges::play(rig, vec![scene::square(length)], drivers, begins, length, stop)
}
