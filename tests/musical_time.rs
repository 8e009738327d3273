//! Bars, beats and note values to the microsecond, across every change of tempo and measure.
#![allow(clippy::unwrap_used)]

mod common;

use common::{PORCH, read, rig};
use starcourt::show::{Action, Effect};

/// Under `tempo`, `cues` start at these microseconds, in the order of the sheet.
#[track_caller]
fn check(tempo: &str, cues: &str, micros: &[u64]) {
    let (show, _) = read(&format!("length 1:00:00\n{tempo}\n{cues}"), &rig(PORCH))
        .unwrap_or_else(|told| panic!("{told}"));
    let starts: Vec<u64> = show.cues.iter().map(|cue| cue.start.micros()).collect();
    assert_eq!(starts, micros, "{tempo}\n{cues}");
}

/// Under `tempo`, the periods of the one effect in `cues` start at these microseconds.
#[track_caller]
fn check_periods(tempo: &str, cues: &str, micros: &[u64]) {
    let (show, _) = read(&format!("length 1:00:00\n{tempo}\n{cues}"), &rig(PORCH))
        .unwrap_or_else(|told| panic!("{told}"));
    let Action::Over { effect: Effect::Pulse { ticks, .. } | Effect::Steps { ticks, .. }, .. } =
        &show.cues[0].action
    else {
        panic!("{:?}", show.cues)
    };
    let starts: Vec<u64> = ticks.iter().map(|tick| tick.micros()).collect();
    assert_eq!(starts, micros, "{tempo}\n{cues}");
}

const WALTZ_FROM_3: &str = "tempo 120 bpm, 4/4\ntempo 3/4 from 3.1";

#[test]
fn beats_are_exact_to_the_microsecond_however_far_into_the_show() {
    let cues = "1.1 star on\n1.1+1/3 star on\n1.2 star on\n1.2e star on\n1001.1 star on";
    check(
        "tempo 112 bpm, first beat at 0.420 s",
        cues,
        &[420_000, 598_571, 955_714, 1_089_643, 2_143_277_143],
    );
    check("tempo 97.3 bpm", "1201.1 star on", &[2_959_917_780]);
    check_periods(
        "tempo 100 bpm",
        "1.1 to 1.3 star pulse every 1/3 beat",
        &[0, 200_000, 400_000, 600_000, 800_000, 1_000_000],
    );
    check_periods(
        "tempo 130 bpm",
        "1.1 to 1.2 star pulse every 1/7 beat",
        &[0, 65_934, 131_868, 197_802, 263_736, 329_670, 395_604],
    );
}

#[test]
fn a_note_value_is_reckoned_by_the_measure() {
    check("tempo 120 bpm, 4/4", "1.1 star on\n+1/8 star on\n+1/4 star on", &[0, 250_000, 750_000]);
    check(
        "tempo 120 bpm, 6/8",
        "1.1 star on\n+1/8 star on\n+1/4 star on\n2.1 star on",
        &[0, 500_000, 1_500_000, 3_000_000],
    );
    check_periods("tempo 120 bpm, 6/8", "steps 1.1 to 2.1 by 3/8\n  star x.", &[0, 1_500_000]);
}

#[test]
fn bars_are_counted_on_across_a_change_of_measure() {
    check(WALTZ_FROM_3, "2.3 star on\n+1 bar star on\n+1 bar star on", &[3_000_000, 5_000_000, 6_500_000]);
    check(WALTZ_FROM_3, "2.4 star on\n+1 bar star on", &[3_500_000, 5_500_000]);
    check(WALTZ_FROM_3, "1.1 star on\n+3 bars star on\n+1/2 bar star on", &[0, 5_500_000, 6_250_000]);
    check_periods(WALTZ_FROM_3, "1.1 to 5.1 star pulse every 1 bar", &[0, 2_000_000, 4_000_000, 5_500_000]);
}

#[test]
fn a_section_has_the_measure_that_holds_where_it_is_played() {
    let section = "section a\n  1.1 star on\n  2.1 star on\n  3.1 star on";
    check(WALTZ_FROM_3, &format!("2.1 play a\n{section}"), &[2_000_000, 4_000_000, 5_500_000]);
    check(WALTZ_FROM_3, &format!("3.2 play a\n{section}"), &[4_500_000, 6_000_000, 7_500_000]);
    check(WALTZ_FROM_3, &format!("1.250 s play a\n{section}"), &[1_250_000, 3_250_000, 5_250_000]);
    check(WALTZ_FROM_3, "2.1 play a\nsection a\n  0.4 star on\n  0:01 star on", &[1_500_000, 3_000_000]);
}

#[test]
fn bar_0_is_the_bar_before_the_first_where_there_is_time_for_one() {
    check(
        "tempo 120 bpm, first beat at 2 s",
        "0.1 star on\n0.4& star on\n1.1 star on",
        &[0, 1_750_000, 2_000_000],
    );
}

#[test]
fn nested_plus_counts_from_the_line_above_in_the_same_section() {
    let cues = "2.1 play a\n+1 bar star on\nsection a\n  +1 beat play b\n  +1 beat star on\nsection b\n  \
                +1 beat star on\n  +1 beat star on";
    check("tempo 120 bpm", cues, &[3_000_000, 3_500_000, 3_000_000, 4_000_000]);
}

#[test]
fn clock_time_counts_on_exactly_from_a_beat_and_beats_from_clock_time() {
    check(
        "tempo 112 bpm",
        "1.2 star on\n+1 ms star on\n+1 beat star on\n+1 us star on",
        &[535_714, 536_714, 1_072_428, 1_072_429],
    );
}

#[test]
fn a_change_of_tempo_may_lie_at_any_beat() {
    check(
        "tempo 120 bpm\ntempo 60 bpm from 1.3",
        "1.2 star on\n1.4 star on\n2.1 star on\n+1/2 bar star on",
        &[500_000, 2_000_000, 3_000_000, 5_000_000],
    );
}
