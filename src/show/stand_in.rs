//! Finds the mistakes in bars and beats of a sheet whose tempo is wrong or missing: those that it has at every tempo. Knows
//! nothing of what is wrong with the tempo.

use std::sync::Arc;

use super::head::{Head, is_change};
use super::sheet;
use super::tempo::{Bpm, Measure, Tempo, Ticks};
use super::tempo_line::measure;
use super::unfold::Unfolding;
use super::when::{BarBeat, TimeAt, TimePlace};
use super::words::SheetLine;
use crate::diagnosis::{Diagnoses, Diagnosis, Source};
use crate::rig::Rig;
use crate::time::ShowTime;

/// A tempo lies between these two.
const FASTEST: Bpm = Bpm(1_000_000);
const SLOWEST: Bpm = Bpm(10_000);
/// So late a first beat leaves room for every bar before it.
const LATE: ShowTime = ShowTime::from_micros(3_600 * 1_000_000);
/// Measures lie between these two.
const SHORTEST: Measure = Measure { beats: 1, note: 4 };
const LONGEST: Measure = Measure { beats: 64, note: 4 };

/// The mistakes of the sheet that do not come from its tempo, whatever that is. Mistakes within a line are left out.
pub(super) fn mistakes(source: &Arc<Source>, rig: &Rig) -> Vec<Diagnosis> {
    let known = Measures::of(&sheet::read(source, rig, &mut Diagnoses::default()).head);
    let at = |speed, first_beat, unknown| {
        let Measures { first, changes } =
            known.clone().unwrap_or(Measures { first: unknown, changes: Vec::new() });
        let mut tempo = Tempo::constant(speed, first, first_beat);
        changes.into_iter().for_each(|(bar, measure)| tempo.change_measure(bar, measure));
        with(&tempo, source, rig)
    };
    let (fast, slow) = (at(FASTEST, ShowTime::ZERO, SHORTEST), at(SLOWEST, LATE, LONGEST));
    let is_in_both = |one: &&Diagnosis| fast.iter().any(|other| is_same(one, other));
    slow.iter().filter(is_in_both).cloned().collect()
}

/// Whether they tell the same mistake.
pub(super) fn is_same(one: &Diagnosis, other: &Diagnosis) -> bool {
    (one.title(), one.span()) == (other.title(), other.span())
}

fn with(tempo: &Tempo, source: &Arc<Source>, rig: &Rig) -> Diagnoses {
    let mut told = Diagnoses::default();
    let sheet = sheet::read(source, rig, &mut Diagnoses::default());
    let mut unfolding = Unfolding::new(source, Some(tempo), &sheet.sections, &mut told);
    if let Some(length) = &sheet.head.length {
        unfolding.length(length);
    }
    unfolding.unfold(sheet.items);
    told
}

/// The measure that a show begins with, and from which bar on it has others.
#[derive(Clone)]
struct Measures {
    first: Measure,
    changes: Vec<(i64, Measure)>,
}

impl Measures {
    /// Those that `head` gives, as far as its tempo lines can be read; `None` if they cannot be known.
    fn of(head: &Head) -> Option<Self> {
        let (changes_lost, lost): (Vec<&str>, Vec<&str>) =
            head.lost_tempo.iter().partition(|line| is_change(line));
        if changes_lost.iter().any(|line| line.contains('/')) {
            return None;
        }
        let first = match (&head.tempo, &lost[..]) {
            (Some(tempo), []) => tempo.measure.unwrap_or(Measure::COMMON),
            (None, [line]) => only_measure(line)?,
            _ => return None,
        };
        let mut changes: Vec<(i64, Measure)> = Vec::new();
        for (from, measure) in head.changes.iter().filter_map(|change| Some((&change.from, change.measure?)))
        {
            let Some(TimeAt { place: TimePlace::Music(BarBeat { bar, beat: 1, past: Ticks(0) }), .. }) = from
            else {
                return None;
            };
            let bar = i64::from(*bar);
            if bar < 2 || changes.last().is_some_and(|(last, _)| *last >= bar) {
                return None;
            }
            changes.push((bar, measure));
        }
        Some(Self { first, changes })
    }
}

/// The measure that a tempo line with a mistake gives.
fn only_measure(line: &str) -> Option<Measure> {
    let mut measures = SheetLine::new(line, 0)?.filter(|word| word.text.contains('/'));
    match (measures.next(), measures.next()) {
        (None, _) => Some(Measure::COMMON),
        (Some(word), None) => measure(word).ok(),
        _ => None,
    }
}
