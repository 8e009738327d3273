//! A composed sheet as `check` sees it: what it would complain about is written more mildly, or left out. Knows no song.

use std::ops::Range;

use super::arrange::Arrangement;
use super::line::ComposedLine;
use crate::diagnosis::{Diagnoses, Source};
use crate::review;
use crate::rig::Rig;
use crate::show::Show;
use crate::time::ShowTime;
use crate::timeline::compile;

/// A sheet needs a few rounds; so many say that there is no end.
const MOST_ROUNDS: usize = 200;

/// Reads a sheet as `check` does: the show with its warnings, or its mistakes.
pub type ReadSheet<'a> = dyn Fn(&Source) -> Result<(Show, Diagnoses), Diagnoses> + 'a;

/// Where a line of an arrangement is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct CuePlace {
    /// `None` is the song itself.
    pub(super) section: Option<usize>,
    pub(super) line: usize,
}

/// The text of a sheet, and which line of it comes from where.
pub(super) struct WrittenSheet {
    pub(super) text: String,
    pub(super) places: Vec<(Range<usize>, CuePlace)>,
}

/// Changes `made` until `check` says nothing about what `write` makes of it; returns that text. `read` reads a sheet.
/// `None` if a sheet without any of its cues is still wrong.
pub(super) fn approved(
    made: &mut Arrangement,
    rig: &Rig,
    length: ShowTime,
    write: &dyn Fn(&Arrangement) -> WrittenSheet,
    read: &ReadSheet,
) -> Option<String> {
    for _ in 0..MOST_ROUNDS {
        let sheet = write(made);
        let source = Source::new("composed.show", sheet.text.as_str());
        let complaints = complaints(&source, rig, length, read);
        if complaints.is_empty() {
            return Some(sheet.text);
        }
        let place_of = |at: &usize| {
            let found = sheet.places.iter().find(|(span, _)| span.contains(at));
            found.map(|(_, place)| (*place, *at))
        };
        let mut wrong: Vec<(CuePlace, usize)> = complaints.iter().filter_map(place_of).collect();
        wrong.sort_unstable();
        wrong.dedup_by_key(|(place, _)| *place);
        if wrong.is_empty() {
            return None;
        }
        // From the last on, so that the places before stay.
        for (place, at) in wrong.into_iter().rev() {
            let line = sheet.text[..at].matches('\n').count();
            let first = sheet.places.iter().find(|(_, other)| *other == place);
            let first = first.map_or(line, |(span, _)| sheet.text[..span.start].matches('\n').count());
            soften(made, place, line - first);
        }
        made.drop_empty_sections();
    }
    None
}

/// Where the sheet has something that `check` would tell, in bytes.
fn complaints(source: &Source, rig: &Rig, length: ShowTime, read: &ReadSheet) -> Vec<usize> {
    let place = |told: &Diagnoses| -> Vec<usize> {
        // A complaint without a place is about the whole.
        told.iter().map(|diagnosis| diagnosis.span().map_or(usize::MAX, |span| span.start)).collect()
    };
    let (show, told) = match read(source) {
        Ok(read) => read,
        Err(mistakes) => return place(&mistakes),
    };
    let mut found = place(&told);
    found.extend(place(&show.cues_after(length)));
    let compiled = compile(&show, rig);
    let behind = |change: &crate::timeline::Change| show.line_behind(change.channel, change.time);
    found.extend(compiled.changes.iter().filter_map(behind).map(|line| line.start));
    found.extend(place(&review::strains(&show, rig, length, &compiled.timeline)));
    if found.is_empty() {
        found.extend(place(&review::without_effect(&show, rig)));
    }
    found
}

/// Writes a cue in its next form, or takes it out; of a grid, the row that is `row` lines below its first.
fn soften(made: &mut Arrangement, place: CuePlace, row: usize) {
    let lines = match place.section {
        Some(section) => &mut made.sections[section].lines,
        None => &mut made.lines,
    };
    match &mut lines[place.line] {
        ComposedLine::Cue(cue) if cue.what.len() > 1 => drop(cue.what.remove(0)),
        ComposedLine::Grid(grid) if grid.rows.len() > 1 => {
            // A complaint about the whole grid costs it its last row.
            let row = row.checked_sub(1).unwrap_or(grid.rows.len() - 1);
            grid.rows.remove(row.min(grid.rows.len() - 1));
        }
        ComposedLine::Cue(_) | ComposedLine::Grid(_) | ComposedLine::Heading(_) => {
            drop(lines.remove(place.line))
        }
    }
}
