//! Where a programme is looked for, and how it comes from there.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::diagnosis::Diagnoses;
use crate::paperwork::open;

use super::{Known, Programme, read};

const INSTALLED: &str = "/etc/starcourt/programme.toml";
/// Beside the shows that are being written.
const BESIDE_SHOWS: &str = "shows/programme.toml";

/// Which programmes count besides those that are named.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Venue {
    /// Real pins: what is installed.
    Wired,
    /// Simulated lines: the sample too.
    Simulated,
}

/// The programme file: `explicit` (`--programme`), then `variable` (`STARCOURT_PROGRAMME`), both taken at
/// their word, then the places of `venue`; `None` where there is none.
#[must_use]
pub fn find(explicit: Option<&Path>, variable: Option<&OsStr>, venue: Venue) -> Option<PathBuf> {
    if let Some(named) = explicit.or(variable.filter(|path| !path.is_empty()).map(Path::new)) {
        return Some(named.to_owned());
    }
    let places: &[&str] = match venue {
        Venue::Wired => &[INSTALLED],
        Venue::Simulated => &[INSTALLED, BESIDE_SHOWS],
    };
    // A place that may not be looked into is tried: reading it tells the reason.
    let there = places.iter().map(Path::new).find(|place| !matches!(place.try_exists(), Ok(false)));
    there.map(Path::to_path_buf)
}

/// Reads the programme at `path`, with what its reader warns of.
///
/// # Errors
/// [`Diagnoses`] when the file is wrong; else what kept it from being read.
pub fn load(path: &Path, known: &Known<'_>) -> Result<(Programme, Diagnoses)> {
    let source = open::source(path, "programme")?;
    match read(&source, known) {
        (Some(programme), warnings) => Ok((programme, warnings)),
        (None, mistakes) => Err(mistakes.into()),
    }
}
