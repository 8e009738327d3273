//! The files that are imported, and the music beside them. Writes nothing.

use std::fs::File;
use std::io::{Read, Seek};
use std::path::{Path, PathBuf};

use anyhow::anyhow;

use crate::audio::measure;
use crate::commands::outcome::Failure;
use crate::file_access::{open_regular, read_bounded, why_unreadable};
use crate::import::{
    FORMAT_MARK, ImportFault, ImportRequest, Imported, LARGEST_FILE, are_frames, import, import_frames,
    import_together,
};
use crate::printable::printable;
use crate::show;
use crate::template::can_name_music;
use crate::time::ShowTime;

/// The files as a person named them, with what is in them.
pub(super) struct SourceFiles<'a> {
    pub(super) paths: &'a [PathBuf],
    /// Never empty.
    pub(super) files: Vec<SourceFile>,
}

pub(super) struct SourceFile {
    /// Without its folder.
    pub(super) name: String,
    pub(super) content: SourceContent,
}

pub(super) enum SourceContent {
    Bytes(Vec<u8>),
    /// Frames may be larger than the memory of a Pi.
    Frames(File),
}

impl SourceContent {
    /// All of it; of frames, what tells that they are frames.
    pub(super) fn bytes(&self) -> &[u8] {
        match self {
            Self::Bytes(bytes) => bytes,
            Self::Frames(_) => b"PSEQ",
        }
    }
}

impl<'a> SourceFiles<'a> {
    pub(super) fn read(paths: &'a [PathBuf]) -> Result<Self, Failure> {
        let mut files = Vec::new();
        let mut room = LARGEST_FILE;
        for path in paths {
            let shown = printable(&path.display().to_string());
            let failed =
                |error| Failure::bad_file(anyhow!("reading {shown}: {}", why_unreadable(path, &error)));
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let mut file = open_regular(path).map_err(failed)?;
            let mut mark = Vec::new();
            (&file).take(FORMAT_MARK as u64).read_to_end(&mut mark).map_err(failed)?;
            file.rewind().map_err(failed)?;
            if are_frames(&mark) {
                files.push(SourceFile { name, content: SourceContent::Frames(file) });
                continue;
            }
            if file.metadata().map_err(failed)?.len() > room {
                return Err(Failure::bad_file(anyhow!(
                    "{shown} is too large: files of at most {} MiB in all can be imported",
                    LARGEST_FILE >> 20
                )));
            }
            let bytes = read_bounded(file, room).map_err(failed)?;
            room -= bytes.len() as u64;
            files.push(SourceFile { name, content: SourceContent::Bytes(bytes) });
        }
        Ok(Self { paths, files })
    }

    /// What is in them, as a cue sheet can say it.
    pub(super) fn imported(&self, request: &ImportRequest) -> Result<Imported, Failure> {
        let imported = match &*self.files {
            [SourceFile { content: SourceContent::Bytes(bytes), .. }] => import(bytes, request),
            [SourceFile { content: SourceContent::Frames(file), .. }] => import_frames(file, request),
            several => {
                let files: Vec<(&str, &[u8])> =
                    several.iter().map(|file| (file.name.as_str(), file.content.bytes())).collect();
                import_together(&files, request)
            }
        };
        imported.map_err(|fault| self.refused(&fault))
    }

    /// Where the show is written, too.
    pub(super) fn folder(&self) -> &Path {
        self.paths[0].parent().unwrap_or(Path::new(""))
    }

    /// What the show is called if nobody says otherwise.
    pub(super) fn stem(&self) -> String {
        self.paths[0].file_stem().unwrap_or_default().to_string_lossy().into_owned()
    }

    fn refused(&self, fault: &ImportFault) -> Failure {
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
        let name = path.file_name().and_then(|name| name.to_str()).filter(|name| can_name_music(name));
        let Some(name) = name else {
            let shown = printable(&path.display().to_string());
            return Err(Failure::bad_file(anyhow!("no cue sheet can name the music {shown}; rename it")));
        };
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
