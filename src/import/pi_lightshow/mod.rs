//! Songs of pi-lightshow: JSON with sections, beats, notes and phrases for ten channels that are on or off. Pure.
//!
//! `song` reads the file, `notes` knows what that player does with an action, and `lights` when each channel is lit in the
//! end. `sheet` writes it as a person would, on the beats of `beat_grid`, and `corrections` adds what the sheet would
//! light otherwise. Then the sheet is tried: if it does not make the same light, every stretch of light gets its own cue.

mod beat_grid;
mod beat_words;
mod corrections;
mod lights;
mod notes;
mod sheet;
mod song;
mod told;

use std::time::Duration;

use super::channel_map::SourceChannel;
use super::cue_lines::{ClockCue, cue_lines};
use super::fault::{FilePlace, ImportFault, quoted};
use super::imported::{ImportRequest, Imported, ImportedTempo};
use super::lit_span::LitSpan;
use super::restraint;
use super::sheet::remark;
use super::text;
use super::trial::{TrialSheet, silent_light};
use crate::rig::{ChannelId, Rig};
use crate::show::Measure;
use crate::time::ShowTime;
use crate::timeline::Track;
use beat_grid::BeatGrid;
use corrections::{Correction, corrections};
use lights::{TimedNote, lit, show_time, timed_notes};
use notes::CHANNELS;
use sheet::SongLights;
use song::{LightshowSong, SongPart};
use told::{RestrainedChannel, left_in_song, left_out};

/// Musical times of a sheet are rounded.
const ROUNDED: Duration = Duration::from_micros(2);

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
    let rig = request.rig.ok_or_else(no_rig)?;
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
    let wanted = WantedLight::of(&playing, &lights, rig);
    let (cues, beats) = playing.sheet(&lights, &wanted, rig)?;
    let mut left = mapped.left;
    left.extend(left_in_song(&song, &parts));
    left.extend(left_out(&wanted.restrained, rig));
    Ok(Imported {
        title: song.title.clone(),
        music: song.mp3_file.clone().filter(|name| !name.trim().is_empty()),
        length: Some(length),
        taken: playing.taken(&lights, beats.as_ref()),
        tempo: beats.map(|grid| ImportedTempo::Beats { beats: grid.times(), measure: four_four() }),
        cues,
        left,
    })
}

fn no_rig() -> ImportFault {
    ImportFault::new(FilePlace::Whole, "without a rig nobody knows which lights its channels are")
        .advise("describe your lights first: starcourt new --rig")
}

fn four_four() -> Measure {
    Measure::of_beats(beat_words::BEATS_PER_BAR)
}

/// When the song is over: its last beat, or its last note. To the millisecond.
fn length(parts: &[SongPart], notes: &[TimedNote]) -> Result<ShowTime, ImportFault> {
    let ends = notes.iter().map(|note| note.until.unwrap_or(note.from + Duration::from_millis(1)));
    let mut end = ends.max().unwrap_or_default();
    for part in parts {
        end = end.max(show_time(part.end())?);
    }
    Ok(ShowTime::from_micros(end.micros().div_ceil(1_000) * 1_000).min(ShowTime::MAX))
}

/// A song, and when its channels are lit.
struct PlayingSong<'a> {
    song: &'a LightshowSong,
    parts: &'a [SongPart<'a>],
    notes: &'a [TimedNote],
    lit: &'a [Vec<LitSpan>; CHANNELS],
    length: ShowTime,
}

/// What the lights of a rig show of a song.
struct WantedLight {
    /// By the channels of the rig.
    lit: Vec<Vec<LitSpan>>,
    /// Channels of the rig that do not show all of exactly one channel of the song.
    is_special: Vec<bool>,
    restrained: Vec<RestrainedChannel>,
}

impl WantedLight {
    fn of(playing: &PlayingSong, lights: &[Vec<ChannelId>; CHANNELS], rig: &Rig) -> Self {
        let mut wanted = Self { lit: Vec::new(), is_special: Vec::new(), restrained: Vec::new() };
        for id in rig.channel_ids() {
            let sources = (0..CHANNELS).filter(|channel| lights[*channel].contains(&id));
            let sources: Vec<usize> = sources.collect();
            let mut lit = union(sources.iter().flat_map(|channel| playing.lit[*channel].iter().copied()));
            let channel = rig.channel(id);
            let (kept, why) = restraint::kept(&lit, channel, rig.limits.flash, playing.length);
            let (all, count) = (lit.len(), kept.iter().filter(|kept| **kept).count());
            wanted.restrained.extend(why.into_iter().last().map(|why| RestrainedChannel {
                channel: id,
                all,
                kept: count,
                why,
            }));
            let mut kept = kept.into_iter();
            lit.retain(|_| kept.next().unwrap_or(true));
            wanted.is_special.push(sources.len() > 1 || lit.len() < all);
            wanted.lit.push(lit);
        }
        wanted
    }

    /// Whether `tracks` are lit like this, to the microsecond or two of a rounded time.
    fn is_shown_by(&self, tracks: &[Track], length: ShowTime) -> bool {
        let is_near = |one: ShowTime, other: ShowTime| one.max(other) - one.min(other) <= ROUNDED;
        self.lit.len() == tracks.len()
            && self.lit.iter().zip(tracks).all(|(wanted, track)| {
                let shown = lit_by(track, length);
                shown.len() == wanted.len()
                    && shown.iter().zip(wanted).all(|(shown, wanted)| {
                        is_near(shown.from, wanted.from) && is_near(shown.to, wanted.to.min(length))
                    })
            })
    }

    /// Every stretch of light of the channels that `is_meant` as a cue.
    fn cues(&self, is_meant: impl Fn(usize) -> bool) -> Vec<ClockCue> {
        let channels = self.lit.iter().enumerate().filter(|(channel, _)| is_meant(*channel));
        channels.flat_map(|(channel, lit)| lit.iter().map(move |span| cue(channel, *span, "on"))).collect()
    }
}

fn cue(channel: usize, span: LitSpan, what: &str) -> ClockCue {
    let lasts = Some(span.to - span.from);
    ClockCue { channel: ChannelId::new(channel), from: span.from, lasts, what: what.to_owned() }
}

/// Stretches of light that overlap or touch become one.
fn union(spans: impl Iterator<Item = LitSpan>) -> Vec<LitSpan> {
    let mut spans: Vec<LitSpan> = spans.collect();
    spans.sort_unstable();
    let mut united: Vec<LitSpan> = Vec::new();
    for span in spans {
        match united.last_mut().filter(|last| span.from <= last.to) {
            Some(last) => last.to = last.to.max(span.to),
            None => united.push(span),
        }
    }
    united
}

/// When `track` is lit, up to `length`.
fn lit_by(track: &Track, length: ShowTime) -> Vec<LitSpan> {
    let mut lit = Vec::new();
    let mut since = None;
    for (time, level) in track.edges().take_while(|(time, _)| *time < length) {
        match (since, level.is_lit()) {
            (None, true) => since = Some(time),
            (Some(from), false) => {
                lit.push(LitSpan { from, to: time });
                since = None;
            }
            (None, false) | (Some(_), true) => {}
        }
    }
    lit.extend(since.map(|from| LitSpan { from, to: length }));
    lit
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
        let cues = self.head() + &cue_lines(wanted.cues(|_| true), rig, "");
        let grid = grid.filter(|grid| is_right(&cues, Some(grid)));
        Ok((cues, grid))
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
        let apart = cue_lines(wanted.cues(|channel| !is_written[channel]), rig, "");
        let corrected = cue_lines(corrected, rig, "");
        let written = sheet::written(self.song, self.parts, grid, &SongLights { rig, lights: plain })?;
        let (plays, sections) = written.split_at(written.find("\nsection ").unwrap_or(written.len()));
        let mut text = plays.to_owned();
        if !corrected.is_empty() {
            text += "\n# A later note decides when its light goes dark, even if an earlier one is longer:\n";
            text += &corrected;
        }
        if !apart.is_empty() {
            text += "\n# Lights that leave out some notes, or show several channels:\n";
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
