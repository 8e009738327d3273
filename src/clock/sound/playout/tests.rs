//! A sound card in virtual time, and what is heard of it against the playhead.

mod file_deck;
mod seeking;
mod speeds;

use super::*;
use crate::audio::{AudioSource, Spec, Volume};
use crate::speed::Speed;
use crate::time::ShowTime;

const SPEC: Spec = Spec { rate: 48_000, channels: 1 };
const PERIOD: usize = 960;
const PERIOD_NANOS: i64 = 20_000_000;
const QUEUED: i64 = 40_000_000;

/// What is heard is put into the ring by hand.
pub(super) fn no_source() -> AudioSource {
    AudioSource { file: "none.wav".into(), from: ShowTime::ZERO, repeat: None }
}

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
        let shared = Arc::new(Shared::new(playhead, SPEC, &no_source(), Volume::FULL, latency));
        let (ring, consumer) = rtrb::RingBuffer::new(1 << 18);
        let feed = Feed::by_hand(consumer, SPEC, from, 0);
        let playout = Playout::new(
            feed,
            Arc::default(),
            Duration::ZERO,
            Some(Delay::new()),
            Arc::clone(&shared),
            Arc::default(),
        );
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
                let right = |at: usize| (f64::from(samples[at]) - SPEC.frame_at(due(at)) as f64).abs() < 0.6;
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
        let mut deck = Deck::new(running(1_000_000_000), 48_000 + 6_720 + ahead, Offset::ZERO).decode(50_000);
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
    deck.shared.playhead.update(|playhead| playhead.resumed(deck.mono(), Speed::Normal));
    assert_eq!(deck.position(), frozen);
    assert!(deck.play(20) >= 20 * PERIOD - 3 * PERIOD - RAMP);
    assert!((deck.position() - frozen - 20 * PERIOD_NANOS).abs() < 30_000, "{}", deck.position() - frozen);
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
    deck.playout.state.retire();
    assert_eq!(deck.play(30), 0);
    assert_eq!(deck.shared.playhead.read(), Playhead::Waiting);
}
