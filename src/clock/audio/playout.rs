//! What the card's callback does: frames where they belong, silence elsewhere, and the playhead's
//! course by the card. Knows no file, no device and no thread; time is an argument.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use super::discipline::{Discipline, Observation};
use super::feed::Feed;
use super::gain::Gain;
use super::shared::Shared;
use crate::clock::{Course, Playhead, Position};
use crate::faults;
use crate::time::{Mono, Offset};

/// One stream's share of the show, from its first callback to its last.
pub(super) struct Playout {
    shared: Arc<Shared>,
    /// Set when this stream was given up: whatever it still asks for, it has no say any more.
    retired: Arc<AtomicBool>,
    feed: Feed,
    latency: Offset,
    discipline: Discipline,
    /// Show time minus card time, while the card plays the programme.
    link: Option<i64>,
    gain: Gain,
    /// Frames given to the card so far, silence included.
    given: i64,
    callbacks: u32,
}

/// The library fills two periods before it starts the card; their instants mean nothing.
const PREFILLED: u32 = 2;

impl Playout {
    pub(super) fn new(feed: Feed, latency: Offset, shared: Arc<Shared>, retired: Arc<AtomicBool>) -> Self {
        let gain = Gain::silent(feed.spec().rate);
        let discipline = Discipline::new();
        Self { shared, retired, feed, latency, discipline, link: None, gain, given: 0, callbacks: 0 }
    }

    /// Fills `samples`, whose first frame the card will let hear at `heard`.
    pub(super) fn fill(&mut self, samples: &mut [f32], now: Mono, heard: Mono) {
        faults::point("sound card");
        if self.retired.load(Relaxed) {
            return samples.fill(0.0);
        }
        let card = self.feed.spec().position_of(self.given);
        let heard = heard.offset(self.latency.micros() * 1_000);
        self.callbacks += 1;
        if self.callbacks > PREFILLED {
            self.discipline.observe(Observation { now, heard, card });
        }
        match self.discipline.course() {
            Some(course) => self.play(samples, course, card),
            None => samples.fill(0.0),
        }
        self.given += self.frames(samples);
        self.shared.count_callback();
    }

    /// `course` is that of card time, which is at `card` with the first frame of `samples`.
    fn play(&mut self, samples: &mut [f32], course: Course, card: Position) {
        match (self.shared.playhead.read(), self.link) {
            (Playhead::Waiting, _) => self.begin(samples, course, card),
            (Playhead::Paused(_), _) => self.rest(samples),
            (Playhead::Running(_), Some(link)) => {
                self.publish(course, link);
                self.pour(samples);
            }
            (Playhead::Running(show), None) => self.join(samples, show, course, card),
        }
    }

    /// The first sound of the show: from here on the playhead runs.
    fn begin(&mut self, samples: &mut [f32], course: Course, card: Position) {
        if !self.feed.holds(self.frames(samples) as usize) {
            return samples.fill(0.0);
        }
        self.gain.set(self.shared.volume().amplitude());
        self.lead(course, card);
        self.pour(samples);
    }

    /// Sound that comes late to a running show is silent until exactly the frame that is due.
    fn join(&mut self, samples: &mut [f32], show: Course, course: Course, card: Position) {
        let due = show.at(course.when(card));
        let early = self.feed.spec().frame_at(Position(self.feed.position().0 - due.0));
        let late = usize::try_from(-early).unwrap_or(0);
        let ready = self.feed.leave_out(late) == late;
        let silent = usize::try_from(early).unwrap_or(0);
        let frames = self.frames(samples) as usize;
        if !ready || silent >= frames || !self.feed.holds(frames - silent) {
            return samples.fill(0.0);
        }
        let (before, after) = samples.split_at_mut(self.feed.spec().samples(silent));
        before.fill(0.0);
        self.lead(course, self.feed.spec().position_of(self.given + silent as i64));
        self.pour(after);
    }

    /// Binds the programme's next frame to the card's frame at `card`, and the playhead to both.
    fn lead(&mut self, course: Course, card: Position) {
        let link = self.feed.position().0 - card.0;
        self.link = Some(link);
        self.publish(course, link);
        self.shared.card_leads(true);
    }

    fn publish(&self, course: Course, link: i64) {
        let course = Course { position: Position(course.position.0 + link), ..course };
        self.shared.playhead.update(|playhead| match playhead {
            // Paused since it was read: the next callback sees it.
            Playhead::Paused(_) => playhead,
            Playhead::Waiting | Playhead::Running(_) => Playhead::Running(course),
        });
    }

    /// Fades what is being played, then nothing more is taken.
    fn rest(&mut self, samples: &mut [f32]) {
        self.link = None;
        let frames = self.gain.frames_to_silence().min(self.frames(samples) as usize);
        let (fading, silent) = samples.split_at_mut(self.feed.spec().samples(frames));
        self.feed.take(fading);
        self.gain.apply(fading, self.feed.spec().channels, 0.0);
        silent.fill(0.0);
    }

    fn pour(&mut self, samples: &mut [f32]) {
        let wanted = self.frames(samples) as usize;
        let frames = self.feed.take(samples);
        self.gain.apply(samples, self.feed.spec().channels, self.shared.volume().amplitude());
        if frames < wanted {
            // Decoding is late. The lights go on; sound joins them again when it is there.
            self.link = None;
            self.gain.set(0.0);
        }
    }

    fn frames(&self, samples: &[f32]) -> i64 {
        (samples.len() / usize::from(self.feed.spec().channels)) as i64
    }
}
