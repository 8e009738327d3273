//! Where a schedule is looked for, and how it is loaded from there. Knows nothing of what is in it.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::config::open;
use crate::diagnosis::Diagnoses;

use super::{Schedule, ScheduleContext, read};

const INSTALLED: &str = "/etc/starcourt/schedule.toml";
pub(super) const NAME: &str = "schedule.toml";
/// Beside the shows that are being written.
const BESIDE_SHOWS: &str = "shows/schedule.toml";

/// The files that may be the schedule.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ScheduleFiles {
    /// A person named it. It is the schedule, also where there is no such file.
    Named(PathBuf),
    /// The first that is there is the schedule.
    Usual(Vec<PathBuf>),
}

impl ScheduleFiles {
    /// With real pins: `explicit` (`--schedule`), else `variable` (`STARCOURT_SCHEDULE`), else the installed file.
    #[must_use]
    pub fn wired(explicit: Option<&Path>, variable: Option<&OsStr>) -> Self {
        Self::of(explicit, variable, vec![INSTALLED.into()])
    }

    /// With simulated lines a file beside the shows counts as well: if a person named the folder `shows`, before
    /// the installed one, else after it.
    #[must_use]
    pub fn simulated(explicit: Option<&Path>, variable: Option<&OsStr>, shows: Option<&Path>) -> Self {
        let usual = match shows {
            Some(folder) => vec![folder.join(NAME), INSTALLED.into()],
            None => vec![INSTALLED.into(), BESIDE_SHOWS.into()],
        };
        Self::of(explicit, variable, usual)
    }

    fn of(explicit: Option<&Path>, variable: Option<&OsStr>, usual: Vec<PathBuf>) -> Self {
        match explicit.or(variable.filter(|path| !path.is_empty()).map(Path::new)) {
            Some(named) => Self::Named(named.to_owned()),
            None => Self::Usual(usual),
        }
    }

    /// All of them, in the order in which they are tried.
    #[must_use]
    pub fn paths(&self) -> &[PathBuf] {
        match self {
            Self::Named(path) => std::slice::from_ref(path),
            Self::Usual(paths) => paths,
        }
    }

    /// The schedule's file, if there is one.
    #[must_use]
    pub fn find(&self) -> Option<&Path> {
        match self {
            Self::Named(path) => Some(path),
            // A file that may not be looked at counts: reading it tells the reason.
            Self::Usual(paths) => {
                paths.iter().find(|path| !matches!(path.try_exists(), Ok(false))).map(PathBuf::as_path)
            }
        }
    }
}

/// Reads the schedule at `path`, with the warnings about it.
///
/// # Errors
/// [`Diagnoses`] if the file has mistakes; else the reason why it cannot be read.
pub fn load(path: &Path, context: &ScheduleContext<'_>) -> Result<(Schedule, Diagnoses)> {
    let source = open::source(path, "schedule")?;
    match read(&source, context) {
        (Some(schedule), warnings) => Ok((schedule, warnings)),
        (None, mistakes) => Err(mistakes.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(files: ScheduleFiles, expected: &[&str]) {
        let expected = expected.iter().map(PathBuf::from).collect();
        assert_eq!(files, ScheduleFiles::Usual(expected));
    }

    #[test]
    fn the_schedule_lies_beside_the_shows_where_the_lines_are_simulated() {
        check(ScheduleFiles::wired(None, None), &[INSTALLED]);
        check(ScheduleFiles::simulated(None, None, None), &[INSTALLED, BESIDE_SHOWS]);
        let named = ScheduleFiles::simulated(None, None, Some(Path::new("mine")));
        check(named, &["mine/schedule.toml", INSTALLED]);
    }

    #[test]
    fn a_file_that_is_named_is_the_schedule_whether_it_is_there_or_not() {
        let (named, variable) = (Path::new("nowhere/a.toml"), OsStr::new("nowhere/b.toml"));
        assert_eq!(ScheduleFiles::wired(Some(named), Some(variable)).find(), Some(named));
        assert_eq!(ScheduleFiles::wired(None, Some(variable)).find(), Some(Path::new(variable)));
    }
}
