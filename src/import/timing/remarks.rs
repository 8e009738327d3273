//! Marks that are neither beats nor parts stay in the sheet as remarks at their times. Knows no beats.

use super::TimedLine;
use super::parts::Parts;
use super::track::TimingTrack;
use crate::import::imported::Imported;
use crate::import::sheet::remark;

/// A sheet with more remarks is no help for a person.
const MOST: usize = 5_000;

pub(super) fn lines<'a>(
    tracks: impl Iterator<Item = &'a TimingTrack>,
    parts: &Parts,
    imported: &mut Imported,
) -> Vec<TimedLine> {
    let mut lines = Vec::new();
    let mut left = 0;
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
        1 => imported.taken.push("1 other mark as a remark at its time".to_owned()),
        count => imported.taken.push(format!("{count} other marks as remarks at their times")),
    }
    if left > 0 {
        imported.left.push(format!("{left} more marks: a sheet with more than {MOST} remarks is no help"));
    }
    lines
}
