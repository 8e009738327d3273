//! What the card's callback does: frames where they belong, silence elsewhere, and the playhead's
//! course by the card. Knows no file, no device and no thread; time is an argument.
//!
//! While the card leads, the playhead never passes the last frame that the card was given. A card that asks
//! for nothing holds it there. When the card asks again, its course is measured anew in silence, and the show
//! goes on from where it holds.

#[cfg(test)]
mod model;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use super::delay::{Corrected, Delay};
use super::discipline::{Discipline, Observation};
use super::feed::Feed;
use super::feed_change::FeedChange;
use super::shared::Shared;
use super::stream_state::StreamState;
use crate::audio::Gain;
use crate::clock::{Course, Leader, Playhead, Position};
use crate::faults;
use crate::realtime::{self, Duty};
use crate::time::{Mono, Offset};

/// One stream's share of the show, from its first callback to its last.
pub(super) struct Playout {
    shared: Arc<Shared>,
    state: Arc<StreamState>,
    feed: Feed,
    change: Arc<FeedChange>,
    /// How far into the stream the show begins at the earliest.
    lead_in: Position,
    /// `None` for a card that tells its delay as it is.
    delay: Option<Delay>,
    discipline: Discipline,
    /// Callbacks since the card began, or began anew.
    told: u32,
    /// Show time minus card time, while the card plays the source.
    link: Option<i64>,
    /// The card ran dry while it led: the show goes on from where it holds.
    resumes: bool,
    /// Somebody has sought: the show goes on when there is sound of that place.
    seeks: bool,
    has_run_dry: bool,
    /// Since when it has told no delay, after it ran dry.
    unknown: Option<Mono>,
    gain: Gain,
    /// Frames given to the card so far, silence included.
    given: i64,
    is_scheduled: bool,
}

/// The library fills two periods before it starts the card; their instants mean nothing.
const PREFILLED: u32 = 2;
/// A card that was given nothing for this long after its last frame has stood still. After less it goes on
/// without a silence, and the discipline takes the difference out.
const DRY: i64 = 20_000_000;

/// After so long a time a sound server has lost its own clock: another stream is opened.
const STALE: i64 = 100_000_000;
/// For so long it may tell no delay.
const UNKNOWN_AT_MOST: i64 = 500_000_000;

/// What one callback hands over, in card time.
#[derive(Clone, Copy)]
struct Handover {
    now: Mono,
    begin: Position,
    end: Position,
}

impl Playout {
    /// `delay` puts right what the card tells, where it needs that.
    pub(super) fn new(
        feed: Feed,
        change: Arc<FeedChange>,
        lead_in: Duration,
        delay: Option<Delay>,
        shared: Arc<Shared>,
        state: Arc<StreamState>,
    ) -> Self {
        let gain = Gain::silent(feed.spec().rate);
        // One that follows a stream that led takes the show up where it holds.
        let resumes = shared.leader() == Leader::SoundCard;
        Self {
            shared,
            state,
            feed,
            change,
            lead_in: Position(lead_in.as_nanos() as i64),
            delay,
            discipline: Discipline::new(),
            told: 0,
            link: None,
            resumes,
            seeks: false,
            has_run_dry: false,
            unknown: None,
            gain,
            given: 0,
            is_scheduled: false,
        }
    }

    /// Fills `samples`, whose first frame the card will let hear at `heard`.
    pub(super) fn fill(&mut self, samples: &mut [f32], now: Mono, heard: Mono) {
        faults::point("sound card");
        if self.state.is_retired() || self.state.is_stale() {
            return samples.fill(0.0);
        }
        if self.is_scheduled {
            realtime::go_on(Duty::Sound);
        } else {
            self.is_scheduled = true;
            // The library's thread has just begun. An ordinary one would starve on a busy Pi, and crackle.
            realtime::enter(Duty::Sound);
        }
        let frames = self.frames(samples);
        let (begin, end) = (self.card_at(self.given), self.card_at(self.given + frames));
        match self.dry_for(now, begin) {
            Some(dry) if dry > STALE => return self.goes_stale(samples),
            Some(dry) if dry > DRY => self.start_anew(),
            _ => {}
        }
        if self.told < PREFILLED {
            self.told += 1;
        } else if !self.note_unknown(now, heard) {
            self.observe(now, heard, begin);
        }
        if self.unknown.is_some_and(|since| now.since(since) > UNKNOWN_AT_MOST) {
            return self.goes_stale(samples);
        }
        match self.discipline.course() {
            Some(course) => {
                self.play(samples, later(course, self.shared.latency()), Handover { now, begin, end });
            }
            None => samples.fill(0.0),
        }
        self.given += frames;
        self.shared.count_callback();
    }

    fn observe(&mut self, now: Mono, heard: Mono, card: Position) {
        let heard = match &mut self.delay {
            Some(delay) => delay.heard(now, heard, card),
            None => Corrected { at: heard, found: None },
        };
        let seen = Observation { now, heard: heard.at, card };
        match heard.found {
            Some(pace_ppb) => self.discipline.settle(seen, pace_ppb),
            None => self.discipline.observe(seen),
        }
    }

    fn card_at(&self, frame: i64) -> Position {
        self.feed.spec().position_of(frame)
    }

    /// For how long the card has had nothing to play, with all frames before `next` played.
    fn dry_for(&self, now: Mono, next: Position) -> Option<i64> {
        let dry = self.discipline.course().and_then(|course| course.when(next));
        dry.map(|dry| now.since(dry))
    }

    fn goes_stale(&mut self, samples: &mut [f32]) {
        self.link = None;
        self.state.mark_stale();
        samples.fill(0.0);
    }

    /// After it ran dry, a card that has something to play but tells no delay does not know it.
    fn note_unknown(&mut self, now: Mono, heard: Mono) -> bool {
        let is_unknown = self.has_run_dry && heard == now;
        self.unknown = is_unknown.then(|| self.unknown.unwrap_or(now));
        is_unknown
    }

    /// What was known of the card's course is worth nothing after it stood still.
    fn start_anew(&mut self) {
        self.delay = self.delay.take().map(|_| Delay::new());
        self.discipline.start_anew();
        self.has_run_dry = true;
        self.told = 0;
        self.link = None;
        self.gain.set(0.0);
        self.resumes = self.shared.leader() == Leader::SoundCard;
    }

    /// `course` is that of card time.
    fn play(&mut self, samples: &mut [f32], course: Course, handover: Handover) {
        if !self.follow_seeks() || !self.shared.speed.get().is_normal() {
            return self.fall_silent(samples);
        }
        match (self.shared.playhead.read(), self.link) {
            // Sound that a device swallows would be missed; silence is not.
            (Playhead::Waiting, _) if handover.begin < self.lead_in => samples.fill(0.0),
            (Playhead::Waiting, _) => self.begin(samples, course, handover),
            (Playhead::Paused(_), _) => self.rest(samples),
            (Playhead::Running(show), None) if self.resumes => self.go_on(samples, show, course, handover),
            (Playhead::Running(_), Some(link)) => {
                self.publish(course, link, handover);
                self.pour(samples);
            }
            (Playhead::Running(show), None) => self.join(samples, show, course, handover),
        }
    }

    /// Whether the feed is of the place that was sought last. What is still heard of another fades first.
    fn follow_seeks(&mut self) -> bool {
        let seek = self.shared.seeks();
        if self.feed.seek() == seek {
            return true;
        }
        self.link = None;
        if self.gain.frames_to_silence() > 0 || !self.change.exchange(&mut self.feed, seek) {
            return false;
        }
        (self.resumes, self.seeks) = (self.shared.leader() == Leader::SoundCard, true);
        true
    }

    /// The first sound of the show: from here on the playhead runs.
    fn begin(&mut self, samples: &mut [f32], course: Course, handover: Handover) {
        if !self.feed.holds(self.frames(samples) as usize) {
            return samples.fill(0.0);
        }
        self.gain.set(self.shared.volume().amplitude());
        self.lead(course, handover.begin, handover);
        self.pour(samples);
    }

    /// After a standstill: binds the place where the playhead holds to the first frame that is heard.
    fn go_on(&mut self, samples: &mut [f32], show: Course, course: Course, handover: Handover) {
        if show.at(handover.now) < show.until {
            // A late speaker still plays what it was given before.
            return samples.fill(0.0);
        }
        if self.seeks && !self.feed.holds(self.frames(samples) as usize) {
            return samples.fill(0.0);
        }
        (self.resumes, self.seeks) = (false, false);
        let heard = course.when(handover.begin).expect("nothing holds a card's own course");
        let position = Position(show.until.0 - self.ahead());
        let until = show.until;
        let show = Course { rate_ppb: course.rate_ppb, until, ..Course::by_machine(heard, position) };
        self.steer(handover.now, |_| show);
        self.join(samples, show, course, handover);
    }

    /// Sound that comes late to a running show is silent until exactly the frame that is due.
    fn join(&mut self, samples: &mut [f32], show: Course, course: Course, handover: Handover) {
        let due = show.unheld_at(course.when(handover.begin).expect("nothing holds a card's own course"));
        let early = self.feed.spec().frame_at(Position(self.feed.position().0 - due.0));
        let late = usize::try_from(-early).unwrap_or(0);
        let ready = self.feed.leave_out(late) == late;
        let silent = usize::try_from(early).unwrap_or(0);
        let frames = self.frames(samples) as usize;
        if !ready || silent >= frames || !self.feed.holds(frames - silent) {
            samples.fill(0.0);
            return self.hold_behind(course, handover);
        }
        let (before, after) = samples.split_at_mut(self.feed.spec().samples(silent));
        before.fill(0.0);
        self.lead(course, self.card_at(self.given + silent as i64), handover);
        self.pour(after);
    }

    /// Binds the source's next frame to the card's frame at `card`, and the playhead to both.
    fn lead(&mut self, course: Course, card: Position, handover: Handover) {
        let link = self.feed.position().0 - card.0;
        self.link = Some(link);
        self.publish(course, link, handover);
    }

    /// The playhead by the card's course, up to the last frame that it was given.
    fn publish(&self, course: Course, link: i64, handover: Handover) {
        let position = Position(course.position.0 + link);
        let until = Position(handover.end.0 + link + self.ahead());
        self.steer(handover.now, |_| Course { position, until, ..course });
    }

    /// While the card leads, silence is part of the show, too: the playhead runs on as far as it was given.
    fn hold_behind(&self, course: Course, handover: Handover) {
        if self.shared.leader() == Leader::SoundCard {
            let end = course.when(handover.end).expect("nothing holds a card's own course");
            let until = |show: &Course| Position(show.unheld_at(end).0 + self.ahead());
            self.steer(handover.now, |show| Course { until: until(&show), ..show });
        }
    }

    /// Puts the playhead on what `course` makes of its course. It never goes back: it waits until the new
    /// course arrives.
    fn steer(&self, now: Mono, course: impl FnOnce(Course) -> Course) {
        self.shared.playhead.update(|playhead| {
            let (show, from) = match playhead {
                // Somebody has sought since it was looked at: these are frames of another place.
                _ if self.shared.seeks() != self.feed.seek() => return playhead,
                // Given up since it was looked at: nothing of this is true any more.
                _ if self.state.is_retired() => return playhead,
                // Paused since it was looked at: the next callback sees it.
                Playhead::Paused(_) => return playhead,
                Playhead::Running(show) => (show, show.at(now)),
                Playhead::Waiting => (Course::by_machine(now, Position(0)), Position(i64::MIN)),
            };
            self.shared.card_leads(true);
            let course = course(show);
            // A latency that changes may end the new course before the place where the old one is.
            Playhead::Running(Course { from, until: course.until.max(from), ..course })
        });
    }

    /// How much earlier the speaker sounds than the card thinks: lights run ahead of its frames by that.
    fn ahead(&self) -> i64 {
        (-self.shared.latency().micros() * 1_000).max(0)
    }

    /// Fades what is being played, then nothing more is taken.
    fn rest(&mut self, samples: &mut [f32]) {
        self.link = None;
        self.resumes = false;
        self.fall_silent(samples);
    }

    fn fall_silent(&mut self, samples: &mut [f32]) {
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

/// `course` of a speaker that sounds `latency` later than the card thinks. The discipline knows nothing of
/// it: to a latency that changes it would creep for many seconds.
fn later(course: Course, latency: Offset) -> Course {
    Course { anchor: course.anchor.offset(latency.micros() * 1_000), ..course }
}
