//! What the lights cost: processor time of this process while the real engine plays.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use anyhow::Result;
use rustix::time::{ClockId, clock_gettime};

use crate::clock::wall::WallClock;
use crate::clock::{Position, monotonic};
use crate::engine::{Engine, Extent, Passes, RelayMoves, Setup};
use crate::heartbeat::Heartbeat;
use crate::rig::Rig;
use crate::time::{Mono, ShowTime};
use crate::timeline::{Timeline, Track};

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
    let engine = Engine::start(Setup {
        timeline: Arc::new(Timeline::new(tracks)),
        rig: Arc::new(rig),
        clock: Arc::new(WallClock::start(Position(0), monotonic::now())),
        drivers,
        heartbeat: Arc::new(Heartbeat::new()?),
        recorder: None,
        // Longer than is measured: its end is no part of it either.
        extent: Extent { from: ShowTime::ZERO, passes: Passes::Once(ShowTime::ZERO + length + 2 * SETTLING) },
        relay_moves: RelayMoves::default(),
        is_dark: false,
    })?;
    thread::sleep(SETTLING);
    let (begun, before) = (monotonic::now(), processor_time());
    let end = begun.offset(length.as_nanos() as i64);
    while monotonic::now() < end && !stop() {
        thread::sleep(LOOK);
    }
    let (spent, passed) = (processor_time().since(before), monotonic::now().since(begun));
    let is_told = monotonic::now() >= end;
    engine.controls().stop_now();
    engine.join()?;
    Ok(is_told.then_some(spent as f64 * 100.0 / passed as f64))
}

/// What all threads of this process have had, as an instant of a clock of its own.
fn processor_time() -> Mono {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Mono::from_nanos(time.tv_sec.unsigned_abs() * 1_000_000_000 + time.tv_nsec.unsigned_abs())
}
