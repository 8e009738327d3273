//! The files of a composed show: its sheet and, if it needs one, its beat map. Both are written, or none; a file that is
//! there is never changed.

use std::fs;
use std::path::Path;

use anyhow::anyhow;

use super::super::outcome::{Failure, Outcome};
use super::super::song_beats;
use super::super::written_file;
use crate::printable::printable;

pub(super) struct NewFiles<'a> {
    pub(super) sheet: &'a Path,
    pub(super) map: &'a Path,
}

impl NewFiles<'_> {
    /// Better known before a song is heard for seconds. `another` is the command for another name.
    pub(super) fn must_be_free(&self, another: &dyn Fn() -> String) -> Result<(), Failure> {
        for path in [self.sheet, self.map] {
            if path.symlink_metadata().is_ok() {
                return Err(Failure::of(Outcome::Failed, anyhow!(taken(path, another))));
            }
        }
        song_beats::must_be_writable(self.sheet)
    }

    /// Writes the sheet and, if there is one, the map.
    pub(super) fn write(
        &self,
        sheet: &str,
        map: Option<&str>,
        another: &dyn Fn() -> String,
    ) -> Result<(), Failure> {
        if let Some(map) = map {
            written_file::write(self.map, map, || taken(self.map, another))?;
        }
        let written = written_file::write(self.sheet, sheet, || taken(self.sheet, another));
        if written.is_err() && map.is_some() {
            // Nothing half: the map was made a moment ago, and nobody knows it.
            let _ = fs::remove_file(self.map);
        }
        written
    }
}

fn taken(path: &Path, another: &dyn Fn() -> String) -> String {
    let shown = printable(&path.display().to_string());
    format!("there is {shown} already, and it stays as it is\n  for another show: {}", another())
}
