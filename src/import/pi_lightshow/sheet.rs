//! A song as a sheet that a person reads: sections as sections, phrases as sections, repeated beats with `every`. Knows
//! not whether the sheet plays as the song does: that is tried afterwards.

use std::collections::{BTreeMap, BTreeSet};

use super::super::beat_words;
use super::super::cue_lines::{self, line, names};
use super::super::fault::ImportFault;
use super::super::sheet::remark;
use super::beat_grid::BeatGrid;
use super::lights::{show_time, timed};
use super::notes::{CHANNELS, SongDistance, SongNote, notes};
use super::section_lines::{MARGIN, SectionLine, SectionPlace, in_rows};
use super::song::{LightshowSong, SongAction, SongActionKind, TempoPart};
use crate::rig::{ChannelId, Rig, is_name};
use crate::time::ShowTime;

/// A musical time of the sheet may be off by this many microseconds, by rounding.
const ROUNDED: f64 = 1.5;

/// The lights that the channels of that player are, as far as their notes are written as they are.
pub(super) struct SongLights<'a> {
    pub(super) rig: &'a Rig,
    pub(super) lights: [Vec<ChannelId>; CHANNELS],
}

impl SongLights<'_> {
    fn of(&self, channels: impl Iterator<Item = u8>) -> Option<String> {
        let lights: BTreeSet<ChannelId> =
            channels.flat_map(|channel| self.lights[usize::from(channel)].iter().copied()).collect();
        let lights: Vec<ChannelId> = lights.into_iter().collect();
        (!lights.is_empty()).then(|| names(&lights, self.rig))
    }
}

/// The lines of the sheet: when each section plays, and the sections.
pub(super) fn written(
    song: &LightshowSong,
    parts: &[TempoPart],
    grid: Option<&BeatGrid>,
    lights: &SongLights,
) -> Result<String, ImportFault> {
    let mut writer = SheetWriter { song, grid, lights, taken: BTreeSet::new(), used: BTreeMap::new() };
    let mut plays: Vec<(ShowTime, String)> = Vec::new();
    let mut sections = String::new();
    let numbers: BTreeSet<usize> = parts.iter().map(|part| part.section).collect();
    for number in numbers {
        let mut own: Vec<TempoPart> = parts.iter().filter(|part| part.section == number).copied().collect();
        own.sort_by(|one, other| one.start.total_cmp(&other.start));
        let start = show_time(own[0].time_of(1))?;
        let first = grid.and_then(|grid| grid.first_of(&own[0]));
        let lines = writer.section(&own, start, first)?;
        if lines.is_empty() {
            continue;
        }
        let name = writer.free_name(song.section_name(number), "part");
        let when = first.and_then(|first| beat_words::place(f64::from(first)));
        plays.push((start, line("", &when.unwrap_or_else(|| start.to_string()), "play", &name)));
        sections += &format!("\nsection {name}\n{lines}");
    }
    plays.sort();
    let plays: String = plays.into_iter().map(|(_, line)| line).collect();
    let phrases: String = writer.used.into_values().collect();
    Ok(format!("{plays}{sections}{phrases}"))
}

struct SheetWriter<'a> {
    song: &'a LightshowSong,
    grid: Option<&'a BeatGrid>,
    lights: &'a SongLights<'a>,
    /// Names of sections.
    taken: BTreeSet<String>,
    /// The sections of phrases and steps, by name.
    used: BTreeMap<String, String>,
}

/// A beat of a part, and where it is.
#[derive(Clone, Copy)]
struct SongBeat {
    seconds: f64,
    tempo: f64,
    /// When its section begins.
    section: ShowTime,
    /// Beats since then, and its place in the grid, if the grid has it.
    in_grid: Option<(u32, u32)>,
}

impl SheetWriter<'_> {
    fn free_name(&mut self, wanted: &str, whose: &str) -> String {
        let near = crate::rig::nearest_name(wanted, whose).unwrap_or_else(|| whose.to_owned());
        let numbered = (2..).map(|number| {
            let number = format!("-{number}");
            let kept: String = near.chars().take(32 - number.len()).collect();
            kept + &number
        });
        let free = std::iter::once(near.clone()).chain(numbered).find(|name| !self.taken.contains(name));
        // There are fewer sections than numbers.
        let name = free.filter(|name| is_name(name)).unwrap_or(near);
        self.taken.insert(name.clone());
        name
    }

    /// The lines of a section whose parts are `own`; it starts at `start`, which is beat `first` of the grid.
    fn section(
        &mut self,
        own: &[TempoPart],
        start: ShowTime,
        first: Option<u32>,
    ) -> Result<String, ImportFault> {
        let mut lines = Vec::new();
        for part in own {
            let offset = first.and_then(|first| {
                let there = self.grid?.first_of(part)?;
                Some((there.checked_sub(first)?, there))
            });
            for sequence in part.sequences {
                for beat in sequence.beats_in(part) {
                    let beat = SongBeat {
                        seconds: part.time_of(beat),
                        tempo: part.tempo,
                        section: start,
                        in_grid: offset.map(|(since, there)| (since + beat - 1, there + beat - 1)),
                    };
                    for action in &sequence.actions {
                        lines.extend(self.action(action, beat)?);
                    }
                }
            }
        }
        Ok(in_rows(lines))
    }

    /// The lines of `action` on `beat`.
    fn action(&mut self, action: &SongAction, beat: SongBeat) -> Result<Vec<SectionLine>, ImportFault> {
        let notes = notes(action, self.song);
        if let Some((whole, _)) = beat.in_grid
            && notes.iter().all(|note| self.is_exact(note, beat))
            && let Some(name) = self.named(action, &notes)
        {
            let (time, place) = (show_time(beat.seconds)?, SectionPlace::Beats { whole, past: 0.0 });
            return Ok(vec![SectionLine { time, place, who: "play".to_owned(), what: name }]);
        }
        let mut lines = Vec::new();
        for together in notes.chunk_by(|one, other| {
            (one.delay, one.lasts, one.sets_base()) == (other.delay, other.lasts, other.sets_base())
        }) {
            let Some(who) = self.lights.of(together.iter().map(|note| note.channel)) else { continue };
            lines.extend(self.note(&together[0], who, beat)?);
        }
        Ok(lines)
    }

    /// The name of the section that plays `action`; `None` if it is no phrase and no step, or cannot be written in beats.
    fn named(&mut self, action: &SongAction, notes: &[SongNote]) -> Option<String> {
        let (name, told) = match action.kind {
            SongActionKind::Phrase => {
                let (id, phrase) = action.phrase(self.song)?;
                (format!("phrase-{id}"), phrase.description.clone().unwrap_or_default())
            }
            SongActionKind::StepUp => {
                ("step-up".to_owned(), "one light after the other, until all are lit".to_owned())
            }
            SongActionKind::StepDown => {
                ("step-down".to_owned(), "all are lit, then one after the other goes dark".to_owned())
            }
            SongActionKind::Note
            | SongActionKind::AllChannels
            | SongActionKind::FlashMode
            | SongActionKind::Unknown => return None,
        };
        if !is_name(&name) {
            return None;
        }
        if !self.used.contains_key(&name) {
            let lines = self.musical_lines(notes)?;
            // A section of the song may have this name.
            if lines.is_empty() || !self.taken.insert(name.clone()) {
                return None;
            }
            let told = remark(&told);
            let told = if told.is_empty() { told } else { format!("   # {told}") };
            self.used.insert(name.clone(), format!("\nsection {name}{told}\n{lines}"));
        }
        Some(name)
    }

    /// `notes` in beats, from the beginning of a section.
    fn musical_lines(&self, notes: &[SongNote]) -> Option<String> {
        let mut timed: Vec<(f64, String, Vec<u8>)> = Vec::new();
        let mut add = |at: f64, what: String, channel: u8| match timed
            .iter_mut()
            .find(|(time, it, _)| *time == at && *it == what)
        {
            Some((_, _, channels)) => channels.push(channel),
            None => timed.push((at, what, vec![channel])),
        };
        for note in notes {
            let SongNote { channel, lasts, .. } = *note;
            let at = beats_only(note.delay)?;
            match lasts {
                None => add(at, "on".to_owned(), channel),
                Some(length) if note.sets_base() => {
                    add(at, "on".to_owned(), channel);
                    add(at + beats_only(length)?, "off".to_owned(), channel);
                }
                Some(length) => {
                    add(at, format!("on for {}", beat_words::length(beats_only(length)?)?), channel);
                }
            }
        }
        timed.sort_by(|one, other| one.0.total_cmp(&other.0));
        let mut lines = String::new();
        for (at, what, channels) in timed {
            let place = beat_words::place(at)?;
            if let Some(who) = self.lights.of(channels.into_iter()) {
                lines += &line(MARGIN, &place, &who, &what);
            }
        }
        Some(lines)
    }

    /// A note that stands in its section itself.
    fn note(&self, note: &SongNote, who: String, beat: SongBeat) -> Result<Vec<SectionLine>, ImportFault> {
        let by_clock = timed(note, beat.seconds, beat.tempo)?;
        let (delay, lasts) =
            (note.delay.seconds(beat.tempo), note.lasts.map(|length| length.seconds(beat.tempo)));
        if let Some((whole, _)) = beat.in_grid {
            let past = delay / beat.tempo;
            let length = lasts.map(|lasts| lasts / beat.tempo);
            let is_plain = beat_words::place(past).is_some();
            // A length in seconds is one anywhere.
            let is_in_seconds = matches!(note.lasts, Some(SongDistance::Seconds(_)));
            let there = SongNote { lasts: note.lasts.filter(|_| !is_in_seconds), ..*note };
            if is_plain
                && !note.sets_base()
                && self.is_exact(&there, beat)
                && let Some(length) = length
            {
                let clock = by_clock.until.map(|until| cue_lines::length(until - by_clock.from));
                let words = match note.lasts {
                    // What the file says in seconds stays in seconds.
                    Some(SongDistance::Seconds(_)) => clock,
                    _ => beat_words::length(length).or(clock),
                };
                let what = format!("on for {}", words.unwrap_or_default());
                let place = SectionPlace::Beats { whole: whole + past.floor() as u32, past: past.fract() };
                return Ok(vec![SectionLine { time: by_clock.from, place, who, what }]);
            }
        }
        let cue = |time: ShowTime, what: String| {
            let (place, who) = (SectionPlace::Clock(time - beat.section), who.clone());
            SectionLine { time, place, who, what }
        };
        Ok(match by_clock.until {
            None => vec![cue(by_clock.from, "on".to_owned())],
            Some(until) if note.sets_base() => {
                vec![cue(by_clock.from, "on".to_owned()), cue(until, "off".to_owned())]
            }
            Some(until) => {
                let what = format!("on for {}", cue_lines::length(until - by_clock.from));
                vec![cue(by_clock.from, what)]
            }
        })
    }

    /// Whether the grid has `note` of `beat` where that player has it, to the microsecond.
    fn is_exact(&self, note: &SongNote, beat: SongBeat) -> bool {
        let (Some(grid), Some((_, there))) = (self.grid, beat.in_grid) else { return false };
        let is_near = |past: f64| {
            (grid.micros_at(there, past) - (beat.seconds + past * beat.tempo) * 1e6).abs() < ROUNDED
        };
        let delay = note.delay.seconds(beat.tempo) / beat.tempo;
        let end = note.lasts.map(|length| delay + length.seconds(beat.tempo) / beat.tempo);
        is_near(delay) && end.is_none_or(is_near)
    }
}

/// A distance that is in beats, or none at all.
fn beats_only(distance: SongDistance) -> Option<f64> {
    match distance {
        SongDistance::Beats(beats) => Some(beats),
        SongDistance::Seconds(seconds) => (seconds == 0.0).then_some(0.0),
    }
}
