//! When each channel of that player is lit in a song. Knows no rig and no sheet.
//!
//! A channel has one timer that switches it off. A note with a length starts it anew, so the note that started last
//! decides when the channel goes dark, even if an earlier one was longer. A note without a length switches the channel
//! on, and leaves a timer that runs as it is.

use crate::time::ShowTime;

use super::super::fault::{FilePlace, ImportFault};
use super::super::lit_span::LitSpan;
use super::notes::{CHANNELS, SongNote, notes};
use super::song::{LightshowSong, TempoPart};

/// A cue sheet of more notes would be far larger than any song.
const MOST_NOTES: usize = 200_000;
/// That player's timers are late by more than this. A shorter gap is none: its off and the next on race each other.
const SHORTEST_GAP: u64 = 1_000;

/// A note by the clock.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct TimedNote {
    pub(super) channel: u8,
    pub(super) from: ShowTime,
    /// `None` for a note without a length.
    pub(super) until: Option<ShowTime>,
    /// A sheet says it with `on` and `off`, not with `on for`.
    pub(super) sets_base: bool,
    is_timed: bool,
}

/// `seconds` to the nearest microsecond.
///
/// # Errors
/// If this is later than any show.
pub(super) fn show_time(seconds: f64) -> Result<ShowTime, ImportFault> {
    let micros = (seconds * 1e6).round();
    match micros >= 0.0 && micros <= ShowTime::MAX.micros() as f64 {
        true => Ok(ShowTime::from_micros(micros as u64)),
        false => Err(ImportFault::new(
            FilePlace::Words(format!("a note at {seconds} s")),
            "nothing in a show is later than 24 hours",
        )),
    }
}

/// `note` of the beat at `beat` seconds.
pub(super) fn timed(note: &SongNote, beat: f64, tempo: f64) -> Result<TimedNote, ImportFault> {
    let from = beat + note.delay.seconds(tempo);
    let until = note.lasts.map(|length| show_time(from + length.seconds(tempo))).transpose()?;
    Ok(TimedNote {
        channel: note.channel,
        from: show_time(from)?,
        until,
        sets_base: note.sets_base(),
        is_timed: note.is_timed,
    })
}

/// Every note of the song, in the order in which that player switches.
///
/// # Errors
/// If there are too many, or one is too late.
pub(super) fn timed_notes(song: &LightshowSong, parts: &[TempoPart]) -> Result<Vec<TimedNote>, ImportFault> {
    let mut all = Vec::new();
    for part in parts {
        let mut on_beats: Vec<(u32, usize)> = Vec::new();
        let switched: Vec<Vec<SongNote>> = part
            .sequences
            .iter()
            .map(|sequence| sequence.actions.iter().flat_map(|action| notes(action, song)).collect())
            .collect();
        for (index, sequence) in
            part.sequences.iter().enumerate().filter(|(index, _)| !switched[*index].is_empty())
        {
            on_beats.extend(sequence.beats_in(part).into_iter().map(|beat| (beat, index)));
            let count = all.len() + on_beats.iter().map(|(_, index)| switched[*index].len()).sum::<usize>();
            if count > MOST_NOTES {
                let place =
                    FilePlace::Words(format!("section {}", super::quoted(song.section_name(part.section))));
                return Err(ImportFault::new(place, format!("the song has more than {MOST_NOTES} notes")));
            }
        }
        on_beats.sort_unstable();
        for (beat, index) in on_beats {
            for note in &switched[index] {
                all.push(timed(note, part.time_of(beat), part.tempo)?);
            }
        }
    }
    all.sort_by_key(|note: &TimedNote| (note.from, note.is_timed));
    Ok(all)
}

/// When each channel is lit; what has no end is lit until `end`.
pub(super) fn lit(notes: &[TimedNote], end: ShowTime) -> [Vec<LitSpan>; CHANNELS] {
    let mut lit: [Vec<LitSpan>; CHANNELS] = Default::default();
    for (channel, lit) in lit.iter_mut().enumerate() {
        // Since when it is lit, and when its timer switches it off.
        let mut now: Option<(ShowTime, Option<ShowTime>)> = None;
        for note in notes.iter().filter(|note| usize::from(note.channel) == channel) {
            let mut since = note.from;
            let mut off = note.until;
            if let Some((from, timer)) = now {
                let is_over = timer.is_some_and(|timer| timer.micros() + SHORTEST_GAP <= note.from.micros());
                if is_over {
                    lit.extend(timer.map(|to| LitSpan { from, to }));
                } else {
                    since = from;
                    off = off.or(timer.filter(|timer| *timer > note.from));
                }
            }
            now = Some((since, off));
        }
        if let Some((from, off)) = now {
            lit.push(LitSpan { from, to: off.unwrap_or(end.max(from)) });
        }
        lit.retain(|span| span.from < span.to);
    }
    lit
}
