//! Rigs and cue sheets that are wrong, too large, or change under a show.

use std::fs::{self, File};

use rustix::process::Signal;

use crate::common::porch::{LIT, Porch};

/// A show of `sheet` is refused with 65 and these words, and no line is touched.
#[track_caller]
fn check_refused(sheet: &str, words: &str) {
    let porch = Porch::lit();
    porch.write_show("porch", sheet);
    is_refused(&porch, words);
}

#[track_caller]
pub(crate) fn is_refused(porch: &Porch, words: &str) {
    let mut launch = porch.launch(porch.command_with_sound(&[], "porch"));
    let code = launch.code();
    let said = launch.said();
    assert!(code == 65 && said.contains(words), "{code}: {said}");
    assert_eq!(porch.pins(), "", "a line was touched");
    plays_next(porch);
}

#[track_caller]
pub(crate) fn plays_next(porch: &Porch) {
    let next = porch.command_with_sound(&[], "encore").status().unwrap();
    assert!(next.success() && porch.is_safe(), "{next}: {}", porch.pins());
}

#[test]
fn a_cue_sheet_of_a_gigabyte_is_not_read() {
    let porch = Porch::lit();
    File::create(porch.path("porch.show")).unwrap().set_len(1 << 30).unwrap();
    is_refused(&porch, "1024 MiB is too large for a cue sheet");
}

#[test]
fn a_rig_of_a_gigabyte_is_not_read() {
    let porch = Porch::lit();
    let rig = fs::read_to_string(porch.path("rig.toml")).unwrap();
    File::create(porch.path("rig.toml")).unwrap().set_len(1 << 30).unwrap();
    let mut launch = porch.launch(porch.command());
    assert_eq!(launch.code(), 65, "{}", launch.said());
    assert_eq!(porch.pins(), "");
    fs::write(porch.path("rig.toml"), rig).unwrap();
    plays_next(&porch);
}

#[test]
fn sections_that_nest_too_deep_are_refused() {
    let sections = |at| format!("section a{at}\n  0:00  play  a{}\n", at + 1);
    let sections: String = (1..20_000).map(sections).collect();
    let words = "sections play one another 64 deep";
    check_refused(&format!("length 1:00\n0:00  play  a1\n{sections}section a20000\n  0:00 neon on\n"), words);
}

#[test]
fn more_than_a_million_events_are_refused() {
    let words = "this show changes its lights more than a million times";
    check_refused("length 24:00:00\n0:00 to 23:00:00 every 10 ms  garland  on for 1 ms\n", words);
}

#[test]
fn nearly_a_million_events_play() {
    let porch = Porch::lit();
    porch.write_show(
        "porch",
        &format!("length 24:00:00\n{LIT}1:00 to 23:00:00 every 200 ms  moon  on for 1 ms\n"),
    );
    let mut launch = porch.play();
    launch.goes_safe_on_signal(Signal::TERM);
    launch.ends_with(0);
}

#[test]
fn a_rig_and_a_show_that_are_edited_while_they_play_play_on_as_they_were() {
    let porch = Porch::lit();
    let mut launch = porch.play();
    fs::write(porch.path("rig.toml"), "[channels\n").unwrap();
    porch.write_show("porch", "nonsense\n");
    launch.stays(std::time::Duration::from_millis(500), "lit", |launch| launch.porch.is_lit());
    launch.goes_safe_on_signal(Signal::TERM);
    assert_eq!(launch.code(), 0);
    porch.write_rig("");
    plays_next(&porch);
}

#[test]
fn a_rig_and_a_show_that_are_gone_are_told() {
    for (gone, code) in [("rig.toml", 65), ("porch.show", 65)] {
        let porch = Porch::lit();
        fs::remove_file(porch.path(gone)).unwrap();
        let mut launch = porch.launch(porch.command());
        assert_eq!(launch.code(), code, "{}", launch.said());
        assert_eq!(porch.pins(), "");
    }
}
