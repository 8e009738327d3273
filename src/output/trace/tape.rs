//! A trace in memory, for measurements.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rtrb::Consumer;

use super::record::{Record, Recorder, touched_ring};

/// The reading end of a trace in memory. It holds 30,000 records and more; what comes while it is full is lost.
#[derive(Debug)]
pub struct Tape {
    ring: Consumer<Record>,
    lost: Arc<AtomicU64>,
}

impl Tape {
    /// A tape of level changes on `channels` channels, without edges of lines, and the timing thread's end of it.
    #[must_use]
    pub fn levels(channels: usize) -> (Self, Recorder) {
        Self::new(channels, false)
    }

    /// As [`levels`](Self::levels), with the edges of lines.
    #[must_use]
    pub fn edges(channels: usize) -> (Self, Recorder) {
        Self::new(channels, true)
    }

    fn new(channels: usize, wants_edges: bool) -> (Self, Recorder) {
        let (ring, consumer) = touched_ring(channels);
        let lost = Arc::new(AtomicU64::new(0));
        let recorder = Recorder { ring, lost: Arc::clone(&lost), wants_edges };
        (Self { ring: consumer, lost }, recorder)
    }

    /// What was recorded since this was last asked. Does not wait for more.
    pub fn read(&mut self) -> impl Iterator<Item = Record> {
        std::iter::from_fn(|| self.ring.pop().ok())
    }

    /// How many records found no room.
    #[must_use]
    pub fn lost(&self) -> u64 {
        self.lost.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::level::Level;
    use crate::output::Signal;
    use crate::rig::ChannelId;
    use crate::time::{Mono, ShowTime};

    #[test]
    fn a_tape_keeps_levels_in_order_and_no_edges() {
        let (mut tape, mut recorder) = Tape::levels(2);
        let (channel, written) = (ChannelId::new(0), Mono::from_nanos(7));
        let level = |level| Record::Level { channel, level, show: ShowTime::ZERO, due: written, written };
        recorder.take(level(Level::FULL));
        recorder.take(Record::Edge { channel, signal: Signal::High, written });
        recorder.take(level(Level::OFF));
        assert_eq!(tape.read().collect::<Vec<_>>(), [level(Level::FULL), level(Level::OFF)]);
        assert_eq!((tape.read().count(), tape.lost()), (0, 0));
    }
}
