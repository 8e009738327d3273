//! Which version of a file lies at a path, without reading it. Knows nothing of what it holds.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// Changes with a file's text: which file it is, its size, and when it was written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct FileVersion {
    device: u64,
    inode: u64,
    size: u64,
    /// Seconds and nanoseconds.
    written: (i64, i64),
}

impl FileVersion {
    /// Of the file at `path`, links followed; `None` if there is none that can be looked at. Blocks as long as the
    /// disk does.
    #[must_use]
    pub fn of(path: &Path) -> Option<Self> {
        let about = fs::metadata(path).ok()?;
        let written = (about.mtime(), about.mtime_nsec());
        Some(Self { device: about.dev(), inode: about.ino(), size: about.size(), written })
    }

    #[must_use]
    pub fn is_empty(self) -> bool {
        self.size == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_written_or_replaced_is_another_version() {
        let folder = tempfile::tempdir().unwrap();
        let [path, other] = ["rig.toml", "new.toml"].map(|name| folder.path().join(name));
        assert_eq!(FileVersion::of(&path), None);
        fs::write(&path, "one").unwrap();
        let first = FileVersion::of(&path);
        assert!(first.is_some() && FileVersion::of(&path) == first);
        fs::write(&path, "four").unwrap();
        let second = FileVersion::of(&path);
        assert_ne!(second, first);
        fs::write(&other, "four").unwrap();
        fs::rename(&other, &path).unwrap();
        assert_ne!(FileVersion::of(&path), second);
    }
}
