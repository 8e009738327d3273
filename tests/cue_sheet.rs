//! The show language as its users know it: what a sheet makes a channel show, and when.
#![allow(clippy::unwrap_used)]

mod common;

use common::{PORCH, check, read, rig, timeline, told};
use starcourt::level::Level;

#[test]
fn a_cue_holds_from_its_time_until_the_next() {
    check(
        "0:01  porch  on\n0:02  porch  off",
        "porch",
        &[(0, 0), (999, 0), (1_000, 100), (1_999, 100), (2_000, 0)],
    );
}

#[test]
fn clock_time_and_musical_time_mix() {
    check(
        "1.2  star  on\n0:01  star  off\n1.3&  star  on",
        "star",
        &[(499, 0), (500, 100), (1_000, 0), (1_250, 100)],
    );
}

#[test]
fn plus_counts_from_the_line_above() {
    check(
        "1.1  star  on\n+1 beat  star  off\n+0.5 s  star  on",
        "star",
        &[(499, 100), (500, 0), (1_000, 100)],
    );
}

#[test]
fn a_fade_begins_where_the_channel_is() {
    check(
        "0:01  star  80 %\n0:02  star  fade to 20 % over 2 s",
        "star",
        &[(2_000, 80), (3_000, 50), (4_000, 20)],
    );
}

#[test]
fn a_later_cue_takes_over_a_running_fade() {
    let cues = "0:00  star  fade to on over 10 s\n0:05  star  fade to off over 5 s";
    check(cues, "star", &[(4_000, 40), (5_000, 50), (7_500, 25), (10_000, 0)]);
}

#[test]
fn of_cues_that_start_together_the_highest_wins() {
    check("0:01  star  on\n0:01  star  off\n0:01  star  30 %", "star", &[(1_000, 100)]);
    check("0:01  star  off\n0:01  star  on", "star", &[(1_000, 100)]);
}

#[test]
fn a_relay_under_a_fade_switches_once_at_half() {
    check("0:00  porch  fade to on over 10 s", "porch", &[(4_990, 0), (5_005, 100), (20_000, 100)]);
    let (timeline, _) = timeline("0:00  porch  fade to on over 10 s ease");
    assert_eq!(timeline.tracks()[0].edges().count(), 1);
}

#[test]
fn what_has_an_end_lies_over_the_base_and_uncovers_it_again() {
    check(
        "0:00  star  fade to on over 10 s\n0:02  star  off for 2 s",
        "star",
        &[(1_000, 10), (3_000, 0), (4_000, 40)],
    );
    check("0:00  star  40 %\n0:01 to 0:02  star  on", "star", &[(500, 40), (1_500, 100), (2_000, 40)]);
}

#[test]
fn the_latest_effect_lies_on_top() {
    let cues =
        "0:00 to 0:10  star  level 20 %\n0:02 to 0:04  star  level 60 %\n0:03 to 0:09  star  level 80 %";
    check(cues, "star", &[(1_000, 20), (2_500, 60), (3_500, 80), (8_999, 80), (9_000, 20), (10_000, 0)]);
}

#[test]
fn a_pulse_flares_up_and_sinks() {
    check(
        "1.1 to 2.1  star  pulse 20 to 80 % every 2 beats",
        "star",
        &[(0, 80), (500, 50), (1_000, 80), (2_000, 0)],
    );
    check("1.1  porch  pulse every 1 beat for 1 bar", "porch", &[(0, 100), (300, 0), (500, 100), (2_000, 0)]);
}

#[test]
fn a_strobe_is_lit_for_half_its_period_or_as_long_as_it_says() {
    check("0:00 to 0:02  star  strobe every 1 s", "star", &[(0, 100), (499, 100), (500, 0), (1_000, 100)]);
    check("0:00 to 0:02  star  strobe every 1 s lit 80 ms", "star", &[(79, 100), (80, 0), (1_000, 100)]);
}

#[test]
fn a_chase_runs_along_the_group() {
    let cues = "0:00 to 0:04  trees  chase every 1 s";
    check(cues, "garland", &[(0, 100), (1_000, 0), (2_000, 100)]);
    check(cues, "star", &[(0, 0), (1_000, 100), (2_000, 0)]);
}

#[test]
fn twinkle_stays_between_its_levels_and_keeps_changing() {
    let (timeline, _) = timeline("0:00 to 0:10  star  twinkle 20 to 60 %");
    let levels: Vec<Level> = timeline.tracks()[2].edges().map(|(_, level)| level).collect();
    assert!((14..=40).contains(&levels.len()), "{}", levels.len());
    let (last, lit) = levels.split_last().unwrap();
    assert_eq!(*last, Level::OFF);
    assert!(lit.iter().all(|level| (2_000..=6_000).contains(&level.hundredths())));
}

#[test]
fn steps_repeat_until_their_end_and_let_through_what_lies_below() {
    let cues = "0:00  star  10 %\nsteps 1.1 to 2.1 by 1/4\n  star  x.5_\n  porch  x-.";
    check(cues, "star", &[(0, 100), (500, 0), (1_000, 50), (1_500, 10), (2_000, 10)]);
    check(cues, "porch", &[(0, 100), (999, 100), (1_000, 0), (1_500, 100), (2_000, 0)]);
}

#[test]
fn a_section_counts_from_where_it_is_played() {
    let cues = "0:10  play  wink\n11.1  play  wink\nsection wink\n  1.1  star  on\n  1.2  star  off";
    check(cues, "star", &[(9_999, 0), (10_000, 100), (10_500, 0), (20_000, 100), (20_500, 0)]);
}

#[test]
fn sections_nest_and_are_cut_by_an_end() {
    let cues = "2.1 to 3.1  play  outer\nsection outer\n  1.2  play  inner\nsection inner\n  1.1  star  on\n  \
                +1 s  star  off\n  +1 s  star  on\n  1.1  porch  on for 10 s";
    check(cues, "star", &[(2_499, 0), (2_500, 100), (3_500, 0), (4_500, 0)]);
    check(cues, "porch", &[(2_500, 100), (3_999, 100), (4_000, 0)]);
}

#[test]
fn every_repeats_a_cue_until_its_end() {
    check(
        "1.1 to 3.1 every 1 bar  star  on for 1 beat",
        "star",
        &[(0, 100), (500, 0), (2_000, 100), (4_000, 0)],
    );
}

#[test]
fn but_leaves_out() {
    check("0:01  all but star  on", "garland", &[(1_000, 100)]);
    check("0:01  all but star  on", "star", &[(1_000, 0)]);
}

#[test]
fn a_beat_map_is_followed() {
    let sheet = "length 1:00\ntempo map porch-beats.txt, 4/4\n1.3  star  on\n2.2  star  off\n";
    let rig = rig(PORCH);
    let (show, _) = read(sheet, &rig).unwrap();
    let edges: Vec<u64> = show.cues.iter().map(|cue| cue.start.micros()).collect();
    assert_eq!(edges, [1_600_000, 3_900_000]);
}

#[test]
fn bars_follow_a_change_of_tempo() {
    let sheet =
        "length 1:00\ntempo 120 bpm\ntempo 60 bpm, 3/4 from 3.1\n1.1 to 5.1  star  pulse every 1 bar\n";
    let (show, _) = read(sheet, &rig(PORCH)).unwrap();
    let starcourt::show::Action::Over { effect: starcourt::show::Effect::Pulse { ticks, .. }, .. } =
        &show.cues[0].action
    else {
        panic!("{:?}", show.cues)
    };
    let ticks: Vec<u64> = ticks.iter().map(|tick| tick.micros()).collect();
    assert_eq!(ticks, [0, 2_000_000, 4_000_000, 7_000_000]);
}

#[test]
fn every_mistake_of_a_sheet_is_told_at_once() {
    let cues =
        "1.1  widnows  on\n5.9  star  on\n9.1  star  glow\n1:99  star  on\n2.1  star  pulse every 1 beat\n";
    assert_eq!(
        told(cues),
        [
            "no channel or group `widnows`",
            "`glow` is not something a channel can do",
            "`1:99` is not a time",
            "when does this end?",
            "bar 5 has 4 beats",
        ]
    );
}

#[test]
fn each_mistake_has_its_own_message() {
    for (cues, title) in [
        ("0.1  star  on", "this is before the show begins"),
        ("5.1 to 3.1  star  on", "this ends before it begins"),
        ("1.1  star  fade to 80 %", "how long is this fade?"),
        ("1.1 to 2.1  star  fade to 80 % over 1 s", "this gives the length of the fade a second time"),
        ("1.1 to 2.1  star  on for 1 s", "this gives the end a second time"),
        ("1.1  all but all  on", "this leaves no channel"),
        ("1.1  play  chorus", "no section `chorus`"),
        ("1.1  play  a\nsection a\n  1.1  play  a", "section `a` plays itself"),
        ("  1.1  star  on", "this line is indented, but there is no section above it"),
        ("section a\n", "section `a` is empty"),
        ("section a\n  1.1  star  on\nsection a\n  1.1  star  on\n1.1  play  a", "section `a` is here twice"),
        ("section a\n  title B\n1.1  play  a", "`title` belongs to the head of the show"),
        ("steps 1.1 by 1/8\n  star  x.", "steps need a time, an end and a pace"),
        ("steps 1.1 to 2.1 by 1/8\n1.1  star  on", "these steps have no rows"),
        ("1.1 to 9.1 every 1 us  star  on", "this show is too large for a small Pi's memory"),
        ("1.1 to 9.1  star  pulse every 1 us", "no lamp follows this"),
        ("1.1 to 9.1  star  twinkle every 1 us", "no lamp follows this"),
        ("1.1 to 9.1  star  strobe every 1 beat lit 1/4", "this strobe is never dark"),
        ("1.1 to 9.1  trees  chase every 1 beat 0 wide", "a chase is from 1 to 4096 channels wide"),
        ("1.1  star  on for 1/3", "there is no note value `1/3`"),
        ("4294967295.1  star  on", "nothing in a show is longer than 24 hours"),
        ("25:00:00  star  on", "`25:00:00` is not a time"),
        ("star  on", "`star` is neither a time nor a word of the head"),
        ("lenght  1:00", "`lenght` is neither a time nor a word of the head"),
        ("section a\n  1.1  star  on", "no cue plays section `a`"),
    ] {
        assert_eq!(told(cues), [title], "{cues}");
    }
}

#[test]
fn a_section_that_plays_others_too_often_is_stopped() {
    let mut cues = String::from("1.1  play  s0\n");
    for depth in 0..30 {
        cues += &format!("section s{depth}\n  1.1  play  s{0}\n  1.2  play  s{0}\n", depth + 1);
    }
    cues += "section s30\n  1.1  star  on\n";
    assert_eq!(told(&cues), ["this show is too large for a small Pi's memory"]);
}

#[test]
fn a_show_says_when_it_ends() {
    let mistakes = read("title A\n", &rig(PORCH)).unwrap_err();
    assert_eq!(mistakes.iter().next().unwrap().title(), "when does this show end?");
}

#[test]
fn musical_time_needs_a_tempo_and_says_so_once() {
    let mistakes = read("length 1:00\n1.1  star  on\n2.1  star  off\n", &rig(PORCH)).unwrap_err();
    let titles: Vec<&str> = mistakes.iter().map(|told| told.title()).collect();
    assert_eq!(titles, ["bars and beats need a tempo"]);
}

#[test]
fn a_missing_beat_map_is_told_at_its_name() {
    let mistakes = read("length 1:00\ntempo map nowhere.txt\n1.1  star  on\n", &rig(PORCH)).unwrap_err();
    let text = mistakes.to_string();
    assert!(text.contains("porch.show:2:11") && text.contains("nowhere.txt"), "{text}");
    assert_eq!(mistakes.errors(), 1);
}

/// The titles of what is wrong with a sheet that has this head, at a rig with a porch and two trees.
fn told_with(head: &str, cues: &str) -> Vec<String> {
    let mistakes = read(&format!("length 10:00\n{head}\n{cues}\n"), &rig(PORCH)).unwrap_err();
    // As they are shown: in the order of the sheet.
    let mut mistakes: Vec<_> = mistakes.iter().collect();
    mistakes.sort_by_key(|told| told.span().map(|span| span.start));
    mistakes.into_iter().map(|told| told.title().to_owned()).collect()
}

#[test]
fn a_wrong_tempo_hides_no_mistake_in_bars() {
    let cues = "17.5  star  on\n20.1 to 18.1  star  pulse every 1 beat\n1.1  play  chorus";
    let mistakes = ["bar 17 has 4 beats", "this ends before it begins", "no section `chorus`"];
    for (head, title) in [
        ("tempo 112", "a tempo needs its unit"),
        ("tempo 112, 4/4", "a tempo needs its unit"),
        ("tempo = 112 bpm", "`=` is not expected here"),
        ("tempo 4/4", "how fast?"),
        ("tempo 112 bpm, first beat at 1.1", "the first beat is `1.1` itself; say when that is"),
        ("tempo 112 bpm\ntempo 96 from 30.1", "a tempo needs its unit"),
        ("tempo map nowhere.txt", "there is no file nowhere.txt"),
    ] {
        let expected: Vec<&str> = [title].into_iter().chain(mistakes).collect();
        assert_eq!(told_with(head, cues), expected, "{head}");
    }
    let titles = ["a tempo needs its unit", "bar 17 has 3 beats", mistakes[1], mistakes[2]];
    assert_eq!(told_with("tempo 112, 3/4", cues), titles);
    assert_eq!(told_with("tempo 112\ntempo 3/4 from 17.1", cues), titles);
}

#[test]
fn a_wrong_tempo_makes_no_mistakes_of_its_own() {
    for (head, cues) in [
        ("tempo 112, 4/3", "17.5  star  on"),
        ("tempo 112\ntempo 5/4 form 17.1", "17.5  star  on"),
        ("tempo 112, 4/4, 3/4", "17.4  star  on"),
        ("tempo 112 first beat at 9 s", "0.1  star  on"),
        ("tempo 112", "0:10 to 5.1  star  pulse every 1 beat\n5.1 to 0:10  star  on\n9000.1  star  on"),
        (
            "tempo 112",
            "1.1 to 2.1  star  strobe every 1 beat lit 500 ms\n1.1 to 2.1  star  pulse every 1/128 beat",
        ),
    ] {
        let titles = told_with(head, cues);
        let of_the_head = told_with(head, "0:01  star  on");
        assert_eq!(titles, of_the_head, "{head}: {cues}");
    }
}

#[test]
fn without_a_tempo_bars_have_the_mistakes_that_they_have_at_any() {
    let titles = told_with(
        "",
        "20.1 to 18.1  star  on\n17.5  star  on\n1.1  play  a\nsection a\n  3.1 to 2.1  star  on",
    );
    assert_eq!(
        titles,
        ["this ends before it begins", "bars and beats need a tempo", "this ends before it begins"]
    );
}
