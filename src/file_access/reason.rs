//! Why a file cannot be opened, in words that say what to do. Knows nothing of what a file is for.

use std::io::{self, ErrorKind};
use std::path::Path;

use crate::printable::shell_word;

/// Why the file at `path` cannot be read: `error` in plain words.
#[must_use]
pub fn why_unreadable(path: &Path, error: &io::Error) -> String {
    if error.get_ref().is_none() && error.kind() == ErrorKind::NotFound {
        return match missing_folder(path) {
            Some(folder) => format!("there is no folder {}", folder.display()),
            None => "there is no such file".to_owned(),
        };
    }
    why(path, error)
}

/// Why the file at `path` cannot be made or written: `error` in plain words.
#[must_use]
pub fn why_unwritable(path: &Path, error: &io::Error) -> String {
    match missing_folder(path) {
        Some(folder) if error.get_ref().is_none() && error.kind() == ErrorKind::NotFound => {
            format!("there is no folder {}; run: mkdir -p {}", folder.display(), shell_word(folder))
        }
        _ => why(path, error),
    }
}

/// Why the folder at `path` cannot be looked through: `error` in plain words.
#[must_use]
pub fn why_unlisted(path: &Path, error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::NotADirectory if path.exists() => {
            "this is a file; name the folder that it is in".to_owned()
        }
        _ => why(path, error),
    }
}

fn why(path: &Path, error: &io::Error) -> String {
    // Words of our own say what to do already.
    if error.get_ref().is_some() {
        return error.to_string();
    }
    match error.kind() {
        ErrorKind::PermissionDenied => {
            format!("this user is not permitted; `namei -l {}` shows who is", shell_word(path))
        }
        ErrorKind::NotADirectory => match path.ancestors().skip(1).find(|above| above.is_file()) {
            Some(file) => format!("{} is a file, not a folder", file.display()),
            None => error.to_string(),
        },
        ErrorKind::IsADirectory => "this is a directory; name a file in it".to_owned(),
        ErrorKind::ReadOnlyFilesystem => "this disk can only be read".to_owned(),
        _ => error.to_string(),
    }
}

/// The folder of the file at `path`, if it is not there.
fn missing_folder(path: &Path) -> Option<&Path> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty())?;
    matches!(folder.try_exists(), Ok(false)).then_some(folder)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::super::{create_named, open_regular};
    use super::*;

    #[test]
    fn what_is_wrong_is_said_in_plain_words() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("song.ogg");
        fs::write(&file, "").unwrap();
        let read = |name: &str| {
            let path = folder.path().join(name);
            why_unreadable(&path, &open_regular(&path).unwrap_err())
        };
        let written = |name: &str| {
            let path = folder.path().join(name);
            why_unwritable(&path, &create_named(&path, b"").unwrap_err())
        };
        let missing = folder.path().join("no such");
        assert_eq!(read("none.toml"), "there is no such file");
        assert_eq!(read("no such/rig.toml"), format!("there is no folder {}", missing.display()));
        assert_eq!(read("song.ogg/rig.toml"), format!("{} is a file, not a folder", file.display()));
        assert_eq!(read(""), "this is a directory; name the file in it");
        assert_eq!(
            written("no such/a.csv"),
            format!("there is no folder {0}; run: mkdir -p '{0}'", missing.display())
        );
        assert_eq!(written("song.ogg/a.csv"), format!("{} is a file, not a folder", file.display()));
        let listed = why_unlisted(&file, &file.read_dir().unwrap_err());
        assert_eq!(listed, "this is a file; name the folder that it is in");
        let forbidden = why_unreadable(Path::new("my rig.toml"), &ErrorKind::PermissionDenied.into());
        assert!(forbidden.contains("`namei -l 'my rig.toml'`"), "{forbidden}");
    }
}
