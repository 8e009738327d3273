//! The files of shows, and how they travel: sheets, music and beat maps in one archive. Knows no connection.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read, Write};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use tar::{Builder, EntryType, Header};

use crate::file_access::open_regular;
use crate::printable::{is_harmful, printable};
use crate::show;

/// The last file of an archive that arrived whole.
const COMPLETE: &str = ".complete";

/// Open files, by the names that they get.
pub(super) struct Parcel {
    files: BTreeMap<OsString, PackedFile>,
}

struct PackedFile {
    path: PathBuf,
    file: File,
    length: u64,
    /// When it was written, in seconds since 1970.
    written: u64,
}

impl Parcel {
    /// The sheets at `paths`, and what they name.
    ///
    /// # Errors
    /// When a file cannot be read, or two different ones have the same name.
    pub(super) fn of(paths: &[PathBuf]) -> Result<Self> {
        let mut parcel = Self { files: BTreeMap::new() };
        for path in paths {
            parcel.add(path)?;
            let (names, mistakes) = show::named_files(path)?;
            if mistakes.errors() > 0 {
                return Err(mistakes.into());
            }
            for name in names {
                parcel.add(&path.with_file_name(name))?;
            }
        }
        Ok(parcel)
    }

    fn add(&mut self, path: &Path) -> Result<()> {
        let shown = || printable(&path.display().to_string());
        let file = open_regular(path).with_context(|| format!("reading {}", shown()))?;
        let about = file.metadata().with_context(|| format!("reading {}", shown()))?;
        let (length, written) = (about.len(), u64::try_from(about.mtime()).unwrap_or_default());
        let name = path.file_name().unwrap_or_default().to_owned();
        if name == COMPLETE || name.to_str().is_none_or(|name| name.contains(is_harmful)) {
            bail!("{} has a name that cannot be sent; rename it", shown());
        }
        match self.files.get(&name) {
            Some(other) if other.path != path => bail!(
                "{} and {} have the same name and would be one file there; rename one of them",
                printable(&other.path.display().to_string()),
                shown()
            ),
            Some(_) => {}
            None => _ = self.files.insert(name, PackedFile { path: path.to_owned(), file, length, written }),
        }
        Ok(())
    }

    /// The names, for a person.
    pub(super) fn names(&self) -> String {
        let names: Vec<String> = self.files.keys().map(|name| printable(&name.to_string_lossy())).collect();
        names.join(", ")
    }

    /// How large all files are together, in bytes.
    pub(super) fn size(&self) -> u64 {
        self.files.values().map(|packed| packed.length).sum()
    }

    /// Writes the archive.
    ///
    /// # Errors
    /// What keeps it from being written; also when a file has become shorter meanwhile.
    pub(super) fn write(self, to: impl Write) -> io::Result<()> {
        let mut archive = Builder::new(to);
        for (name, PackedFile { file, length, written, path }) in self.files {
            let mut whole = file.take(length);
            archive.append_data(&mut header(length, written), Path::new(&name), &mut whole)?;
            if whole.limit() > 0 {
                let told = format!("{} has become shorter while it was sent", path.display());
                return Err(io::Error::new(io::ErrorKind::InvalidData, told));
            }
        }
        archive.append_data(&mut header(0, 0), COMPLETE, io::empty())?;
        archive.into_inner()?.flush()
    }
}

fn header(length: u64, written: u64) -> Header {
    let mut header = Header::new_gnu();
    header.set_entry_type(EntryType::Regular);
    header.set_mode(0o644);
    header.set_size(length);
    header.set_mtime(written);
    header
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(sheet: &str) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.show"), sheet).unwrap();
        std::fs::write(folder.path().join("s ö'\"$(x).ogg"), "music").unwrap();
        std::fs::write(folder.path().join("-beats.txt"), "0.5\t0.5\t\n").unwrap();
        folder
    }

    const SHEET: &str = "audio s ö'\"$(x).ogg\ntempo map -beats.txt, 4/4\n1.1 anything on\n";

    #[test]
    fn a_show_travels_with_its_music_and_its_beats() {
        let folder = folder(SHEET);
        let parcel = Parcel::of(&[folder.path().join("a.show")]).unwrap();
        assert_eq!(parcel.names(), "-beats.txt, a.show, s ö'\"$(x).ogg");
        let mut bytes = Vec::new();
        parcel.write(&mut bytes).unwrap();
        let mut archive = tar::Archive::new(&bytes[..]);
        let names =
            archive.entries().unwrap().map(|entry| entry.unwrap().path().unwrap().display().to_string());
        assert_eq!(names.collect::<Vec<_>>(), ["-beats.txt", "a.show", "s ö'\"$(x).ogg", ".complete"]);
    }

    #[test]
    fn what_is_missing_or_leads_elsewhere_is_refused() {
        for (sheet, told) in [
            ("audio nowhere.ogg\n", "nowhere.ogg"),
            ("length 0:30\n\n0:01 x on\naudio ../song.ogg\n", "a.show:4:7"),
            ("length 0:30\ntempo map /etc/passwd, 4/4\n", "only the name of the file"),
        ] {
            let folder = folder(sheet);
            let error = Parcel::of(&[folder.path().join("a.show")]).err().unwrap();
            assert!(format!("{error:#}").contains(told), "{error:#}");
        }
        let (one, other) = (folder(SHEET), folder(SHEET));
        let error = Parcel::of(&[one.path().join("a.show"), other.path().join("a.show")]).err().unwrap();
        assert!(error.to_string().contains("have the same name"), "{error:#}");
    }
}
