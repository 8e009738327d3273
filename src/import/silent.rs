//! What `check` would say about a sheet that was imported: nothing, if it is written well. Changes nothing.

use std::sync::Arc;

use super::imported::{ImportRequest, Imported, ImportedTempo};
use super::sheet::{SheetNames, sheet_text};
use crate::diagnosis::{Diagnoses, Source};
use crate::review;
use crate::rig::Rig;
use crate::show::{self, beat_map_text};
use crate::time::ShowTime;
use crate::timeline::compile;

/// Whether `check` would find nothing in a sheet of `imported`, which has no music yet.
pub(super) fn is_silent(imported: &Imported, request: &ImportRequest) -> bool {
    let length = imported.length.unwrap_or(ShowTime::MAX);
    let names = SheetNames {
        origin: request.file_name,
        title: "imported",
        music: None,
        length: Some(length),
        beat_map: "imported-beats.txt",
    };
    let map = match &imported.tempo {
        Some(ImportedTempo::Beats { beats, measure }) => beat_map_text(beats, *measure),
        _ => String::new(),
    };
    said_by_check(&sheet_text(imported, &names), &map, request.rig, length).0.is_empty()
}

/// The mistakes and warnings of `check` for the sheet `text`, which ends at `length`, with the text of its beat map; and how
/// many cues the rig's rules change. Without a rig, for a rig of one light.
#[must_use]
pub fn said_by_check(text: &str, beat_map: &str, rig: Option<&Rig>, length: ShowTime) -> (Diagnoses, usize) {
    const ANY_LIGHT: &str = "[channels]\nany = { pin = 4, kind = \"ssr\" }\n";
    let stand_in = if rig.is_none() { crate::rig::read(&Source::new("rig.toml", ANY_LIGHT)).0 } else { None };
    let Some(rig) = rig.or(stand_in.as_ref()) else { return (Diagnoses::default(), 0) };
    let source = Source::new("imported.show", text);
    let read = show::read("imported", &source, rig, &|file| Ok(Arc::clone(&Source::new(file, beat_map))));
    let (show, mut told) = match read {
        Ok(read) => read,
        Err(mistakes) => return (mistakes, 0),
    };
    told.extend(show.cues_after(length));
    told.extend(review::without_effect(&show, rig));
    let compiled = compile(&show, rig);
    told.extend(review::strains(&show, rig, length, &compiled.timeline));
    (told, compiled.changes.len())
}
