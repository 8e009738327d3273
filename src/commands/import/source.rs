//! The files that are imported, and the music beside them. Writes nothing.

use std::path::{Path, PathBuf};

use anyhow::anyhow;

use crate::audio::measure;
use crate::commands::outcome::Failure;
use crate::file_access::{open_regular, read_bounded, why_unreadable};
use crate::import::{ImportFault, Imported, LARGEST_FILE};
use crate::printable::printable;
use crate::show;
use crate::time::ShowTime;

/// The files as a person named them, with their bytes.
pub(super) struct SourceFiles<'a> {
    pub(super) paths: &'a [PathBuf],
    /// Each with its name, without its folder. Never empty.
    pub(super) files: Vec<(String, Vec<u8>)>,
}

impl<'a> SourceFiles<'a> {
    pub(super) fn read(paths: &'a [PathBuf]) -> Result<Self, Failure> {
        let mut files = Vec::new();
        let mut room = LARGEST_FILE;
        for path in paths {
            let shown = printable(&path.display().to_string());
            let failed =
                |error| Failure::bad_file(anyhow!("reading {shown}: {}", why_unreadable(path, &error)));
            let file = open_regular(path).map_err(failed)?;
            if file.metadata().map_err(failed)?.len() > room {
                return Err(Failure::bad_file(anyhow!(
                    "{shown} is too large: files of at most {} MiB in all can be imported",
                    LARGEST_FILE >> 20
                )));
            }
            let bytes = read_bounded(file, room).map_err(failed)?;
            room -= bytes.len() as u64;
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            files.push((name, bytes));
        }
        Ok(Self { paths, files })
    }

    /// Where the show is written, too.
    pub(super) fn folder(&self) -> &Path {
        self.paths[0].parent().unwrap_or(Path::new(""))
    }

    /// What the show is called if nobody says otherwise.
    pub(super) fn stem(&self) -> String {
        self.paths[0].file_stem().unwrap_or_default().to_string_lossy().into_owned()
    }

    pub(super) fn refused(&self, fault: &ImportFault) -> Failure {
        let shown = printable(&self.paths[0].display().to_string());
        Failure::bad_file(match self.paths {
            [_] => anyhow!("{shown}: {fault}"),
            _ => anyhow!("{fault}"),
        })
    }
}

/// Music beside the file.
pub(super) struct FoundMusic {
    pub(super) name: String,
    pub(super) length: ShowTime,
}

impl FoundMusic {
    /// The music that the file names, or that has its name. Only beside the file, whatever path it names.
    pub(super) fn find(imported: &Imported, sources: &SourceFiles) -> Result<Option<Self>, Failure> {
        let folder = sources.folder();
        let named = imported.music.as_deref().map(last_part).filter(|name| !name.is_empty());
        let path = match named {
            Some(name) if folder.join(name).is_file() => Some(folder.join(name)),
            Some(name) => show::music_meant(name, folder).filter(|path| measure(path).is_ok()),
            None => show::music_called(&sources.stem(), folder),
        };
        let Some(path) = path else { return Ok(None) };
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else { return Ok(None) };
        let measured = measure(&path).map_err(|error| Failure::bad_file(error.into()))?;
        let length = measured.promised.unwrap_or(measured.length);
        Ok(Some(Self { name: name.to_owned(), length }))
    }
}

/// The name of a file, without the folders that Linux or Windows write before it.
pub(super) fn last_part(path: &str) -> &str {
    let name = path.rsplit(['/', '\\']).next().unwrap_or_default().trim();
    if matches!(name, "." | "..") { "" } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_path_only_the_name_counts() {
        for (path, name) in [
            ("C:\\Music\\song.mp3", "song.mp3"),
            ("../../etc/passwd", "passwd"),
            ("song.ogg", "song.ogg"),
            ("a/..", ""),
            ("", ""),
        ] {
            assert_eq!(last_part(path), name);
        }
    }
}
