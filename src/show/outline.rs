//! Where the headings of a sheet begin in its show, for people who look for a place. Knows nothing of what a cue does.

use std::ops::Range;

use crate::time::ShowTime;

use super::Show;
use super::playing_line::heading;

/// No picture has room for more.
const MOST_HEADINGS: usize = 4_096;

/// A heading of the sheet (`# ---- Chorus ----`) with a cue below it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Heading<'a> {
    /// When the first of these cues starts.
    pub start: ShowTime,
    pub text: &'a str,
    /// Where its line begins in the sheet, in bytes.
    pub place: usize,
}

impl Show {
    /// The headings of its sheet, in order of time.
    #[must_use]
    pub fn headings(&self) -> Vec<Heading<'_>> {
        let text = self.source.text();
        let above = lines_above(text);
        let mut starts: Vec<Option<ShowTime>> = vec![None; above.headings.len()];
        let cues = self.cues.iter().map(|cue| (cue.line.start, cue.start));
        let plays = self.plays.iter().map(|play| (play.name.start, play.start));
        for (byte, start) in cues.chain(plays) {
            if let Some(heading) = above.heading_of(byte) {
                let first = starts[heading].get_or_insert(start);
                *first = start.min(*first);
            }
        }
        let begun = above.headings.iter().zip(starts);
        let mut headings: Vec<_> = begun
            .filter_map(|((place, text), start)| Some(Heading { start: start?, text, place: *place }))
            .collect();
        headings.sort_by_key(|heading| heading.start);
        headings
    }
}

/// What stands above the lines of a sheet.
struct LinesAbove<'a> {
    /// Where each begins, in bytes.
    headings: Vec<(usize, &'a str)>,
    /// The lines of sections, in bytes.
    sections: Vec<Range<usize>>,
}

impl LinesAbove<'_> {
    /// The heading above the cue at `byte`; none for a cue within a section.
    fn heading_of(&self, byte: usize) -> Option<usize> {
        let begun = self.sections.partition_point(|section| section.start <= byte);
        if begun.checked_sub(1).is_some_and(|section| self.sections[section].contains(&byte)) {
            return None;
        }
        self.headings.partition_point(|(start, _)| *start <= byte).checked_sub(1)
    }
}

fn lines_above(text: &str) -> LinesAbove<'_> {
    let mut above = LinesAbove { headings: Vec::new(), sections: Vec::new() };
    let mut open = None;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let is_section =
            line.strip_prefix("section").is_some_and(|rest| rest.starts_with(char::is_whitespace));
        if let Some(comment) = line.strip_prefix('#') {
            let heading = heading(comment).filter(|_| above.headings.len() < MOST_HEADINGS);
            above.headings.extend(heading.map(|heading| (start, heading)));
        } else if !line.starts_with(char::is_whitespace) {
            above.sections.extend(open.take().map(|begun| begun..start));
            open = is_section.then_some(start);
        }
        start += line.len();
    }
    above.sections.extend(open.map(|begun| begun..text.len()));
    above
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::Source;
    use crate::rig;
    use crate::show::read;

    const SHEET: &str = "\
length  0:30
tempo   120 bpm, 4/4

0:00    neon   on
# ---- Chorus ----
5.1     play   bright
# ---- Verse, bars 1 to 4 ----
1.1     neon   off
steps 2.1 to 3.1 by 1/4
  neon  x...
3.1 to 4.1 every 2 beats  play  wink
# ---- Nothing comes below ----
section bright
  1.1   neon      on
  # === remarks in a section are no headings ===
  2.1   play      wink
  3.1   neon      fade to off over 1 bar

# ---- The others ----
section wink
  1.1   neon      off for 1 beat
section never
  1.1   play      wink
";

    fn show() -> Show {
        let rig = "[channels]\nneon = { pin = 18, kind = \"pwm\" }\n";
        let rig = rig::read(&Source::new("rig.toml", rig)).0.unwrap();
        let none = |_: &str| Err(anyhow::anyhow!("no file"));
        read("test", &Source::new("test.show", SHEET), &rig, &none).unwrap().0
    }

    #[test]
    fn a_heading_begins_with_the_first_cue_below_it() {
        let show = show();
        let told: Vec<_> =
            show.headings().iter().map(|heading| (heading.start.micros() / 1_000, heading.text)).collect();
        assert_eq!(told, [(0, "Verse, bars 1 to 4"), (8_000, "Chorus")]);
    }

    #[test]
    fn a_section_lasts_until_its_last_cue_has_ended() {
        let show = show();
        let told: Vec<_> = show
            .plays
            .iter()
            .map(|play| (play.name(&show.source), play.start.micros() / 1_000, play.end.micros() / 1_000))
            .collect();
        assert_eq!(told, [("bright", 8_000, 14_000), ("wink", 4_000, 4_500), ("wink", 5_000, 5_500)]);
    }
}
