//! Finds shows by name in their folders. Knows nothing of what is in them.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail, ensure};

use super::beside::music_called;
use super::misnamed::{Misnamed, misnamed, paths_in};
use super::show_name::{NAME_RULE, SUFFIX, is_show_name};
use crate::diagnosis::{did_you_mean, nearest};
use crate::printable::shell_word;

/// Where the shows of a machine are.
pub const USUAL: &str = "/etc/starcourt/shows";

/// The folders that shows are looked for in, in this order: `explicit` (`--shows`) alone; else `variable`
/// (`STARCOURT_SHOWS`) alone; else `./shows` and `/etc/starcourt/shows`.
#[must_use]
pub fn places(explicit: Option<&Path>, variable: Option<&OsStr>) -> Vec<PathBuf> {
    match explicit.or(variable.filter(|path| !path.is_empty()).map(Path::new)) {
        Some(named) => vec![named.to_owned()],
        None => vec![PathBuf::from("shows"), PathBuf::from(USUAL)],
    }
}

/// The file of the show called `name`, which may also be the path of a `.show` file.
///
/// # Errors
/// If there is none. The message names the nearest show, and the folders.
pub fn find(name: &str, places: &[PathBuf]) -> Result<PathBuf> {
    let path = Path::new(name);
    if path.extension().is_some_and(|suffix| suffix.eq_ignore_ascii_case(SUFFIX)) {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        if path.extension().is_some_and(|suffix| suffix == SUFFIX) && is_show_name(&stem) {
            // Without a folder, it may also be a show by its file's name.
            return match path == Path::new(path.file_name().unwrap_or_default()) && !path.exists() {
                true => by_name(&stem, places),
                false => there(path),
            };
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        if let Some(found) = misnamed(&[folder.unwrap_or(Path::new(".")).to_owned()])
            .unwrap_or_default()
            .into_iter()
            .find(|found| found.path.file_name() == path.file_name())
        {
            bail!("{}", Misnamed { path: path.to_owned(), ..found });
        }
        bail!("`{stem}` cannot be the name of a show: {NAME_RULE}");
    }
    by_name(name, places)
}

/// `path`, unless nothing is there.
fn there(path: &Path) -> Result<PathBuf> {
    let folder = path.parent().unwrap_or(Path::new(""));
    if !matches!(path.try_exists(), Ok(false)) || !folder.is_dir() {
        return Ok(path.to_owned());
    }
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let shows = all(&[folder.to_owned()])?;
    let near = nearest(&stem, shows.keys().map(String::as_str)).map(|near| &shows[near]);
    let near = near.map_or_else(String::new, |near| format!("; did you mean `{}`?", near.display()));
    bail!("there is no file {}{near}", path.display())
}

fn by_name(name: &str, places: &[PathBuf]) -> Result<PathBuf> {
    let folder = Path::new(name);
    if !is_show_name(name) && folder.is_dir() {
        bail!("{name} is a folder; to use the shows in it, write: --shows {}", shell_word(folder));
    }
    if !is_show_name(name) {
        if let Some(found) = misnamed(places)?.into_iter().find(|found| found.stem() == name) {
            bail!("{found}");
        }
        let near = all(places).ok().and_then(|shows| did_you_mean(name, shows.keys().map(String::as_str)));
        match near {
            Some(near) => bail!("no show `{name}`; {near}"),
            None => bail!("`{name}` cannot be the name of a show: {NAME_RULE}"),
        }
    }
    let shows = all(places)?;
    if let Some(path) = shows.get(name) {
        return Ok(path.clone());
    }
    let wrong = misnamed(places)?;
    if let Some(found) = wrong.iter().find(|found| found.stem() == name || found.better == name) {
        bail!("no show `{name}`: {found}");
    }
    if let Some(music) = places.iter().find_map(|place| music_called(name, place)) {
        bail!("no show `{name}`, but music of this name: `starcourt play {}`", shell_word(&music));
    }
    let near = did_you_mean(name, shows.keys().map(String::as_str)).map(|near| format!("; {near}"));
    if near.is_none() && folder.is_dir() {
        bail!(
            "no show `{name}`, but a folder; to use the shows in it, write: --shows {}",
            shell_word(folder)
        );
    }
    bail!(
        "no show `{name}` in {}{}; `starcourt list` lists the shows, --shows DIR names another folder",
        in_words(places),
        near.unwrap_or_default()
    )
}

/// Every show in `places` by name. If two folders have a show of the same name, the first folder counts.
///
/// # Errors
/// When a folder is there but cannot be read, or when none of them is there.
pub fn all(places: &[PathBuf]) -> Result<BTreeMap<String, PathBuf>> {
    let mut shows = BTreeMap::new();
    let mut found = false;
    for place in places {
        let Some(paths) = paths_in(place)? else { continue };
        found = true;
        for path in paths {
            let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            if path.extension().is_some_and(|suffix| suffix == SUFFIX) && is_show_name(&stem) {
                shows.entry(stem).or_insert(path);
            }
        }
    }
    // Of several, the first is the one that a person makes in the current folder.
    let make = match places {
        [here, _, ..] => format!("make one (mkdir {}), or ", shell_word(here)),
        _ => String::new(),
    };
    ensure!(
        found,
        "there is no folder {}; {make}name the folder of your shows with --shows DIR",
        in_words(places)
    );
    Ok(shows)
}

/// The folders as a sentence names them.
#[must_use]
pub fn in_words(places: &[PathBuf]) -> String {
    places.iter().map(|place| place.display().to_string()).collect::<Vec<_>>().join(" or ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for file in files {
            std::fs::write(folder.path().join(file), "").unwrap();
        }
        folder
    }

    #[test]
    fn the_command_line_comes_before_the_environment() {
        let named = places(Some(Path::new("a")), Some(OsStr::new("b")));
        assert_eq!(named, [PathBuf::from("a")]);
        assert_eq!(places(None, Some(OsStr::new("b"))), [PathBuf::from("b")]);
        assert_eq!(places(None, None).len(), 2);
    }

    #[test]
    fn the_first_folder_with_a_show_of_that_name_counts() {
        let (mine, theirs) =
            (folder(&["demo.show"]), folder(&["demo.show", "porch.show", "Odd Name.show", "a.ogg"]));
        let places = [mine.path().to_owned(), theirs.path().to_owned()];
        assert_eq!(find("demo", &places).unwrap(), mine.path().join("demo.show"));
        assert_eq!(find("porch", &places).unwrap(), theirs.path().join("porch.show"));
        assert_eq!(all(&places).unwrap().len(), 2);
    }

    #[test]
    fn a_show_that_is_not_there_is_told_with_the_nearest_one() {
        let there = folder(&["porch.show"]);
        let error = find("proch", &[there.path().to_owned()]).unwrap_err().to_string();
        assert!(error.contains("did you mean `porch`?"), "{error}");
        let error = find("Porch", &[there.path().to_owned()]).unwrap_err().to_string();
        assert!(error.contains("did you mean `porch`?"), "{error}");
        assert_eq!(find("porch.show", &[there.path().to_owned()]).unwrap(), there.path().join("porch.show"));
        for wrong in ["../etc/passwd", "", "Porch", "a b", "proch.show"] {
            assert!(find(wrong, &[there.path().to_owned()]).is_err(), "{wrong}");
        }
    }
}
