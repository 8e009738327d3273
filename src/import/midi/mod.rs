//! A MIDI file becomes a show: its notes are lights that are on for as long as the notes, its tempi are the tempo of the sheet.
//! Knows no files.
//!
//! `reader` reads the events, `song` makes notes of them, `tick_clock` times them exactly, `grid` counts their bars as a sheet
//! writes them, `cues` says which lights are lit when, and `beat_rows` writes those on beats.

mod beat_rows;
mod cues;
mod grid;
mod reader;
mod song;
mod tick_clock;

use std::collections::BTreeMap;

use super::channel_map::SourceChannel;
use super::fault::{FilePlace, ImportFault};
use super::imported::{ImportRequest, Imported, ImportedTempo};
use super::silent::is_silent;
use cues::{AFTERWARDS, MidiCues};
use grid::MidiGrid;
pub(super) use reader::is_midi;
use song::MidiSong;
use tick_clock::TickClock;

/// # Errors
/// Where the file is broken; if it has no notes; if there is no rig to play them on.
pub(super) fn import(bytes: &[u8], request: &ImportRequest) -> Result<Imported, ImportFault> {
    let song = MidiSong::of(&reader::read(bytes)?)?;
    if song.notes.is_empty() {
        return Err(ImportFault::new(FilePlace::Whole, "this MIDI file has no notes")
            .advise("export the tracks that have notes, too"));
    }
    let rig = request.lights()?;
    let clock = TickClock::new(song.division, &song.tempi);
    let last = song.notes.iter().map(|note| note.to).max().unwrap_or(0);
    if clock.time_of(last) + AFTERWARDS >= crate::time::ShowTime::MAX {
        return Err(ImportFault::new(FilePlace::Whole, "the song is longer than a day")
            .advise("export a part of the song"));
    }
    let channels = keys(&song);
    let mapped = request.map.map(&channels, rig)?;
    let cues = MidiCues::of(&song, &clock, (&channels, &mapped), (rig, request.map.has_levels()));
    let mut last = None;
    for grid in MidiGrid::ways(&song, &clock) {
        let mut imported =
            Imported { title: song.name.clone(), length: Some(cues.length), ..Imported::default() };
        imported.taken.push(tempo_told(&song, &grid));
        cues.tell(&mut imported);
        imported.left.extend(mapped.left.iter().cloned());
        if song.endless > 0 {
            imported
                .left
                .push(format!("the ends of {} notes: nothing ends them, so their track does", song.endless));
        }
        imported.cues = cues.text(&grid, &clock, rig);
        imported.tempo.clone_from(&grid.tempo);
        if is_silent(&imported, request) {
            return Ok(imported);
        }
        last = Some(imported);
    }
    last.ok_or_else(|| ImportFault::new(FilePlace::Whole, "nothing in this file can be taken"))
}

/// The notes of the song are its channels, from the lowest up.
fn keys(song: &MidiSong) -> Vec<SourceChannel> {
    let mut counts: BTreeMap<u8, usize> = BTreeMap::new();
    for note in &song.notes {
        *counts.entry(note.key).or_default() += 1;
    }
    let channel = |key: &u8| SourceChannel { number: u32::from(*key), name: Some(note_name(*key)) };
    counts.keys().map(channel).collect()
}

/// As musicians count: 60 is c4.
fn note_name(key: u8) -> String {
    const NAMES: [&str; 12] = ["c", "c#", "d", "d#", "e", "f", "f#", "g", "g#", "a", "a#", "b"];
    format!("{}{}", NAMES[usize::from(key % 12)], i16::from(key / 12) - 1)
}

fn tempo_told(song: &MidiSong, grid: &MidiGrid) -> String {
    let changes = song.tempi.iter().filter(|(tick, _)| *tick > 0).count();
    match &grid.tempo {
        Some(ImportedTempo::Lines(lines)) if lines.len() == 1 => {
            "tempo: one tempo for all of the song".to_owned()
        }
        Some(ImportedTempo::Lines(lines)) => format!("tempo: {} tempo lines", lines.len()),
        Some(ImportedTempo::Beats { beats, .. }) => format!(
            "tempo: a beat map of {} beats, because tempo lines would be less exact; the tempo changes {changes} times",
            beats.len()
        ),
        None => "times: by the clock; bars and beats of the file cannot be written exactly".to_owned(),
    }
}

#[cfg(test)]
mod tests;
