//! What a sheet says of its music: the file, the tempo, the beat map. Other lines may have any mistakes, and no rig is
//! needed. Writes another tempo into a sheet. Opens no file.

use std::ops::Range;

use super::Tempo;
use super::head::{HEAD_WORDS, Head};
use super::tempo::Measure;
use super::words::SheetLine;
use crate::diagnosis::Source;
use crate::time::ShowTime;

/// The music of a sheet.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SheetSong {
    /// The name of the music file.
    pub music: Option<String>,
    /// As far as it can be read.
    pub tempo: Option<Tempo>,
    /// What the tempo line says.
    pub measure: Option<Measure>,
    /// The name of the beat map.
    pub map: Option<String>,
}

impl SheetSong {
    /// `beats` reads those of a beat map by name.
    pub(super) fn of(source: &Source, beats: impl FnOnce(&str) -> Option<Vec<ShowTime>>) -> Self {
        let HeadLines { head, .. } = HeadLines::of(source.text());
        let map = head.tempo.as_ref().and_then(|line| line.map()).map(|name| name.text.to_owned());
        let beats = map.as_deref().and_then(beats);
        Self {
            music: head.audio.map(|name| name.text.to_owned()),
            tempo: head.tempo(beats.as_deref()).ok().flatten(),
            measure: head.tempo.as_ref().and_then(|line| line.measure),
            map,
        }
    }
}

/// A sheet with another tempo.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Retimed {
    pub text: String,
    /// The line that was replaced, if there was one.
    pub before: Option<String>,
}

/// The sheet `text` with the tempo line `tempo`, and no other byte changed: the line is replaced where one stands, or
/// comes behind the last line of the head.
///
/// # Errors
/// Why a person has to do it: one clause.
pub fn with_tempo(text: &str, tempo: &str) -> Result<Retimed, String> {
    let lines = HeadLines::of(text);
    if !lines.head.lost_tempo.is_empty() {
        return Err("its tempo line has a mistake".to_owned());
    }
    if let Some(change) = lines.head.changes.iter().find(|change| change.pace.is_some()) {
        let change = text[change.span.clone()].trim_end();
        return Err(format!("it changes its tempo later: `{change}`"));
    }
    let retimed = match &lines.head.tempo {
        Some(line) => replaced(text, line.span.clone(), tempo),
        None => Retimed { text: added(text, &lines, tempo), before: None },
    };
    let before = lines.head;
    let after = HeadLines::of(&retimed.text).head;
    let is_read = after.tempo.is_some() && after.lost_tempo.is_empty();
    let are_others_same = (after.audio.map(|name| name.text), after.title.map(|title| title.text))
        == (before.audio.map(|name| name.text), before.title.map(|title| title.text));
    match is_read && are_others_same {
        true => Ok(retimed),
        false => Err("the line does not fit in there".to_owned()),
    }
}

/// The word `tempo` and the gap behind it stay: the columns of the head are its writer's.
fn replaced(text: &str, span: Range<usize>, tempo: &str) -> Retimed {
    let line = &text[span.clone()];
    let gap = line["tempo".len()..].len() - line["tempo".len()..].trim_start().len();
    let words = tempo.trim_start_matches("tempo").trim_start();
    let kept = "tempo".len() + gap;
    let written = format!("{}{words}{}", &text[..span.start + kept], &text[span.end..]);
    Retimed { text: written, before: Some(line.to_owned()) }
}

fn added(text: &str, lines: &HeadLines, tempo: &str) -> String {
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let Some((line, column)) = &lines.last else { return format!("{tempo}{end}{text}") };
    let words = tempo.trim_start_matches("tempo").trim_start();
    let added = format!("{:column$}{words}", "tempo ");
    match text[..line.end].ends_with('\n') {
        true => format!("{}{added}{end}{}", &text[..line.end], &text[line.end..]),
        // The last line of a file may have no end.
        false => format!("{text}{end}{added}"),
    }
}

/// The lines of the head, wherever they stand.
struct HeadLines<'a> {
    head: Head<'a>,
    /// The last one without a mistake, with its end, and the column where its words begin.
    last: Option<(Range<usize>, usize)>,
}

impl<'a> HeadLines<'a> {
    fn of(text: &'a str) -> Self {
        let mut lines = Self { head: Head::default(), last: None };
        let mut at = 0;
        for piece in text.split_inclusive('\n') {
            let (start, end) = (at, at + piece.len());
            at = end;
            let Some(mut line) = SheetLine::new(piece.trim_end_matches('\n'), start) else { continue };
            let is_head = line.peek().is_some_and(|word| HEAD_WORDS.contains(&word.text));
            if line.indent > 0 || !is_head {
                continue;
            }
            let mut ahead = line.clone();
            ahead.next();
            let column = ahead.peek().map_or(0, |word| word.start - start);
            if lines.head.read(&mut line).is_ok() {
                lines.last = Some((start..end, column));
            }
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = "tempo 120 bpm, 4/4, first beat at 0.420 s";

    fn song(text: &str) -> SheetSong {
        SheetSong::of(&Source::new("a.show", text), |map| {
            (map == "a-beats.txt")
                .then(|| [1, 2, 3].map(|second| ShowTime::from_micros(second * 1_000_000)).to_vec())
        })
    }

    #[test]
    fn a_sheet_with_mistakes_has_its_song_all_the_same() {
        let song = song(
            "title Any\naudio  a.ogg # mine\ntempo map a-beats.txt, 3/4\n0:00 nobody what\nlength soon\n",
        );
        assert_eq!(song.music.as_deref(), Some("a.ogg"));
        assert_eq!(song.map.as_deref(), Some("a-beats.txt"));
        assert_eq!(song.measure.map(|measure| measure.to_string()).as_deref(), Some("3/4"));
        assert_eq!(song.tempo.unwrap().bar_beat_at(ShowTime::from_micros(2_000_000)), (1, 2));
    }

    #[test]
    fn only_the_tempo_line_changes() {
        for (before, after) in [
            (
                "audio a.ogg\ntempo   118 bpm   # about\n1.1 a on\n",
                "audio a.ogg\ntempo   120 bpm, 4/4, first beat at 0.420 s   # about\n1.1 a on\n",
            ),
            (
                "audio   a.ogg\r\n1.1 a on\r\n",
                "audio   a.ogg\r\ntempo   120 bpm, 4/4, first beat at 0.420 s\r\n1.1 a on\r\n",
            ),
            ("# mine\nlength 1:00", "# mine\nlength 1:00\ntempo  120 bpm, 4/4, first beat at 0.420 s"),
            ("1.1 a on\n", "tempo 120 bpm, 4/4, first beat at 0.420 s\n1.1 a on\n"),
            ("", "tempo 120 bpm, 4/4, first beat at 0.420 s\n"),
            (
                "# tempo 1 bpm\naudio a.ogg\n",
                "# tempo 1 bpm\naudio a.ogg\ntempo 120 bpm, 4/4, first beat at 0.420 s\n",
            ),
            (
                "tempo map \"x y.txt\"\ntempo 3/4 from 9.1\n",
                "tempo 120 bpm, 4/4, first beat at 0.420 s\ntempo 3/4 from 9.1\n",
            ),
        ] {
            let retimed = with_tempo(before, LINE).unwrap();
            assert_eq!(retimed.text, after, "{before}");
        }
        assert_eq!(with_tempo("tempo 90 bpm # x\n", LINE).unwrap().before.as_deref(), Some("tempo 90 bpm"));
    }

    #[test]
    fn what_only_a_person_can_write_is_left_to_them() {
        for (text, why) in [
            ("tempo fast\n", "its tempo line has a mistake"),
            ("tempo 90 bpm\ntempo 80 bpm from 9.1\n", "it changes its tempo later: `tempo 80 bpm from 9.1`"),
        ] {
            assert_eq!(with_tempo(text, LINE), Err(why.to_owned()));
        }
    }
}
