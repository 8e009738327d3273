//! How cues lie over one another, and how sections and repeats are cut: `docs/cue-sheet.md` by the word.
#![allow(clippy::unwrap_used)]

mod common;

use common::{check, timeline, timeline_on};

/// When `channel`, which only switches, comes on or goes off, in microseconds.
fn switches(cues: &str) -> Vec<u64> {
    let (timeline, _) = timeline(cues);
    timeline.tracks()[0].edges().map(|(time, _)| time.micros()).collect()
}

#[test]
fn of_equal_leads_at_the_same_time_the_one_further_down_wins() {
    let (on, fade) = ("0:01  star  80 %", "0:01  star  fade from 0 to 80 % over 2 s");
    check(&format!("{on}\n{fade}"), "star", &[(1_000, 0), (2_000, 40), (3_000, 80)]);
    check(&format!("{fade}\n{on}"), "star", &[(1_000, 80), (2_000, 80)]);
}

#[test]
fn a_higher_level_wins_over_a_fade_that_leads_lower_at_the_same_time() {
    check("0:01  star  on\n0:01  star  fade to off over 2 s", "star", &[(1_000, 100), (9_000, 100)]);
    check(
        "0:01  star  fade from on to off over 2 s",
        "star",
        &[(999, 0), (1_000, 100), (2_000, 50), (3_000, 0)],
    );
}

#[test]
fn a_fade_begins_where_the_base_was_just_before_whatever_lies_over_it() {
    let cues = "0:00  star  20 %\n0:01 to 0:03  star  on\n0:02  star  fade to 60 % over 2 s";
    check(cues, "star", &[(1_500, 100), (2_500, 100), (3_000, 40), (4_000, 60)]);
    check(
        "0:01  star  30 %\n0:01  star  fade to 80 % over 1 s",
        "star",
        &[(1_000, 0), (1_500, 40), (2_000, 80)],
    );
}

#[test]
fn of_effects_that_start_together_the_one_further_down_is_on_top() {
    let cues = "0:01 to 0:03  star  level 20 %\n0:01 to 0:02  star  level 60 %";
    check(cues, "star", &[(1_000, 60), (1_999, 60), (2_000, 20), (3_000, 0)]);
    let cues = "0:01  play  a\n0:01 to 0:03  star  level 20 %\nsection a\n  0:00 to 0:01  star  level 60 %";
    check(cues, "star", &[(1_000, 20), (1_999, 20)]);
}

#[test]
fn a_low_line_lets_through_effects_and_base_alike() {
    let cues = "0:00  star  10 %\n1.1 to 1.3  star  level 40 %\nsteps 1.1 to 2.1 by 1/4\n  star  _x__";
    check(cues, "star", &[(0, 40), (499, 40), (500, 100), (999, 100), (1_000, 10), (2_000, 10)]);
}

#[test]
fn a_base_that_is_set_under_an_effect_shows_when_the_effect_ends() {
    check("0:00 to 0:02  star  off\n0:01  star  on", "star", &[(1_500, 0), (1_999, 0), (2_000, 100)]);
}

#[test]
fn a_fade_over_no_time_is_a_leap() {
    check("0:01  star  fade to 60 % over 0 s", "star", &[(999, 0), (1_000, 60)]);
}

#[test]
fn a_relay_is_on_while_an_effect_is_at_half_or_above() {
    assert_eq!(switches("0:00  porch  pulse every 1 s for 2 s"), [0, 505_000, 1_000_000, 1_505_000]);
    assert_eq!(switches("0:01  porch  pulse 50 to 100 % every 1 s for 2 s"), [1_000_000, 3_000_000]);
    assert_eq!(switches("0:01  porch  twinkle 50 to 100 % for 2 s"), [1_000_000, 3_000_000]);
    assert!(switches("0:01  porch  twinkle 0 to 49 % for 9 s").is_empty());
    assert_eq!(switches("0:00  porch, star  chase every 1 s for 3 s"), [0, 1_000_000, 2_000_000, 3_000_000]);
}

#[test]
fn a_section_that_is_cut_starts_nothing_more_and_its_base_stays() {
    let section = "section long\n  1.1  star  fade to on over 8 s\n  1.1  porch  on for 8 s\n  2.1  garland  on\n  \
                   3.1  garland  off\n  +1 s  porch  on";
    let cues = format!("0:10  play  long for 2 bars\n{section}");
    check(&cues, "star", &[(12_000, 25), (14_000, 50), (18_000, 100), (60_000, 100)]);
    check(&cues, "porch", &[(13_999, 100), (14_000, 0), (60_000, 0)]);
    check(&cues, "garland", &[(11_999, 0), (12_000, 100), (14_000, 100), (60_000, 100)]);
    check(&format!("6.1 to 8.1  play  long\n{section}"), "garland", &[(12_000, 100), (60_000, 100)]);
}

#[test]
fn a_repeat_ends_with_the_section_that_is_cut() {
    let cues = "0:00  play  a for 3 s\nsection a\n  0:00 to 0:10 every 1 s  star  on for 1/2 beat";
    check(cues, "star", &[(2_000, 100), (2_250, 0), (3_000, 0), (4_000, 0)]);
}

#[test]
fn the_last_of_a_repeat_may_outlast_its_to() {
    let cues = "1.1 to 3.1 every 1 bar  star  on for 3 beats";
    check(cues, "star", &[(0, 100), (1_500, 0), (2_000, 100), (3_499, 100), (3_500, 0), (4_000, 0)]);
    let cues = "1.1 to 3.1 every 1 bar  play  a\nsection a\n  1.4  star  on for 2 beats";
    check(cues, "star", &[(1_500, 100), (2_500, 0), (3_500, 100), (4_499, 100), (4_500, 0)]);
}

#[test]
fn plus_counts_from_the_beginning_in_a_first_line_and_from_the_first_of_a_repeat() {
    check("+1 s  star  on", "star", &[(999, 0), (1_000, 100)]);
    check(
        "0:05  play  a\nsection a\n  +1 s  star  on\n  +1 s  star  off",
        "star",
        &[(6_000, 100), (7_000, 0)],
    );
    check(
        "0:01 to 0:05 every 1 s  porch  on for 1/8\n+500 ms  star  on\n+1 beat  star  off",
        "star",
        &[(1_500, 100), (2_000, 0)],
    );
}

#[test]
fn a_pin_with_a_lead_moves_early_but_not_before_the_show() {
    let rig = "[channels]\nporch = { pin = 4, kind = \"relay\", lead = \"8 ms\", min_on = \"0 ms\", min_off = \"0 ms\" }";
    let (timeline, _) = timeline_on(rig, "0:00  porch  on\n0:01  porch  off\n0:02  porch  on for 4 ms");
    let edges: Vec<u64> = timeline.tracks()[0].edges().map(|(time, _)| time.micros()).collect();
    assert_eq!(edges, [0, 992_000, 1_992_000, 1_996_000]);
}
