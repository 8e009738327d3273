//! What a new show is called, and how a person names it on the command line. Knows no cues.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::anyhow;

use super::outcome::Failure;
use crate::cli::RigOptions;
use crate::printable::{printable, shell_word};
use crate::show::{self, is_show_name, misnamed::better_name};

/// The name that a person `wanted`, else one like that of its music.
///
/// # Errors
/// If no show can have the name that was wanted.
pub(super) fn new_name(wanted: Option<&str>, music: &str) -> Result<String, Failure> {
    match wanted {
        Some(wanted) if is_show_name(wanted) => Ok(wanted.to_owned()),
        Some(wanted) => Err(Failure::bad_command_line(anyhow!(
            "`{}` cannot be the name of a show: small letters, digits, `_` and `-` are allowed; write `--name {}`",
            printable(wanted),
            better_name(wanted, &BTreeSet::new())
        ))),
        None => Ok(better_name(music, &BTreeSet::new())),
    }
}

/// A name like `show`, of which there is no show beside `path` yet.
pub(super) fn free_name(path: &Path, show: &str) -> String {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let there = folder.read_dir().into_iter().flatten().flatten();
    let there: BTreeSet<String> = there
        .filter_map(|entry| entry.file_name().into_string().ok())
        // A beat map that is in the way takes the name of its show.
        .flat_map(|name| [name.strip_suffix("-beats.txt").map(|stem| format!("{stem}.show")), Some(name)])
        .flatten()
        .chain([format!("{show}.show")])
        .collect();
    better_name(show, &there)
}

/// By its name if it is found so, else by its path; with the options that were given.
pub(super) struct ShowWords {
    pub(super) words: String,
    pub(super) is_found: bool,
}

impl ShowWords {
    pub(super) fn of(path: &Path, name: &str, places: &[PathBuf], options: &RigOptions) -> Self {
        let is_found = show::find::find(name, places).is_ok_and(|found| found == path);
        let mut words = if is_found { name.to_owned() } else { shell_word(path) };
        let RigOptions { rig, shows, output } = options;
        let files = [("rig", rig.rig.as_ref()), ("shows", shows.as_ref().filter(|_| is_found))];
        for (option, file) in files {
            words.extend(file.map(|file| format!(" --{option} {}", shell_word(file))));
        }
        words.extend(output.output.map(|kind| format!(" --output {}", kind.name())));
        Self { words, is_found }
    }
}
