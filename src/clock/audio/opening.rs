//! Opening a stream on the sound card, on a thread of its own: a driver or a sound server may answer after
//! seconds, or never. Knows not what it is opened for.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::mpsc::{self, Receiver, TryRecvError};
use std::thread;
use std::time::Duration;

use super::card::{Card, CardError, Faults, Stream};
use super::closing::give_up_after;
use super::decode::Programme;
use super::feed::Feed;
use super::playout::Playout;
use super::shared::Shared;
use crate::clock::{Playhead, Position, monotonic};
use crate::faults;
use crate::rig::Audio;
use crate::time::Mono;

/// A living device closes within its two periods; what takes longer hangs.
const CLOSING: Duration = Duration::from_millis(500);
/// Sound that returns is decoded from this far ahead of the playhead.
const HEAD_START: i64 = 150_000_000;

/// A device that is being opened. Dropped, it is left to itself: what comes of it is closed unheard.
pub(super) struct Opening {
    answer: Receiver<Result<Playing, String>>,
    retired: Arc<AtomicBool>,
    is_answered: bool,
}

/// A stream that was opened.
pub(super) struct Playing {
    stream: Stream,
    pub faults: Arc<Faults>,
    retired: Arc<AtomicBool>,
    /// What the count of callbacks was when it was opened.
    pub first_callback: u64,
}

impl Opening {
    pub(super) fn start(programme: &Programme, audio: &Audio, shared: &Arc<Shared>) -> Self {
        let retired = Arc::new(AtomicBool::new(false));
        let (answers, answer) = mpsc::sync_channel(1);
        let attempt = Attempt {
            programme: programme.clone(),
            audio: audio.clone(),
            shared: Arc::clone(shared),
            retired: Arc::clone(&retired),
        };
        // Without a thread the sender is dropped here, which is an answer, too.
        let _ = thread::Builder::new().name("sound open".to_owned()).spawn(move || {
            // Nobody who listens any more: the stream is closed here.
            let _ = answers.send(attempt.open());
        });
        Self { answer, retired, is_answered: false }
    }

    /// What came of it, once; none while it waits for the device. Never blocks.
    pub(super) fn answer(&mut self) -> Option<Result<Playing, String>> {
        let answer = match self.answer.try_recv() {
            Ok(answer) => answer,
            Err(TryRecvError::Empty) => return None,
            Err(TryRecvError::Disconnected) => Err("there is no thread to open it".to_owned()),
        };
        self.is_answered = true;
        Some(answer)
    }
}

impl Drop for Opening {
    fn drop(&mut self) {
        if !self.is_answered {
            self.retired.store(true, Relaxed);
        }
    }
}

impl Playing {
    /// Whatever it still asks for, it has no say any more.
    pub(super) fn retire(&self) {
        self.retired.store(true, Relaxed);
    }

    /// Waits for the device, but not for one that hangs.
    pub(super) fn close(self) {
        self.retire();
        give_up_after(CLOSING, move || drop(self.stream));
    }
}

/// What the thread works with.
struct Attempt {
    programme: Programme,
    audio: Audio,
    shared: Arc<Shared>,
    retired: Arc<AtomicBool>,
}

impl Attempt {
    fn open(&self) -> Result<Playing, String> {
        faults::point("sound open");
        let told = |error: CardError| error.to_string();
        let card = Card::find(&self.audio.device, self.shared.sound).map_err(told)?;
        // A mixer of several programs' sound, as ALSA's dmix, has a period and takes no other.
        self.play(&card).or_else(|_| self.play(&card.with_its_own_period())).map_err(told)
    }

    fn play(&self, card: &Card) -> Result<Playing, CardError> {
        let feed = Feed::start(&self.programme, self.joining_at(monotonic::now()), card.spec(), &self.shared);
        let faults = Arc::new(Faults::default());
        let (shared, retired) = (Arc::clone(&self.shared), Arc::clone(&self.retired));
        let mut playout = Playout::new(feed, self.audio.lead_in, shared, retired);
        let render = move |samples: &mut [f32], now: Mono, heard: Mono| playout.fill(samples, now, heard);
        let stream = card.play(render, Arc::clone(&faults))?;
        let (retired, first_callback) = (Arc::clone(&self.retired), self.shared.callbacks());
        Ok(Playing { stream, faults, retired, first_callback })
    }

    /// Where a stream that is opened now begins to decode.
    fn joining_at(&self, now: Mono) -> Position {
        match self.shared.playhead.read() {
            Playhead::Waiting => Position::at(self.programme.from),
            Playhead::Paused(position) => position,
            Playhead::Running(course) => course.at(now.offset(HEAD_START)),
        }
    }
}
