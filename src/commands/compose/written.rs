//! Where the files of a composed show go: its sheet and, if it needs one, its beat map. A file that is there is never changed.

use std::path::Path;

use anyhow::anyhow;

use super::super::outcome::{Failure, Outcome};
use super::super::{song_beats, written_file};
use crate::printable::printable;

pub(super) struct ComposedFiles<'a> {
    pub(super) sheet: &'a Path,
    pub(super) map: &'a Path,
    /// The command that composes another show.
    pub(super) another: &'a str,
}

impl ComposedFiles<'_> {
    /// Better known before a song is heard for seconds.
    pub(super) fn must_be_free(&self) -> Result<(), Failure> {
        for path in [self.sheet, self.map] {
            if path.symlink_metadata().is_ok() {
                return Err(Failure::of(Outcome::Failed, anyhow!(self.taken(path))));
            }
        }
        song_beats::must_be_writable(self.sheet)
    }

    /// Writes the sheet and, if there is one, the map; both or none.
    pub(super) fn write(&self, sheet: &str, map: Option<&str>) -> Result<(), Failure> {
        let map = map.map(|map| (self.map, map));
        written_file::write_show((self.sheet, sheet), map, &|path| self.taken(path))
    }

    fn taken(&self, path: &Path) -> String {
        let shown = printable(&path.display().to_string());
        format!("there is {shown} already, and it stays as it is\n  for another show: {}", self.another)
    }
}
