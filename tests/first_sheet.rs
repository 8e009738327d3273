//! What a person writes who has never seen a cue sheet, and what they are told: one mistake, and the mend.
#![allow(clippy::unwrap_used)]

mod common;

use common::{PORCH, read, rig, sheet};
use starcourt::diagnosis::{Diagnoses, Source};

/// `text` has one mistake, and what is told of it contains `words`.
#[track_caller]
fn check(text: &str, words: &str) {
    let mistakes = read(text, &rig(PORCH)).expect_err(text);
    let told = mistakes.to_string();
    assert_eq!(mistakes.iter().count(), 1, "{told}");
    assert!(told.contains(words), "`{words}` is not in\n{told}");
}

#[test]
fn a_line_that_looks_almost_right_is_told_how_to_write_it() {
    for (line, words) in [
        ("5.1  star  fade 80%", "write `5.1  star  fade to 80% over 2 s`"),
        ("5.1  star  fade out over 2 s", "write `to off`"),
        ("5.1  star  fade to 80 % 2 s", "write `5.1  star  fade to 80 % over 2 s`"),
        ("5.1  star  fade to 80 % over 2", "write `2 s`, `2 beats` or `2 bars`"),
        ("5.1  star  fade to 80 %", "`over` is missing"),
        ("5.1  star  ON", "did you mean `on`?"),
        ("5.1  star  40", "write `40 %`"),
        ("5.1  star  12,5 %", "write `5.1  star  12.5 %`"),
        ("5.1  star  dim", "a level is `40 %`"),
        ("5.1  star  blink", "is `strobe every 500 ms for 8 s`"),
        ("5.1  star  turn on", "`on`, `off` or a level is enough"),
        ("5.1  star  pulse 1 beat", "write `5.1  star  pulse every 1 beat for 8 s`"),
        ("5.1  star  pulse every beat for 4 bars", "write `1 beat`"),
        ("5.1  star  pulse every 1 beat", "write `pulse every 1 beat for 8 s`"),
        ("5.1  star", "the line ends where `on`, `off`, a level, a fade or an effect is expected"),
        ("5.1  star  on 2 s", "write `5.1  star  on for 2 s`"),
        ("5.1  star  on to 9.1", "write `5.1 to 9.1  star  on`"),
        ("5.1  star  on every 1 bar", "as in `5.1 to 9.1 every 1 bar`"),
        ("5.1  star and porch  on", "write `5.1  star, porch  on`"),
        ("5.1  star porch  on", "write `, porch`"),
        ("5.1  all except star  on", "write `but`"),
        ("5.1  on  star", "write `5.1  star  on`"),
        ("star  5.1  on", "put its time first: write `5.1  star on`"),
        ("5.1  Star  on", "did you mean `star`?"),
        ("at 5.1  star  on", "a cue begins with the time itself"),
        ("5.1 - 9.1  star  on", "write `5.1 to 9.1  star  on`"),
        ("5.1-9.1  star  on", "write `5.1 to 9.1`"),
        ("5.1 for 2 s  star  on", "write `5.1 star  on for 2 s`"),
        ("9.2 &  star  on", "write `9.2&  star  on`"),
        ("9.5  star  on", "there is no beat 5"),
        ("1.30  star  on", "write `1:30` or `1.30 s`"),
        ("1.03  star  on", "write `1.03 s` or `1:03`"),
        ("1:5  star  on", "two digits of seconds, such as `1:05`"),
        ("1:23,450  star  on", "write `1:23.450  star  on`"),
        ("90  star  on", "write `90 s` by the clock, or `90.1` for the first beat of bar 90"),
        ("play chorus", "`0:10  play  chorus`"),
        ("5.1  play", "the line ends where the name of a section is expected"),
        ("5.1  play  chorus", "add a line `section chorus`"),
        ("5.1  star  on // bright", "a comment starts with `#`"),
        ("5.1  st\u{200b}ar  on", "there is an invisible character here"),
        ("5.1  star  on\0", "there is an invisible character here"),
        ("５．１　STAR　ON", "write `5.1 star on`"),
        ("fade to 80 % over 2 s  star  5.1", "write `5.1  star  fade to 80 % over 2 s`"),
        ("5.1; star; on for 1½ beats", "write `5.1 star on for 1.5 beats`"),
        ("5.1  star  on fro 2 beats", "write `5.1 star on for 2 beats`"),
        ("5.1  star  on for 3 bats", "write `5.1 star on for 3 bars` or `5.1 star on for 3 beats`"),
        ("0:20 to 0:5  star  on", "write `0:05 to 0:20  star  on`"),
        ("\"9.2e\"  star  on", "write `9.2e`"),
        ("9.2＆  star  on", "write `9.2&  star  on`"),
        ("5.1  star  on for 500", "write `500 ms`, `500 s` or `500 beats`"),
        ("steps 5.1 to 6.1 by 1/8\nstar  x...", "indent it further than its `steps`"),
    ] {
        check(&sheet(line), words);
    }
}

/// A hint that is followed without a thought must light nothing that should be dark, and at no other time.
#[test]
fn no_hint_means_the_opposite_or_something_else() {
    check(&sheet("1.1 no lights"), "write `1.1 all off`");
    check(&sheet("1.1 light garland on"), "take `light` out");
    check(&sheet("1.1 not garland on"), "write `1.1 garland  off` or `1.1 all but garland  on`");
    check(&sheet("1.1 nothing on"), "the rig has");
    check(&sheet("1.1 and 3.1 porch on"), "write `1.1  porch on` and below it `3.1  porch on`");
    check(&sheet("1.1, 2.1, 3.1 porch on"), "`2.1  porch on` and below it `3.1  porch on`");
}

#[test]
fn a_head_that_looks_almost_right_is_one_mistake_too() {
    for (head, words) in [
        ("length 1:00\ntempo = 112", "write `tempo 112 bpm`"),
        ("length 1:00\ntempo 112", "write `112 bpm`"),
        ("length 1:00\ntempo: 112 bpm", "did you mean `tempo`?"),
        ("length 1:00\ntempo 112,5 bpm", "write `tempo 112.5 bpm`"),
        ("length 1:00\ntempo 112 bpm, first beat at 0.42", "write `0.42 s`"),
        ("length 1:00\ntempo 90 bpm\ntempo 80 bpm, first beat at 1 s from 9.1", "not at a change of tempo"),
        ("length 1:00\ntempo map porch-beats.txt, first beat at 1 s", "already gives the first beat"),
        ("length 90\ntempo 112 bpm", "write `90 s`"),
        ("lenght 1:30\ntempo 112 bpm", "did you mean `length`?"),
        ("length = 1:30\ntempo 112 bpm", "take `=` out: a space is enough"),
        ("length 1:00\ntempo 112 bpm\ntitle = A", "take `=` out: a space is enough"),
        ("length 1:00", "bars and beats need a tempo"),
    ] {
        check(&format!("{head}\n1.1  star  on\n2.1  star  off\n"), words);
    }
}

#[test]
fn line_ends_of_other_machines_and_marks_of_other_editors_are_no_mistakes() {
    let sheet = "title A\nlength 1:00\n\n0:01  star  on  # a remark\nsteps 0:02 to 0:04 by 1 s\n  star  x.\n";
    let windows = format!("\u{feff}{}", sheet.replace('\n', "\r\n"));
    let tabs = sheet.replace("  ", "\t");
    let nonbreaking = sheet.replace("  ", "\u{a0}\u{a0}");
    let cues = |text: &str| read(text, &rig(PORCH)).map(|(show, told)| (show.title, show.cues.len(), told));
    for text in [windows, tabs, nonbreaking] {
        assert_eq!(cues(&text), Ok(("A".into(), 2, Diagnoses::default())), "{text:?}");
    }
    let wrong = "title A\r\nlength 1:00\r\n0:01  sta  on\r\n";
    let told = read(wrong, &rig(PORCH)).unwrap_err().to_string();
    assert!(told.contains("\n3 | 0:01  sta  on\n"), "{told}");
    assert_eq!(Source::new("a.show", "\u{feff}title A").text(), "title A");
}

#[test]
fn a_row_may_stand_in_by_a_tab_and_its_steps_by_spaces() {
    let cues = "1.1  play  a\nsection a\n  steps 1.1 to 2.1 by 1/4\n\tstar  x.\n";
    assert!(read(&sheet(cues), &rig(PORCH)).is_ok());
}
