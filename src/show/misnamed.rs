//! Files that end in `.show` and cannot be shows, because of their names. Knows nothing of what is in them.

use std::collections::BTreeSet;
use std::fmt;
use std::fs::ReadDir;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::show_name::{SUFFIX, is_show_name};
use crate::file_access::why_unlisted;
use crate::printable::{printable, shell_word};

/// A file that a person may take for a show.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Misnamed {
    pub path: PathBuf,
    /// What the show can be called; no file of this name is there.
    pub better: String,
}

impl Misnamed {
    /// `NAME` of `NAME.show`, as far as it is text.
    #[must_use]
    pub fn stem(&self) -> String {
        self.path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
    }

    /// Why it cannot be a show.
    #[must_use]
    pub fn reason(&self) -> String {
        match is_show_name(&self.stem()) {
            true => format!("its name must end in `.{SUFFIX}`, in small letters"),
            false => "its name may have only small letters, digits, `_` and `-`".to_owned(),
        }
    }

    /// The command that makes it a show, and never replaces another file.
    #[must_use]
    pub fn command(&self) -> String {
        let better = self.path.with_file_name(format!("{}.{SUFFIX}", self.better));
        format!("mv -n {} {}", shell_word(&self.path), shell_word(&better))
    }
}

/// In two lines: what it is, and the command that mends it.
impl fmt::Display for Misnamed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = printable(&self.path.display().to_string());
        write!(f, "{path} cannot be a show: {}\n  rename it: {}", self.reason(), self.command())
    }
}

/// The files in `places` that end in `.show`, in small or capital letters, and cannot be shows. Hidden files are
/// left out: macOS makes one beside every file that it copies.
///
/// # Errors
/// When a folder is there but cannot be read.
pub fn misnamed(places: &[PathBuf]) -> Result<Vec<Misnamed>> {
    let mut found = Vec::new();
    for place in places {
        let mut taken = BTreeSet::new();
        let mut wrong = Vec::new();
        for path in paths_in(place)?.unwrap_or_default() {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            taken.insert(name.clone());
            if is_misnamed(&path) && !name.starts_with('.') && !path.is_dir() {
                wrong.push(path);
            }
        }
        wrong.sort();
        for path in wrong {
            let better = better_name(&path.file_stem().unwrap_or_default().to_string_lossy(), &taken);
            taken.insert(format!("{better}.{SUFFIX}"));
            found.push(Misnamed { path, better });
        }
    }
    Ok(found)
}

/// What is in the folder `place`; `None` if there is no such folder.
pub(super) fn paths_in(place: &Path) -> Result<Option<Vec<PathBuf>>> {
    let paths = |entries: ReadDir| entries.map(|entry| Ok(entry?.path())).collect();
    match place.read_dir().and_then(paths) {
        Ok(paths) => Ok(Some(paths)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => bail!("looking for shows in {}: {}", place.display(), why_unlisted(place, &error)),
    }
}

/// Whether `path` ends in `.show` and cannot be a show's.
fn is_misnamed(path: &Path) -> bool {
    let Some(suffix) = path.extension() else { return false };
    let stem = path.file_stem().and_then(|stem| stem.to_str());
    suffix.eq_ignore_ascii_case(SUFFIX) && !(suffix == SUFFIX && stem.is_some_and(is_show_name))
}

/// The most similar name that a show can have and no file in `taken` has.
#[must_use]
pub fn better_name(stem: &str, taken: &BTreeSet<String>) -> String {
    let mut better = String::new();
    for letter in stem.to_lowercase().nfkd().filter(|letter| !is_combining_mark(*letter)) {
        match letter {
            'ß' => better.push_str("ss"),
            'æ' => better.push_str("ae"),
            'œ' => better.push_str("oe"),
            'ø' => better.push('o'),
            'ł' => better.push('l'),
            '\'' | '’' => {}
            _ if letter.is_ascii_alphanumeric() || letter == '-' => better.push(letter),
            _ if better.ends_with('_') => {}
            _ => better.push('_'),
        }
    }
    let better = better.trim_matches(['_', '-']);
    let better = if better.is_empty() { "show" } else { better };
    let numbered = (2..).map(|number| format!("{better}-{number}"));
    std::iter::once(better.to_owned())
        .chain(numbered)
        .find(|name| !taken.contains(&format!("{name}.{SUFFIX}")))
        .expect("no folder has all numbers")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::ffi::OsStrExt;

    #[test]
    fn a_better_name_is_near_and_free() {
        let taken = BTreeSet::from(["upper.show".to_owned(), "upper-2.show".to_owned()]);
        for (stem, better) in [
            ("Jingle Bells", "jingle_bells"),
            ("UPPER", "upper-3"),
            ("weiß", "weiss"),
            ("Nächt", "nacht"),
            ("Na\u{308}cht", "nacht"),
            ("It's  a (new) Day!", "its_a_new_day"),
            ("星", "show"),
            ("a\x1b[2J", "a_2j"),
        ] {
            assert_eq!(better_name(stem, &taken), better);
            assert!(is_show_name(&better_name(stem, &taken)));
        }
    }

    #[test]
    fn every_file_that_somebody_may_take_for_a_show_is_found() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["Jingle Bells.show", "x.SHOW", "x.show", "._x.show", "song.ogg", "demo.show", "x.show~"]
        {
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        std::fs::write(folder.path().join(std::ffi::OsStr::from_bytes(b"gr\xfcn.show")), "").unwrap();
        std::fs::create_dir(folder.path().join("Old Ones.show")).unwrap();
        let found = misnamed(&[folder.path().to_owned(), "nowhere".into()]).unwrap();
        let better: Vec<&str> = found.iter().map(|found| found.better.as_str()).collect();
        assert_eq!(better, ["jingle_bells", "gr_n", "x-2"]);
        assert!(found[0].command().ends_with("/jingle_bells.show"), "{}", found[0].command());
        assert!(found[2].reason().contains("small letters"));
    }

    #[test]
    fn a_shell_that_is_told_to_rename_them_makes_them_shows() {
        let folder = tempfile::tempdir().unwrap();
        let names =
            ["Jingle Bells.show", "it's -f $HOME.show", "weiß.show", "b\x1b[2J.show", "x.SHOW", "X.show"];
        for name in names {
            std::fs::write(folder.path().join(name), name).unwrap();
        }
        let places = [folder.path().to_owned()];
        for found in misnamed(&places).unwrap() {
            let status = std::process::Command::new("bash").arg("-c").arg(found.command()).status().unwrap();
            assert!(status.success(), "{}", found.command());
        }
        assert_eq!(misnamed(&places).unwrap(), []);
        assert_eq!(super::super::find::all(&places).unwrap().len(), names.len());
    }
}
