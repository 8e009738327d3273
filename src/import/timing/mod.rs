//! Marks on the time of a song, as programs for labels and timing tracks write them, become a tempo, sections and remarks.
//! Knows no format.
//!
//! `track` has the marks, and says which tracks are beats or bars. `pulse` makes a tempo of these. `parts` makes sections of
//! named ranges, and `remarks` keeps the other marks at their times. Of several ways to write a file, the first in which
//! `check` finds nothing is taken.

mod parts;
mod pulse;
mod remarks;
mod track;

use std::time::Duration;

use super::fault::{FilePlace, ImportFault, quoted};
use super::imported::{ImportRequest, Imported};
use super::sheet::{SheetNames, sheet_text};
use super::silent::said_by_check;
use crate::show::beat_map_text;
use crate::time::ShowTime;
use parts::Parts;
use pulse::Pulse;
use track::Use;
pub(super) use track::{Mark, TimingTrack};

/// After its last mark a show goes on for so long.
const AFTERWARDS: Duration = Duration::from_secs(1);

/// A line of the sheet, and when it is.
struct TimedLine {
    at: ShowTime,
    text: String,
}

/// # Errors
/// If there is no mark at all.
pub(super) fn imported(tracks: &[TimingTrack], request: &ImportRequest) -> Result<Imported, ImportFault> {
    let marks = || tracks.iter().flat_map(|track| &track.marks);
    let Some(end) = marks().map(|mark| mark.to.max(mark.from)).max() else {
        return Err(ImportFault::new(FilePlace::Whole, "there is no mark in this file")
            .advise("make labels or timing marks in the program that wrote it, and export them once more"));
    };
    let uses: Vec<Use> = tracks.iter().map(|track| track.usage(request.file_name)).collect();
    let tracks_for =
        |wanted: Use| tracks.iter().zip(&uses).filter(move |(_, is)| **is == wanted).map(|(it, _)| it);
    let (beats, bars) = (tracks_for(Use::Beats).next(), tracks_for(Use::Bars).next());
    let length = in_whole_seconds(end + AFTERWARDS);
    let mut last = None;
    for pulse in Pulse::ways(beats, bars) {
        for has_parts in [true, false] {
            let mut imported = Imported { length: Some(length), ..Imported::default() };
            pulse.tell(&mut imported);
            let parts = if has_parts { Parts::of(tracks_for(Use::Parts)) } else { Parts::default() };
            let mut lines = parts.lines(&pulse, request.rig, &mut imported);
            let extra = |track: &&TimingTrack| {
                let is_used =
                    |used: Option<&TimingTrack>| used.is_some_and(|used| std::ptr::eq(used, *track));
                !is_used(beats) && !is_used(bars)
            };
            lines.extend(remarks::lines(tracks.iter().filter(extra), &parts, &mut imported));
            lines.sort_by_key(|line| line.at);
            imported.cues = sheet_lines(&lines, &parts, request);
            if is_silent(&imported, length, request) {
                return Ok(imported);
            }
            last = Some(imported);
        }
    }
    last.ok_or_else(|| ImportFault::new(FilePlace::Whole, "nothing in this file can be taken"))
}

fn sheet_lines(lines: &[TimedLine], parts: &Parts, request: &ImportRequest) -> String {
    let mut text = String::from("# Write your cues here: when, who, what.\n");
    for line in lines {
        text += &line.text;
        text.push('\n');
    }
    text + &parts.sections(request.rig)
}

fn is_silent(imported: &Imported, length: ShowTime, request: &ImportRequest) -> bool {
    let names = SheetNames {
        origin: request.file_name,
        title: "imported",
        music: None,
        length: Some(length),
        beat_map: "imported-beats.txt",
    };
    let map = match &imported.tempo {
        Some(super::ImportedTempo::Beats { beats, measure }) => beat_map_text(beats, *measure),
        _ => String::new(),
    };
    said_by_check(&sheet_text(imported, &names), &map, request.rig, length).0.is_empty()
}

fn in_whole_seconds(time: ShowTime) -> ShowTime {
    ShowTime::from_micros(time.micros().div_ceil(1_000_000) * 1_000_000).min(ShowTime::MAX)
}
