//! Marks that are neither beats nor parts stay in the sheet as remarks at their times. Knows no beats.

use super::parts::SongParts;
use super::timed_line::TimedLine;
use super::track::TimingTrack;
use crate::import::imported::Imported;
use crate::import::sheet::remark;

/// A sheet with more remarks is no help for a person.
const MOST: usize = 5_000;

pub(super) fn lines<'a>(
    tracks: impl Iterator<Item = &'a TimingTrack>,
    parts: &SongParts,
    imported: &mut Imported,
) -> Vec<TimedLine> {
    let mut lines = Vec::new();
    let mut left = 0;
    let mut details = 0;
    let tracks = tracks.filter(|track| {
        details += if track.is_detail { track.marks.len() } else { 0 };
        !track.is_detail
    });
    for mark in tracks.flat_map(|track| &track.marks).filter(|mark| !parts.has(mark)) {
        if lines.len() == MOST {
            left += 1;
            continue;
        }
        let stretch =
            if mark.to > mark.from { format!(" to {}", mark.to.to_millis()) } else { String::new() };
        let text = format!("# {}{stretch} {}", mark.from.to_millis(), remark(&mark.text));
        lines.push(TimedLine { at: mark.from, text: text.trim_end().to_owned() });
    }
    match lines.len() {
        0 => {}
        1 => imported.taken.push("remarks: 1 mark, at its time".to_owned()),
        count => imported.taken.push(format!("remarks: {count} marks, at their times")),
    }
    if details > 0 {
        imported.left.push(format!("{details} words and sounds of lyrics: their phrases are remarks"));
    }
    if left > 0 {
        imported.left.push(format!("{left} more marks: a sheet with more than {MOST} remarks is no help"));
    }
    lines
}
