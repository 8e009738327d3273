//! How late the edges of the real engine come.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use anyhow::{Result, ensure};

use crate::clock::Position;
use crate::clock::wall::WallClock;
use crate::engine::{Engine, Extent, Passes, RelayMoves, Scheduling, Setup};
use crate::heartbeat::Heartbeat;
use crate::output::drivers::Drivers;
use crate::output::patch::{Means, Patch};
use crate::output::trace::{Record, Recorder, Tape};
use crate::rig::Rig;
use crate::time::{Mono, ShowTime};
use crate::timeline::{Timeline, Track};

use super::scene;
use super::spread::Spread;
use super::turns::{LOOK, ShouldStop, TURN};

const RELAYS: usize = 8;
/// Edges a second, in the turns in which there are any.
const RATE: u32 = 200;

/// Plays random edges in the first turn of each pair of `pairs`.
pub(super) fn in_turns(begins: Mono, pairs: u32, stop: ShouldStop<'_>) -> Result<(Spread, Scheduling)> {
    let rig = scene::rig("relay", RELAYS);
    let drivers = simulated(&rig)?;
    play(rig, scene::random_edges(RELAYS, RATE, 2 * pairs), drivers, begins, TURN * 2 * pairs, stop)
}

pub(super) fn simulated(rig: &Rig) -> Result<Drivers> {
    Patch::new(&Means::Memory, rig, |_| true).open()
}

/// The real engine, which plays `tracks` with `drivers` from `begins` on, for `length`.
///
/// # Errors
/// When its thread or its memory is not to be had.
pub fn start(
    rig: Rig,
    tracks: Vec<Track>,
    drivers: Drivers,
    begins: Mono,
    length: Duration,
    recorder: Option<Recorder>,
) -> Result<Engine> {
    Engine::start(Setup {
        timeline: Arc::new(Timeline::new(tracks)),
        rig: Arc::new(rig),
        clock: Arc::new(WallClock::start(Position(0), begins)),
        drivers,
        heartbeat: Arc::new(Heartbeat::new()?),
        recorder,
        extent: Extent { from: ShowTime::ZERO, passes: Passes::Once(ShowTime::ZERO + length) },
        relay_moves: RelayMoves::default(),
        is_dark: false,
    })
}

/// How late the edges of `tracks` come.
pub(super) fn play(
    rig: Rig,
    tracks: Vec<Track>,
    drivers: Drivers,
    begins: Mono,
    length: Duration,
    stop: ShouldStop<'_>,
) -> Result<(Spread, Scheduling)> {
    let (mut tape, recorder) = Tape::levels(rig.channels.len());
    let engine = start(rig, tracks, drivers, begins, length, Some(recorder))?;
    let mut late = Vec::new();
    while !engine.state().is_finished() {
        if stop() {
            engine.controls().stop_now();
        }
        thread::sleep(LOOK);
        late.extend(lateness(&mut tape));
    }
    let scheduling = engine.join()?.scheduling;
    late.extend(lateness(&mut tape));
    ensure!(tape.lost() == 0, "{} edges were not recorded: the machine could not keep up", tape.lost());
    Ok((late.into_iter().collect(), scheduling))
}

fn lateness(tape: &mut Tape) -> impl Iterator<Item = i64> {
    tape.read().filter_map(|record| match record {
        Record::Level { due, written, .. } => Some(written.since(due)),
        Record::Edge { .. } => None,
    })
}
