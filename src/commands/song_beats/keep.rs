//! Writes the beat map, and the tempo line of a show: each file whole, or not at all. Knows no keys.

use std::ffi::OsStr;
use std::io::{self, ErrorKind};
use std::path::Path;

use anyhow::anyhow;

use super::target::Target;
use super::words;
use crate::audio::first_sound;
use crate::beats::{Beats, is_even, replaced};
use crate::commands::outcome::Failure;
use crate::commands::printed::counted;
use crate::file_access::{Folder, Storage, open_regular, read_bounded};
use crate::printable::printable;
use crate::show::{Measure, beat_map_text, with_tempo};
use crate::time::ShowTime;

/// A sheet that can be read is no larger.
const LARGEST: u64 = 16 << 20;

/// What taps, or the sound itself, make of a song.
pub(in crate::commands) struct Kept {
    pub(in crate::commands) beats: Vec<ShowTime>,
    /// For the sheet.
    pub(in crate::commands) tempo_line: String,
    /// What a person should know of it.
    pub(in crate::commands) told: Vec<String>,
}

impl Kept {
    /// `is_part` says that only a part was to be tapped.
    pub(in crate::commands) fn of(
        tapped: &Beats,
        target: &Target,
        measure: Measure,
        (is_part, length): (bool, ShowTime),
    ) -> Result<Self, Failure> {
        let map = target.map.file_name().unwrap_or_default().to_string_lossy();
        let mut told = Vec::new();
        // A steady song that was tapped before as a steady one has one tempo, and that is the better one.
        let keeps = |old: &&Vec<ShowTime>| is_part || !(is_even(old) && tapped.is_steady());
        if let Some(old) = target.old.as_ref().filter(keeps) {
            let new = tapped.over_taps();
            let beats = replaced(old, &new);
            if let [first, .., last] = &*new {
                told.push(format!("only the part from {} to {} is new", first.to_millis(), last.to_millis()));
            }
            told.extend(other_bars(tapped, measure, &beats));
            return Ok(Self { beats, tempo_line: words::map_line(&map, measure), told });
        }
        let start = first_sound(&target.music).map_err(|error| Failure::bad_file(error.into()))?;
        Ok(Self::whole(tapped, target, measure, (start.unwrap_or(ShowTime::ZERO), length)))
    }

    /// All of these beats, in a song that is heard from `first` to `last`.
    pub(in crate::commands) fn whole(
        beats: &Beats,
        target: &Target,
        measure: Measure,
        (first, last): (ShowTime, ShowTime),
    ) -> Self {
        let map = target.map.file_name().unwrap_or_default().to_string_lossy();
        let mut found = beats.over_song(measure.beats(), first, last);
        if found.len() < 2 {
            found = beats.over_taps();
        }
        let tempo_line = match found.first() {
            Some(first) if beats.is_steady() => words::steady_line(beats.bpm(), measure, *first),
            _ => words::map_line(&map, measure),
        };
        Self { beats: found, tempo_line, told: Vec::new() }
    }

    /// Writes the map. What was there before is kept beside it.
    pub(in crate::commands) fn write_map(
        &self,
        target: &Target,
        measure: Measure,
    ) -> Result<String, Failure> {
        let path = printable(&target.map.display().to_string());
        let text = beat_map_text(&self.beats, measure);
        let backup = write_new(&target.map, &text)?;
        let beats = counted(self.beats.len(), "beat");
        Ok(match backup {
            Some(backup) => format!("{path} has {beats}; {} has the map as it was", printable(&backup)),
            None => format!("{path} has {beats}"),
        })
    }

    /// Writes the tempo line into the sheet, or says how a person does it.
    pub(in crate::commands) fn write_tempo(&self, sheet: &Path) -> Result<String, Failure> {
        let path = printable(&sheet.display().to_string());
        let (text, mark) = sheet_text(sheet)?;
        let (mark, lines) = text.split_at(mark);
        let retimed =
            with_tempo(lines, &self.tempo_line).map_err(|why| by_hand(sheet, &why, &self.tempo_line))?;
        replace(sheet, &format!("{mark}{}", retimed.text), false).map_err(|error| failed(&path, &error))?;
        let line = printable(&self.tempo_line);
        Ok(match retimed.before {
            Some(before) => format!("{path} has `{line}`; it had `{}`", printable(&before)),
            None => format!("{path} has `{line}`"),
        })
    }
}

/// Writes `text` to `path`. What was there before is kept beside it, under the name that is returned.
///
/// # Errors
/// If it cannot be written; then nothing has changed.
pub(in crate::commands) fn write_new(path: &Path, text: &str) -> Result<Option<String>, Failure> {
    let told = printable(&path.display().to_string());
    replace(path, text, true).map_err(|error| failed(&told, &error))
}

/// Whether a file can be made beside `path`: better known before a song is tapped than after it.
pub(in crate::commands) fn must_be_writable(path: &Path) -> Result<(), Failure> {
    let told = printable(&path.display().to_string());
    let name = path.file_name().unwrap_or_default();
    folder_of(path).and_then(|folder| folder.try_to_write(name)).map_err(|error| failed(&told, &error))
}

/// Whether a tempo line can be written into the sheet.
pub(in crate::commands) fn must_take_a_tempo(sheet: &Path) -> Result<(), Failure> {
    const ANY: &str = "tempo 120 bpm, 4/4";
    let (text, mark) = sheet_text(sheet)?;
    with_tempo(&text[mark..], ANY).map(drop).map_err(|why| {
        let path = printable(&sheet.display().to_string());
        Failure::bad_file(anyhow!("{path}: {why}; leave out --write, and write the tempo line yourself"))
    })
}

/// The text of a sheet, and how long the mark is that some editors put before it, which stays where it is.
fn sheet_text(sheet: &Path) -> Result<(String, usize), Failure> {
    let path = printable(&sheet.display().to_string());
    let bytes = open_regular(sheet)
        .and_then(|file| read_bounded(file, LARGEST))
        .map_err(|error| failed(&path, &error))?;
    let text = String::from_utf8(bytes).map_err(|_| {
        Failure::bad_file(anyhow!("{path} is not in UTF-8; `starcourt check` says what to do"))
    })?;
    let mark = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    Ok((text, mark))
}

fn by_hand(sheet: &Path, why: &str, line: &str) -> Failure {
    let path = printable(&sheet.display().to_string());
    Failure::bad_file(anyhow!("{path}: {why}; write `{}` there yourself", printable(line)))
}

/// A warning if a bar that was begun with Enter does not begin one in the map.
fn other_bars(tapped: &Beats, measure: Measure, beats: &[ShowTime]) -> Option<String> {
    let bar = measure.beats();
    tapped.beats_a_bar()?;
    let begins = tapped.time_of(tapped.bar_begins_at(bar))?;
    let beat = beats.iter().position(|beat| *beat == begins)? % bar as usize;
    let place = begins.to_millis();
    (beat != 0).then(|| {
        format!(
            "the bar that you began at {place} is beat {} of a bar in the map; `--replace` counts the bars anew",
            beat + 1
        )
    })
}

/// Puts `text` in the place of the file, and the old one beside it if it `keeps` that.
fn replace(path: &Path, text: &str, keeps: bool) -> io::Result<Option<String>> {
    let resolved = path.canonicalize();
    // If it is a link, the file that it leads to.
    let path = resolved.as_deref().unwrap_or(path);
    let folder = folder_of(path)?;
    let name = path.file_name().ok_or(ErrorKind::InvalidInput)?;
    let old = match open_regular(path) {
        Ok(old) => old,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let name = name.to_str().ok_or_else(|| io::Error::other("its name is not in UTF-8"))?;
            return folder.replace(name, text.as_bytes(), Storage::Disk).map(|()| None);
        }
        Err(error) => return Err(error),
    };
    let like = old.metadata()?;
    let backup = if keeps { Some(backup_name(name)) } else { None };
    if let Some(backup) = &backup {
        folder.replace_like(backup, &read_bounded(old, LARGEST)?, &like)?;
    }
    folder.replace_like(name, text.as_bytes(), &like)?;
    Ok(backup.map(|backup| path.with_file_name(backup).display().to_string()))
}

fn backup_name(name: &OsStr) -> std::ffi::OsString {
    let mut backup = name.to_owned();
    backup.push(".bak");
    backup
}

fn folder_of(path: &Path) -> io::Result<Folder> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    Folder::open(folder.unwrap_or(Path::new(".")))
}

fn failed(path: &str, error: &io::Error) -> Failure {
    let told = anyhow!("{path} cannot be written: {error}");
    match error.kind() {
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => Failure::not_permitted(told),
        _ => told.into(),
    }
}
