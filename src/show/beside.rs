//! The files that a cue sheet names: whether they lie beside it, and if not, which file was probably meant. Lists
//! one folder, and opens no file.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use unicode_normalization::UnicodeNormalization;

use super::words::{Word, as_name};
use super::{Show, sheet};
use crate::diagnosis::{Diagnoses, Diagnosis, Help, Source, nearest};
use crate::rig::Rig;

/// No more files of a folder than this are compared with the name.
const MOST_FILES: usize = 2_000;
/// How music files end.
const MUSIC: [&str; 9] = ["wav", "aiff", "aif", "flac", "ogg", "oga", "mp3", "m4a", "aac"];

/// A mistake, if the music that the sheet names is not there. For a sheet that has other mistakes.
pub(super) fn missing_music(source: &Arc<Source>, rig: &Rig) -> Option<Diagnosis> {
    let head = sheet::read(source, rig, &mut Diagnoses::default()).head;
    head.audio.and_then(|name| missing(source, name, "this music"))
}

/// The same for a show that was read.
pub(super) fn missing_music_of(show: &Show) -> Option<Diagnosis> {
    let span = show.audio.as_ref()?.span.clone();
    let name = Word { text: show.source.text().get(span.clone())?, start: span.start };
    missing(&show.source, name, "this music")
}

/// Why the beat map `name` cannot be read.
pub(super) fn unreadable_map(source: &Arc<Source>, name: Word, error: &anyhow::Error) -> Diagnoses {
    let mut told = Diagnoses::default();
    told.push(
        missing(source, name, "this beat map").unwrap_or_else(|| {
            Diagnosis::error(source, format!("{error:#}")).at(name.span(), "this beat map")
        }),
    );
    told
}

/// The file in `folder` that was probably meant by `name`, which is that of a music file.
#[must_use]
pub fn music_meant(name: &str, folder: &Path) -> Option<PathBuf> {
    let files = names_in(folder);
    alike(name, &files).or_else(|| like_music(name, &files)).map(|file| folder.join(file))
}

/// The music in `folder` that has the name `stem`, whatever its format.
#[must_use]
pub fn music_called(stem: &str, folder: &Path) -> Option<PathBuf> {
    let is_it = |file: &String| {
        let (name, suffix) = file.rsplit_once('.').unwrap_or_default();
        name == stem && MUSIC.contains(&suffix.to_lowercase().as_str())
    };
    names_in(folder).into_iter().find(is_it).map(|file| folder.join(file))
}

/// A mistake, if there is no file called `name` beside the sheet.
pub(super) fn missing(source: &Arc<Source>, name: Word, label: &str) -> Option<Diagnosis> {
    let folder = source.path().parent().unwrap_or(Path::new(""));
    // A file that may not be looked at counts as there: reading it tells the reason.
    if !matches!(folder.join(name.text).try_exists(), Ok(false)) {
        return None;
    }
    let title = format!("there is no file {}", folder.join(name.text).display());
    let help = meant(source, name, &names_in(folder));
    Some(Diagnosis::error(source, title).at(name.span(), label).help_if_any(help))
}

fn names_in(folder: &Path) -> Vec<String> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let entries = folder.read_dir().into_iter().flatten().flatten().take(MOST_FILES);
    let files = entries.filter(|entry| entry.file_type().is_ok_and(|kind| !kind.is_dir()));
    files.filter_map(|entry| entry.file_name().into_string().ok()).collect()
}

/// Which of the `files` was meant by `name`.
fn meant(source: &Source, name: Word, files: &[String]) -> Option<Help> {
    let text = source.text();
    let is_quoted = text[..name.start].ends_with('"');
    let span = match is_quoted {
        true => name.start - 1..name.span().end + 1,
        false => name.span(),
    };
    let rest = &text[name.start..];
    let line = rest[..rest.find(['\n', '\r']).unwrap_or(rest.len())].trim_end();
    if !is_quoted
        && line.len() > name.text.len()
        && let Some((file, length)) = whole_name(line, name.text, files)
    {
        let help = Help::meant_is(name.start..name.start + length, file, as_name(file));
        return Some(help.and(" A ` #` begins a comment, unless the name is in quotes"));
    }
    let bare = name.text.trim_matches(['"', '\'', '“', '”', '„']);
    let file = alike(name.text, files).or_else(|| alike(bare, files)).or_else(|| like_music(bare, files))?;
    let help = Help::meant_is(span, file, as_name(file));
    // Both look the same on every screen.
    let is_stored_otherwise = file != bare && file.nfc().eq(bare.nfc());
    Some(if is_stored_otherwise {
        help.and(" Its letters with accents are stored in another way")
    } else {
        help
    })
}

/// The name in small letters, and with its accents stored in one way.
fn folded(name: &str) -> String {
    name.nfc().collect::<String>().to_lowercase()
}

fn alike<'a>(name: &str, files: &'a [String]) -> Option<&'a str> {
    let wanted = folded(name);
    files.iter().find(|file| folded(file) == wanted).map(String::as_str)
}

/// The file whose name `line` begins with, and the length of that name. It is longer than `name`, which ends at a
/// ` #`.
fn whole_name<'a>(line: &str, name: &str, files: &'a [String]) -> Option<(&'a str, usize)> {
    let ends = line.char_indices().map(|(at, letter)| at + letter.len_utf8());
    let longer = ends.filter(|end| *end > name.len());
    longer.filter_map(|end| Some((alike(&line[..end], files)?, end))).next_back()
}

/// The file with the same name and another extension, or with a similar name.
fn like_music<'a>(name: &str, files: &'a [String]) -> Option<&'a str> {
    let small: Vec<String> = files.iter().map(|file| folded(file)).collect();
    let wanted = folded(name);
    let stem = |name: &str| name.rsplit_once('.').map_or(name.to_owned(), |(stem, _)| stem.to_owned());
    let is_sheet = |file: &str| file.ends_with(".show") || file.ends_with(".toml");
    let at = small.iter().position(|file| !is_sheet(file) && stem(file) == stem(&wanted)).or_else(|| {
        let near = nearest(&wanted, small.iter().map(String::as_str).filter(|file| !is_sheet(file)))?;
        small.iter().position(|file| file == near)
    })?;
    Some(&files[at])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(sheet: &str, files: &[&str], mended: Option<&str>) {
        let folder = tempfile::tempdir().unwrap();
        for file in files {
            std::fs::write(folder.path().join(file), "").unwrap();
        }
        let source = Source::new(folder.path().join("a.show"), sheet);
        let rig = "[channels]\na = { pin = 4, kind = \"ssr\" }\n";
        let rig = crate::rig::read(&Source::new("rig.toml", rig)).0.unwrap();
        let missing = missing_music(&source, &rig).expect("it is not there");
        let applied = missing.mends().first().map(|mend| {
            let mut text = sheet.to_owned();
            text.replace_range(mend.span.clone(), &mend.text);
            text
        });
        assert_eq!(applied.as_deref(), mended, "{sheet}");
    }

    #[test]
    fn the_file_that_was_meant_is_named_as_the_sheet_must_write_it() {
        check("audio SONG.ogg\n", &["song.ogg"], Some("audio song.ogg\n"));
        check("audio Na\u{308}cht.ogg", &["Nächt.ogg"], Some("audio Nächt.ogg"));
        check("audio “song.ogg”", &["song.ogg"], Some("audio song.ogg"));
        check("audio 'song.ogg'  # x", &["song.ogg"], Some("audio song.ogg  # x"));
        check("audio \"SONG 1.ogg\"", &["Song 1.ogg"], Some("audio \"Song 1.ogg\""));
        check("audio Bells #2.ogg\n", &["Bells #2.ogg"], Some("audio \"Bells #2.ogg\"\n"));
        check("audio bells #2.ogg # x\n", &["Bells #2.ogg"], Some("audio \"Bells #2.ogg\" # x\n"));
        check("audio song.mp3", &["song.show", "song.ogg"], Some("audio song.ogg"));
        check("audio snog.ogg", &["song.ogg"], Some("audio song.ogg"));
        check("audio porch.ogg", &["song.ogg"], None);
        check("audio porch.ogg", &[], None);
    }
}
