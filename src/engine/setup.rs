//! What a show is played with, and what comes of it. Plain values.

use std::sync::Arc;
use std::time::Duration;

use crate::clock::Clock;
use crate::heartbeat::Heartbeat;
use crate::output::drivers::Drivers;
use crate::output::trace::Recorder;
use crate::realtime::Scheduling;
use crate::rig::Rig;
use crate::timeline::Timeline;

use super::extent::Extent;
use super::relay_dwell::RelayMoves;

/// All that the timing thread plays with.
pub struct Setup {
    pub timeline: Arc<Timeline>,
    pub rig: Arc<Rig>,
    pub clock: Arc<dyn Clock>,
    /// Of the rig's channels, or of some of them.
    pub drivers: Drivers,
    /// The timing thread beats it, so that the guardian sees whether the thread runs.
    pub heartbeat: Arc<Heartbeat>,
    pub recorder: Option<Recorder>,
    pub extent: Extent,
    /// When the relays moved last: `State::relay_moves` of the show before in this process.
    pub relay_moves: RelayMoves,
    /// In a blackout from the first tick on, as if `Controls::blackout` had been said before it.
    pub is_dark: bool,
}

/// Why a show ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ending {
    Played,
    Stopped,
}

/// What came of a show.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct EngineReport {
    pub ending: Ending,
    /// Level changes written.
    pub edges: u64,
    /// Those written more than a millisecond after they were due.
    pub late: u64,
    /// Those of them that came so late that a person may notice: more than [`NOTICEABLE`](super::NOTICEABLE).
    pub noticeably_late: u64,
    /// How late the latest of them was.
    pub worst: Duration,
    pub scheduling: Scheduling,
    /// Whether every output surely has its safe level. Otherwise the guardian tries on.
    pub is_safe: bool,
}
