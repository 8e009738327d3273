//! Any order of standstills, delays and pauses, in virtual time: a card that plays what it is given, a process
//! that may stop, a server that may hang. What is heard is held against the playhead that stood then.

use std::collections::VecDeque;

use proptest::prelude::*;

use super::tests::no_source;
use super::*;
use crate::audio::{Spec, Volume};

const SPEC: Spec = Spec { rate: 48_000, channels: 1 };
const PERIOD: usize = 960;
const MILLI: i64 = 1_000_000;
const PERIOD_NANOS: i64 = 20 * MILLI;
/// The card asks for a period when so much is left to play.
const QUEUED: i64 = 40 * MILLI;
/// After so much undisturbed playing, light and sound are together again.
const SETTLED: i64 = 500 * MILLI;
const OPENING: i64 = 200 * MILLI;
/// Sample values stay exact in an f32 below this.
const MOST_FRAMES: i64 = 1 << 24;

#[derive(Clone, Copy, Debug)]
enum Disturbance {
    Play(i64),
    /// Of the process: nobody asks for sound, and what is queued plays out.
    Stop(i64),
    /// Of the sound server: nothing plays, and it asks for nothing.
    Hang(i64),
    Pause(i64),
    /// Ctrl-Z: paused, stopped, resumed.
    Suspend(i64),
    Latency(i64),
}

fn disturbance() -> impl Strategy<Value = Disturbance> {
    prop_oneof![
        (1..1_500_i64).prop_map(Disturbance::Play),
        (1..6_000_i64).prop_map(Disturbance::Stop),
        (1..100_i64).prop_map(Disturbance::Stop),
        (1..6_000_i64).prop_map(Disturbance::Hang),
        (1..100_i64).prop_map(Disturbance::Hang),
        (1..2_000_i64).prop_map(Disturbance::Pause),
        (1..6_000_i64).prop_map(Disturbance::Suspend),
        (-300..300_i64).prop_map(Disturbance::Latency),
    ]
}

/// A period that was handed over and is heard from `heard` on.
struct Queued {
    heard: i64,
    samples: Vec<f32>,
}

struct Model {
    playout: Playout,
    shared: Arc<Shared>,
    ring: rtrb::Producer<f32>,
    decoded: i64,
    now: i64,
    /// When the card has played everything.
    dry: i64,
    queue: VecDeque<Queued>,
    /// The playheads that an observer saw, and since when.
    seen: Vec<(i64, Playhead)>,
    /// When something last disturbed the course of things.
    disturbed: i64,
    /// When the process could look at nothing.
    stopped: Vec<(i64, i64)>,
    worst: i64,
    compared: usize,
}

impl Model {
    fn new(latency: i64) -> Self {
        let latency = Offset::from_micros(latency * 1_000);
        let shared = Arc::new(Shared::new(Playhead::Waiting, SPEC, &no_source(), Volume::FULL, latency));
        let (playout, ring) = Self::stream(&shared, 480);
        let now = 1_000 * MILLI;
        Self {
            playout,
            shared,
            ring,
            decoded: 480,
            now,
            dry: now,
            queue: VecDeque::new(),
            seen: vec![(0, Playhead::Waiting)],
            disturbed: now,
            stopped: Vec::new(),
            worst: 0,
            compared: 0,
        }
    }

    /// A stream that begins at frame `first`, and where its frames are put.
    fn stream(shared: &Arc<Shared>, first: i64) -> (Playout, rtrb::Producer<f32>) {
        let (ring, consumer) = rtrb::RingBuffer::new(1 << 16);
        let feed = Feed::by_hand(consumer, SPEC, first, shared.seeks());
        let mut playout = Playout::new(
            feed,
            Arc::default(),
            Duration::ZERO,
            Some(Delay::new()),
            Arc::clone(shared),
            Arc::default(),
        );
        // The kernel ends a realtime thread that computes for as long as this test.
        playout.is_scheduled = true;
        (playout, ring)
    }

    /// What the supervisor does with a stream that has gone stale; opening takes a while.
    fn reopen(&mut self) {
        self.disturb();
        self.now += OPENING;
        // No frame is 0: silence is.
        let first = SPEC.frame_at(self.shared.joining_at(Self::mono(self.now))).max(480);
        (self.playout, self.ring) = Self::stream(&self.shared, first);
        (self.decoded, self.dry, self.disturbed) = (first, self.now, self.now);
        self.queue.clear();
    }

    fn mono(at: i64) -> Mono {
        Mono::from_nanos(at.cast_unsigned())
    }

    fn callback(&mut self) {
        while self.decoded < MOST_FRAMES && self.ring.push(self.decoded as f32).is_ok() {
            self.decoded += 1;
        }
        let heard = self.dry.max(self.now + PERIOD_NANOS);
        let mut samples = vec![f32::NAN; PERIOD];
        self.playout.fill(&mut samples, Self::mono(self.now), Self::mono(heard));
        self.check_end(samples[PERIOD - 1]);
        self.queue.push_back(Queued { heard, samples });
        self.dry = heard + PERIOD_NANOS;
        self.look();
        if self.playout.state.is_stale() {
            self.reopen();
        }
    }

    fn look(&mut self) {
        self.seen.push((self.now, self.shared.playhead.read()));
    }

    /// While sound plays, the playhead goes no further than the last frame that was handed over.
    fn check_end(&self, last: f32) {
        if let Playhead::Running(course) = self.shared.playhead.read()
            && last >= 480.0
            && last.fract() == 0.0
        {
            let end = SPEC.position_of(last as i64 + 1).0 + self.playout.ahead();
            assert!(course.until.0 <= end.max(course.from.0) + 1, "{course:?} ends not at {end}");
        }
    }

    fn play(&mut self, span: i64) {
        let end = self.now + span;
        loop {
            let next = (self.dry - QUEUED).max(self.now);
            if next >= end {
                self.now = end;
                break;
            }
            self.now = next;
            self.callback(); // may take the time of an opening
        }
        self.compare();
    }

    fn disturb(&mut self) {
        self.compare();
        self.disturbed = self.now;
    }

    fn stop(&mut self, span: i64) {
        self.disturb();
        self.stopped.push((self.now, self.now + span));
        self.now += span;
        self.disturbed = self.now;
    }

    fn hang(&mut self, span: i64) {
        self.disturb();
        let now = self.now;
        for queued in self.queue.iter_mut().filter(|queued| queued.heard >= now) {
            queued.heard += span;
        }
        self.dry = self.dry.max(now) + span;
        self.now += span;
        self.disturbed = self.now;
    }

    fn pause(&mut self) {
        self.disturb();
        self.shared.playhead.update(|playhead| playhead.paused(Self::mono(self.now)));
        self.look();
    }

    fn resume(&mut self) {
        super::super::resume(&self.shared, Self::mono(self.now));
        self.look();
        self.disturbed = self.now;
    }

    fn happens(&mut self, event: Disturbance) {
        match event {
            Disturbance::Play(millis) => self.play(millis * MILLI),
            Disturbance::Stop(millis) => self.stop(millis * MILLI),
            Disturbance::Hang(millis) => self.hang(millis * MILLI),
            Disturbance::Pause(millis) => {
                self.pause();
                self.play(millis * MILLI);
                self.resume();
            }
            Disturbance::Suspend(millis) => {
                self.pause();
                self.stop(millis * MILLI);
                self.resume();
            }
            Disturbance::Latency(millis) => {
                self.disturb();
                self.shared.set_latency(Offset::from_micros(millis * 1_000));
            }
        }
    }

    /// What the observer took the playhead for at `at`.
    fn playhead_at(&self, at: i64) -> Option<Position> {
        let index = self.seen.partition_point(|(since, _)| *since <= at) - 1;
        match self.seen[index].1 {
            Playhead::Waiting => None,
            Playhead::Paused(position) => Some(position),
            Playhead::Running(course) => Some(course.at(Self::mono(at))),
        }
    }

    /// Holds what was heard, and whose light is over by now, against the playhead of that instant.
    fn compare(&mut self) {
        let latency = self.shared.latency().micros() * 1_000;
        while let Some(queued) = self.queue.front() {
            let seen = queued.heard + latency;
            if seen + PERIOD_NANOS > self.now {
                break;
            }
            let is_settled = seen - self.disturbed > SETTLED;
            if is_settled && queued.samples[0] >= 480.0 && queued.samples[0].fract() == 0.0 {
                let sounds = SPEC.position_of(queued.samples[0] as i64).0;
                let light = self.playhead_at(seen).expect("it is heard");
                self.worst = self.worst.max((light.0 - sounds).abs());
                self.compared += 1;
            }
            self.queue.pop_front();
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// After any disturbances light and sound are together again within a second, and stay so.
    #[test]
    fn after_any_standstills_light_and_sound_go_on_together(
        latency in prop_oneof![Just(0_i64), -200..300_i64],
        events in prop::collection::vec(disturbance(), 0..12),
    ) {
        let mut model = Model::new(latency);
        model.play(500 * MILLI);
        for &event in &events {
            model.happens(event);
        }
        model.disturb();
        model.play(6_000 * MILLI);
        prop_assert!(model.compared > 100, "only {} compared", model.compared);
        // A standstill of less than 5 ms is slewed to.
        prop_assert!(model.worst < 6 * MILLI, "{} ns apart", model.worst);
        model.worst = 0;
        model.play(1_000 * MILLI);
        prop_assert!(model.worst < MILLI / 2, "{} ns apart at last", model.worst);
        let latency_changes = events.iter().any(|event| matches!(event, Disturbance::Latency(_)));
        let mut last = Position(i64::MIN);
        for millis in 0..model.now / MILLI {
            if let Some(position) = model.playhead_at(millis * MILLI) {
                prop_assert!(position >= last, "went back from {last:?} to {position:?}");
                let step = position.0.saturating_sub(last.0);
                let may_step = last.0 == i64::MIN || latency_changes || step <= QUEUED + DRY + 2 * MILLI;
                prop_assert!(may_step, "left out {step} ns at {millis} ms");
                last = position;
            }
        }
    }
}
