//! What the card's callback does: frames where they belong, silence elsewhere, and the playhead's
//! course by the card. Knows no file, no device and no thread; time is an argument.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Duration;

use super::discipline::{Discipline, Observation};
use super::feed::Feed;
use super::gain::Gain;
use super::shared::Shared;
use crate::clock::{Course, Playhead, Position};
use crate::faults;
use crate::realtime::{self, Duty};
use crate::time::{Mono, Offset};

/// One stream's share of the show, from its first callback to its last.
pub(super) struct Playout {
    shared: Arc<Shared>,
    /// Set when this stream was given up: whatever it still asks for, it has no say any more.
    retired: Arc<AtomicBool>,
    feed: Feed,
    /// How far into the stream the show begins at the earliest.
    lead_in: Position,
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
    pub(super) fn new(feed: Feed, lead_in: Duration, shared: Arc<Shared>, retired: Arc<AtomicBool>) -> Self {
        let lead_in = Position(lead_in.as_nanos() as i64);
        let gain = Gain::silent(feed.spec().rate);
        let discipline = Discipline::new();
        Self { shared, retired, feed, lead_in, discipline, link: None, gain, given: 0, callbacks: 0 }
    }

    /// Fills `samples`, whose first frame the card will let hear at `heard`.
    pub(super) fn fill(&mut self, samples: &mut [f32], now: Mono, heard: Mono) {
        faults::point("sound card");
        if self.retired.load(Relaxed) {
            return samples.fill(0.0);
        }
        let card = self.feed.spec().position_of(self.given);
        self.callbacks += 1;
        if self.callbacks == 1 {
            // The library's thread has just begun. An ordinary one would starve on a busy Pi, and crackle.
            realtime::enter(Duty::Sound);
        }
        if self.callbacks > PREFILLED {
            self.discipline.observe(Observation { now, heard, card });
        }
        match self.discipline.course() {
            Some(course) => self.play(samples, later(course, self.shared.latency()), card),
            None => samples.fill(0.0),
        }
        self.given += self.frames(samples);
        self.shared.count_callback();
    }

    /// `course` is that of card time, which is at `card` with the first frame of `samples`.
    fn play(&mut self, samples: &mut [f32], course: Course, card: Position) {
        match (self.shared.playhead.read(), self.link) {
            // Sound that a device swallows would be missed; silence is not.
            (Playhead::Waiting, _) if card < self.lead_in => samples.fill(0.0),
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
        let due = show.at(course.when(card).expect("nothing holds a card's own course"));
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

/// `course` of a speaker that sounds `latency` later than the card thinks. The discipline knows nothing of
/// it: to a latency that changes it would creep for many seconds.
fn later(course: Course, latency: Offset) -> Course {
    Course { anchor: course.anchor.offset(latency.micros() * 1_000), ..course }
}

#[cfg(test)]
mod tests {
    use super::super::Volume;
    use super::super::spec::Spec;
    use super::*;

    const SPEC: Spec = Spec { rate: 48_000, channels: 1 };
    const PERIOD: usize = 960;
    const PERIOD_NANOS: i64 = 20_000_000;
    const QUEUED: i64 = 40_000_000;

    /// A card in virtual time on which each sample is the number of its frame.
    struct Deck {
        playout: Playout,
        shared: Arc<Shared>,
        ring: rtrb::Producer<f32>,
        decoded: i64,
        now: i64,
    }

    impl Deck {
        fn new(playhead: Playhead, from: i64, latency: Offset) -> Self {
            let shared = Arc::new(Shared::new(playhead, SPEC, Volume::FULL, latency));
            let (ring, consumer) = rtrb::RingBuffer::new(1 << 18);
            let feed = Feed::by_hand(consumer, SPEC, from);
            let playout = Playout::new(feed, Duration::ZERO, Arc::clone(&shared), Arc::default());
            Self { playout, shared, ring, decoded: from, now: 1_000_000_000 }
        }

        fn decode(mut self, frames: i64) -> Self {
            for frame in self.decoded..self.decoded + frames {
                self.ring.push(frame as f32).unwrap();
            }
            self.decoded += frames;
            self
        }

        fn mono(&self) -> Mono {
            Mono::from_nanos(self.now.cast_unsigned())
        }

        /// `periods` callbacks. Every frame in them that has its full level must be heard when the
        /// playhead is there; tells how many those were.
        fn play(&mut self, periods: usize) -> usize {
            let mut heard_right = 0;
            for _ in 0..periods {
                let mut samples = [f32::NAN; PERIOD];
                let (now, heard) = (self.mono(), self.mono().offset(QUEUED));
                self.playout.fill(&mut samples, now, heard);
                self.now += PERIOD_NANOS;
                if let Playhead::Running(course) = self.shared.playhead.read() {
                    let latency = self.shared.latency().micros() * 1_000;
                    let due = |at: usize| course.at(heard.offset(latency + SPEC.position_of(at as i64).0));
                    let right =
                        |at: usize| (f64::from(samples[at]) - SPEC.frame_at(due(at)) as f64).abs() < 0.6;
                    heard_right += (0..PERIOD).filter(|&at| samples[at] > 0.0 && right(at)).count();
                }
                assert!(samples.iter().all(|sample| sample.is_finite()), "left as it was found");
            }
            heard_right
        }

        fn position(&self) -> i64 {
            match self.shared.playhead.read() {
                Playhead::Waiting => panic!("it waits"),
                Playhead::Paused(position) => position.0,
                Playhead::Running(course) => course.at(self.mono()).0,
            }
        }
    }

    fn running(position: i64) -> Playhead {
        let anchor = Mono::from_nanos(1_000_000_000);
        Playhead::Running(Course::by_machine(anchor, Position(position)))
    }

    /// Frames that a ramp from silence to full takes, which are not at their level.
    const RAMP: usize = 480;

    #[test]
    fn the_playhead_waits_for_the_card_and_then_every_frame_is_heard_where_it_belongs() {
        let mut deck = Deck::new(Playhead::Waiting, 4_800, Offset::ZERO).decode(100_000);
        deck.play(2 + 3);
        assert_eq!(deck.shared.playhead.read(), Playhead::Waiting);
        assert_eq!(deck.play(10), 10 * PERIOD);
        assert_eq!(deck.shared.leader(), crate::clock::Leader::SoundCard);
    }

    #[test]
    fn the_show_waits_while_silence_leads_in() {
        let mut deck = Deck::new(Playhead::Waiting, 4_800, Offset::ZERO).decode(50_000);
        deck.playout.lead_in = Position(25 * PERIOD_NANOS);
        assert_eq!(deck.play(25), 0);
        assert_eq!(deck.shared.playhead.read(), Playhead::Waiting);
        assert_eq!(deck.play(10), 10 * PERIOD);
    }

    #[test]
    fn sound_that_returns_has_no_lead_in() {
        let mut deck = Deck::new(running(0), 0, Offset::ZERO).decode(100_000);
        deck.playout.lead_in = Position(1_000 * PERIOD_NANOS);
        assert!(deck.play(20) > 10 * PERIOD);
    }

    #[test]
    fn nothing_begins_before_there_is_sound() {
        let mut deck = Deck::new(Playhead::Waiting, 0, Offset::ZERO);
        deck.play(50);
        assert_eq!(deck.shared.playhead.read(), Playhead::Waiting);
    }

    #[test]
    fn lights_wait_for_a_late_speaker() {
        let latency = Offset::from_micros(30_000);
        let mut prompt = Deck::new(Playhead::Waiting, 0, Offset::ZERO).decode(50_000);
        let mut late = Deck::new(Playhead::Waiting, 0, latency).decode(50_000);
        prompt.play(20);
        late.play(20);
        assert_eq!(prompt.position() - late.position(), 30_000_000);
    }

    #[test]
    fn a_latency_that_changes_moves_the_lights_at_once() {
        let mut deck = Deck::new(Playhead::Waiting, 4_800, Offset::ZERO).decode(50_000);
        deck.play(20);
        let before = deck.position();
        deck.shared.set_latency(Offset::from_micros(5_000));
        assert_eq!(deck.play(10), 10 * PERIOD);
        assert_eq!(deck.position() - before, 10 * PERIOD_NANOS - 5_000_000);
    }

    #[test]
    fn sound_joins_a_running_show_at_the_frame_that_is_due() {
        for ahead in [-500, 0, 1, 5_000] {
            // The show is at a second when the sixth period is heard.
            let mut deck =
                Deck::new(running(1_000_000_000), 48_000 + 6_720 + ahead, Offset::ZERO).decode(50_000);
            let joined = deck.play(30);
            let expected = 30 * PERIOD - 6 * PERIOD - RAMP - 5_000;
            assert!(joined > expected, "{ahead} ahead: {joined} frames of {expected}");
        }
    }

    #[test]
    fn a_pause_freezes_at_once_and_a_resume_is_continuous() {
        let mut deck = Deck::new(Playhead::Waiting, 0, Offset::ZERO).decode(200_000);
        deck.play(20);
        let frozen = deck.position();
        deck.shared.playhead.update(|playhead| playhead.paused(deck.mono()));
        deck.play(3);
        assert_eq!(deck.play(100), 0);
        assert_eq!(deck.position(), frozen);
        deck.shared.playhead.update(|playhead| playhead.resumed(deck.mono()));
        assert_eq!(deck.position(), frozen);
        assert!(deck.play(20) >= 20 * PERIOD - 3 * PERIOD - RAMP);
        assert!(
            (deck.position() - frozen - 20 * PERIOD_NANOS).abs() < 30_000,
            "{}",
            deck.position() - frozen
        );
    }

    #[test]
    fn late_decoding_silences_the_sound_and_not_the_lights() {
        let mut deck = Deck::new(Playhead::Waiting, 0, Offset::ZERO).decode(10_000);
        deck.play(20);
        let before = deck.position();
        deck.play(20);
        assert_eq!(deck.position() - before, 20 * PERIOD_NANOS);
        let mut deck = deck.decode(100_000);
        assert!(deck.play(20) >= 20 * PERIOD - 2 * PERIOD - RAMP);
        assert!((deck.position() - before - 40 * PERIOD_NANOS).abs() < 30_000);
    }

    #[test]
    fn after_the_sound_the_playhead_goes_on_with_the_card() {
        let Deck { playout, shared, ring, now, decoded } =
            Deck::new(Playhead::Waiting, 0, Offset::ZERO).decode(9_000);
        drop(ring);
        let (ring, _) = rtrb::RingBuffer::new(1);
        let mut deck = Deck { playout, shared, ring, now, decoded };
        deck.play(20);
        let before = deck.position();
        deck.play(100);
        assert_eq!(deck.position() - before, 100 * PERIOD_NANOS);
        assert_eq!(deck.shared.leader(), crate::clock::Leader::SoundCard);
    }

    #[test]
    fn a_stream_that_was_given_up_has_no_say() {
        let mut deck = Deck::new(Playhead::Waiting, 0, Offset::ZERO).decode(50_000);
        deck.playout.retired.store(true, Relaxed);
        assert_eq!(deck.play(30), 0);
        assert_eq!(deck.shared.playhead.read(), Playhead::Waiting);
    }
}
