//! Opening a stream on the sound card, on a thread of its own: a driver or a sound server may answer after
//! seconds, or never. Knows not what it is opened for.

use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, TryRecvError};
use std::thread;
use std::time::Duration;

use super::card::{Card, CardError, Faults, Stream, asks_pulseaudio};
use super::closing::give_up_after;
use super::delay::Delay;
use super::device_fault::DeviceFault;
use super::feed::Feed;
use super::feed_change::FeedChange;
use super::playout::Playout;
use super::shared::Shared;
use super::stream_state::StreamState;
use crate::audio::{AudioSource, Spec};
use crate::clock::monotonic;
use crate::faults;
use crate::rig::Audio;
use crate::time::Mono;

/// A living device closes within its two periods; what takes longer hangs.
const CLOSING: Duration = Duration::from_millis(500);

/// A device that is being opened. Dropped, it is left to itself: what comes of it is closed unheard.
pub(super) struct Opening {
    answer: Receiver<Result<Playing, CardError>>,
    state: Arc<StreamState>,
    is_answered: bool,
}

/// A stream that was opened.
pub(super) struct Playing {
    stream: Stream,
    pub faults: Arc<Faults>,
    pub state: Arc<StreamState>,
    spec: Spec,
    change: Arc<FeedChange>,
    /// The seek that it was last given sound for.
    seek: u64,
    /// What the count of callbacks was when it was opened.
    pub first_callback: u64,
}

impl Opening {
    pub(super) fn start(source: &AudioSource, audio: &Audio, shared: &Arc<Shared>) -> Self {
        let state = Arc::new(StreamState::default());
        let (answers, answer) = mpsc::sync_channel(1);
        let attempt = OpenAttempt {
            source: source.clone(),
            audio: audio.clone(),
            shared: Arc::clone(shared),
            state: Arc::clone(&state),
        };
        // Without a thread the sender is dropped here, which is an answer, too.
        let _ = thread::Builder::new().name("sound open".to_owned()).spawn(move || {
            // Nobody who listens any more: the stream is closed here.
            let _ = answers.send(attempt.open());
        });
        Self { answer, state, is_answered: false }
    }

    /// What came of it, once; none while it waits for the device. Never blocks.
    pub(super) fn answer(&mut self) -> Option<Result<Playing, CardError>> {
        let answer = match self.answer.try_recv() {
            Ok(answer) => answer,
            Err(TryRecvError::Empty) => return None,
            Err(TryRecvError::Disconnected) => {
                Err(CardError::new(DeviceFault::NotOpened, "there is no thread to open it"))
            }
        };
        self.is_answered = true;
        Some(answer)
    }
}

impl Drop for Opening {
    fn drop(&mut self) {
        if !self.is_answered {
            self.state.retire();
        }
    }
}

impl Playing {
    /// Gives it sound from where somebody has sought to since it was last given any. One place after another: as long
    /// as the sound of one is not there, whoever seeks on and on has it decoded nowhere else. Where the speed is not normal,
    /// nothing is to be heard.
    pub(super) fn follow_seeks(&mut self, source: &AudioSource, shared: &Arc<Shared>) {
        if self.seek != shared.seeks() && shared.speed.get().is_normal() && shared.is_decoded(self.seek) {
            let feed = Feed::start(source, self.spec, shared, monotonic::now());
            self.seek = feed.seek();
            self.change.offer(feed);
        }
    }

    /// Waits for the device, but not for one that hangs.
    pub(super) fn close(self) {
        self.state.retire();
        give_up_after(CLOSING, move || drop(self.stream));
    }
}

/// What the thread works with.
struct OpenAttempt {
    source: AudioSource,
    audio: Audio,
    shared: Arc<Shared>,
    state: Arc<StreamState>,
}

impl OpenAttempt {
    fn open(&self) -> Result<Playing, CardError> {
        faults::point("sound open");
        let opened = Card::find(&self.audio.device, self.shared.sound).and_then(|card| {
            // A mixer of several programs' sound, as ALSA's dmix, has a period and takes no other.
            self.play(&card).or_else(|_| self.play(&card.with_its_own_period()))
        });
        opened.map_err(|error| error.on_this_machine(&self.audio.device))
    }

    fn play(&self, card: &Card) -> Result<Playing, CardError> {
        let (spec, change) = (card.spec(), Arc::new(FeedChange::default()));
        let feed = Feed::start(&self.source, spec, &self.shared, monotonic::now());
        let seek = feed.seek();
        let faults = Arc::new(Faults::default());
        let (shared, state) = (Arc::clone(&self.shared), Arc::clone(&self.state));
        let delay = asks_pulseaudio().then(Delay::new);
        let mut playout = Playout::new(feed, Arc::clone(&change), self.audio.lead_in, delay, shared, state);
        let render = move |samples: &mut [f32], now: Mono, heard: Mono| playout.fill(samples, now, heard);
        let stream = card.play(render, Arc::clone(&faults))?;
        let (state, first_callback) = (Arc::clone(&self.state), self.shared.callbacks());
        Ok(Playing { stream, faults, state, spec, change, seek, first_callback })
    }
}
