//! What the callback of one stream and the supervisor tell each other of it. Decides nothing.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

#[derive(Debug, Default)]
pub(super) struct StreamState {
    is_retired: AtomicBool,
    is_stale: AtomicBool,
}

impl StreamState {
    /// By the supervisor: whatever the stream still asks for, it has no say any more.
    pub(super) fn retire(&self) {
        self.is_retired.store(true, Relaxed);
    }

    pub(super) fn is_retired(&self) -> bool {
        self.is_retired.load(Relaxed)
    }

    /// By the callback: the stream has stood still, and what it tells of its instants is worth nothing for many
    /// seconds. A new stream knows better. (PulseAudio, after its server hung for 2 s: a delay of 0 for two
    /// seconds, then one that is 60 ms too long.)
    pub(super) fn mark_stale(&self) {
        self.is_stale.store(true, Relaxed);
    }

    pub(super) fn is_stale(&self) -> bool {
        self.is_stale.load(Relaxed)
    }
}
