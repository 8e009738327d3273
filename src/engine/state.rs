//! What the lights do right now, for the stage and `status`. Atomics only; each answer is
//! true by itself, but two of them may be from neighbouring ticks.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU16, AtomicU64, Ordering};
use std::time::Duration;

use crate::level::Level;
use crate::realtime::Scheduling;
use crate::rig::ChannelId;
use crate::time::{Mono, ShowTime};

use super::relay_dwell::RelayMoves;

/// An edge later than this is counted. Most machines are far better.
const LATE: i64 = 1_000_000; // ns
/// A person may notice an edge that is later than this. A relay's contact takes 5 to 15 ms by itself, and light and
/// sound are seen apart from about 20 ms on (ITU-R BT.1359 begins at 45 ms).
pub const NOTICEABLE: Duration = Duration::from_millis(20);

/// A view of the timing thread that any thread may keep, and that outlives it.
#[derive(Clone, Debug)]
pub struct State(Arc<SharedState>);

#[derive(Debug, Default)]
struct SharedState {
    /// In hundredths of a per cent.
    levels: Vec<AtomicU16>,
    switchings: Vec<AtomicU64>,
    /// When the contact of each channel moved last, in nanoseconds; 0 is long ago.
    moved_ns: Vec<AtomicU64>,
    show_us: AtomicU64,
    edges: AtomicU64,
    late: AtomicU64,
    noticeably_late: AtomicU64,
    worst_ns: AtomicU64,
    /// The latest hold for which every line is safe.
    obeyed_hold: AtomicU64,
    is_realtime: AtomicBool,
    /// Since when changes are refused without a pause, in nanoseconds; 0 where none is.
    refused_since_ns: AtomicU64,
    is_unsafe: AtomicBool,
    is_finished: AtomicBool,
}

impl State {
    /// Of channels that show `levels`, and whose contacts moved last as `contacts` tell.
    pub(super) fn new(levels: impl Iterator<Item = Level>, relay_moves: &RelayMoves) -> Self {
        let levels: Vec<_> = levels.map(|level| AtomicU16::new(level.hundredths())).collect();
        let switchings = levels.iter().map(|_| AtomicU64::new(0)).collect();
        let channels = (0..levels.len()).map(ChannelId::new);
        let moved = channels.map(|channel| relay_moves.of(channel).map_or(0, Mono::nanos));
        let moved_ns = moved.map(AtomicU64::new).collect();
        Self(Arc::new(SharedState { levels, switchings, moved_ns, ..SharedState::default() }))
    }

    /// What `channel` shows now, after blackout and fades.
    #[must_use]
    pub fn level(&self, channel: ChannelId) -> Level {
        Level::from_hundredths(self.0.levels[channel.index()].load(Ordering::Relaxed))
    }

    /// How often `channel` has switched so far; never, where it is dimmed.
    #[must_use]
    pub fn switchings(&self, channel: ChannelId) -> u64 {
        self.0.switchings[channel.index()].load(Ordering::Relaxed)
    }

    /// When each contact moved last, those of the show before included: for the [`Setup`](super::Setup)
    /// of the show that comes after this one. Complete once this show [is finished](Self::is_finished).
    #[must_use]
    pub fn relay_moves(&self) -> RelayMoves {
        let moved = self.0.moved_ns.iter().map(|nanos| match nanos.load(Ordering::Relaxed) {
            0 => None,
            nanos => Some(Mono::from_nanos(nanos)),
        });
        RelayMoves { moved: moved.collect() }
    }

    /// Where the show is.
    #[must_use]
    pub fn show_time(&self) -> ShowTime {
        ShowTime::from_micros(self.0.show_us.load(Ordering::Relaxed))
    }

    /// Level changes written so far.
    #[must_use]
    pub fn edges(&self) -> u64 {
        self.0.edges.load(Ordering::Relaxed)
    }

    /// How many of them were written more than a millisecond after they were due.
    #[must_use]
    pub fn late(&self) -> u64 {
        self.0.late.load(Ordering::Relaxed)
    }

    /// How many of them came so late that a person may notice: more than [`NOTICEABLE`].
    #[must_use]
    pub fn noticeably_late(&self) -> u64 {
        self.0.noticeably_late.load(Ordering::Relaxed)
    }

    /// How late the latest of them was.
    #[must_use]
    pub fn worst(&self) -> Duration {
        Duration::from_nanos(self.0.worst_ns.load(Ordering::Relaxed))
    }

    /// The latest hold for which every line has come to be safe; 0 before the first.
    pub(super) fn obeyed_hold(&self) -> u64 {
        self.0.obeyed_hold.load(Ordering::Acquire)
    }

    #[must_use]
    pub fn scheduling(&self) -> Scheduling {
        if self.0.is_realtime.load(Ordering::Relaxed) { Scheduling::Realtime } else { Scheduling::Ordinary }
    }

    /// For how long, up to `now`, some output has refused what was written to it.
    #[must_use]
    pub fn refused_for(&self, now: Mono) -> Duration {
        match self.0.refused_since_ns.load(Ordering::Relaxed) {
            0 => Duration::ZERO,
            since => Duration::from_nanos(now.nanos().saturating_sub(since)),
        }
    }

    /// Whether the timing thread has ended and could not make every output safe.
    #[must_use]
    pub fn is_unsafe(&self) -> bool {
        self.0.is_unsafe.load(Ordering::Acquire)
    }

    /// Whether the timing thread has ended; every output is released then, and safe unless [`is_unsafe`](Self::is_unsafe)
    /// says otherwise.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        self.0.is_finished.load(Ordering::Acquire)
    }

    pub(super) fn entered(&self, scheduling: Scheduling) {
        self.0.is_realtime.store(scheduling == Scheduling::Realtime, Ordering::Relaxed);
    }

    pub(super) fn at(&self, show: ShowTime) {
        self.0.show_us.store(show.micros(), Ordering::Relaxed);
    }

    pub(super) fn shows(&self, channel: ChannelId, level: Level) {
        self.0.levels[channel.index()].store(level.hundredths(), Ordering::Relaxed);
    }

    /// The contact of `channel` moved at `at`.
    pub(super) fn switched(&self, channel: ChannelId, at: Mono) {
        self.0.moved_ns[channel.index()].store(at.nanos(), Ordering::Relaxed);
        self.0.switchings[channel.index()].fetch_add(1, Ordering::Relaxed);
    }

    /// An edge was written `lateness` nanoseconds after it was due.
    pub(super) fn wrote(&self, lateness: i64) {
        let shared = &self.0;
        shared.edges.fetch_add(1, Ordering::Relaxed);
        shared.late.fetch_add(u64::from(lateness > LATE), Ordering::Relaxed);
        let is_noticeable = lateness > NOTICEABLE.as_nanos() as i64;
        shared.noticeably_late.fetch_add(u64::from(is_noticeable), Ordering::Relaxed);
        shared.worst_ns.fetch_max(lateness.max(0).unsigned_abs(), Ordering::Relaxed);
    }

    /// A tick is over, its writes are done, and every line is safe for `hold`, if that was asked for.
    pub(super) fn ticked(&self, hold: Option<u64>) {
        if let Some(hold) = hold {
            self.0.obeyed_hold.store(hold, Ordering::Release);
        }
    }

    /// At `now`, something was refused, or nothing was.
    pub(super) fn refused(&self, now: Mono, is_any: bool) {
        let since = &self.0.refused_since_ns;
        if !is_any {
            since.store(0, Ordering::Relaxed);
        } else if since.load(Ordering::Relaxed) == 0 {
            since.store(now.nanos().max(1), Ordering::Relaxed);
        }
    }

    /// Not every output could be made safe.
    pub(super) fn left_unsafe(&self) {
        self.0.is_unsafe.store(true, Ordering::Release);
    }

    pub(super) fn finished(&self) {
        self.0.is_finished.store(true, Ordering::Release);
    }
}
