//! What was heard, as labels that Audacity imports: a line has when it begins and ends in seconds, and its text. Parts,
//! moments and bars are ranges, beats are points. Knows no files.

use std::fmt::Write as _;

use super::summary::moment_name;
use crate::analysis::HeardSong;
use crate::beats::{BarGrid, BeatPlace};
use crate::time::ShowTime;

#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Label {
    from: ShowTime,
    to: ShowTime,
    text: String,
}

/// In order of time; what is longer comes first.
pub(super) fn labels(song: &HeardSong, bars: &BarGrid) -> Vec<Label> {
    let label = |from: ShowTime, to: ShowTime, text: String| Label { from, to, text };
    let on_beat = |at: ShowTime| bars.time_of(bars.beat_near(at));
    let parts = song.parts.iter().map(|part| {
        let role = part.role.map_or_else(String::new, |role| format!(" {}", role.name()));
        label(on_beat(part.from), on_beat(part.to), format!("{}{role}", part.name))
    });
    let moments =
        song.moments.iter().map(|moment| label(moment.from, moment.to, moment_name(moment.kind).to_owned()));
    let beats = bars.beats.iter().enumerate().map(|(index, at)| {
        let place = BeatPlace::of(index as i64, bars.in_bar);
        match bars.beats.get(index + bars.in_bar as usize) {
            Some(next) if place.beat == 1 => label(*at, *next, format!("bar {}", place.bar)),
            _ => label(*at, *at, place.to_string()),
        }
    });
    let mut labels: Vec<Label> = parts.chain(moments).chain(beats).collect();
    labels.sort_by_key(|label| (label.from, std::cmp::Reverse(label.to)));
    labels
}

pub(super) fn text(labels: &[Label]) -> String {
    let mut text = String::new();
    let seconds = |at: ShowTime| format!("{}.{:06}", at.micros() / 1_000_000, at.micros() % 1_000_000);
    for label in labels {
        // Writing to a text cannot fail.
        let _ = writeln!(text, "{}\t{}\t{}", seconds(label.from), seconds(label.to), label.text);
    }
    text
}
