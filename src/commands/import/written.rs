//! Where the files of an imported show are written, and what a person does next. Knows no format.

use std::path::{Path, PathBuf};

use super::show_files::{NewShowFiles, beat_map_name};
use super::source::SourceFiles;
use crate::cli::RigOptions;
use crate::commands::files;
use crate::commands::outcome::Failure;
use crate::commands::show_words::{self, ShowWords};
use crate::commands::written_file;
use crate::printable::{printable, shell_word};

/// The files that are to be made.
pub(super) struct NewFiles<'a> {
    pub(super) sources: &'a SourceFiles<'a>,
    pub(super) name: &'a str,
    pub(super) stage: &'a RigOptions,
    pub(super) has_rig: bool,
}

impl NewFiles<'_> {
    fn sheet(&self) -> PathBuf {
        self.sources.folder().join(format!("{}.show", self.name))
    }

    fn beat_map(&self) -> PathBuf {
        self.sources.folder().join(beat_map_name(self.name))
    }

    /// Both files, or none.
    pub(super) fn write(&self, show: &NewShowFiles) -> Result<(), Failure> {
        let (sheet, map) = (self.sheet(), self.beat_map());
        let map = show.beat_map.as_deref().map(|beats| (&*map, beats));
        written_file::write_show((&sheet, &show.sheet), map, &|path| self.taken(path))
    }

    /// There is a file of this name.
    fn taken(&self, path: &Path) -> String {
        let better = show_words::free_name(&self.sheet(), self.name);
        let files: Vec<String> = self.sources.paths.iter().map(|path| shell_word(path)).collect();
        format!(
            "there is a file {} already, and it stays as it is\n  for another show: starcourt import {} --name {better}",
            printable(&path.display().to_string()),
            files.join(" ")
        )
    }

    /// What was written.
    pub(super) fn done(&self) -> String {
        let shown = printable(&self.sheet().display().to_string());
        let from: Vec<String> = self.sources.files.iter().map(|file| printable(&file.name)).collect();
        format!("{shown} is written, from {}\n", from.join(", "))
    }

    pub(super) fn next_steps(&self) -> String {
        let places = files::show_places(self.stage);
        let ShowWords { words, .. } = ShowWords::of(&self.sheet(), self.name, &places, self.stage);
        let mut text = String::new();
        if !self.has_rig {
            text += "  describe your lights:  starcourt new --rig\n";
        }
        text += &format!("  see it:                starcourt preview {words}\n");
        text += &format!("  play it:               starcourt play {words}\n");
        text + &format!("  change it, and then:   starcourt check {words}\n")
    }
}
