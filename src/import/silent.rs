//! What `check` would say about a sheet that is not written yet, and the light that it makes. Knows no format, and changes
//! nothing.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use super::imported::{ImportRequest, Imported, ImportedTempo};
use super::sheet::{SheetNames, sheet_text};
use crate::diagnosis::{Diagnoses, Source};
use crate::review;
use crate::rig::Rig;
use crate::show::{self, FilesBeside, FrameSource, Measure, Show, beat_map_text};
use crate::time::ShowTime;
use crate::timeline::{Track, compile};

/// The name of the beat map of a sheet that is tried.
const MAP: &str = "imported-beats.txt";

/// Whether `check` would find nothing in a sheet of `imported`, which has no music yet.
pub(super) fn is_silent(imported: &Imported, request: &ImportRequest) -> bool {
    let length = imported.length.unwrap_or(ShowTime::MAX);
    let names = SheetNames {
        origin: request.file_name,
        title: "imported",
        music: None,
        length: Some(length),
        beat_map: MAP,
    };
    let map = imported.tempo.as_ref().and_then(ImportedTempo::beat_map).unwrap_or_default();
    said_by_check(&sheet_text(imported, &names), &map, request.rig, length).0.is_empty()
}

/// The cues of a sheet, and what its head says.
#[derive(Clone, Copy, Debug)]
pub(super) struct TrialSheet<'a> {
    /// The lines below its head.
    pub(super) cues: &'a str,
    /// Its beats, and their measure.
    pub(super) beats: Option<(&'a [ShowTime], Measure)>,
    pub(super) length: ShowTime,
}

/// What each channel of `rig` shows, before the rules of the rig change it; `None` if `check` would report a mistake or
/// a warning.
pub(super) fn silent_light(sheet: &TrialSheet, rig: &Rig) -> Option<Vec<Track>> {
    let tempo = sheet.beats.map_or_else(String::new, |(_, measure)| format!("tempo map {MAP}, {measure}\n"));
    let text = format!("length {}\n{tempo}\n{}", sheet.length, sheet.cues);
    let map = sheet.beats.map_or_else(String::new, |(beats, measure)| beat_map_text(beats, measure));
    let (show, told, _) = checked(&text, &OnlyBeats(&map), rig, sheet.length).ok()?;
    told.is_empty().then(|| compile(&show, &unruled(rig)).timeline.tracks().to_vec())
}

/// The mistakes and warnings of `check` for the sheet `text`, which ends at `length`, with the text of its beat map; and how
/// many cues the rig's rules change. Without a rig, for a rig of one light.
#[must_use]
pub fn said_by_check(text: &str, beat_map: &str, rig: Option<&Rig>, length: ShowTime) -> (Diagnoses, usize) {
    said_by_check_beside(text, &OnlyBeats(beat_map), rig, length)
}

/// As [`said_by_check`], of a sheet with the `files` beside it.
#[must_use]
pub fn said_by_check_beside(
    text: &str,
    files: &dyn FilesBeside,
    rig: Option<&Rig>,
    length: ShowTime,
) -> (Diagnoses, usize) {
    const ANY_LIGHT: &str = "[channels]\nany = { pin = 4, kind = \"ssr\" }\n";
    let stand_in = if rig.is_none() { crate::rig::read(&Source::new("rig.toml", ANY_LIGHT)).0 } else { None };
    let Some(rig) = rig.or(stand_in.as_ref()) else { return (Diagnoses::default(), 0) };
    match checked(text, files, rig, length) {
        Ok((_, told, changes)) => (told, changes),
        Err(mistakes) => (mistakes, 0),
    }
}

/// The show of the sheet `text` with its warnings, and how many cues the rig's rules change; or its mistakes.
fn checked(
    text: &str,
    files: &dyn FilesBeside,
    rig: &Rig,
    length: ShowTime,
) -> Result<(Show, Diagnoses, usize), Diagnoses> {
    let source = Source::new("imported.show", text);
    let (show, mut told) = show::read_beside("imported", &source, rig, files)?;
    told.extend(show.cues_after(length));
    let (warnings, compiled) = review::warnings(&show, rig, length);
    told.extend(warnings);
    Ok((show, told, compiled.changes.len()))
}

/// `rig` without the rules that change a show.
fn unruled(rig: &Rig) -> Rig {
    let mut rig = rig.clone();
    rig.limits.on_at_once = None;
    for channel in &mut rig.channels {
        (channel.min_on, channel.min_off, channel.lead) = (Duration::ZERO, Duration::ZERO, Duration::ZERO);
    }
    rig
}

/// The text of a beat map that is not written yet, and no file of frames.
struct OnlyBeats<'a>(&'a str);

impl FilesBeside for OnlyBeats<'_> {
    fn beat_map(&self, name: &str) -> anyhow::Result<Arc<Source>> {
        Ok(Source::new(name, self.0))
    }

    fn frames(&self, _: &str) -> anyhow::Result<Box<dyn FrameSource + '_>> {
        Ok(Box::new(io::empty()))
    }
}
