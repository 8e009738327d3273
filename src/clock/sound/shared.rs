//! What the callback, the decoder, the supervisor and the clock's owner tell each other. Decides nothing.

use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU8, AtomicU64, Ordering::Relaxed, Ordering::SeqCst};
use std::sync::{Mutex, PoisonError};

use super::Notice;
use crate::audio::{AudioSource, Spec, Volume};
use crate::clock::published::Published;
use crate::clock::set_speed::SetSpeed;
use crate::clock::{Leader, Playhead, Position};
use crate::time::{LoopRange, Mono, Offset};

pub(super) struct Shared {
    pub playhead: Published,
    /// There is sound only while it is normal.
    pub speed: SetSpeed,
    /// As it lies in the file.
    pub sound: Spec,
    volume: AtomicU8,
    /// In microseconds.
    latency: AtomicI64,
    card_leads: AtomicBool,
    callbacks: AtomicU64,
    /// Where the show begins if its playhead still waits, in nanoseconds.
    begin: AtomicI64,
    /// The part that is heard again and again.
    repeat: Mutex<Option<LoopRange>>,
    /// How often somebody has sought: what is decoded for an earlier place is of no use.
    seeks: AtomicU64,
    /// The last seek whose sound is being decoded, or cannot be.
    decoded: AtomicU64,
    notices: Mutex<Vec<Notice>>,
}

/// Sound that returns is decoded from this far ahead of the playhead.
const HEAD_START: i64 = 150_000_000;
impl Shared {
    pub(super) fn new(
        playhead: Playhead,
        sound: Spec,
        source: &AudioSource,
        volume: Volume,
        latency: Offset,
    ) -> Self {
        Self {
            begin: AtomicI64::new(Position::at(source.from).0),
            repeat: Mutex::new(source.repeat),
            seeks: AtomicU64::new(0),
            decoded: AtomicU64::new(0),
            playhead: Published::new(playhead),
            speed: SetSpeed::default(),
            sound,
            volume: AtomicU8::new(volume.percent()),
            latency: AtomicI64::new(latency.micros()),
            card_leads: AtomicBool::new(false),
            callbacks: AtomicU64::new(0),
            notices: Mutex::default(),
        }
    }

    /// Where a stream that is opened at `now`, or sought in, begins to decode. A show that runs is met a little ahead; one
    /// that holds is taken up where it holds.
    pub(super) fn joining_at(&self, now: Mono) -> Position {
        match self.playhead.read() {
            Playhead::Waiting => self.begin(),
            Playhead::Paused(position) => position,
            Playhead::Running(course) if self.leader() == Leader::SoundCard => {
                Position(course.until.0 - (-self.latency().micros() * 1_000).max(0))
            }
            Playhead::Running(course) => course.at(now.offset(HEAD_START)),
        }
    }

    /// Where a playhead that waits begins.
    pub(super) fn begin(&self) -> Position {
        Position(self.begin.load(Relaxed))
    }

    /// To be called while the playhead is put to `to`: what was decoded before is of no use from then on.
    pub(super) fn note_seek(&self, to: Position) {
        self.begin.store(to.0, Relaxed);
        self.seeks.fetch_add(1, SeqCst);
    }

    pub(super) fn seeks(&self) -> u64 {
        self.seeks.load(SeqCst)
    }

    /// Sound is being decoded for `seek`, or cannot be.
    pub(super) fn note_decoded(&self, seek: u64) {
        self.decoded.fetch_max(seek, Relaxed);
    }

    pub(super) fn is_decoded(&self, seek: u64) -> bool {
        self.decoded.load(Relaxed) >= seek
    }

    /// What is heard again and again after the next seek.
    pub(super) fn set_repeat(&self, repeat: Option<LoopRange>) {
        *self.repeat.lock().unwrap_or_else(PoisonError::into_inner) = repeat;
    }

    pub(super) fn repeat(&self) -> Option<LoopRange> {
        *self.repeat.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn volume(&self) -> Volume {
        Volume::from_percent(self.volume.load(Relaxed)).expect("only volumes are stored")
    }

    pub(super) fn set_volume(&self, volume: Volume) {
        self.volume.store(volume.percent(), Relaxed);
    }

    /// How much later the speaker sounds than the card thinks.
    pub(super) fn latency(&self) -> Offset {
        Offset::from_micros(self.latency.load(Relaxed))
    }

    pub(super) fn set_latency(&self, latency: Offset) {
        self.latency.store(latency.micros(), Relaxed);
    }

    pub(super) fn leader(&self) -> Leader {
        if self.card_leads.load(Relaxed) { Leader::SoundCard } else { Leader::Machine }
    }

    pub(super) fn card_leads(&self, leads: bool) {
        self.card_leads.store(leads, Relaxed);
    }

    /// How often the card asked for sound, over all streams.
    pub(super) fn callbacks(&self) -> u64 {
        self.callbacks.load(Relaxed)
    }

    pub(super) fn count_callback(&self) {
        self.callbacks.fetch_add(1, Relaxed);
    }

    pub(super) fn tell(&self, notice: Notice) {
        self.notices.lock().unwrap_or_else(PoisonError::into_inner).push(notice);
    }

    pub(super) fn take_notices(&self) -> Vec<Notice> {
        std::mem::take(&mut self.notices.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
