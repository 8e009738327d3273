//! When a save is complete: nobody writes to the files any more, and they have been left alone for a moment. Pure.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Editors that save in several steps pause for less between two of them.
const QUIET: Duration = Duration::from_millis(100);
/// A file that is open, empty or gone for longer than this is meant so.
const PATIENCE: Duration = Duration::from_secs(1);

/// What has happened to a file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum FileChange {
    /// By a program that has it open, and may write more.
    Written,
    /// It was written before, or has come under its name by a rename, or is gone.
    Complete,
    /// Its rights, say.
    Other,
}

/// What has changed since the files were read.
#[derive(Debug, Default)]
pub(super) struct Settling {
    /// When it did so last.
    changed: Option<Instant>,
    open: BTreeSet<PathBuf>,
}

impl Settling {
    pub(super) fn note(&mut self, path: &Path, change: FileChange, now: Instant) {
        self.changed = Some(now);
        match change {
            FileChange::Written => _ = self.open.insert(path.to_owned()),
            FileChange::Complete => _ = self.open.remove(path),
            FileChange::Other => {}
        }
    }

    pub(super) const fn is_pending(&self) -> bool {
        self.changed.is_some()
    }

    /// When the files are to be read, if nothing happens until then. `lacks_text`: one of them is empty or gone now.
    pub(super) fn due(&self, lacks_text: bool) -> Option<Instant> {
        let wait = if lacks_text || !self.open.is_empty() { PATIENCE } else { QUIET };
        self.changed.map(|changed| changed + wait)
    }

    /// The files are being read.
    pub(super) fn begin_reading(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Changes of the sheet at these milliseconds; when it is read.
    #[track_caller]
    fn check(changes: &[(u64, FileChange)], lacks_text: bool, expected: u64) {
        let start = Instant::now();
        let mut settling = Settling::default();
        assert_eq!(settling.due(lacks_text), None);
        for (millis, change) in changes {
            settling.note(Path::new("a.show"), *change, start + Duration::from_millis(*millis));
        }
        assert_eq!(settling.due(lacks_text), Some(start + Duration::from_millis(expected)), "{changes:?}");
        settling.begin_reading();
        assert!(!settling.is_pending());
    }

    #[test]
    fn a_save_is_complete_when_the_file_is_closed_and_left_alone() {
        use FileChange::{Complete, Other, Written};
        check(&[(0, Complete)], false, 100);
        check(&[(0, Written), (40, Written), (60, Complete)], false, 160);
        check(&[(0, Complete), (70, Complete)], false, 170);
        check(&[(0, Written), (200, Written)], false, 1_200);
        check(&[(0, Written), (20, Other)], false, 1_020);
    }

    #[test]
    fn a_file_without_text_has_a_moment_to_get_some() {
        check(&[(0, FileChange::Complete)], true, 1_000);
    }
}
