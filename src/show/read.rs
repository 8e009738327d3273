//! Reads a cue sheet into a [`Show`], or reports every mistake in it. Knows no grammar.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, anyhow, ensure};

use super::files_beside::{FilesBeside, FrameSource, OnlyBeatMap};
use super::frames::Frames;
use super::head::{HEAD_WORDS, Head};
use super::sheet_song::SheetSong;
use super::unfold::Unfolded;
use super::{
    Music, Show, beat_map, beside, no_music, read_frames, reckon, sheet, stand_in, tempo_line, unfold,
};
use crate::diagnosis::{Diagnoses, Diagnosis, Help, Source, decoded};
use crate::file_access::{open_regular, read_bounded, why_unreadable};
use crate::rig::Rig;
use crate::time::ShowTime;

/// A hundred thousand cues are 5 MiB; more than this is some other file.
const LARGEST_SHEET: u64 = 16 << 20;

/// Reads the cue sheet at `path` for the channels of `rig`, with the beat map that it may name. Returns the
/// warnings, too.
///
/// # Errors
/// [`Diagnoses`] with every mistake in the sheet; or the reason why a file cannot be read.
pub fn load(path: &Path, rig: &Rig) -> anyhow::Result<(Show, Diagnoses)> {
    let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let source = read_text(path, "cue sheet")?;
    let beside = path.parent().unwrap_or(Path::new("."));
    let read = read_beside(&name, &source, rig, &InFolder(beside));
    match read {
        Ok((show, mut told)) => match beside::missing_music_of(&show) {
            Some(missing) => {
                told.push(missing);
                Err(told.into())
            }
            None => Ok((show, told)),
        },
        Err(mut told) => {
            beside::missing_music(&source, rig).into_iter().for_each(|missing| told.push(missing));
            Err(told.into())
        }
    }
}

/// The files beside the cue sheet at `path` that it names, its music, its frames and its beat map, with the mistakes in the lines
/// that may name them.
///
/// # Errors
/// When the sheet cannot be read.
pub fn named_files(path: &Path) -> anyhow::Result<(Vec<String>, Diagnoses)> {
    let source = read_text(path, "cue sheet")?;
    // Only these lines need no channel of any rig. The others are left empty, so that each keeps its number.
    let is_head = |line: &str| line.split_whitespace().next().is_some_and(|word| HEAD_WORDS.contains(&word));
    let head: String =
        source.text().lines().flat_map(|line| [if is_head(line) { line } else { "" }, "\n"]).collect();
    let head = Source::new(path, head);
    let any_light = Source::new("rig.toml", "[channels]\nany = { pin = 4, kind = \"ssr\" }\n");
    let rig = crate::rig::read(&any_light).0.context("a rig of one channel is a rig")?;
    let mut told = Diagnoses::default();
    let sheet = sheet::read(&head, &rig, &mut told);
    let map = sheet.head.tempo.as_ref().and_then(tempo_line::TempoLine::map);
    let Head { audio, frames, .. } = sheet.head;
    let names = audio.into_iter().chain(frames).chain(map).map(|name| name.text.to_owned()).collect();
    Ok((names, told))
}

/// The files of the folder that a sheet lies in.
struct InFolder<'a>(&'a Path);

impl FilesBeside for InFolder<'_> {
    fn beat_map(&self, name: &str) -> anyhow::Result<Arc<Source>> {
        read_text(&self.0.join(name), "beat map")
    }

    fn frames(&self, name: &str) -> anyhow::Result<Box<dyn FrameSource + '_>> {
        let path = self.0.join(name);
        let file = open_regular(&path);
        let file =
            file.map_err(|error| anyhow!("reading {}: {}", path.display(), why_unreadable(&path, &error)))?;
        Ok(Box::new(file))
    }
}

/// Reads a cue sheet that names no file of frames; `map` reads the text of a beat map beside it.
///
/// # Errors
/// Every mistake of the sheet, and the warnings with them.
pub fn read(
    name: &str,
    source: &Arc<Source>,
    rig: &Rig,
    map: &dyn Fn(&str) -> anyhow::Result<Arc<Source>>,
) -> Result<(Show, Diagnoses), Diagnoses> {
    read_beside(name, source, rig, &OnlyBeatMap(map))
}

/// Reads a cue sheet with the `files` beside it. Its frames are read whole: that may take seconds.
///
/// # Errors
/// Every mistake of the sheet, and the warnings with them.
pub fn read_beside(
    name: &str,
    source: &Arc<Source>,
    rig: &Rig,
    files: &dyn FilesBeside,
) -> Result<(Show, Diagnoses), Diagnoses> {
    let mut told = Diagnoses::default();
    let sheet = sheet::read(source, rig, &mut told);
    let beats = sheet.head.tempo.as_ref().and_then(tempo_line::TempoLine::map).and_then(|file| {
        let beats = files.beat_map(file.text).map_err(|error| match error.downcast::<Diagnoses>() {
            Ok(told) => told,
            Err(error) => beside::unreadable_map(source, file, &error),
        });
        match beats.and_then(|source| beat_map::beats(&source)) {
            Ok((beats, doubts)) => {
                told.extend(doubts);
                Some(beats)
            }
            Err(mistakes) => {
                told.extend(mistakes);
                None
            }
        }
    });
    let tempo = sheet.head.tempo(beats.as_deref()).unwrap_or_else(|mistake| {
        told.push(mistake.into_error(source));
        None
    });
    if !sheet.head.says_music
        && let Some(mistake) = no_music::without_music(&sheet)
    {
        told.push(mistake.into_error(source));
    }
    let frames = read_frames::frames(source, &sheet, rig, files, &mut told);
    let tempo_failed = !sheet.head.lost_tempo.is_empty() || (tempo.is_none() && sheet.head.says_tempo);
    if told.are_many() {
        // Else every section that was not read would be reported as a mistake.
        return Err(told);
    }
    if tempo_failed {
        stand_in::mistakes(source, rig).into_iter().for_each(|mistake| told.push(mistake));
        tell_no_end(source, &sheet.head, &mut told);
        return Err(told);
    }
    let folder = source.path().parent().unwrap_or(Path::new("."));
    let audio = sheet.head.audio.map(|name| Music { path: folder.join(name.text), span: name.span() });
    let mut unfolding = unfold::Unfolding::new(source, tempo.as_ref(), &sheet.sections, &mut told);
    let length = sheet.head.length.as_ref().and_then(|length| unfolding.length(length));
    frames.iter().for_each(|frames| unfolding.count_frames(frames, rig));
    let Unfolded { cues, plays } = unfolding.unfold(sheet.items);
    tell_no_end(source, &sheet.head, &mut told);
    if told.errors() > 0 {
        if told.iter().any(|mistake| mistake.title() == reckon::NO_TEMPO) {
            // A large show needs the room.
            drop(cues);
            // Bars and beats without a tempo are told once, and may have other mistakes.
            for mistake in stand_in::mistakes(source, rig) {
                if !told.iter().any(|other| stand_in::is_same(&mistake, other)) {
                    told.push(mistake);
                }
            }
        }
        return Err(told);
    }
    let title = sheet.head.title.map_or(name, |title| title.text).to_owned();
    // Music decides before frames do, and a line before both.
    let length = length.or_else(|| frames.as_ref().filter(|_| audio.is_none()).map(Frames::end));
    let frames = frames.map(Arc::new);
    let source = Arc::clone(source);
    Ok((Show { name: name.to_owned(), title, audio, length, tempo, frames, cues, plays, source }, told))
}

/// The beats of the beat map at `path`, and its text.
///
/// # Errors
/// [`Diagnoses`] with every mistake in it; or the reason why it cannot be read.
pub fn load_beat_map(path: &Path) -> anyhow::Result<(Vec<ShowTime>, Arc<Source>)> {
    let source = read_text(path, "beat map")?;
    let (beats, _) = beat_map::beats(&source)?;
    Ok((beats, source))
}

/// What the sheet at `path` says of its music, whatever mistakes its cues have.
///
/// # Errors
/// The reason why it cannot be read.
pub fn load_song(path: &Path) -> anyhow::Result<SheetSong> {
    let source = read_text(path, "cue sheet")?;
    let folder = path.parent().unwrap_or(Path::new("."));
    Ok(SheetSong::of(&source, |map| load_beat_map(&folder.join(map)).ok().map(|(beats, _)| beats)))
}

fn tell_no_end(source: &Arc<Source>, head: &Head, told: &mut Diagnoses) {
    if !head.says_end {
        let help = Help::write(0..0, "length 1:30\n").said(
            "add a line such as `length 1:30` at the top, or `audio` and the name of its music to end with the music",
        );
        told.push(Diagnosis::error(source, "when does this show end?").help(help));
    }
}

fn read_text(path: &Path, what: &str) -> anyhow::Result<Arc<Source>> {
    let shown = path.display();
    let failed = |error| anyhow!("reading {shown}: {}", why_unreadable(path, &error));
    let file = open_regular(path).map_err(failed)?;
    let length = file.metadata().map_err(failed)?.len();
    ensure!(
        length <= LARGEST_SHEET,
        "reading {shown}: {} MiB is too large for a cue sheet or a beat map (at most 16 MiB)",
        length.div_ceil(1 << 20)
    );
    let bytes = read_bounded(file, LARGEST_SHEET).map_err(failed)?;
    Ok(decoded(path, bytes, what)?)
}
