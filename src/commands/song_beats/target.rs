//! What has beats: a song and its beat map, or a show with both. Reads, and writes nothing.

use std::path::{Path, PathBuf};

use anyhow::anyhow;

use crate::cli::RigOptions;
use crate::commands::files::{self, LoadedShow};
use crate::commands::music_file;
use crate::commands::outcome::Failure;
use crate::printable::{printable, shell_word};
use crate::rig::{Audio, Rig};
use crate::show::{self, Measure, SheetSong, SheetTime, Tempo};
use crate::time::{Offset, ShowTime};

/// A song, and what belongs to it.
pub(in crate::commands) struct Target {
    /// What a person types to name it, with the options that find it.
    pub(in crate::commands) typed: String,
    pub(in crate::commands) title: String,
    /// The show's sheet, if a show was named.
    pub(in crate::commands) sheet: Option<PathBuf>,
    pub(in crate::commands) music: PathBuf,
    /// Where its beat map is, or will be.
    pub(in crate::commands) map: PathBuf,
    /// The beats in that map.
    pub(in crate::commands) old: Option<Vec<ShowTime>>,
    /// By the command line, the sheet or the map.
    pub(in crate::commands) measure: Option<Measure>,
    pub(in crate::commands) tempo: Option<Tempo>,
}

impl Target {
    /// `measure` is that of the command line. A map that is there is read if it `keeps_map`.
    pub(in crate::commands) fn find(
        name: &str,
        stage: &RigOptions,
        measure: Option<Measure>,
        keeps_map: bool,
    ) -> Result<Self, Failure> {
        let places = files::show_places(stage);
        let typed = typed(name, stage);
        let (sheet, music, stem, song) = if music_file::is_file(name) {
            let music = music_file::find(name, &places)?;
            let stem = music.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            (None, music, stem, SheetSong::default())
        } else {
            let sheet = files::sheet(name, &places)?;
            let song = show::load_song(&sheet).map_err(Failure::bad_file)?;
            let stem = sheet.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let Some(music) = &song.music else {
                return Err(Failure::bad_file(anyhow!(
                    "{} has no music to tap to; add a line such as `audio song.ogg` to it",
                    sheet.display()
                )));
            };
            (Some(sheet.clone()), sheet.with_file_name(music), stem, song)
        };
        let map = song.map.clone().unwrap_or_else(|| format!("{stem}-beats.txt"));
        let map = sheet.as_ref().unwrap_or(&music).with_file_name(map);
        let kept = if keeps_map { old_map(&map)? } else { None };
        let measure = measure.or(song.measure);
        let measure = measure.or_else(|| kept.as_ref().and_then(|(_, measure)| *measure));
        let old = kept.map(|(beats, _)| beats);
        let of_map =
            old.as_ref().map(|beats| Tempo::from_beats(beats, measure.unwrap_or(Measure::of_beats(4))));
        let tempo = song.tempo.or(of_map);
        Ok(Self { typed, title: printable(&stem), sheet, music, map, old, measure, tempo })
    }

    /// When `time` is in this song.
    pub(in crate::commands) fn time_of(&self, time: &SheetTime) -> Result<ShowTime, Failure> {
        let mut made = LoadedShow::made(&self.title, &self.title, Vec::new(), ShowTime::MAX, None).show;
        made.tempo.clone_from(&self.tempo);
        made.time_of(time).map_err(|why| Failure::bad_command_line(anyhow!(why)))
    }
}

fn typed(name: &str, options: &RigOptions) -> String {
    let option = |name: &str, path: &Option<PathBuf>| {
        path.as_ref().map_or_else(String::new, |path| format!(" {name} {}", shell_word(path)))
    };
    let (shows, rig) = (option("--shows", &options.shows), option("--rig", &options.rig.rig));
    format!("{}{shows}{rig}", shell_word(Path::new(name)))
}

type OldMap = (Vec<ShowTime>, Option<Measure>);

/// The map that is there already. One with mistakes has no parts that could be kept.
fn old_map(path: &Path) -> Result<Option<OldMap>, Failure> {
    if matches!(path.try_exists(), Ok(false)) {
        return Ok(None);
    }
    let (beats, source) = show::load_beat_map(path).map_err(|error| {
        Failure::bad_file(anyhow!("{}\n  `--replace` writes a new beat map", format!("{error:#}").trim_end()))
    })?;
    let measure = show::measure_in_labels(source.text());
    Ok(Some((beats, measure)))
}

/// The sound of the rig that plays here, and what is to be told about it. A song can be tapped where there is no rig.
pub(in crate::commands) fn audio(options: &RigOptions) -> Result<(Audio, Option<String>), Failure> {
    let output = files::output_kind(&options.output);
    let is_named = options.rig.rig.is_some();
    match files::rig_path(&options.rig, output) {
        Err(_) if !is_named => {
            let told = "no rig here: the device is `default`, and the speaker has no latency";
            let audio = Audio {
                device: "default".to_owned(),
                latency: Offset::ZERO,
                lead_in: std::time::Duration::ZERO,
                required: true,
            };
            Ok((audio, Some(told.to_owned())))
        }
        _ => {
            let Rig { audio, .. } = files::rig(&options.rig, output)?.rig;
            Ok((Audio { required: true, ..audio }, None))
        }
    }
}
