//! How long the thread may sleep where nothing is to come.

use super::super::super::sleep_plan::Awaited;
use super::*;

const A_DAY: u64 = 24 * 3_600_000;

/// What is awaited after the last of `ticks`, which are milliseconds with what is ordered then, and how many
/// milliseconds later. Neon is lit in `stretches`, the windows are at `dimmed`.
#[track_caller]
fn check(stretches: &[(u64, u64)], dimmed: Level, ticks: &[(i64, Orders)], awaits: Awaited, millis: i64) {
    let mut windows = Track::default();
    windows.hold(show(0), dimmed);
    let mut mixer = TestMixer::new([lit(stretches), windows], Passes::Loop(LoopRange::whole(show(A_DAY))));
    let mut last = at(0);
    for (millis, orders) in ticks {
        last = at(*millis);
        mixer.tick(last, running(), *orders);
    }
    let wake = mixer.next_wake(last, running());
    assert_eq!((wake.awaits, wake.at.since(last) / MILLI), (awaits, millis));
}

const NONE: Orders = Orders { is_dark: false, stop: None, hold: None };

#[test]
fn lights_that_stand_still_await_nothing_but_orders() {
    check(&[(0, A_DAY)], Level::FULL, &[(5, NONE)], Awaited::Order, 250);
    check(&[(0, A_DAY)], Level::OFF, &[(5, NONE)], Awaited::Order, 250);
}

#[test]
fn a_cue_within_the_next_hour_is_watched_for() {
    check(&[(0, 3_590_000)], Level::OFF, &[(5, NONE)], Awaited::Look, 10);
    check(&[(0, 3_610_000)], Level::OFF, &[(5, NONE)], Awaited::Order, 250);
    check(&[(0, 8)], Level::OFF, &[(5, NONE)], Awaited::Cue, 3);
}

#[test]
fn a_dimmed_lamp_goes_on_pulsing() {
    check(&[(0, A_DAY)], Level::from_percent(50), &[(5, NONE)], Awaited::Look, 2);
}

#[test]
fn a_blackout_stands_still_too_and_a_relay_that_rests_after_it_does_not() {
    check(&[(0, A_DAY)], Level::OFF, &[(5, NONE), (500, dark())], Awaited::Order, 250);
    let mut mixer =
        TestMixer::new([lit(&[(0, A_DAY)]), Track::default()], Passes::Loop(LoopRange::whole(show(A_DAY))));
    mixer.mixer.channels[0].dwell = super::relay_dwell::resting(None);
    for (millis, orders) in [(5, NONE), (500, dark()), (510, NONE)] {
        mixer.tick(at(millis), running(), orders);
    }
    assert_eq!(mixer.next_wake(at(510), running()).awaits, Awaited::Look);
}

#[test]
fn a_fade_out_is_no_standstill() {
    check(&[(0, A_DAY)], Level::OFF, &[(500, NONE), (700, stop(1_000))], Awaited::Look, 5);
}
