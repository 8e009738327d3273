//! Songs of pi-lightshow: JSON with sections, beats, notes and phrases for ten channels that are on or off. Pure.
//!
//! `song` reads the file, `notes` knows what that player does with an action, and `lights` when each channel is lit in the
//! end. `sheet` writes it as a person would, on the beats of `beat_grid`, and `corrections` adds what the sheet would
//! light otherwise. Then the sheet is tried: if it does not make the same light, every stretch of light gets its own cue.

mod beat_grid;
mod corrections;
mod lights;
mod notes;
mod section_lines;
mod sheet;
mod song;
mod summary;
mod wanted;

use std::time::Duration;

use super::beat_words;
use super::channel_map::SourceChannel;
use super::cue_lines::{ClockCue, cue_lines};
use super::fault::{FilePlace, ImportFault, quoted};
use super::imported::{ImportRequest, Imported, ImportedTempo};
use super::lit_span::LitSpan;
use super::restraint;
use super::sheet::remark;
use super::silent::{TrialSheet, silent_light};
use super::text;
use crate::rig::{ChannelId, Rig};
use crate::show::Measure;
use crate::time::ShowTime;
use beat_grid::BeatGrid;
use corrections::{Correction, corrections};
use lights::{TimedNote, lit, show_time, timed_notes};
use notes::CHANNELS;
use sheet::SongLights;
use song::{LightshowSong, TempoPart};
use summary::left_in_song;
use wanted::{WantedLight, cue};

/// Whether the beginning of a file looks like a song of that player.
pub(super) fn looks_like_a_song(beginning: &str) -> bool {
    let begins = beginning.trim_start().starts_with('{');
    begins && ["\"sections\"", "\"mp3_file\"", "\"phrases\""].iter().any(|key| beginning.contains(key))
}

/// # Errors
/// What is wrong with the file or with the map, where, and what to do.
pub(super) fn import(bytes: &[u8], request: &ImportRequest) -> Result<Imported, ImportFault> {
    let text = text::whole(bytes)?;
    let song = LightshowSong::read(&text)?;
    let parts = song.parts();
    let notes = timed_notes(&song, &parts)?;
    let rig = request.lights()?;
    let length = length(&parts, &notes)?;
    let lit = lit(&notes, length);
    let playing = PlayingSong { song: &song, parts: &parts, notes: &notes, lit: &lit, length };
    let sources: Vec<SourceChannel> = (0..CHANNELS)
        .filter(|channel| !lit[*channel].is_empty())
        .map(|channel| SourceChannel { number: channel as u32 + 1, name: None })
        .collect();
    if sources.is_empty() {
        return Err(ImportFault::new(FilePlace::Whole, "this song switches no channel")
            .advise("each of its `sequences` needs `actions`, and `beat`, `beats` or `all_beats` that its section has"));
    }
    let mapped = request.map.map(&sources, rig)?;
    let mut lights: [Vec<ChannelId>; CHANNELS] = Default::default();
    for one in &mapped.mapped {
        lights[sources[one.source].number as usize - 1].clone_from(&one.channels);
    }
    let wanted = WantedLight::of(&lit, &lights, rig, length);
    let (cues, beats) = playing.sheet(&lights, &wanted, rig)?;
    let mut left = mapped.left;
    left.extend(left_in_song(&song, &parts));
    left.extend(restraint::told(&wanted.restrained, rig));
    Ok(Imported {
        head: Vec::new(),
        title: song.title.clone(),
        music: song.mp3_file.clone().filter(|name| !name.trim().is_empty()),
        length: Some(length),
        taken: playing.taken(&lights, beats.as_ref()),
        tempo: beats
            .map(|grid| ImportedTempo::Beats { beats: grid.times(), measures: vec![(1, four_four())] }),
        cues,
        left,
    })
}

fn four_four() -> Measure {
    Measure::of_beats(beat_words::BEATS_PER_BAR)
}

/// When the song is over: its last beat, or its last note. To the millisecond.
fn length(parts: &[TempoPart], notes: &[TimedNote]) -> Result<ShowTime, ImportFault> {
    let ends = notes.iter().map(|note| note.until.unwrap_or(note.from + Duration::from_millis(1)));
    let mut end = ends.max().unwrap_or_default();
    for part in parts {
        end = end.max(show_time(part.end())?);
    }
    Ok(ShowTime::from_micros(end.micros().div_ceil(1_000) * 1_000).min(ShowTime::MAX))
}

/// How a sheet says a time that is a beat of `grid`.
fn in_beats(grid: Option<&BeatGrid>) -> impl Fn(ShowTime) -> Option<String> {
    move |time| beat_words::place(f64::from(grid?.beat_at(time)?))
}

/// A song, and when its channels are lit.
struct PlayingSong<'a> {
    song: &'a LightshowSong,
    parts: &'a [TempoPart<'a>],
    notes: &'a [TimedNote],
    lit: &'a [Vec<LitSpan>; CHANNELS],
    length: ShowTime,
}

impl PlayingSong<'_> {
    /// The best sheet that makes the `wanted` light and about which `check` says nothing.
    fn sheet(
        &self,
        lights: &[Vec<ChannelId>; CHANNELS],
        wanted: &WantedLight,
        rig: &Rig,
    ) -> Result<(String, Option<BeatGrid>), ImportFault> {
        let grid = BeatGrid::through(self.parts);
        let is_right = |cues: &str, grid: Option<&BeatGrid>| {
            let beats = grid.map(BeatGrid::times);
            let beats = beats.as_deref().map(|beats| (beats, four_four()));
            let tried = silent_light(&TrialSheet { cues, beats, length: self.length }, rig);
            tried.is_some_and(|tracks| wanted.is_shown_by(&tracks, self.length))
        };
        for grid in [grid.clone(), None] {
            let cues = self.head() + &self.readable(lights, wanted, rig, grid.as_ref())?;
            if is_right(&cues, grid.as_ref()) {
                return Ok((cues, grid));
            }
        }
        if let Some(grid) = grid {
            let cues = self.head() + &cue_lines(wanted.cues(|_| true), rig, &in_beats(Some(&grid)));
            if is_right(&cues, Some(&grid)) {
                return Ok((cues, Some(grid)));
            }
        }
        Ok((self.head() + &cue_lines(wanted.cues(|_| true), rig, &|_| None), None))
    }

    fn head(&self) -> String {
        let artist = self.song.artist.as_deref().map(remark).filter(|artist| !artist.is_empty());
        let artist = artist.map_or_else(String::new, |artist| format!("# Music by {artist}.\n"));
        format!(
            "{artist}# Beat 1 of a section is 1.1, beat 5 is 2.1: pi-lightshow has no bars, so all have four beats.\n\n"
        )
    }

    /// Sections, phrases and repeats; what cannot be written so, by the clock.
    fn readable(
        &self,
        lights: &[Vec<ChannelId>; CHANNELS],
        wanted: &WantedLight,
        rig: &Rig,
        grid: Option<&BeatGrid>,
    ) -> Result<String, ImportFault> {
        let is_plain = |channels: &Vec<ChannelId>| channels.iter().all(|id| !wanted.is_special[id.index()]);
        let mut plain: [Vec<ChannelId>; CHANNELS] = Default::default();
        for (own, channels) in plain.iter_mut().zip(lights).filter(|(_, channels)| is_plain(channels)) {
            own.clone_from(channels);
        }
        let mut corrected = Vec::new();
        for (channel, ids) in plain.iter().enumerate().filter(|(_, ids)| !ids.is_empty()) {
            let notes: Vec<TimedNote> =
                self.notes.iter().filter(|note| usize::from(note.channel) == channel).copied().collect();
            for correction in corrections(&notes, &self.lit[channel], self.length) {
                corrected.extend(ids.iter().map(|id| match correction {
                    Correction::BaseOff(from) => {
                        ClockCue { channel: *id, from, lasts: None, what: "off".to_owned() }
                    }
                    Correction::Dark(span) => cue(id.index(), span, "off"),
                    Correction::Lit(span) => cue(id.index(), span, "on"),
                }));
            }
        }
        let is_written: Vec<bool> =
            rig.channel_ids().map(|id| plain.iter().any(|channels| channels.contains(&id))).collect();
        let apart = cue_lines(wanted.cues(|channel| !is_written[channel]), rig, &in_beats(grid));
        let corrected = cue_lines(corrected, rig, &|_| None);
        let written = sheet::written(self.song, self.parts, grid, &SongLights { rig, lights: plain })?;
        let (plays, sections) = written.split_at(written.find("\nsection ").unwrap_or(written.len()));
        let mut text = plays.to_owned();
        if !corrected.is_empty() {
            text += "\n# A later note decides when its light goes dark, even if an earlier one is longer:\n";
            text += &corrected;
        }
        if !apart.is_empty() {
            text += if text.is_empty() { "" } else { "\n" };
            text += "# Lights that leave out some notes, or show several channels:\n";
            text += &apart;
        }
        Ok(text + sections)
    }

    fn taken(&self, lights: &[Vec<ChannelId>; CHANNELS], grid: Option<&BeatGrid>) -> Vec<String> {
        let sections: std::collections::BTreeSet<usize> =
            self.parts.iter().map(|part| part.section).collect();
        let beats: u32 = self.parts.iter().map(|part| part.beats).sum();
        let notes = self.notes.iter().filter(|note| !lights[usize::from(note.channel)].is_empty()).count();
        let tempi = if self.parts.len() == 1 {
            "one tempo".to_owned()
        } else {
            format!("{} tempi", self.parts.len())
        };
        let on = if grid.is_some() { "bars and beats, with a beat map" } else { "times by the clock" };
        vec![
            format!("{} sections with {beats} beats in {tempi}, as {on}", sections.len()),
            format!(
                "{notes} notes for {} channels",
                lights.iter().filter(|lights| !lights.is_empty()).count()
            ),
        ]
    }
}
