//! Marks on the time of a song, as programs for labels and timing tracks write them, become a tempo, sections and remarks.
//! Knows no format.
//!
//! `track` has the marks, and says which tracks are beats or bars. `beats` makes a tempo of these, and `bars` counts their measures. `parts` makes sections of
//! named ranges, and `remarks` keeps the other marks at their times. Of several ways to write a file, the first in which
//! `check` finds nothing is taken.

mod bars;
mod beats;
mod parts;
mod remarks;
mod timed_line;
mod track;

use std::time::Duration;

use super::fault::{FilePlace, ImportFault, quoted};
use super::imported::{ImportRequest, Imported};
use super::silent::is_silent;
use crate::time::ShowTime;
use beats::WrittenBeats;
use parts::SongParts;
use timed_line::TimedLine;
use track::Use;
pub(super) use track::{Mark, TimingTrack};

/// After its last mark a show goes on for so long.
const AFTERWARDS: Duration = Duration::from_secs(1);

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
    for song_beats in WrittenBeats::ways(beats, bars) {
        for has_parts in [true, false] {
            let mut imported = Imported { length: Some(length), ..Imported::default() };
            song_beats.tell(&mut imported);
            let parts = if has_parts { SongParts::of(tracks_for(Use::Parts)) } else { SongParts::default() };
            let mut lines = parts.lines(&song_beats, request.rig, &mut imported);
            let extra = |track: &&TimingTrack| {
                let is_used =
                    |used: Option<&TimingTrack>| used.is_some_and(|used| std::ptr::eq(used, *track));
                !is_used(beats) && !is_used(bars)
            };
            lines.extend(remarks::lines(tracks.iter().filter(extra), &parts, &mut imported));
            lines.sort_by_key(|line| line.at);
            imported.cues = sheet_lines(&lines, &parts, request);
            if is_silent(&imported, request) {
                return Ok(imported);
            }
            last = Some(imported);
        }
    }
    last.ok_or_else(|| ImportFault::new(FilePlace::Whole, "nothing in this file can be taken"))
}

fn sheet_lines(lines: &[TimedLine], parts: &SongParts, request: &ImportRequest) -> String {
    let mut text = String::from("# Write your cues here: when, who, what.\n");
    for line in lines {
        text += &line.text;
        text.push('\n');
    }
    text + &parts.sections(request.rig)
}

fn in_whole_seconds(time: ShowTime) -> ShowTime {
    ShowTime::from_micros(time.micros().div_ceil(1_000_000) * 1_000_000).min(ShowTime::MAX)
}
