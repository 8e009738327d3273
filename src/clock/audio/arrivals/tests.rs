//! A card in virtual time that tells its delay wrongly.

use super::*;

const PERIOD: i64 = 20_000_000;
const QUEUED: i64 = 27_000_000;

/// It asks in a rhythm of three, as PulseAudio does.
struct Card {
    arrivals: Arrivals,
    now: i64,
    card: i64,
    off_ppm: i64,
    /// The farthest that what was heard was from the truth.
    worst: i64,
}

impl Card {
    fn new(off_ppm: i64) -> Self {
        Self { arrivals: Arrivals::new(), now: 1_000_000_000, card: 0, off_ppm, worst: 0 }
    }

    /// Asks every period for `seconds`; tells a delay that is wrong by what `wrong` says of the seconds since they
    /// began, and comes later by what `late` says of the number of the request. Notes how far what is heard was
    /// from the truth.
    fn plays(&mut self, seconds: f64, wrong: impl Fn(f64) -> f64, late: impl Fn(i64) -> i64) -> &mut Self {
        let begun = self.now;
        while (self.now - begun) as f64 / 1e9 < seconds {
            self.now += PERIOD - PERIOD * self.off_ppm / 1_000_000;
            self.card += PERIOD;
            let truth = self.now + QUEUED;
            let told = truth + (wrong((self.now - begun) as f64 / 1e9) * 1e6) as i64;
            let late = [0, 1_300_000, 700_000][(self.card / PERIOD % 3) as usize] + late(self.card / PERIOD);
            let heard = self.arrivals.heard(mono(self.now + late), mono(told), Position(self.card));
            self.worst = self.worst.max((heard.nanos().cast_signed() - truth).abs());
        }
        self
    }

    fn forget(&mut self) -> &mut Self {
        self.worst = 0;
        self
    }

    fn stands_still(&mut self, millis: i64) -> &mut Self {
        self.now += millis * 1_000_000;
        self
    }

    fn check(&self, most_micros: i64) {
        assert!(self.worst <= most_micros * 1_000, "off by {} ns", self.worst);
    }
}

fn mono(nanos: i64) -> Mono {
    Mono::from_nanos(nanos.cast_unsigned())
}

fn right(_: f64) -> f64 {
    0.0
}

fn in_time(_: i64) -> i64 {
    0
}

#[test]
fn a_delay_that_is_told_right_is_believed() {
    for off_ppm in [-300, -66, 0, 300] {
        Card::new(off_ppm).plays(60.0, right, in_time).check(250);
    }
}

#[test]
fn a_delay_that_bends_from_the_beginning_moves_little() {
    // As PulseAudio told it: 400 ppm for five seconds, then back, steeper.
    Card::new(-66)
        .plays(7.0, |second| if second < 5.0 { 0.4 * second } else { 7.0 - second }, in_time)
        .check(300);
}

#[test]
fn a_delay_that_swings_by_nine_milliseconds_is_put_right() {
    let swing = |second: f64| 9.0 * (second * 0.7).sin();
    Card::new(-66).plays(1.0, right, in_time).plays(9.0, swing, in_time).check(1_000);
}

#[test]
fn a_delay_that_jumps_back_after_it_crept_away_is_put_right() {
    Card::new(0).plays(1.0, right, in_time).plays(9.0, |second| 2.0 * (second % 1.5), in_time).check(600);
}

#[test]
fn a_standstill_is_followed_at_once() {
    for millis in [8, 40, 95, 2_000] {
        Card::new(50).plays(3.0, right, in_time).stands_still(millis).plays(9.0, right, in_time).check(250);
    }
}

#[test]
fn a_short_standstill_is_followed_within_half_a_second() {
    for millis in [1, 2, 4] {
        let mut card = Card::new(50);
        card.plays(3.0, right, in_time).stands_still(millis).plays(0.6, right, in_time);
        card.forget().plays(9.0, right, in_time).check(400);
    }
}

#[test]
fn after_a_standstill_the_bend_is_still_known() {
    let mut card = Card::new(0);
    card.plays(2.0, right, in_time).plays(3.0, |second| second, in_time).stands_still(60);
    card.plays(3.0, |_| 3.0, in_time).check(700);
}

#[test]
fn a_server_that_holds_more_ready_is_believed() {
    // Its requests come earlier from then on; what is heard does not change.
    let mut card = Card::new(0);
    card.plays(3.0, right, in_time).plays(6.0, right, |_| -30_000_000).check(250);
    // Another one's delay changes, and its requests do not.
    let mut card = Card::new(0);
    card.plays(3.0, right, in_time).plays(6.0, |_| 40.0, in_time);
    assert!((39_500_000..40_500_000).contains(&card.worst), "{}", card.worst);
}

#[test]
fn late_requests_move_nothing() {
    let late = |number: i64| if number % 6 == 0 { 0 } else { number * 7_919_317 % 9_000_000 };
    Card::new(-66).plays(2.0, right, in_time).plays(20.0, right, late).check(300);
}

#[test]
fn requests_in_bursts_leave_what_is_told() {
    // Ten at once, then none for 200 ms; or whenever it likes.
    for seed in 1..20_i64 {
        let bursts =
            move |number: i64| (9 - number % 10) * PERIOD + number / 10 * seed * 7_919_317 % 30_000_000;
        Card::new(-66).plays(20.0, right, bursts).check(900);
        let wild = move |number: i64| number * number * seed * 7_919_317 % 400_000_000;
        Card::new(-66).plays(20.0, right, wild).check(900);
    }
}

#[test]
fn what_is_told_once_in_a_busy_moment_is_forgotten() {
    for millis in [-7.0, -4.99, -2.0, 2.0, 4.99, 7.0] {
        let mut card = Card::new(-300);
        card.plays(1.0, right, in_time).plays(0.02, |_| millis, in_time);
        card.forget().plays(5.0, right, in_time).check(250);
    }
}

#[test]
fn a_standstill_that_is_told_in_two_steps_is_followed_in_both() {
    let mut card = Card::new(50);
    card.plays(3.0, right, in_time).stands_still(15).plays(0.2, |_| -3.0, in_time);
    card.forget().plays(0.04, right, in_time).forget().plays(9.0, right, in_time).check(250);
}
