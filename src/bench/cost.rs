//! What the lights cost: processor time of this process while the real engine plays.

use std::thread;
use std::time::Duration;

use anyhow::Result;
use rustix::time::{ClockId, clock_gettime};

use crate::clock::monotonic;
use crate::rig::Rig;
use crate::time::Mono;
use crate::timeline::Track;

use super::turns::{LOOK, ShouldStop, TURN};
use super::{edges, scene};

/// Getting under way is not what a show costs.
const SETTLING: Duration = Duration::from_millis(200);

/// What is played.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Workload {
    /// Eight relays, fifty edges a second in all.
    Relays,
    /// Sixteen dimmed channels at 200 Hz, all at different levels.
    Dimmed,
    /// The same, all fading.
    Fading,
}

impl Workload {
    fn set(self, length: Duration) -> (Rig, Vec<Track>) {
        match self {
            // Twice the rate in half the turns.
            Self::Relays => {
                let turns = (length.as_nanos() / TURN.as_nanos()) as u32;
                (scene::rig("relay", 8), scene::random_edges(8, 100, turns))
            }
            Self::Dimmed => (scene::rig("pwm", 16), scene::different_levels(16)),
            Self::Fading => (scene::rig("pwm", 16), scene::fades(16, length)),
        }
    }
}

/// Plays `scene` for `length` on simulated lines; the share of one core that took, in per cent, or
/// `None` when it was stopped too early to tell.
///
/// # Errors
/// When a thread cannot be started, or one ended in a panic.
pub fn cost(scene: Workload, length: Duration, stop: ShouldStop<'_>) -> Result<Option<f64>> {
    let (rig, tracks) = scene.set(length + SETTLING);
    let drivers = edges::simulated(&rig)?;
    // Longer than is measured: its end is no part of it either.
    let engine = edges::start(rig, tracks, drivers, monotonic::now(), length + 2 * SETTLING, None)?;
    let share = processor_share(length, stop);
    engine.controls().stop_now();
    engine.join()?;
    Ok(share)
}

/// The share of one core that this process takes in the next `length`, in per cent, once it is under way; `None` when it
/// was stopped too early to tell.
#[must_use]
pub fn processor_share(length: Duration, stop: ShouldStop<'_>) -> Option<f64> {
    thread::sleep(SETTLING);
    let (begun, before) = (monotonic::now(), processor_time());
    let end = begun.offset(length.as_nanos() as i64);
    while monotonic::now() < end && !stop() {
        thread::sleep(LOOK);
    }
    let (spent, passed) = (processor_time().since(before), monotonic::now().since(begun));
    (monotonic::now() >= end).then_some(spent as f64 * 100.0 / passed as f64)
}

/// What all threads of this process have had, as an instant of a clock of its own.
fn processor_time() -> Mono {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Mono::from_nanos(time.tv_sec.unsigned_abs() * 1_000_000_000 + time.tv_nsec.unsigned_abs())
}
