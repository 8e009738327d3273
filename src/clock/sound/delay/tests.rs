//! Cards in virtual time, whose course is followed by what they tell and by when they ask.

use super::super::discipline::{Discipline, Observation};
use super::*;

const PERIOD: i64 = 20_000_000;
const MILLI: i64 = 1_000_000;
const HOUR: f64 = 3_600.0;
/// After this, what is told about a second after the start is known.
const FOUND: f64 = 1.5;

struct DelayedCard {
    delay: Delay,
    discipline: Discipline,
    slow_ppm: i64,
    /// How late requests are, at most.
    jitter: i64,
    /// What is told is wrong by so much, so many seconds after the start.
    wrong: fn(f64) -> f64,
    request: i64,
    /// Of card and machine: how long the card has stood still so far.
    stood: i64,
    noise: u64,
    /// How far the course was off at most.
    worst: i64,
}

impl DelayedCard {
    fn new(slow_ppm: i64, jitter: i64, wrong: fn(f64) -> f64) -> Self {
        let (delay, discipline) = (Delay::new(), Discipline::new());
        Self { delay, discipline, slow_ppm, jitter, wrong, request: 0, stood: 0, noise: 7, worst: 0 }
    }

    fn play(&mut self, seconds: f64) -> &mut Self {
        for _ in 0..(seconds * 50.0) as i64 {
            let card = self.request * PERIOD;
            self.request += 1;
            // What is in the card's frame `card` is heard then; it is asked for 40 ms earlier.
            let heard = 1_000 * MILLI + card + card / 1_000_000 * self.slow_ppm + self.stood;
            let now = heard - 40 * MILLI + self.late();
            let told = heard + ((self.wrong)(card as f64 / 1e9) * 1e6) as i64;
            let mono = |at: i64| Mono::from_nanos(at.cast_unsigned());
            let right = self.delay.heard(mono(now), mono(told), Position(card));
            let seen = Observation { now: mono(now), heard: right.at, card: Position(card) };
            match right.found {
                Some(pace_ppb) => self.discipline.settle(seen, pace_ppb),
                None => self.discipline.observe(seen),
            }
            if let Some(course) = self.discipline.course() {
                let off = course.at(mono(heard)).0 - card;
                self.worst = self.worst.max(off.abs());
            }
        }
        self
    }

    /// Between nothing and [`jitter`](Self::jitter).
    fn late(&mut self) -> i64 {
        self.noise =
            self.noise.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.noise >> 33) as i64 % (self.jitter + 1)
    }

    fn forget(&mut self) -> &mut Self {
        self.worst = 0;
        self
    }

    fn check(&self, micros: i64) {
        assert!(self.worst <= micros * 1_000, "off by {} ns", self.worst);
    }
}

fn truly(_: f64) -> f64 {
    0.0
}

#[test]
fn lights_follow_a_card_that_is_off_for_an_hour_however_busy_the_machine_is() {
    for slow_ppm in [-300, 0, 300] {
        for jitter in [0, MILLI / 20, MILLI / 2, 2 * MILLI, 5 * MILLI, 12 * MILLI] {
            DelayedCard::new(slow_ppm, jitter, truly).play(FOUND).forget().play(HOUR).check(500);
        }
    }
}

/// Chance may make a line of such requests.
#[test]
fn lights_follow_a_card_whichever_way_requests_jitter() {
    for noise in 0..100 {
        for jitter in [2 * MILLI, 5 * MILLI] {
            let mut card = DelayedCard::new(300, jitter, truly);
            card.noise = noise;
            card.play(FOUND).forget().play(60.0).check(900);
        }
    }
}

#[test]
fn a_delay_that_creeps_by_eight_milliseconds_moves_no_light() {
    let creeps: fn(f64) -> f64 = |seconds| (seconds - 1.0).clamp(0.0, 5.0) * 1.6;
    for slow_ppm in [-100, 0, 100] {
        DelayedCard::new(slow_ppm, 0, creeps).play(FOUND).forget().play(7.0).check(500);
        DelayedCard::new(slow_ppm, MILLI / 20, creeps).play(FOUND).forget().play(7.0).check(500);
    }
}

/// As recorded under PulseAudio 16.
#[test]
fn a_first_report_that_is_wrong_is_put_right_after_a_second() {
    let reports: fn(f64) -> f64 = |seconds| {
        -2.4 * match seconds {
            ..0.31 => 0.95,
            ..0.62 => 0.85 - (seconds - 0.31) * 0.4,
            ..1.24 => 0.43 - (seconds - 0.62) * 0.8,
            ..2.5 => -0.4 - (seconds - 1.24) * 1.05,
            ..4.05 => -1.55 - (seconds - 2.5),
            ..5.55 => -2.15 - (seconds - 4.05) * 0.75,
            ..7.05 => -1.5 - (seconds - 5.55) * 0.55,
            _ => -1.0 - (seconds - 7.05) * 0.35,
        }
    };
    for slow_ppm in [-100, 0, 100] {
        DelayedCard::new(slow_ppm, MILLI / 20, reports).play(FOUND).forget().play(7.0).check(500);
    }
}

#[test]
fn a_creeping_delay_is_believed_where_requests_make_no_line() {
    let creeps: fn(f64) -> f64 = |seconds| (seconds - 1.0).clamp(0.0, 5.0) * 0.8;
    let mut card = DelayedCard::new(0, 5 * MILLI, creeps);
    card.play(12.0).forget().play(1.0);
    assert!(card.worst > 3 * MILLI, "put right by {} ns", 4 * MILLI - card.worst);
}

#[test]
fn a_delay_that_jumps_is_believed_at_once() {
    let jumps: fn(f64) -> f64 = |seconds| if seconds < 4.0 { 0.0 } else { 30.0 };
    let mut card = DelayedCard::new(0, 0, jumps);
    card.play(4.2);
    let off = card.worst;
    card.forget().play(60.0);
    assert!((off - 30 * MILLI).abs() < MILLI && card.worst < 31 * MILLI, "{off} {}", card.worst);
}

#[test]
fn a_bend_that_jumps_back_was_one() {
    let mends: fn(f64) -> f64 = |seconds| if seconds < 5.5 { (seconds - 1.0).max(0.0) * 3.0 } else { 3.0 };
    DelayedCard::new(0, MILLI / 20, mends).play(FOUND).forget().play(7.0).check(700);
}

#[test]
fn a_card_that_stood_still_goes_on_with_what_was_known() {
    let creeps: fn(f64) -> f64 = |seconds| (seconds - 1.0).clamp(0.0, 5.0);
    let mut card = DelayedCard::new(60, MILLI / 20, creeps);
    card.play(8.0).stood = 15 * MILLI;
    card.play(0.1).forget().play(20.0).check(700);
}

#[test]
fn a_beginning_that_was_wrong_is_mended_in_the_long_run() {
    let begins_late: fn(f64) -> f64 = |seconds| if seconds < 1.2 { 1.0 } else { 0.0 };
    DelayedCard::new(0, 0, begins_late).play(300.0).forget().play(10.0).check(200);
}
