//! The page in a file: alone for a person without starcourt, or its data for other programs.

use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};

use crate::cli::PreviewOptions;
use crate::file_access::{open_regular, replace_named, replace_named_by, why_unreadable, why_unwritable};
use crate::preview::{Enclosed, Export};
use crate::printable::shell_word;

use super::super::outcome::Failure;
use super::beside;
use super::music::PageMusic;
use super::source::{PreviewSource, open_photo};

/// A browser holds all of a page in memory, and its sound twice.
const LARGEST_SOUND: u64 = 128 * 1024 * 1024;

/// What a file is to hold.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum PageFile {
    /// With the music in it, or beside it.
    Html {
        path: PathBuf,
        is_linked: bool,
    },
    Json(PathBuf),
}

impl PageFile {
    /// `None` where no file is wanted.
    pub(super) fn of(options: &PreviewOptions) -> Result<Option<Self>, Failure> {
        let Some(path) = &options.file else { return Ok(None) };
        match path.extension().and_then(|ending| ending.to_str()) {
            Some("html") => Ok(Some(Self::Html { path: path.clone(), is_linked: options.link })),
            Some("json") if options.link => Err(Failure::bad_command_line(anyhow!(
                "--link is for a page: FILE.json has no music in it; leave --link out"
            ))),
            Some("json") => Ok(Some(Self::Json(path.clone()))),
            _ => Err(Failure::bad_command_line(anyhow!(
                "-o {}: the name must end in .html (a page that needs no starcourt) or .json (for other programs)",
                path.display()
            ))),
        }
    }
}

/// Writes the file; what there is to say about it.
pub(super) fn written(source: PreviewSource, file: &PageFile) -> Result<String, Failure> {
    let (path, outcome) = match file {
        PageFile::Json(path) => {
            let json = serde_json::to_vec(&source.data()).context("writing the data of the page")?;
            (path, replace_named(path, &json))
        }
        PageFile::Html { path, is_linked } => (path, html(&source, path, *is_linked)?),
    };
    outcome
        .map_err(|error| anyhow!(why_unwritable(path, &error)))
        .with_context(|| format!("writing {}", path.display()))?;
    let remark = match file {
        PageFile::Html { .. } => source.music.as_ref().and_then(remark),
        PageFile::Json(_) => None,
    };
    Ok(format!("{} is written\n{}", shell_word(path), remark.unwrap_or_default()))
}

/// What a person should know of the sound in the page.
fn remark(music: &PageMusic) -> Option<String> {
    let file = shell_word(&music.file);
    if let Some(wav) = music.decoded_to_keep() {
        let small = shell_word(&music.file.with_extension("m4a"));
        return Some(format!(
            "browsers do not find each place in {file}, so the page has its sound as WAV: {} MiB\n  \
             for a small page, convert the music, and name the new file behind `audio`: ffmpeg -i {file} {small}\n",
            wav.length().div_ceil(1 << 20)
        ));
    }
    let exact = shell_word(&music.file.with_extension("flac"));
    (!music.told.is_exact).then(|| {
        format!(
            "after a jump, a browser may play {file} 25 ms before the lights of the page\n  \
             for an exact page, convert the music, and name the new file behind `audio`: ffmpeg -i {file} {exact}\n"
        )
    })
}

/// Whether it could be written, after all that goes into it could be read.
fn html(source: &PreviewSource, path: &Path, is_linked: bool) -> Result<io::Result<()>, Failure> {
    let mut data = source.data();
    let photo = source.photo().and_then(|path| open_photo(&path).ok());
    data.layout.photo = photo.as_ref().map(|_| "photo".to_owned());
    let mut sound = None;
    if let (Some(music), Some(told)) = (&source.music, &mut data.sound) {
        match is_linked {
            true => told.address = Some(address(music, path)?),
            false => sound = Some(enclosed(music)?),
        }
    }
    let mut photo_bytes = photo.map(|photo| (photo.media_type, photo.file));
    let mut sound_bytes = source.music.as_ref().map(|music| music.told.media_type()).zip(sound);
    let export = Export {
        data: &data,
        sound: sound_bytes.as_mut().map(|(media_type, bytes)| Enclosed { media_type, bytes }),
        photo: photo_bytes.as_mut().map(|(media_type, bytes)| Enclosed { media_type, bytes }),
        is_linked,
    };
    Ok(replace_named_by(path, |file| {
        let mut out = BufWriter::new(file);
        export.write(&mut out)?;
        out.flush()
    }))
}

fn address(music: &PageMusic, page: &Path) -> Result<String, Failure> {
    if music.decoded_to_keep().is_some() {
        let file = &music.file;
        return Err(Failure::bad_file(anyhow!(
            "browsers do not play {} as it is, or do not find each place in it: --link has nothing to name\n  \
             leave --link out, or convert the music: ffmpeg -i {} {}",
            file.display(),
            shell_word(file),
            shell_word(&file.with_extension("m4a"))
        )));
    }
    let found = beside::address(page, &music.file);
    Ok(found
        .map_err(|error| anyhow!(why_unwritable(page, &error)))
        .with_context(|| format!("writing {}", page.display()))?)
}

fn enclosed(music: &PageMusic) -> Result<Box<dyn Read>, Failure> {
    let path = &music.file;
    let (length, bytes): (u64, Box<dyn Read>) = match music.decoded_to_keep() {
        Some(wav) => (wav.length(), Box::new(wav.read_from(0))),
        None => {
            let unreadable =
                |error| Failure::bad_file(anyhow!("{}: {}", path.display(), why_unreadable(path, &error)));
            let file = open_regular(path).map_err(unreadable)?;
            (file.metadata().map_err(unreadable)?.len(), Box::new(file))
        }
    };
    if length > LARGEST_SOUND {
        let way = match music.decoded_to_keep() {
            Some(_) => format!(
                "convert it: ffmpeg -i {} {}",
                shell_word(path),
                shell_word(&path.with_extension("m4a"))
            ),
            None => "leave it beside the page with --link".to_owned(),
        };
        return Err(Failure::bad_file(anyhow!(
            "the music has {} MiB, which is too large for a page\n  {way}",
            length >> 20
        )));
    }
    // No more than was promised: a file may grow.
    Ok(Box::new(bytes.take(length)))
}
