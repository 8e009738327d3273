//! Labels as Audacity exports them: `START<tab>END<tab>TEXT` in seconds, a line each. Knows no beats.
//!
//! Audacity writes several label tracks into one file, one below the other: where the time goes back, the next track
//! begins. Lines that begin with a backslash carry the frequency range of the label above them.

use super::fault::{FilePlace, ImportFault, quoted};
use super::text;
use super::timing::{Mark, TimingTrack};
use crate::time::{ShowTime, scaled_decimal};

/// More labels than hours of music have notes for a hand; with what `check` needs, they take half of the 64 MiB.
const MOST: usize = 100_000;
/// Of the first lines, so many must be labels.
const LOOKED_AT: usize = 3;

/// Whether the beginning of a file looks like labels: seconds, white space and seconds in its first lines.
pub(super) fn looks_like_labels(beginning: &str) -> bool {
    let is_complete = beginning.ends_with('\n');
    let mut lines: Vec<&str> = beginning.lines().collect();
    if !is_complete && lines.len() > 1 {
        lines.pop();
    }
    let mut labels = lines.iter().filter(|line| is_label_line(line)).take(LOOKED_AT).peekable();
    labels.peek().is_some()
        && labels.all(|line| fields(line).is_some_and(|(start, ..)| seconds(start).is_some()))
}

/// The tracks of a file; none has a name.
///
/// # Errors
/// At the first line that is no label.
pub(super) fn tracks_in(bytes: &[u8]) -> Result<Vec<TimingTrack>, ImportFault> {
    tracks(&text::whole(bytes)?)
}

fn tracks(text: &str) -> Result<Vec<TimingTrack>, ImportFault> {
    let mut tracks = vec![TimingTrack::default()];
    let mut count = 0;
    for (line, number) in text.lines().zip(1..) {
        if !is_label_line(line) {
            continue;
        }
        count += 1;
        let place = FilePlace::Line(number);
        if count > MOST {
            return Err(ImportFault::new(place, format!("the file has more than {MOST} labels"))
                .advise("import a part of it"));
        }
        let mark = mark(line).map_err(|what| {
            ImportFault::new(place, what).advise(
                "a label is `12.345`, a tab, `12.345`, a tab and its text; export the labels once more",
            )
        })?;
        let last = tracks.last_mut();
        let last = last.filter(|last| last.marks.last().is_none_or(|before| before.from <= mark.from));
        match last {
            Some(track) => track.marks.push(mark),
            None => tracks.push(TimingTrack { marks: vec![mark], ..TimingTrack::default() }),
        }
    }
    Ok(tracks)
}

fn is_label_line(line: &str) -> bool {
    !line.trim().is_empty() && !line.starts_with('\\')
}

fn mark(line: &str) -> Result<Mark, String> {
    let (start, end, label) = fields(line).ok_or_else(|| format!("{} is no label", quoted(line)))?;
    let time = |text: &str| -> Result<ShowTime, String> {
        let time = seconds(text).ok_or_else(|| match text.trim().starts_with('-') {
            true => format!("{} lies before the beginning", quoted(text)),
            false => format!("{} is not a time in seconds", quoted(text)),
        })?;
        if time > ShowTime::MAX { Err("a label lies more than a day in".to_owned()) } else { Ok(time) }
    };
    let from = time(start)?;
    let to = end.map_or(Ok(from), time)?;
    if to < from {
        return Err(format!("the label {} ends before it begins", quoted(label)));
    }
    Ok(Mark { from, to, text: label.trim().to_owned() })
}

/// Start, end and text. Some programs write spaces for the tabs, and some no end.
fn fields(line: &str) -> Option<(&str, Option<&str>, &str)> {
    let line = line.trim_end_matches('\r');
    if let Some((start, rest)) = line.split_once('\t') {
        let (end, label) = rest.split_once('\t').unwrap_or((rest, ""));
        return Some(match end.trim().is_empty() {
            true => (start, None, label),
            false => (start, Some(end), label),
        });
    }
    let line = line.trim();
    let (start, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    seconds(start)?;
    let rest = rest.trim_start();
    let (end, label) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    Some(match seconds(end) {
        Some(_) => (start, Some(end), label),
        None => (start, None, rest),
    })
}

/// Some locales write the decimal point as a comma.
fn seconds(text: &str) -> Option<ShowTime> {
    scaled_decimal(&text.trim().replace(',', "."), 1_000_000).map(ShowTime::from_micros)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From and to in milliseconds, and the text.
    type ReadLabel = (u64, u64, String);

    fn read(text: &str) -> Result<Vec<Vec<ReadLabel>>, String> {
        let tracks = tracks(text).map_err(|fault| fault.to_string())?;
        let mark = |mark: Mark| (mark.from.micros() / 1_000, mark.to.micros() / 1_000, mark.text);
        Ok(tracks.into_iter().map(|track| track.marks.into_iter().map(mark).collect()).collect())
    }

    fn label(from: u64, to: u64, text: &str) -> ReadLabel {
        (from, to, text.to_owned())
    }

    #[test]
    fn labels_are_read_as_programs_write_them() {
        let one = |text, mark| assert_eq!(read(text), Ok(vec![vec![mark]]), "{text}");
        one("0.500000\t1.250000\tverse 1\r\n", label(500, 1_250, "verse 1"));
        one("0,5\t0,5\t\n", label(500, 500, ""));
        one("\n0.5\t\tgo\n\\\t20.0\t400.0\n", label(500, 500, "go"));
        one("0.5 1.5 two words", label(500, 1_500, "two words"));
        one("0.5 go there", label(500, 500, "go there"));
        one("0.5", label(500, 500, ""));
        one("0.5\t0.5\ttab\tand #hash", label(500, 500, "tab\tand #hash"));
    }

    #[test]
    fn where_the_time_goes_back_another_track_begins() {
        let tracks = read("1\t1\ta\n2\t2\tb\n0.5\t3\tc\n").unwrap();
        assert_eq!(tracks.iter().map(Vec::len).collect::<Vec<_>>(), [2, 1]);
    }

    #[test]
    fn a_line_that_is_no_label_is_told() {
        for (text, told) in [
            ("1\t1\ta\nnan\t1\tb\n", "line 2: `nan` is not a time in seconds"),
            ("1\t1\ta\n-1\t1\tb\n", "line 2: `-1` lies before the beginning"),
            ("2\t1\ta\n", "line 1: the label `a` ends before it begins"),
            ("1e3\t1\ta\n", "`1e3` is not a time"),
            ("99999999\t99999999\ta\n", "more than a day in"),
            ("hello there\n", "line 1: `hello there` is no label"),
        ] {
            let fault = read(text).unwrap_err();
            assert!(fault.contains(told), "{fault}");
        }
    }

    #[test]
    fn labels_are_known_by_their_first_lines() {
        for text in ["0.5\t0.5\tone\n", "0.5\t0.5\t\n1\t1\t\n1.", "\n0.5 0.5 a\n", "1,5\t1,5\t\n"] {
            assert!(looks_like_labels(text), "{text}");
        }
        for text in ["", "title A\n", "{\"a\": 1}", "<a>", "0:01  porch  on\n", "length 1:00\n0.5 a"] {
            assert!(!looks_like_labels(text), "{text}");
        }
    }
}
