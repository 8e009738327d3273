//! A music file that a person names, found as it is named or beside the shows. Opens nothing.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::anyhow;

use crate::printable::{printable, shell_word};
use crate::show::{self, is_show_name, misnamed::better_name};

use super::outcome::Failure;

/// Whether `name` is that of a file, and not of a show.
pub(super) fn is_file(name: &str) -> bool {
    let suffix = Path::new(name).extension();
    suffix.is_some_and(|suffix| !suffix.eq_ignore_ascii_case("show"))
}

/// As it is named; else beside the shows.
pub(super) fn find(name: &str, places: &[PathBuf]) -> Result<PathBuf, Failure> {
    let named = PathBuf::from(name);
    if named.is_file() {
        return Ok(named);
    }
    let beside = places.iter().map(|place| place.join(name));
    if let Some(found) = beside.filter(|_| named.parent() == Some(Path::new(""))).find(|path| path.is_file())
    {
        return Ok(found);
    }
    let (folder, file) = (named.parent().unwrap_or(Path::new("")), named.file_name().unwrap_or_default());
    let file = file.to_string_lossy();
    let mut folders = std::iter::once(folder).chain(places.iter().map(PathBuf::as_path));
    let near = folders.find_map(|folder| show::music_meant(&file, folder));
    let near = near.map_or_else(String::new, |path| format!("; did you mean `{}`?", path.display()));
    Err(Failure::bad_file(anyhow!("there is no file {name}{near}")))
}

/// A cue sheet cannot name the song: the command that gives it another name.
pub(super) fn cannot_be_named(song: &Path) -> Failure {
    let suffix = song.extension().map(|suffix| suffix.to_string_lossy().to_lowercase());
    let suffix = suffix.filter(|suffix| is_show_name(suffix)).unwrap_or_else(|| "ogg".to_owned());
    let better = better_name(&song.file_stem().unwrap_or_default().to_string_lossy(), &BTreeSet::new());
    let better = song.with_file_name(format!("{better}.{suffix}"));
    Failure::bad_file(anyhow!(
        "{} has a name that no cue sheet can write\n  rename it: mv -n {} {}",
        printable(&song.display().to_string()),
        shell_word(song),
        shell_word(&better)
    ))
}
