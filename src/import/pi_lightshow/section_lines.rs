//! The lines of a section, each with its place in beats or by the clock; equal ones on even beats become one with `every`.
//! Knows no song.

use std::collections::BTreeMap;
use std::time::Duration;

use super::super::beat_words;
use super::super::cue_lines::line;
use crate::time::ShowTime;

/// Longer rows of equal steps are one line with `every`.
const FEWEST_OF_A_ROW: usize = 3;
/// Lines of a section are indented.
pub(super) const MARGIN: &str = "  ";

/// Where a line of a section stands.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum SectionPlace {
    /// Whole beats from the beginning of the section, and a part of one.
    Beats { whole: u32, past: f64 },
    /// Since the beginning of the section.
    Clock(Duration),
}

/// A line of a section, without its repeats.
pub(super) struct SectionLine {
    /// When it happens for the first time.
    pub(super) time: ShowTime,
    pub(super) place: SectionPlace,
    pub(super) who: String,
    pub(super) what: String,
}

/// The text of `lines` in the order of time, equal ones on even beats with `every`.
pub(super) fn in_rows(lines: Vec<SectionLine>) -> String {
    let mut texts: Vec<(ShowTime, String)> = Vec::new();
    // By the part of the beat, in 2⁻³¹ beats: a number with a point is no key.
    let mut rows: BTreeMap<(u64, String, String), BTreeMap<u32, ShowTime>> = BTreeMap::new();
    for SectionLine { time, place, who, what } in lines {
        match place {
            SectionPlace::Beats { whole, past } => {
                let past = (past * f64::from(1_u32 << 31)).round() as u64;
                rows.entry((past, who, what)).or_default().insert(whole, time);
            }
            SectionPlace::Clock(after) => {
                let when = (ShowTime::ZERO + after).to_string();
                texts.push((time, line(MARGIN, &when, &who, &what)));
            }
        }
    }
    for ((past, who, what), times) in rows {
        let past = past as f64 / f64::from(1_u32 << 31);
        let at = |beat: u32| beat_words::place(f64::from(beat) + past).unwrap_or_default();
        let beats: Vec<u32> = times.keys().copied().collect();
        for (first, step, count) in even(&beats) {
            let when = match count {
                1 => at(first),
                _ => {
                    format!("{} to {} every {}", at(first), at(first + step * count), beat_words::step(step))
                }
            };
            texts.push((times[&first], line(MARGIN, &when, &who, &what)));
        }
    }
    texts.sort();
    // Two notes of one beat may be the same.
    texts.dedup();
    texts.into_iter().map(|(_, text)| text).collect()
}

/// Rising `beats` as rows of a first beat, a step and a count.
fn even(beats: &[u32]) -> Vec<(u32, u32, u32)> {
    let mut rows = Vec::new();
    let mut at = 0;
    while at < beats.len() {
        let step = beats.get(at + 1).map_or(0, |next| next - beats[at]);
        let count = 1 + beats[at..].windows(2).take_while(|pair| pair[1] - pair[0] == step).count();
        let count = if count >= FEWEST_OF_A_ROW { count } else { 1 };
        rows.push((beats[at], step, u32::try_from(count).unwrap_or(u32::MAX)));
        at += count;
    }
    rows
}
