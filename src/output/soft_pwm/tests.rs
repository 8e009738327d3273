//! The lamps on a bench: late wake-ups and all.

use super::*;

const PERIOD: u64 = 5_000_000;

fn at(micros: u64) -> Mono {
    Mono::from_nanos(1_000_000_000 + micros * 1_000)
}

/// One lamp, and a log of when it was lit and darkened, in microseconds.
struct Bench {
    lamps: SoftPwm,
    was_lit: bool,
    log: Vec<(u64, bool)>,
}

impl Bench {
    fn new() -> Self {
        Self { lamps: SoftPwm::new(PERIOD, [false].into_iter()), was_lit: false, log: Vec::new() }
    }

    fn set(&mut self, micros: u64, on_time_us: u64) {
        self.lamps.set(0, on_time_us * 1_000, at(micros));
        self.write(micros);
    }

    fn write(&mut self, micros: u64) {
        self.lamps.advance(at(micros));
        if self.lamps.is_lit(0) != self.was_lit {
            self.was_lit = self.lamps.is_lit(0);
            self.lamps.note(0, at(micros));
            self.log.push((micros, self.was_lit));
        }
    }

    /// Runs until `micros`; each wake-up comes late by what `late_us` says.
    fn run(&mut self, until: u64, mut late_us: impl FnMut() -> u64) {
        while let Some(edge) = self.lamps.next_edge() {
            let due = (edge.since(at(0)).max(0).unsigned_abs()).div_ceil(1_000);
            if due >= until {
                return;
            }
            self.write(due + late_us());
        }
    }

    fn check(&self, log: &[(u64, bool)]) {
        assert_eq!(self.log, log);
    }

    /// The share of the time up to `until` that the lamp was lit.
    fn share(&self, until: u64) -> f64 {
        let mut lit = 0;
        for (index, (micros, is_lit)) in self.log.iter().enumerate() {
            let next = self.log.get(index + 1).map_or(until, |(next, _)| *next);
            lit += if *is_lit { next - micros } else { 0 };
        }
        lit as f64 / until as f64
    }
}

#[test]
fn a_dimmed_lamp_pulses_once_a_period() {
    let mut bench = Bench::new();
    bench.set(0, 2_000);
    bench.run(14_000, || 0);
    bench.check(&[(0, true), (2_000, false), (5_000, true), (7_000, false), (10_000, true), (12_000, false)]);
}

#[test]
fn steady_lamps_make_no_edges_and_no_wake_ups() {
    let mut bench = Bench::new();
    bench.set(0, 5_000);
    assert_eq!(bench.lamps.next_edge(), None);
    bench.set(50_000, 0);
    assert_eq!(bench.lamps.next_edge(), None);
    bench.check(&[(0, true), (50_000, false)]);
}

#[test]
fn the_period_stops_when_no_lamp_is_dimmed() {
    let mut bench = Bench::new();
    bench.set(0, 1_000);
    bench.run(3_000, || 0);
    bench.set(3_000, 5_000);
    bench.run(100_000, || 0);
    assert_eq!(bench.lamps.next_edge(), None);
    bench.check(&[(0, true), (1_000, false), (3_000, true)]);
}

#[test]
fn a_change_in_mid_period_never_makes_a_second_pulse() {
    for (change_us, on_time_us, log) in [
        // Lit: the pulse is drawn out, or cut.
        (1_000, 3_000, vec![(0, true), (3_000, false), (5_000, true)]),
        (1_000, 500, vec![(0, true), (1_000, false), (5_000, true)]),
        // Dark again: the next period is soon enough.
        (2_500, 3_000, vec![(0, true), (2_000, false), (5_000, true)]),
        (2_500, 1_000, vec![(0, true), (2_000, false), (5_000, true)]),
        // Off, and on for good, are at once.
        (1_000, 0, vec![(0, true), (1_000, false)]),
        (2_500, 5_000, vec![(0, true), (2_000, false), (2_500, true)]),
    ] {
        let mut bench = Bench::new();
        bench.set(0, 2_000);
        bench.run(change_us, || 0);
        bench.set(change_us, on_time_us);
        bench.run(5_100, || 0);
        bench.check(&log);
    }
}

#[test]
fn first_light_comes_at_once_in_mid_period() {
    let mut lamps = SoftPwm::new(PERIOD, [false, false].into_iter());
    lamps.set(0, 1_000_000, at(0));
    lamps.set(1, 1_000_000, at(2_000));
    assert!(lamps.is_lit(1));
    lamps.note(1, at(2_000));
    lamps.advance(at(3_000));
    assert!(!lamps.is_lit(1));
    // Too near to the end of the period for a pulse: it runs on into the next.
    lamps.advance(at(5_000));
    lamps.set(1, 0, at(5_500));
    lamps.advance(at(10_000));
    lamps.set(1, 1_000_000, at(14_500));
    lamps.note(1, at(14_500));
    lamps.advance(at(15_000));
    assert!(lamps.is_lit(1), "no gap at the turn of the period");
    lamps.advance(at(16_000));
    assert!(!lamps.is_lit(1));
}

#[test]
fn late_wake_ups_are_settled_with_the_next_pulses() {
    let mut bench = Bench::new();
    bench.set(0, 100);
    let mut turn = 0;
    bench.run(5_000_000, || {
        turn += 1;
        [3, 29, 11, 41, 0][turn % 5]
    });
    let share = bench.share(5_000_000);
    assert!((share - 0.02).abs() < 0.000_1, "{share}");
}

#[test]
fn light_below_the_shortest_pulse_is_given_by_leaving_pulses_out() {
    let mut bench = Bench::new();
    bench.lamps.set(0, 250, at(0));
    bench.run(1_000_000, || 0);
    let pulses = bench.log.iter().filter(|(_, is_lit)| *is_lit).count();
    assert!((49..=51).contains(&pulses), "a quarter of 200: {pulses}");
}

#[test]
fn gaps_below_the_shortest_are_left_out_likewise() {
    let mut bench = Bench::new();
    bench.lamps.set(0, PERIOD - 500, at(0));
    bench.write(0);
    bench.run(1_000_000, || 0);
    let gaps = bench.log.iter().filter(|(_, is_lit)| !*is_lit).count();
    assert!((95..=105).contains(&gaps), "a half of 200: {gaps}");
}

#[test]
fn a_stall_does_not_leave_the_lamp_dark_afterwards() {
    let mut bench = Bench::new();
    bench.set(0, 100);
    bench.write(63_000);
    bench.run(75_000, || 0);
    assert_eq!(bench.log[1], (63_000, false), "lit through the stall");
    let next = bench.log[2];
    assert_eq!(next, (65_000, true));
    assert!((65_050..=65_100).contains(&bench.log[3].0), "{:?}", bench.log);
}

#[test]
fn what_was_lit_before_the_period_is_no_pulse_of_it() {
    // A second of light, and a second of darkness after it.
    let mut bench = Bench::new();
    bench.set(0, 5_000);
    bench.set(1_000_000, 0);
    bench.set(2_000_000, 2_000);
    bench.run(2_009_000, || 0);
    let dimmed = [(2_000_000, true), (2_002_000, false), (2_005_000, true), (2_007_000, false)];
    bench.check(&[&[(0, true), (1_000_000, false)], &dimmed[..]].concat());
}

#[test]
fn the_same_said_again_changes_nothing() {
    let mut bench = Bench::new();
    for micros in [0, 500, 1_500] {
        bench.set(micros, 2_000);
    }
    bench.run(4_000, || 0);
    bench.set(4_000, 2_000);
    bench.run(6_000, || 0);
    bench.check(&[(0, true), (2_000, false), (5_000, true)]);
}
