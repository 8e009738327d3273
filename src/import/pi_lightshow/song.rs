//! A song of pi-lightshow as its file has it, and where the file is wrong. Knows not what that player does with it.
//!
//! Seconds and beats are numbers with a point here, as in the file and in that player.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::super::fault::{FilePlace, ImportFault, quoted};

/// The songs of that player have some 20 KB. A file of this size takes at most 50 MB of memory.
const LARGEST_SONG: usize = 512 << 10;
/// Hours of music at any tempo; with what `check` needs, five times as many would take more than 64 MiB.
const MOST_BEATS: u64 = 20_000;
/// Seconds a beat; that player would take others, and stumble over them.
const TEMPI: std::ops::RangeInclusive<f64> = 0.01..=3_600.0;
/// No show is longer than a day.
const LATEST: f64 = 86_400.0;

#[derive(Debug, Deserialize)]
pub(super) struct LightshowSong {
    #[serde(default)]
    pub(super) title: Option<String>,
    #[serde(default)]
    pub(super) artist: Option<String>,
    #[serde(default)]
    pub(super) mp3_file: Option<String>,
    #[serde(default)]
    pub(super) sections: Vec<SongSection>,
    #[serde(default)]
    pub(super) phrases: BTreeMap<String, SongPhrase>,
}

/// A section with its own beats, or with segments that have them.
#[derive(Debug, Deserialize)]
pub(super) struct SongSection {
    #[serde(default)]
    pub(super) name: Option<String>,
    #[serde(default)]
    segments: Option<Vec<SongSegment>>,
    #[serde(default)]
    start_time: f64,
    #[serde(default = "one")]
    tempo: f64,
    #[serde(default)]
    total_beats: u64,
    #[serde(default)]
    sequences: Vec<BeatSequence>,
}

#[derive(Debug, Deserialize)]
struct SongSegment {
    #[serde(default)]
    start_time: f64,
    #[serde(default = "one")]
    tempo: f64,
    #[serde(default)]
    total_beats: u64,
    #[serde(default)]
    sequences: Vec<BeatSequence>,
}

/// What happens on some beats.
#[derive(Debug, Deserialize)]
pub(super) struct BeatSequence {
    #[serde(default)]
    all_beats: bool,
    #[serde(default)]
    beat: Option<f64>,
    #[serde(default)]
    beats: Vec<f64>,
    #[serde(default)]
    pub(super) actions: Vec<SongAction>,
}

#[derive(Debug, Deserialize)]
pub(super) struct SongAction {
    #[serde(rename = "type", default)]
    pub(super) kind: SongActionKind,
    #[serde(default)]
    pub(super) channel: i32,
    /// Seconds.
    #[serde(default)]
    pub(super) delay: f64,
    /// Seconds.
    pub(super) duration: Option<f64>,
    /// Beats.
    pub(super) duration_multiplier: Option<f64>,
    #[serde(default)]
    id: PhraseId,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum SongActionKind {
    Note,
    Phrase,
    AllChannels,
    StepUp,
    StepDown,
    FlashMode,
    #[default]
    #[serde(other)]
    Unknown,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum PhraseId {
    Number(i64),
    Text(Box<str>),
}

impl Default for PhraseId {
    fn default() -> Self {
        Self::Number(0)
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct SongPhrase {
    #[serde(default)]
    pub(super) description: Option<String>,
    #[serde(default)]
    pub(super) notes: Vec<PhraseNote>,
}

/// Its lengths are in beats.
#[derive(Debug, Deserialize)]
pub(super) struct PhraseNote {
    #[serde(default)]
    pub(super) channel: i32,
    #[serde(default)]
    pub(super) delay_multiplier: f64,
    #[serde(default = "third")]
    pub(super) duration_multiplier: f64,
}

fn one() -> f64 {
    1.0
}

fn third() -> f64 {
    0.33
}

/// Beats of one tempo: a section, or a segment of one.
#[derive(Clone, Copy, Debug)]
pub(super) struct TempoPart<'a> {
    /// Its place among the sections.
    pub(super) section: usize,
    /// Seconds.
    pub(super) start: f64,
    /// Seconds a beat.
    pub(super) tempo: f64,
    pub(super) beats: u32,
    pub(super) sequences: &'a [BeatSequence],
}

impl TempoPart<'_> {
    /// When `beat`, counted from 1, is, in seconds.
    pub(super) fn time_of(&self, beat: u32) -> f64 {
        // That player does at once what it is late for.
        (self.start + f64::from(beat - 1) * self.tempo).max(0.0)
    }

    /// When its last beat is over, in seconds.
    pub(super) fn end(&self) -> f64 {
        (self.start + f64::from(self.beats) * self.tempo).max(0.0)
    }
}

impl SongAction {
    pub(super) fn phrase_id(&self) -> String {
        match &self.id {
            PhraseId::Number(number) => number.to_string(),
            PhraseId::Text(text) => text.to_string(),
        }
    }

    /// The phrase that it plays, if the song has it.
    pub(super) fn phrase<'a>(&self, song: &'a LightshowSong) -> Option<(String, &'a SongPhrase)> {
        let id = self.phrase_id();
        let phrase = song.phrases.get(&id)?;
        Some((id, phrase))
    }
}

impl BeatSequence {
    /// The beats of `part` on which it happens, in order.
    pub(super) fn beats_in(&self, part: &TempoPart) -> Vec<u32> {
        if self.all_beats {
            return (1..=part.beats).collect();
        }
        let named = self.beat.iter().chain(&self.beats);
        let whole = named.filter(|beat| beat.fract() == 0.0 && (1.0..=f64::from(part.beats)).contains(*beat));
        let beats: BTreeSet<u32> = whole.map(|beat| *beat as u32).collect();
        beats.into_iter().collect()
    }
}

impl LightshowSong {
    /// # Errors
    /// What is wrong with the file, and where.
    pub(super) fn read(text: &str) -> Result<Self, ImportFault> {
        if text.len() > LARGEST_SONG {
            let what = format!("a song of pi-lightshow has at most {} KiB here", LARGEST_SONG >> 10);
            return Err(ImportFault::new(FilePlace::Whole, what).advise(
                "split it into several songs, or name a section's beats as `beats` instead of one by one",
            ));
        }
        let song: Self = serde_json::from_str(text).map_err(|error| {
            let told = error.to_string();
            // The place is told before it.
            let what = told.rsplit_once(" at line ").map_or(&*told, |(what, _)| what);
            let place = FilePlace::Words(format!("line {}, column {}", error.line(), error.column()));
            ImportFault::new(place, format!("no song of pi-lightshow has this: {}", shown(what)))
                .advise("save the song again in the song editor of pi-lightshow")
        })?;
        song.must_make_sense()?;
        Ok(song)
    }

    /// The section's name, made up where it has none.
    pub(super) fn section_name(&self, section: usize) -> &str {
        self.sections[section].name.as_deref().unwrap_or("unnamed")
    }

    /// In the order of the file.
    pub(super) fn parts(&self) -> Vec<TempoPart<'_>> {
        let mut parts = Vec::new();
        for (index, section) in self.sections.iter().enumerate() {
            let part = |start, tempo, beats: u64, sequences| TempoPart {
                section: index,
                start,
                tempo,
                beats: u32::try_from(beats).unwrap_or(u32::MAX),
                sequences,
            };
            match &section.segments {
                Some(segments) => parts.extend(segments.iter().map(|segment| {
                    part(segment.start_time, segment.tempo, segment.total_beats, &*segment.sequences)
                })),
                None => {
                    parts.push(part(
                        section.start_time,
                        section.tempo,
                        section.total_beats,
                        &section.sequences,
                    ));
                }
            }
        }
        parts.retain(|part| part.beats > 0);
        parts
    }

    fn must_make_sense(&self) -> Result<(), ImportFault> {
        let parts = self.parts();
        let fault = |part: &TempoPart, what: String| {
            let section = quoted(self.section_name(part.section));
            let place = format!("section {section}, which starts at {} s", part.start);
            Err(ImportFault::new(FilePlace::Words(place), what))
        };
        if parts.is_empty() {
            return Err(ImportFault::new(FilePlace::Whole, "this song has no section with beats")
                .advise("`sections` has a list of sections, each with `start_time`, `tempo`, `total_beats` and `sequences`"));
        }
        let mut beats = 0;
        for part in &parts {
            if !TEMPI.contains(&part.tempo) {
                let what = format!("the tempo {} is none; expected 0.01 to 3600 seconds a beat", part.tempo);
                return fault(part, what);
            }
            beats += u64::from(part.beats);
            if beats > MOST_BEATS {
                return fault(
                    part,
                    format!("the song has more than {MOST_BEATS} beats; `total_beats` is too large"),
                );
            }
            if part.start.abs() > LATEST || part.end() > LATEST {
                return fault(part, "nothing in a show is later than 24 hours".to_owned());
            }
        }
        Ok(())
    }
}

/// A message of the JSON reader, which may repeat text of the file.
fn shown(what: &str) -> String {
    quoted(what).trim_matches('`').to_owned()
}
