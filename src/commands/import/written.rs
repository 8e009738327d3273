//! Where the files of an imported show are written, and what a person does next. Knows no format.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::anyhow;

use super::show_files::{NewShowFiles, beat_map_name};
use super::source::SourceFiles;
use crate::cli::RigOptions;
use crate::commands::files;
use crate::commands::outcome::{Failure, Outcome};
use crate::commands::written_file;
use crate::printable::{printable, shell_word};
use crate::show::{self, misnamed::better_name};

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
        if let Some(beats) = &show.beat_map {
            // A show that is there is told first: its beat map is probably there, too.
            if !matches!(sheet.try_exists(), Ok(false)) {
                return Err(Failure::of(Outcome::Failed, anyhow!(self.taken(&sheet))));
            }
            written_file::write(&map, beats, || self.taken(&map))?;
        }
        written_file::write(&sheet, &show.sheet, || self.taken(&sheet)).inspect_err(|_| {
            if show.beat_map.is_some() {
                // What cannot be removed is no show: nothing names it.
                let _ = fs::remove_file(&map);
            }
        })
    }

    /// There is a file of this name.
    fn taken(&self, path: &Path) -> String {
        let there = self.sources.folder();
        let there = if there.as_os_str().is_empty() { Path::new(".") } else { there };
        let names = there.read_dir().into_iter().flatten().flatten();
        let names: BTreeSet<String> = names
            .filter_map(|entry| entry.file_name().into_string().ok())
            // A beat map that is in the way takes the name of its show.
            .flat_map(|name| [name.strip_suffix("-beats.txt").map(|stem| format!("{stem}.show")), Some(name)])
            .flatten()
            .collect();
        let better = better_name(self.name, &names);
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
        let from: Vec<String> = self.sources.files.iter().map(|(name, _)| printable(name)).collect();
        format!("{shown} is written, from {}\n", from.join(", "))
    }

    pub(super) fn next_steps(&self) -> String {
        let (sheet, places) = (self.sheet(), files::show_places(self.stage));
        let is_found = show::find::find(self.name, &places).is_ok_and(|found| found == sheet);
        let mut words = if is_found { self.name.to_owned() } else { shell_word(&sheet) };
        let RigOptions { rig, shows, output } = self.stage;
        let options = [("rig", rig.rig.as_ref()), ("shows", shows.as_ref().filter(|_| is_found))];
        for (option, file) in options {
            words.extend(file.map(|file| format!(" --{option} {}", shell_word(file))));
        }
        words.extend(output.output.map(|kind| format!(" --output {}", kind.name())));
        let mut text = String::new();
        if !self.has_rig {
            text += "  describe your lights:  starcourt new --rig\n";
        }
        text += &format!("  see it:                starcourt preview {words}\n");
        text += &format!("  play it:               starcourt play {words}\n");
        text + &format!("  change it, and then:   starcourt check {words}\n")
    }
}
