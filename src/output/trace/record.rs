//! What the timing thread records, and the ring through which it hands that on. Knows no files.

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rtrb::{Consumer, Producer, RingBuffer};

use crate::level::Level;
use crate::output::line::Signal;
use crate::rig::{ChannelId, Line, Rig};
use crate::time::{Mono, ShowTime};

/// Five seconds of sixteen channels of PWM: longer than an SD card stalls.
const RING_RECORDS: usize = 1 << 15;
/// For each channel beyond the header: a second of a fade. It has no PWM.
const RECORDS_BEYOND: usize = 200;

/// Something that happened to a channel.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Record {
    /// Its level changed: `due` is when the playhead wanted that, `written` the instant right after.
    Level { channel: ChannelId, level: Level, show: ShowTime, due: Mono, written: Mono },
    /// Its line changed.
    Edge { channel: ChannelId, signal: Signal, written: Mono },
}

/// The timing thread's end of a trace: takes records without blocking or allocating.
#[derive(Debug)]
pub struct Recorder {
    pub(super) ring: Producer<Record>,
    pub(super) lost: Arc<AtomicU64>,
    pub(super) wants_edges: bool,
}

impl Recorder {
    /// Takes `record`; when the ring is full it is counted as lost.
    pub fn take(&mut self, record: Record) {
        let is_wanted = self.wants_edges || matches!(record, Record::Level { .. });
        if is_wanted && self.ring.push(record).is_err() {
            self.lost.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// How the records are laid down in a file.
pub(super) trait TraceFormat: Send {
    /// Writes what stands before the first record.
    fn begin(&mut self, file: &mut dyn Write, rig: &Rig) -> std::io::Result<()>;
    fn record(&mut self, file: &mut dyn Write, record: &Record) -> std::io::Result<()>;
}

/// A ring whose memory has been written once, so that the timing thread meets no page fault in it.
pub(super) fn touched_ring(channels: usize) -> (Producer<Record>, Consumer<Record>) {
    let beyond = channels.saturating_sub(Line::COUNT) * RECORDS_BEYOND;
    let (mut producer, mut consumer) = RingBuffer::new(RING_RECORDS + beyond);
    let nothing =
        Record::Edge { channel: ChannelId::new(0), signal: Signal::Low, written: Mono::from_nanos(0) };
    while producer.push(nothing).is_ok() {}
    while consumer.pop().is_ok() {}
    (producer, consumer)
}
