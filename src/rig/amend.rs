//! Writes a measured latency into a person's rig file, and changes nothing else in it. Knows not how the latency was
//! measured.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use crate::config::edit::TomlEdit;
use crate::config::open;
use crate::diagnosis::Source;
use crate::file_access::{Folder, open_regular, read_bounded};
use crate::time::Offset;

use super::read;

/// Why the rig file was not changed.
#[derive(Debug)]
pub enum AmendError {
    NotPermitted(PathBuf),
    /// The file is no rig, or would be none afterwards.
    Unreadable(PathBuf),
    Io(PathBuf, io::Error),
}

impl fmt::Display for AmendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotPermitted(path) => write!(f, "not permitted to write {}", path.display()),
            Self::Unreadable(path) => {
                write!(f, "{} cannot be amended; `starcourt check` shows why", path.display())
            }
            Self::Io(path, error) => write!(f, "writing {}: {error}", path.display()),
        }
    }
}

impl std::error::Error for AmendError {}

/// Writes `latency` under `[audio]` into the rig at `path`, which keeps its remarks, owner and mode. At any time,
/// also after a loss of power, the file is the old one or the new one. Returns where the old one is kept:
/// `rig.toml.bak` beside it.
///
/// # Errors
/// [`AmendError`]. The file is unchanged then.
pub fn keep_latency(path: &Path, latency: Offset) -> Result<PathBuf, AmendError> {
    // If `path` is a link, the file that it leads to.
    let path = &path.canonicalize().map_err(|error| told(path, error))?;
    let failed = |error| told(path, error);
    let file = open_regular(path).map_err(failed)?;
    let like = file.metadata().map_err(failed)?;
    let before = read_bounded(file, open::LARGEST).map_err(failed)?;
    let before = String::from_utf8(before).map_err(|_| AmendError::Unreadable(path.clone()))?;
    let after = with_latency(&before, latency).ok_or_else(|| AmendError::Unreadable(path.clone()))?;
    let name = path.file_name().ok_or_else(|| AmendError::Unreadable(path.clone()))?;
    let mut backup = name.to_owned();
    backup.push(".bak");
    let folder = Folder::open(path.parent().unwrap_or(Path::new("."))).map_err(failed)?;
    for (name, text) in [(backup.as_os_str(), &before), (name, &after)] {
        folder.replace_like(name, text.as_bytes(), &like).map_err(failed)?;
    }
    Ok(path.with_file_name(backup))
}

/// `text` with this latency and no other difference; `None` if it is no rig.
fn with_latency(text: &str, latency: Offset) -> Option<String> {
    let mut document = TomlEdit::of(text)?;
    document.set(&["audio", "latency"], latency.to_string())?;
    let amended = document.text();
    let rig = |text: &str| read(&Source::new("rig.toml", text)).0;
    let (mut expected, found) = (rig(text)?, rig(&amended)?);
    expected.audio.latency = latency;
    (found == expected).then_some(amended)
}

fn told(path: &Path, error: io::Error) -> AmendError {
    match error.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            AmendError::NotPermitted(path.to_owned())
        }
        _ => AmendError::Io(path.to_owned(), error),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::{MetadataExt, PermissionsExt};

    use super::*;

    const CHANNELS: &str = "[channels]\nneon = { pin = 17, kind = \"relay\" } # by the door\n";

    /// What stands before the channels, and what it becomes with 35 ms.
    #[track_caller]
    fn check(audio: &str, amended: &str) {
        let text = with_latency(&format!("{audio}{CHANNELS}"), Offset::from_micros(35_000));
        assert_eq!(text.as_deref(), Some(&*format!("{amended}{CHANNELS}")));
    }

    #[test]
    fn only_the_latency_changes() {
        check(
            "# my rig\n[audio]\nlatency  = \"0 ms\"   # the big speaker\ndevice = \"default\" # x\n\n",
            "# my rig\n[audio]\nlatency  = \"35 ms\"   # the big speaker\ndevice = \"default\" # x\n\n",
        );
        check("audio = { latency = '1 s' } # both\n", "audio = { latency = \"35 ms\" } # both\n");
        check("audio.latency = \"-2 ms\"\n", "audio.latency = \"35 ms\"\n");
    }

    #[test]
    fn a_latency_that_was_not_there_is_added() {
        check(
            "[audio]\n# what plays\ndevice = \"default\" # x\n\n",
            "[audio]\n# what plays\ndevice = \"default\" # x\nlatency = \"35 ms\"\n\n",
        );
        let text = with_latency(CHANNELS, Offset::from_micros(-1_500)).unwrap();
        assert_eq!(text, format!("{CHANNELS}\n[audio]\nlatency = \"-1.5 ms\"\n"));
    }

    #[test]
    fn what_is_no_rig_is_not_amended() {
        for text in ["", "[audio", "audio = 3\n[channels]\nneon = { pin = 17, kind = \"ssr\" }\n"] {
            assert_eq!(with_latency(text, Offset::ZERO), None, "{text}");
        }
    }

    #[test]
    fn the_file_keeps_its_mode_and_the_old_one_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let (path, link) = (folder.path().join("rig.toml"), folder.path().join("link.toml"));
        fs::write(&path, CHANNELS).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        std::os::unix::fs::symlink("rig.toml", &link).unwrap();
        let backup = keep_latency(&link, Offset::from_micros(35_000)).unwrap();
        assert!(fs::read_to_string(&path).unwrap().contains("latency = \"35 ms\""));
        assert_eq!(fs::read_to_string(&backup).unwrap(), CHANNELS);
        for file in [&path, &backup] {
            assert_eq!(fs::metadata(file).unwrap().mode() & 0o7777, 0o640);
        }
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3);
    }
}
