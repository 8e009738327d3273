//! What the callback, the decoder, the supervisor and the clock's owner tell each other. Decides nothing.

use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU8, AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};

use super::Notice;
use crate::audio::{Spec, Volume};
use crate::clock::published::Published;
use crate::clock::{Leader, Playhead, Position};
use crate::time::{Mono, Offset};

pub(super) struct Shared {
    pub playhead: Published,
    /// As it lies in the file.
    pub sound: Spec,
    volume: AtomicU8,
    /// In microseconds.
    latency: AtomicI64,
    card_leads: AtomicBool,
    callbacks: AtomicU64,
    notices: Mutex<Vec<Notice>>,
}

/// Sound that returns is decoded from this far ahead of the playhead.
const HEAD_START: i64 = 150_000_000;
impl Shared {
    pub(super) fn new(playhead: Playhead, sound: Spec, volume: Volume, latency: Offset) -> Self {
        Self {
            playhead: Published::new(playhead),
            sound,
            volume: AtomicU8::new(volume.percent()),
            latency: AtomicI64::new(latency.micros()),
            card_leads: AtomicBool::new(false),
            callbacks: AtomicU64::new(0),
            notices: Mutex::default(),
        }
    }

    /// Where a stream that is opened at `now` begins to decode; `from` is where the show begins. A show that runs
    /// is met a little ahead; one that holds is taken up where it holds.
    pub(super) fn joining_at(&self, from: Position, now: Mono) -> Position {
        match self.playhead.read() {
            Playhead::Waiting => from,
            Playhead::Paused(position) => position,
            Playhead::Running(course) if self.leader() == Leader::SoundCard => {
                Position(course.until.0 - (-self.latency().micros() * 1_000).max(0))
            }
            Playhead::Running(course) => course.at(now.offset(HEAD_START)),
        }
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
