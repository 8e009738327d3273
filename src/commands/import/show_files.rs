//! What stands in the files of an imported show, and what `check` says of them. Writes nothing.

use std::io::Cursor;
use std::sync::Arc;

use anyhow::anyhow;

use super::source::{FoundMusic, SourceContent, SourceFiles};
use crate::commands::outcome::{Failure, Outcome};
use crate::diagnosis::Source;
use crate::import::{Imported, ImportedTempo, SheetNames, said_by_check_beside, sheet_text};
use crate::rig::Rig;
use crate::show::{FilesBeside, FrameSource};
use crate::time::ShowTime;

/// The files of a new show, not yet written.
pub(super) struct NewShowFiles {
    pub(super) sheet: String,
    pub(super) beat_map: Option<String>,
    /// What `check` says of them, in a line each.
    pub(super) warnings: Vec<String>,
    pub(super) changes: usize,
}

impl NewShowFiles {
    pub(super) fn of(
        name: &str,
        imported: &Imported,
        music: Option<&FoundMusic>,
        sources: &SourceFiles,
        rig: Option<&Rig>,
    ) -> Result<Self, Failure> {
        const ANY: ShowTime = ShowTime::from_micros(60_000_000);
        let its_length = imported.length.filter(|length| music.is_none_or(|music| *length > music.length));
        // A show ends somewhere, whatever a file says.
        let length = its_length.or_else(|| music.map_or(Some(ANY), |_| None));
        let title = sources.stem();
        let names = SheetNames {
            origin: &sources.files[0].name,
            title: &title,
            music: music.map(|music| music.name.as_str()),
            length,
            beat_map: &beat_map_name(name),
        };
        let sheet = sheet_text(imported, &names);
        let beat_map = imported.tempo.as_ref().and_then(ImportedTempo::beat_map);
        let end = length.or(music.map(|music| music.length)).unwrap_or(ANY);
        let files = FilesInHand {
            beat_map: beat_map.as_deref().unwrap_or_default(),
            frames: &sources.files[0].content,
        };
        let (said, changes) = said_by_check_beside(&sheet, &files, rig, end);
        if said.errors() > 0 {
            return Err(Failure::of(
                Outcome::Failed,
                anyhow!(
                    "this file makes a sheet with mistakes, so nothing is written; please report it\n{said}"
                ),
            ));
        }
        let warnings = said.iter().map(|one| one.title().to_owned()).collect();
        Ok(Self { sheet, beat_map, warnings, changes })
    }

    pub(super) fn printed(&self) -> String {
        let mut text = self.sheet.clone();
        if let Some(map) = &self.beat_map {
            text += "\n# the beat map beside it:\n";
            map.lines().for_each(|line| text += &format!("# {line}\n"));
        }
        text
    }
}

/// The files beside a sheet that is not written yet.
struct FilesInHand<'a> {
    beat_map: &'a str,
    frames: &'a SourceContent,
}

impl FilesBeside for FilesInHand<'_> {
    fn beat_map(&self, name: &str) -> anyhow::Result<Arc<Source>> {
        Ok(Source::new(name, self.beat_map))
    }

    fn frames(&self, _: &str) -> anyhow::Result<Box<dyn FrameSource + '_>> {
        Ok(match self.frames {
            SourceContent::Bytes(bytes) => Box::new(Cursor::new(bytes)),
            SourceContent::Frames(file) => Box::new(file),
        })
    }
}

pub(super) fn beat_map_name(show: &str) -> String {
    format!("{show}-beats.txt")
}
