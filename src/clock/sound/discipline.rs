//! Fits a straight course through the instants a sound card tells. Pure: knows no card and no clock.

use crate::clock::{Course, Position};
use crate::time::Mono;

/// What one callback of the card tells: the frame that is `card` into the stream is heard at `heard`.
///
/// Card time is frames by the card's nominal rate, so a card that is 300 ppm fast gains 300 µs a
/// second on the machine's clock.
#[derive(Clone, Copy, Debug)]
pub(super) struct Observation {
    /// When this was told.
    pub now: Mono,
    pub heard: Mono,
    pub card: Position,
}

/// The course of card time against the machine's clock.
///
/// A proportional-integral loop: the integral part learns the card's own pace, so a constant pace
/// leaves no standing error; the proportional part takes the rest out. Critically damped at
/// [`SETTLING`], a card 300 ppm off is never more than 0.34 ms wrong while that is learnt, and single
/// callbacks that are 40 µs off move the course by a few microseconds.
#[derive(Debug)]
pub(super) struct Discipline {
    course: Option<Course>,
    last: Mono,
    /// The card's own pace against the machine's clock, as far as it is known.
    pace_ppb: f64,
    trust: Trust,
    strays: Strays,
}

/// Whether the course may be relied upon yet.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Trust {
    /// Not yet: of the observations since then the latest `agreeing` make up the course.
    Growing {
        since: Mono,
        agreeing: u32,
    },
    Given,
}

/// Observations in a row that were too far off to slew to.
#[derive(Clone, Copy, Debug)]
struct Strays {
    since: Option<Mono>,
    /// Of these, the latest that tell of the same stall, and how far off they say it is.
    alike: u32,
    by: i64,
}

/// Seconds in which the proportional part takes out an error: long against a callback's jitter,
/// short against the drift of a warming crystal.
const SETTLING: f64 = 1.5;
/// One millisecond a second: nobody hears or sees that, and one wild callback hardly shows.
const MOST_SLEW_PPB: f64 = 1_000_000.0;
/// Crystals are within 100 ppm, bad ones within 500.
const MOST_PACE_PPB: f64 = 1_000_000.0;
/// Further off than this, sound has stalled: slewing would take seconds.
const JUMP: i64 = 5_000_000;
/// Nearer than this, nothing needs to be settled.
const SETTLED: i64 = 100_000;
/// A callback that ran late says the same as a stall, once; a stall says it again and again.
const STRAYS_TO_JUMP: u32 = 3;
/// Strays that differ by more than this tell of a busy machine, not of one stall.
const SAME_STALL: i64 = 2_500_000;
/// With strays for this long the course is wrong, whatever they say. Nanoseconds.
const STRAYS_AT_MOST: i64 = 500_000_000;
/// This many observations in a row that agree are relied upon: a late one is not among them.
const AGREEING: u32 = 4;
/// They agree when they differ from their mean by less, nanoseconds: ten times a callback's jitter.
const AGREEMENT: i64 = 400_000;
/// A card that does not agree with itself after half a second is taken as it is. Nanoseconds, and no count:
/// PipeWire may ask for two seconds of frames within a tenth, to catch up.
const GROWS_AT_MOST: i64 = 500_000_000;
/// Longer gaps between observations teach nothing about the pace.
const LONGEST_STEP: f64 = 0.25;

impl Strays {
    const NONE: Self = Self { since: None, alike: 0, by: 0 };
}

impl Discipline {
    pub(super) const fn new() -> Self {
        Self {
            course: None,
            last: Mono::from_nanos(0),
            pace_ppb: 0.0,
            trust: Trust::Growing { since: Mono::from_nanos(0), agreeing: 1 },
            strays: Strays::NONE,
        }
    }

    /// The card stood still: only its pace is still known.
    pub(super) fn start_anew(&mut self) {
        *self = Self { pace_ppb: self.pace_ppb, ..Self::new() };
    }

    /// The course of card time, once it may be relied upon.
    pub(super) fn course(&self) -> Option<Course> {
        self.course.filter(|_| self.trust == Trust::Given)
    }

    /// What was seen until now was worth less than this, and so was the pace that came of it.
    pub(super) fn settle(&mut self, seen: Observation, pace_ppb: f64) {
        let Some(course) = self.course() else { return self.observe(seen) };
        let error = seen.card.0 - course.at(seen.heard).0;
        if !(SETTLED..JUMP).contains(&error.abs()) {
            return self.observe(seen);
        }
        self.pace_ppb = pace_ppb;
        self.begin(seen);
    }

    pub(super) fn observe(&mut self, seen: Observation) {
        let Some(course) = self.course else {
            self.trust = Trust::Growing { since: seen.now, agreeing: 1 };
            return self.begin(seen);
        };
        let error = seen.card.0 - course.at(seen.heard).0;
        match self.trust {
            Trust::Growing { since, agreeing } => self.grow(course, seen, error, since, agreeing),
            Trust::Given if error.abs() > JUMP => self.stray(seen, error),
            Trust::Given => self.slew(course, seen, error as f64),
        }
    }

    /// Takes the mean of those observations that agree.
    fn grow(&mut self, course: Course, seen: Observation, error: i64, since: Mono, agreeing: u32) {
        let agreeing = if error.abs() <= AGREEMENT {
            let mean = Position(course.position.0 + error / i64::from(agreeing + 1));
            self.course = Some(Course { position: mean, ..course });
            agreeing + 1
        } else {
            self.begin(seen);
            1
        };
        let given = agreeing >= AGREEING || seen.now.since(since) >= GROWS_AT_MOST;
        self.trust = if given { Trust::Given } else { Trust::Growing { since, agreeing } };
        self.last = seen.now;
    }

    fn begin(&mut self, seen: Observation) {
        let course = Course { rate_ppb: self.pace_ppb as i32, ..Course::by_machine(seen.heard, seen.card) };
        self.course = Some(Course { anchor: seen.now, position: course.at(seen.now), ..course });
        self.last = seen.now;
        self.strays = Strays::NONE;
    }

    /// Runs on by the old course until it is plain that the sound stalled.
    fn stray(&mut self, seen: Observation, error: i64) {
        let strays = &mut self.strays;
        let same_stall = (error - strays.by).abs() <= SAME_STALL;
        strays.alike = if same_stall { strays.alike + 1 } else { 1 };
        strays.by = error;
        let since = *strays.since.get_or_insert(seen.now);
        if strays.alike >= STRAYS_TO_JUMP || seen.now.since(since) >= STRAYS_AT_MOST {
            self.begin(seen);
        }
    }

    fn slew(&mut self, course: Course, seen: Observation, error: f64) {
        self.strays = Strays::NONE;
        let step = (seen.now.since(self.last) as f64 / 1e9).clamp(0.0, LONGEST_STEP);
        let wanted = error / SETTLING; // ns a second, which is ppb
        let slew = wanted.clamp(-MOST_SLEW_PPB, MOST_SLEW_PPB);
        if slew == wanted {
            // Learning while the slew is cut would wind the pace up far beyond the truth.
            self.pace_ppb += error * step / (4.0 * SETTLING * SETTLING);
            self.pace_ppb = self.pace_ppb.clamp(-MOST_PACE_PPB, MOST_PACE_PPB);
        }
        let rate_ppb = (self.pace_ppb + slew).round() as i32;
        self.course = Some(Course { rate_ppb, ..Course::by_machine(seen.now, course.at(seen.now)) });
        self.last = seen.now;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PERIOD: i64 = 20_000_000;
    const QUEUED: i64 = 40_000_000;

    /// A sound card in virtual time, with the course that follows it.
    struct SimulatedCard {
        discipline: Discipline,
        now: i64,
        card: i64,
        off_ppm: i64,
        jitter: i64,
        noise: u64,
        worst: i64,
        last: Option<Position>,
        backwards: i64,
    }

    impl SimulatedCard {
        fn new(off_ppm: i64, jitter: i64) -> Self {
            let mut card = Self {
                discipline: Discipline::new(),
                now: 1_000_000_000,
                card: 0,
                off_ppm,
                jitter,
                noise: 7,
                worst: 0,
                last: None,
                backwards: 0,
            };
            card.play(1.0);
            card.forget();
            card
        }

        /// Callbacks for `seconds`; notes how far the course was from the truth at each.
        fn play(&mut self, seconds: f64) -> &mut Self {
            for _ in 0..(seconds * 1e9 / PERIOD as f64).round() as i64 {
                self.now += PERIOD - PERIOD * self.off_ppm / 1_000_000;
                self.card += PERIOD;
                let late = self.noise();
                self.tell(late);
                if let Some(course) = self.discipline.course() {
                    let heard = Mono::from_nanos((self.now + QUEUED).cast_unsigned());
                    let position = course.at(heard);
                    self.worst = self.worst.max((position.0 - self.card).abs());
                    self.backwards = self.backwards.max(self.last.map_or(0, |last| last.0 - position.0));
                    self.last = Some(position);
                }
            }
            self
        }

        fn tell(&mut self, late: i64) {
            let mono = |nanos: i64| Mono::from_nanos(nanos.cast_unsigned());
            self.discipline.observe(Observation {
                now: mono(self.now + late.max(0)),
                heard: mono(self.now + QUEUED + late),
                card: Position(self.card),
            });
        }

        fn noise(&mut self) -> i64 {
            self.noise =
                self.noise.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            ((self.noise >> 33) as i64 % (2 * self.jitter + 1)) - self.jitter
        }

        /// The card stands still.
        fn stall(&mut self, millis: i64) -> &mut Self {
            self.now += millis * 1_000_000;
            self
        }

        fn forget(&mut self) -> &mut Self {
            (self.worst, self.last, self.backwards) = (0, None, 0);
            self
        }

        fn check(&self, worst_micros: i64) {
            assert!(self.worst <= worst_micros * 1_000, "off by {} ns", self.worst);
            assert_eq!(self.backwards, 0, "the playhead ran backwards");
        }
    }

    #[test]
    fn a_card_300_ppm_off_stays_within_half_a_millisecond_for_an_hour() {
        for off_ppm in [-300, 300] {
            SimulatedCard::new(off_ppm, 0).play(3_600.0).check(400);
            SimulatedCard::new(off_ppm, 40_000).play(3_600.0).check(450);
        }
    }

    #[test]
    fn a_constant_pace_leaves_no_standing_error() {
        SimulatedCard::new(300, 0).play(60.0).forget().play(3_600.0).check(1);
    }

    #[test]
    fn the_jitter_of_callbacks_is_filtered() {
        SimulatedCard::new(0, 40_000).play(10.0).forget().play(600.0).check(12);
    }

    #[test]
    fn one_late_callback_does_not_move_the_lights() {
        let mut card = SimulatedCard::new(50, 0);
        card.play(60.0).forget();
        card.tell(12_000_000);
        card.play(1.0).check(2);
        card.tell(3_000_000);
        card.play(5.0).check(70);
    }

    #[test]
    fn a_stall_is_jumped_after_three_callbacks() {
        let mut card = SimulatedCard::new(0, 0);
        card.play(10.0).stall(80).play(0.06).forget().play(10.0).check(10);
    }

    #[test]
    fn a_small_stall_is_slewed_at_a_millisecond_a_second() {
        let mut card = SimulatedCard::new(0, 0);
        card.play(10.0).stall(3).play(20.0).forget().play(10.0).check(50);
        assert_eq!(card.backwards, 0);
    }

    #[test]
    fn nothing_is_relied_upon_before_callbacks_agree() {
        let mut card = SimulatedCard::new(0, 0);
        card.discipline = Discipline::new();
        for late in [0, 30_000_000, -8_000_000] {
            card.tell(late);
            assert_eq!(card.discipline.course(), None);
        }
        card.play(0.06);
        assert_eq!(card.discipline.course(), None);
        card.play(0.02);
        assert!(card.discipline.course().is_some());
    }

    #[test]
    fn frames_that_are_asked_for_at_one_go_tell_nothing() {
        let mut card = SimulatedCard::new(0, 0);
        card.discipline.start_anew();
        for _ in 0..100 {
            card.tell(0);
            card.now += 1_000_000;
            card.card += PERIOD;
            assert_eq!(card.discipline.course(), None);
        }
        card.play(0.1).forget().play(1.0).check(10);
    }

    #[test]
    fn a_card_that_never_agrees_with_itself_is_taken_as_it_is() {
        let mut card = SimulatedCard::new(0, 3_000_000);
        card.discipline = Discipline::new();
        card.play(0.6);
        assert!(card.discipline.course().is_some());
    }
}
