//! The notes, tempi and measures of a MIDI file, on one line of ticks. Knows no lights.

use super::reader::{MidiEvent, MidiFile, MidiTrack, TickDivision};
use crate::import::fault::{FilePlace, ImportFault};

/// More notes than a sheet could tell.
const MOST_NOTES: usize = 250_000;
/// More changes than any song has.
const MOST_CHANGES: usize = 50_000;
/// At the slowest tempo and the finest ticks, a day has fewer. Later ticks would overflow.
const LAST_TICK: u64 = 1 << 40;

/// A note, from the tick at which it begins to that at which it ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct MidiNote {
    pub(super) from: u64,
    pub(super) to: u64,
    pub(super) key: u8,
    pub(super) velocity: u8,
}

/// All that counts of a MIDI file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct MidiSong {
    pub(super) division: TickDivision,
    /// In the order in which they begin.
    pub(super) notes: Vec<MidiNote>,
    /// Microseconds a quarter note from a tick on; in order, one a tick.
    pub(super) tempi: Vec<(u64, u32)>,
    /// Beats and note of a measure from a tick on; in order, one a tick.
    pub(super) measures: Vec<(u64, (u8, u32))>,
    pub(super) name: Option<String>,
    /// The tick of the last event.
    pub(super) end: u64,
    /// Notes that nothing ends.
    pub(super) endless: usize,
}

impl MidiSong {
    /// # Errors
    /// Where a track is broken; or when there is more than a sheet could tell.
    pub(super) fn of(file: &MidiFile) -> Result<Self, ImportFault> {
        let mut song = Self {
            division: file.division,
            notes: Vec::new(),
            tempi: Vec::new(),
            measures: Vec::new(),
            name: None,
            end: 0,
            endless: 0,
        };
        for (track, number) in file.tracks.iter().zip(1..) {
            // The tracks of format 2 follow one another.
            let begin = if file.format == 2 { song.end } else { 0 };
            song.take(*track, begin, number)?;
        }
        song.notes.sort_by_key(|note| (note.from, note.key));
        // Of several at the same tick the last one holds.
        song.tempi.reverse();
        song.tempi.sort_by_key(|(tick, _)| *tick);
        song.tempi.dedup_by_key(|(tick, _)| *tick);
        song.measures.reverse();
        song.measures.sort_by_key(|(tick, _)| *tick);
        song.measures.dedup_by_key(|(tick, _)| *tick);
        song.tempi.dedup_by_key(|(_, tempo)| *tempo);
        song.measures.dedup_by_key(|(_, measure)| *measure);
        Ok(song)
    }

    fn take(&mut self, track: MidiTrack, begin: u64, number: usize) -> Result<(), ImportFault> {
        let too_much = |what: String| {
            let place = FilePlace::Words(format!("track {number}"));
            Err(ImportFault::new(place, what).advise("export a part of the song, or fewer tracks"))
        };
        // When a note that is on began, and how hard: by MIDI channel and key.
        let mut on: Vec<Option<(u64, u8)>> = vec![None; 16 * 128];
        let mut end = begin;
        for event in track.events() {
            let event = event?;
            let tick = begin + event.tick;
            if tick > LAST_TICK {
                return too_much("the track is longer than a day".to_owned());
            }
            end = end.max(tick);
            match event.event {
                MidiEvent::NoteOn { channel, key, velocity } => {
                    self.end_note(&mut on, (channel, key), tick);
                    on[slot(channel, key)] = Some((tick, velocity));
                }
                MidiEvent::NoteOff { channel, key } => self.end_note(&mut on, (channel, key), tick),
                MidiEvent::Tempo(micros) => self.tempi.push((tick, micros)),
                MidiEvent::Measure { beats, note } => self.measures.push((tick, (beats, note))),
                MidiEvent::Name(name) => {
                    let name = String::from_utf8_lossy(name).trim().to_owned();
                    if self.name.is_none() && number == 1 && !name.is_empty() {
                        self.name = Some(name);
                    }
                }
                MidiEvent::End | MidiEvent::Other => {}
            }
            if self.notes.len() > MOST_NOTES {
                return too_much(format!("the file has more than {MOST_NOTES} notes"));
            }
            if self.tempi.len().max(self.measures.len()) > MOST_CHANGES {
                return too_much(format!("the tempo changes more than {MOST_CHANGES} times"));
            }
        }
        for key in 0..on.len() {
            if on[key].is_some() {
                self.endless += 1;
                self.end_note(&mut on, ((key / 128) as u8, (key % 128) as u8), end);
            }
        }
        self.end = self.end.max(end);
        Ok(())
    }

    fn end_note(&mut self, on: &mut [Option<(u64, u8)>], (channel, key): (u8, u8), tick: u64) {
        if let Some((from, velocity)) = on[slot(channel, key)].take() {
            self.notes.push(MidiNote { from, to: tick, key, velocity });
        }
    }
}

fn slot(channel: u8, key: u8) -> usize {
    usize::from(channel & 0x0f) * 128 + usize::from(key & 0x7f)
}
