//! A beat map: a label file as Audacity exports it, one beat a line. Knows nothing of bars.

use std::sync::Arc;
use std::time::Duration;

use super::beat_gaps::{BeatAt, doubts};
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
