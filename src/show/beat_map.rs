//! A beat map: a label file as Audacity exports it, one beat a line. Bars stand in its labels for people only.

use std::fmt::Write;
use std::sync::Arc;
use std::time::Duration;

use super::beat_gaps::{BeatAt, doubts};
use super::tempo::Measure;
use crate::diagnosis::{Diagnoses, Diagnosis, Help, Source};
use crate::time::{ShowTime, scaled_decimal};

/// The fastest tempo is 1000 bpm. Of two beats that are closer, one was tapped by mistake.
const CLOSEST: Duration = Duration::from_millis(60);

/// The instants of the beats, rising; two at least. And warnings of those that do not fit.
///
/// A line is `START<tab>END<tab>LABEL` in seconds; only the start counts. A line that begins with a
/// backslash carries the frequency range of the label above it and is passed over.
pub(super) fn beats(source: &Arc<Source>) -> Result<(Vec<ShowTime>, Diagnoses), Diagnoses> {
    let mut beats: Vec<BeatAt> = Vec::new();
    let mut mistakes = Diagnoses::default();
    let mut at = 0;
    for line in source.text().split('\n') {
        if mistakes.are_many() {
            break;
        }
        let start = at;
        at += line.len() + 1;
        if line.trim().is_empty() || line.starts_with('\\') {
            continue;
        }
        let first = line.split('\t').next().unwrap_or_default();
        let span = start..start + first.trim_end().len();
        // Some locales write the decimal point as a comma.
        let Some(micros) = scaled_decimal(&first.trim().replace(',', "."), 1_000_000) else {
            let mistake = Diagnosis::error(source, format!("`{}` is not a time in seconds", first.trim()));
            mistakes.push(mistake.at(span, "expected seconds, such as `12.345`, then a tab"));
            continue;
        };
        let beat = ShowTime::from_micros(micros);
        if beat > ShowTime::MAX {
            mistakes.push(Diagnosis::error(source, "this beat lies more than a day in").at(span, ""));
        } else if beats.last().is_some_and(|(last, _)| *last >= beat) {
            let mistake =
                Diagnosis::error(source, "beats must be in order").at(span, "not after the beat above");
            mistakes.push(
                mistake.help(Help::advise("sort the labels by time, and remove those that are there twice")),
            );
        } else if beats.last().is_some_and(|(last, _)| beat - *last < CLOSEST) {
            let mistake = Diagnosis::error(source, "two beats in one");
            let mistake = mistake.at(span, "less than 60 ms after the beat above");
            mistakes.push(mistake.help(Help::advise("remove the label that was tapped by mistake")));
        } else {
            beats.push((beat, span));
        }
    }
    if mistakes.is_empty() && beats.len() < 2 {
        mistakes.push(Diagnosis::error(source, "a beat map needs at least two beats").help(Help::advise(
            "in Audacity, press Ctrl-M on every beat while the music plays, then export the labels",
        )));
    }
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    let doubts = doubts(source, &beats);
    Ok((beats.into_iter().map(|(beat, _)| beat).collect(), doubts))
}

/// A beat map of `beats`, in order. Each label is the bar and beat; the first is 1.1.
#[must_use]
pub fn beat_map_text(beats: &[ShowTime], measure: Measure) -> String {
    changing_beat_map_text(beats, &[(1, measure)])
}

/// As [`beat_map_text`], where `measures` has from which bar on bars are of which measure. The first is from bar 1.
#[must_use]
pub fn changing_beat_map_text(beats: &[ShowTime], measures: &[(i64, Measure)]) -> String {
    let mut measures = measures.iter().copied().peekable();
    let mut per_bar = Measure::COMMON.beats();
    let (mut text, mut bar, mut beat) = (String::new(), 1, 1);
    for at in beats {
        while let Some((_, measure)) = measures.next_if(|(from, _)| *from <= bar) {
            per_bar = measure.beats();
        }
        let (seconds, micros) = (at.micros() / 1_000_000, at.micros() % 1_000_000);
        // Writing to a text cannot fail.
        let _ = writeln!(text, "{seconds}.{micros:06}\t{seconds}.{micros:06}\t{bar}.{beat}");
        (bar, beat) = if beat < per_bar { (bar, beat + 1) } else { (bar + 1, 1) };
    }
    text
}

/// The measure that the labels of [`beat_map_text`] tell; `None` where they are others.
#[must_use]
pub fn measure_in_labels(text: &str) -> Option<Measure> {
    let beat_of = |line: &str| {
        let (bar, beat) = line.split('\t').nth(2)?.trim().split_once('.')?;
        bar.parse::<u32>().ok().and(beat.parse::<u32>().ok())
    };
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    let most = lines.map(beat_of).try_fold(0, |most, beat| beat.map(|beat| most.max(beat)))?;
    (1..=64).contains(&most).then(|| Measure::of_beats(most))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<u64>, Vec<String>> {
        beats(&Source::new("beats.txt", text))
            .map(|(beats, _)| beats.iter().map(|beat| beat.micros()).collect())
            .map_err(|mistakes| mistakes.iter().map(|mistake| mistake.title().into()).collect())
    }

    #[test]
    fn only_the_start_of_a_label_counts() {
        let text = "0.500000\t0.500000\t1\n\\\t20.0\t400.0\n1.000000\t1.250000\tsnare\n\n1,6\t1,6\t\n";
        assert_eq!(read(text), Ok(vec![500_000, 1_000_000, 1_600_000]));
    }

    #[test]
    fn what_is_written_is_read() {
        let beats = [420_000, 920_001, 1_420_000, 61_920_000].map(ShowTime::from_micros);
        let waltz = Measure { beats: 3, note: 4 };
        let text = beat_map_text(&beats, waltz);
        assert!(text.starts_with("0.420000\t0.420000\t1.1\n"), "{text}");
        assert!(text.ends_with("61.920000\t61.920000\t2.1\n"), "{text}");
        assert_eq!(read(&text), Ok(beats.map(ShowTime::micros).to_vec()));
        assert_eq!(measure_in_labels(&text), Some(waltz));
        for other in ["", "0.5\t0.5\t\n1.0\t1.0\tsnare\n", "0.5\t0.5\t1.1\n1.0\t1.0\n", "1\t1\t1.99\n"] {
            assert_eq!(measure_in_labels(other), None, "{other}");
        }
    }

    #[test]
    fn labels_count_each_bar_in_its_own_measure() {
        let beats: Vec<ShowTime> = (0..9).map(|beat| ShowTime::from_micros(beat * 500_000)).collect();
        let text =
            changing_beat_map_text(&beats, &[(1, Measure { beats: 3, note: 4 }), (2, Measure::COMMON)]);
        let labels: Vec<&str> = text.lines().filter_map(|line| line.split('\t').nth(2)).collect();
        assert_eq!(labels, ["1.1", "1.2", "1.3", "2.1", "2.2", "2.3", "2.4", "3.1", "3.2"]);
    }

    #[test]
    fn every_mistake_of_a_beat_map_is_told() {
        let mistakes = read("nan\t1\tx\n2.0\t\t\n1.0\t\t\n2.05\t\t\n99999999\t1\t\n").unwrap_err();
        let titles = [
            "`nan` is not a time in seconds",
            "beats must be in order",
            "two beats in one",
            "this beat lies more than a day in",
        ];
        assert_eq!(mistakes, titles);
        assert_eq!(read("1.0\t1.0\t\n").unwrap_err(), ["a beat map needs at least two beats"]);
    }
}
