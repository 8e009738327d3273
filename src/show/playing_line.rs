//! Which line of a sheet plays at a time, and in which part of the show. Knows no clock, and nothing of what a line means.

use std::ops::Range;
use std::str::Chars;

use crate::time::ShowTime;

use super::Show;

/// As much of a line as anybody reads while it plays.
const LONGEST_LINE: usize = 160; // letters
/// What frames a heading: `# ---- Chorus ----`.
const FRAME: [char; 6] = ['-', '=', '*', '~', '─', '━'];

/// A sheet with more sections or headings than this tells none: no person finds their way by them.
const MOST_PARTS: usize = 65_536;

/// The line of a sheet with the cue that started last.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PlayingLine {
    /// As editors count: the first line is 1.
    pub number: u32,
    /// Without its comment, a single space between words.
    pub text: String,
    /// The section that the line is in; in none, the heading above it.
    pub part: Option<String>,
}

/// Finds the lines of one show. Made once for a show, since it sorts all cues.
#[derive(Debug)]
pub struct PlayingLines {
    /// Of each time at which cues start, the last of these in the sheet.
    cues: Vec<u32>,
    /// The names of the sections, as they lie in the text.
    sections: Vec<PartName>,
    /// The same of headings.
    headings: Vec<PartName>,
    /// The cue that was asked for last.
    last: Option<(u32, PlayingLine)>,
    /// A line whose number is known.
    counted: Counted,
}

/// Where the name of a part is in the text. Small: a large sheet has many.
#[derive(Clone, Copy, Debug)]
struct PartName {
    start: u32,
    length: u32,
}

#[derive(Clone, Copy, Debug)]
struct Counted {
    start: usize,
    number: u32,
}

impl PlayingLines {
    #[must_use]
    pub fn of(show: &Show) -> Self {
        let start = |cue: &u32| show.cues[*cue as usize].start;
        let mut cues: Vec<u32> = (0..u32::try_from(show.cues.len()).unwrap_or(u32::MAX)).collect();
        cues.sort_by_key(start);
        // Of equal neighbours the first is kept.
        cues.reverse();
        cues.dedup_by_key(|cue| start(cue));
        cues.reverse();
        cues.shrink_to_fit();
        let (sections, headings) = parts(show.source.text());
        Self { cues, sections, headings, last: None, counted: Counted { start: 0, number: 1 } }
    }

    /// What plays at `time`; nothing before the first cue, and in a show that no sheet was made for. `show` is the one that
    /// this was made of.
    pub fn at(&mut self, show: &Show, time: ShowTime) -> Option<&PlayingLine> {
        let begun = self.cues.partition_point(|cue| show.cues[*cue as usize].start <= time);
        let cue = *self.cues.get(begun.checked_sub(1)?)?;
        if self.last.as_ref().is_none_or(|(last, _)| *last != cue) {
            let line = self.line(show.source.text(), &show.cues[cue as usize].line)?;
            self.last = Some((cue, line));
        }
        self.last.as_ref().map(|(_, line)| line)
    }

    fn line(&mut self, text: &str, line: &Range<usize>) -> Option<PlayingLine> {
        let words = text.get(line.clone()).filter(|words| !words.is_empty())?;
        let start = text[..line.start].rfind('\n').map_or(0, |newline| newline + 1);
        let is_indented = start < line.start;
        let parts = if is_indented { &self.sections } else { &self.headings };
        let begun = parts.partition_point(|name| (name.start as usize) < line.start);
        let part = begun.checked_sub(1).map(|part| readable(parts[part].of(text).chars()));
        self.counted = self.counted.moved_to(start, text);
        let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
        Some(PlayingLine { number: self.counted.number, text: readable(words.chars()), part })
    }
}

pub(super) fn readable(letters: Chars<'_>) -> String {
    letters.take(LONGEST_LINE).collect()
}

impl Counted {
    /// Counts only the lines between: a large sheet has more than can be counted twenty times a second.
    fn moved_to(self, start: usize, text: &str) -> Self {
        let newlines =
            |between: Range<usize>| u32::try_from(text[between].matches('\n').count()).unwrap_or(u32::MAX);
        let number = match start >= self.start {
            true => self.number.saturating_add(newlines(self.start..start)),
            false => self.number.saturating_sub(newlines(start..self.start)),
        };
        Self { start, number }
    }
}

impl PartName {
    /// `None` past the end of what a sheet may be.
    fn at(name: &str, text: &str) -> Option<Self> {
        let start = name.as_ptr() as usize - text.as_ptr() as usize;
        Some(Self { start: start.try_into().ok()?, length: name.len().try_into().ok()? })
    }

    fn of(self, text: &str) -> &str {
        let start = self.start as usize;
        text.get(start..start + self.length as usize).unwrap_or_default()
    }
}

/// The sections and the headings of a sheet.
fn parts(text: &str) -> (Vec<PartName>, Vec<PartName>) {
    let (mut sections, mut headings) = (Vec::new(), Vec::new());
    for line in text.split('\n') {
        if let Some(comment) = line.strip_prefix('#') {
            headings.extend(heading(comment).and_then(|heading| PartName::at(heading, text)));
        } else if let Some(rest) = line.strip_prefix("section") {
            let name = rest.split_whitespace().next().filter(|_| rest.starts_with(char::is_whitespace));
            sections.extend(name.and_then(|name| PartName::at(name, text)));
        }
        if sections.len().max(headings.len()) > MOST_PARTS {
            return (Vec::new(), Vec::new());
        }
    }
    (sections, headings)
}

/// `Chorus` of ` ---- Chorus ----`.
pub(super) fn heading(comment: &str) -> Option<&str> {
    let comment = comment.trim();
    let text = comment.trim_start_matches(FRAME);
    let framed = comment[..comment.len() - text.len()].chars().count();
    let text = text.trim_end_matches(FRAME).trim();
    (framed >= 2 && !text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::Source;
    use crate::rig;
    use crate::show::read;

    const SHEET: &str = "\
length  0:20

# ---- Verse, bars 1 to 4 ----
0:01    neon   on            # the sign
0:02    play   wink
0:05    windows   fade to   80 %   over 3 s
# just a remark
0:07    neon   off
# ====
# === Finale ===
0:10    neon, windows  on

section wink
  0:00  neon     off
  0:00  windows  off
  0:01  neon     on
";

    /// At so many milliseconds `NUMBER: LINE (PART)`, or nothing.
    fn check(sheet: &str, expected: &[(u64, &str)]) {
        let rig =
            "[channels]\nneon = { pin = 4, kind = \"relay\" }\nwindows = { pin = 18, kind = \"pwm\" }\n";
        let rig = rig::read(&Source::new("rig.toml", rig)).0.unwrap();
        let none = |_: &str| Err(anyhow::anyhow!("no file"));
        let (show, _) = read("test", &Source::new("test.show", sheet), &rig, &none).unwrap();
        let mut lines = PlayingLines::of(&show);
        for (millis, expected) in expected {
            let line = lines.at(&show, ShowTime::from_micros(millis * 1_000));
            let told = line.map(|PlayingLine { number, text, part }| match part {
                Some(part) => format!("{number}: {text} ({part})"),
                None => format!("{number}: {text}"),
            });
            assert_eq!(told.unwrap_or_default(), *expected, "at {millis} ms");
        }
    }

    #[test]
    fn the_cue_that_started_last_is_told_with_its_section_or_the_heading_above_it() {
        check(
            SHEET,
            &[
                (999, ""),
                (1_000, "4: 0:01 neon on (Verse, bars 1 to 4)"),
                (2_000, "15: 0:00 windows off (wink)"),
                (4_000, "16: 0:01 neon on (wink)"),
                (5_000, "6: 0:05 windows fade to 80 % over 3 s (Verse, bars 1 to 4)"),
                (9_000, "8: 0:07 neon off (Verse, bars 1 to 4)"),
                (20_000, "11: 0:10 neon, windows on (Finale)"),
                (1_500, "4: 0:01 neon on (Verse, bars 1 to 4)"),
            ],
        );
    }

    #[test]
    fn in_a_sheet_without_sections_and_headings_no_part_is_told() {
        check("length 0:05\n0:01 neon on\n", &[(0, ""), (1_000, "2: 0:01 neon on")]);
    }

    #[test]
    fn a_comment_without_a_frame_is_no_heading() {
        for (comment, expected) in [
            (" ---- Verse ----", Some("Verse")),
            ("== Chorus", Some("Chorus")),
            (" the sign takes three tries", None),
            (" - a point of a list", None),
            ("-----------", None),
        ] {
            assert_eq!(heading(comment), expected, "{comment}");
        }
    }
}
