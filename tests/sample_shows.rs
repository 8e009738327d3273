//! The shows that come with starcourt, on the rig that comes with them: nothing in them is wrong, wears a
//! contact, strains an eye or is changed by the rig, and all of it happens while the music plays.
#![allow(clippy::unwrap_used)]

mod common;

use std::path::Path;

use starcourt::show::{self, Show};
use starcourt::time::ShowTime;
use starcourt::timeline::{compile, strain};

fn sample(file: &str) -> String {
    format!("{}/shows/{file}", env!("CARGO_MANIFEST_DIR"))
}

/// The show and its rig are without reproach, and its music lasts for `seconds`.
#[track_caller]
fn check(name: &str, seconds: u64) -> Show {
    let rig = common::rig(&std::fs::read_to_string(sample("rig.toml")).unwrap());
    let path = sample(&format!("{name}.show"));
    let (show, told) = show::load(Path::new(&path), &rig).unwrap();
    assert!(told.is_empty(), "{told}");
    let end = ShowTime::from_micros(seconds * 1_000_000);

    let compiled = compile(&show, &rig);
    assert_eq!(compiled.changes, []);
    assert_eq!(strain(&compiled.timeline, &rig, end), []);
    let late: Vec<_> = show.cues.iter().filter(|cue| cue.start >= end).collect();
    assert!(late.is_empty(), "{late:?}");
    for channel in rig.channel_ids() {
        let lit = compiled.timeline.tracks()[channel.index()].edges().any(|(_, level)| level.is_lit());
        assert!(lit, "{} is never lit", rig.channel(channel).name);
        let last = compiled.timeline.level_at(channel, end);
        assert!(!last.is_lit(), "{} is still lit at the end", rig.channel(channel).name);
    }
    assert_eq!(ogg_length(&show.audio.as_ref().unwrap().path), end);
    show
}

/// How long the Ogg file lasts: its last page counts the samples up to there.
fn ogg_length(path: &Path) -> ShowTime {
    const RATE: u64 = 44_100;
    let bytes = std::fs::read(path).unwrap();
    let page = bytes.windows(4).rposition(|window| window == b"OggS").unwrap();
    let samples = u64::from_le_bytes(bytes[page + 6..page + 14].try_into().unwrap());
    ShowTime::from_micros(samples * 1_000_000 / RATE)
}

#[test]
fn the_demo_is_without_reproach() {
    check("demo", 15);
}

#[test]
fn starcourt_is_without_reproach() {
    check("starcourt", 77);
}

#[test]
fn the_first_beat_of_starcourt_is_where_its_music_begins() {
    let show = check("starcourt", 77);
    assert_eq!(show.bar_beat_at(ShowTime::from_micros(420_000)).unwrap(), "1.1");
}
