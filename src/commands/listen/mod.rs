//! `starcourt listen`: the beats, bars and parts that are heard in a song, told, or written as `tap` writes them, or as
//! labels. No sound is played and no light is driven.
//!
//! `summary` says it to people, `json` to programs, `labels` to Audacity.

mod json;
mod labels;
mod summary;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::anyhow;

use self::json::SongJson;
use super::outcome::{Failure, Outcome};
use super::printed::{self, counted};
use super::song_beats::{self, HeardFile, Kept, Target};
use crate::analysis::SongCorrection;
use crate::beats::{BarGrid, Beats, Tap};
use crate::cli::ListenOptions;
use crate::printable::printable;
use crate::show::Measure;

pub(super) fn listen(options: &ListenOptions) -> Result<(String, Outcome), Failure> {
    let target = Target::find(&options.song, &options.stage, None, false)?;
    let labels = labels_path(&target);
    // Better known before a song is heard than after it.
    if options.write {
        must_be_new(&target.map, "--write", &target, options)?;
        if let Some(sheet) = &target.sheet {
            song_beats::must_take_a_tempo(sheet)?;
        }
    }
    if options.labels {
        must_be_new(&labels, "--labels", &target, options)?;
    }
    let heard = song_beats::hear(&target, SongCorrection::default())?;
    let HeardFile { song, .. } = &heard;
    let taps: Vec<Tap> =
        song.beats.iter().map(|beat| Tap { at: beat.at, begins_bar: beat.begins_bar }).collect();
    let (Some(beats), [first, .., last]) = (Beats::of(&taps), &*song.beats) else {
        return Err(song_beats::unheard(&target));
    };
    let measure = Measure::of_beats(song.measure.beats() as u32);
    let kept = Kept::whole(&beats, &target, measure, (first.at, last.at));
    let bars = BarGrid { beats: &kept.beats, in_bar: measure.beats() };
    if options.json {
        return Ok((printed::json(&SongJson::of(&heard, &beats, &kept, measure, &bars)), Outcome::Done));
    }
    let mut text = summary::summary(&target, &heard, &beats, measure, &bars);
    match (options.write, &target.sheet) {
        (false, _) => {
            let _ = writeln!(text, "for a show of it: `{}`", kept.tempo_line);
            let _ = writeln!(text, "to write its beats: `starcourt listen {} --write`", target.typed);
        }
        (true, sheet) => {
            let _ = writeln!(text, "{}", kept.write_map(&target, measure)?);
            let line = match sheet {
                Some(sheet) => kept.write_tempo(sheet)?,
                None => format!("for a show of it: `{}`", kept.tempo_line),
            };
            let _ = writeln!(text, "{line}");
            let _ = writeln!(text, "to hear them: `starcourt tap {} --click`", target.typed);
        }
    }
    if options.labels {
        let lines = labels::labels(song, &bars);
        let backup = song_beats::write_new(&labels, &labels::text(&lines))?;
        let path = printable(&labels.display().to_string());
        let count = counted(lines.len(), "label");
        let _ = match backup {
            Some(backup) => {
                writeln!(text, "{path} has {count}; {} has the labels as they were", printable(&backup))
            }
            None => writeln!(text, "{path} has {count}; Audacity opens it with File, Import, Labels"),
        };
    }
    Ok((text, Outcome::Done))
}

/// Beside the beat map: `song-labels.txt`.
fn labels_path(target: &Target) -> PathBuf {
    let named = target.sheet.as_ref().unwrap_or(&target.music);
    let stem = named.file_stem().unwrap_or_default().to_string_lossy();
    named.with_file_name(format!("{stem}-labels.txt"))
}

/// Whether this file can be written, and is not there yet, or is to be replaced.
fn must_be_new(path: &Path, option: &str, target: &Target, options: &ListenOptions) -> Result<(), Failure> {
    let is_there = !matches!(path.try_exists(), Ok(false));
    if is_there && !options.replace {
        return Err(Failure::bad_command_line(anyhow!(
            "{} is there already; `starcourt listen {} {option} --replace` writes a new one, and keeps this one beside it",
            printable(&path.display().to_string()),
            target.typed
        )));
    }
    song_beats::must_be_writable(path)
}
