//! Where a schedule is looked for, and how it comes from there.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::config::open;
use crate::diagnosis::Diagnoses;

use super::{Schedule, ScheduleContext, read};

const INSTALLED: &str = "/etc/starcourt/schedule.toml";
const NAME: &str = "schedule.toml";
/// Beside the shows that are being written.
const BESIDE_SHOWS: &str = "shows/schedule.toml";

/// Which schedules count besides those that are named.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Venue<'a> {
    /// Real pins: what is installed.
    Wired,
    /// Simulated lines: what lies beside the shows too. Where somebody has named their folder it comes first,
    /// else after what is installed.
    Simulated { shows: Option<&'a Path> },
}

/// The schedule file: `explicit` (`--schedule`), then `variable` (`STARCOURT_SCHEDULE`), both taken at
/// their word, then the places of `venue`; `None` where there is none.
#[must_use]
pub fn find(explicit: Option<&Path>, variable: Option<&OsStr>, venue: Venue<'_>) -> Option<PathBuf> {
    if let Some(named) = explicit.or(variable.filter(|path| !path.is_empty()).map(Path::new)) {
        return Some(named.to_owned());
    }
    // A place that may not be looked into is tried: reading it tells the reason.
    places(venue).into_iter().find(|place| !matches!(place.try_exists(), Ok(false)))
}

fn places(venue: Venue<'_>) -> Vec<PathBuf> {
    let installed = PathBuf::from(INSTALLED);
    match venue {
        Venue::Wired => vec![installed],
        Venue::Simulated { shows: Some(folder) } => vec![folder.join(NAME), installed],
        Venue::Simulated { shows: None } => vec![installed, PathBuf::from(BESIDE_SHOWS)],
    }
}

/// Reads the schedule at `path`, with what its reader warns of.
///
/// # Errors
/// [`Diagnoses`] when the file is wrong; else what kept it from being read.
pub fn load(path: &Path, known: &ScheduleContext<'_>) -> Result<(Schedule, Diagnoses)> {
    let source = open::source(path, "schedule")?;
    match read(&source, known) {
        (Some(schedule), warnings) => Ok((schedule, warnings)),
        (None, mistakes) => Err(mistakes.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(venue: Venue<'_>, expected: &[&str]) {
        assert_eq!(places(venue), expected.iter().map(PathBuf::from).collect::<Vec<_>>());
    }

    #[test]
    fn the_schedule_lies_beside_the_shows_where_the_lines_are_simulated() {
        check(Venue::Wired, &[INSTALLED]);
        check(Venue::Simulated { shows: None }, &[INSTALLED, BESIDE_SHOWS]);
        let porch = Venue::Simulated { shows: Some(Path::new("porch")) };
        check(porch, &["porch/schedule.toml", INSTALLED]);
    }

    #[test]
    fn a_file_that_is_named_is_taken_at_its_word() {
        let (named, variable) = (Path::new("nowhere/a.toml"), OsStr::new("nowhere/b.toml"));
        assert_eq!(find(Some(named), Some(variable), Venue::Wired).as_deref(), Some(named));
        assert_eq!(find(None, Some(variable), Venue::Wired).as_deref(), Some(Path::new(variable)));
    }
}
