//! Reads a show from its files, or makes one: cues, warnings and length in one value. Knows no threads, lights or
//! sound devices.

mod envelope_cache;

use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};

use crate::audio::{Measured, SoundError, inspect, measure};
use crate::diagnosis::{Diagnoses, Diagnosis, Help, Source};
use crate::file_access::FileVersion;
use crate::outcome::Failure;
use crate::rig::Rig;
use crate::schedule::ShowFacts;
use crate::show::{self, Cue, Music, Show};
use crate::time::ShowTime;

/// A show that was read, with its warnings and its length.
#[derive(PartialEq, Eq)]
pub(crate) struct LoadedShow {
    pub(crate) show: Show,
    pub(crate) told: Diagnoses,
    pub(crate) length: ShowTime,
    /// Of its music, if it has some.
    pub(crate) music: Option<FileVersion>,
}

impl LoadedShow {
    /// A show of `cues` that lasts for `length`; `name` is what the lock tells.
    pub(crate) fn made(
        name: &str,
        title: &str,
        cues: Vec<Cue>,
        length: ShowTime,
        sound: Option<&Path>,
    ) -> Self {
        let music = sound.and_then(FileVersion::of);
        let audio = sound.map(|path| Music { path: path.to_owned(), span: 0..0 });
        let show = Show {
            name: name.to_owned(),
            title: title.to_owned(),
            audio,
            length: Some(length),
            tempo: None,
            frames: None,
            cues,
            plays: Vec::new(),
            source: Source::new(name, ""),
        };
        Self { show, told: Diagnoses::default(), length, music }
    }

    /// What the schedule must know of it.
    pub(crate) fn facts(&self) -> ShowFacts {
        ShowFacts { length: self.length.as_duration(), sounds: self.show.audio.is_some() }
    }
}

/// What the schedule must know of the show. Its music is measured, and not heard: that takes longer, and a service has
/// many shows.
pub(crate) fn facts(name: &str, places: &[PathBuf], rig: &Rig) -> Result<ShowFacts, Failure> {
    unheard_show(name, places, rig).map(|loaded| loaded.facts())
}

/// Loads the show, and measures its music. Lights that follow the music stay at their low level.
pub(crate) fn unheard_show(name: &str, places: &[PathBuf], rig: &Rig) -> Result<LoadedShow, Failure> {
    let path = show::find::find(name, places).map_err(Failure::bad_file)?;
    measured_at(&path, rig, &measure).map(|(loaded, _)| loaded)
}

/// Loads the show, measures its music, and hears it if lights follow it.
pub(crate) fn show(name: &str, places: &[PathBuf], rig: &Rig) -> Result<LoadedShow, Failure> {
    show_measured(name, places, rig, measure)
}

/// As [`show`], and looks for damage in all of its music.
pub(crate) fn inspected_show(name: &str, places: &[PathBuf], rig: &Rig) -> Result<LoadedShow, Failure> {
    show_measured(name, places, rig, inspect)
}

fn show_measured(
    name: &str,
    places: &[PathBuf],
    rig: &Rig,
    look: impl Fn(&Path) -> Result<Measured, SoundError>,
) -> Result<LoadedShow, Failure> {
    let path = show::find::find(name, places).map_err(Failure::bad_file)?;
    show_at(&path, rig, &look)
}

/// Loads the show whose sheet is at `path`; `look` measures its music.
pub(crate) fn show_at(
    path: &Path,
    rig: &Rig,
    look: &dyn Fn(&Path) -> Result<Measured, SoundError>,
) -> Result<LoadedShow, Failure> {
    let (mut loaded, measured) = measured_at(path, rig, look)?;
    let LoadedShow { show, length, .. } = &mut loaded;
    if let (Some(music), Some(measured)) = (&show.audio, &measured)
        && show.follows_music()
    {
        let song = envelope_cache::envelope(&music.path, (*length).min(measured.length));
        let song = song.map_err(|error| unplayable(show, music, &error)).map_err(Failure::bad_file)?;
        show.follow(&song);
    }
    Ok(loaded)
}

/// Loads the show whose sheet is at `path`, and what `look` measures of its music.
fn measured_at(
    path: &Path,
    rig: &Rig,
    look: &dyn Fn(&Path) -> Result<Measured, SoundError>,
) -> Result<(LoadedShow, Option<Measured>), Failure> {
    let (show, mut told) = show::load(path, rig).map_err(Failure::bad_file)?;
    let version = show.audio.as_ref().and_then(|music| FileVersion::of(&music.path));
    let music = music_of(&show, look).map_err(Failure::bad_file)?;
    if let Some(music) = &music {
        told.extend(damage(&show, music));
    }
    // If the music file is cut short, the show keeps the length that the file promises.
    let length = show.length.or_else(|| music.as_ref().map(|music| music.promised.unwrap_or(music.length)));
    let length =
        length.context("a show says when it ends; its reader has seen to that").map_err(Failure::bad_file)?;
    told.extend(show.cues_after(length));
    Ok((LoadedShow { show, told, length, music: version }, music))
}

/// Music that cannot be played is a mistake in the show, at the music's name.
fn music_of(
    show: &Show,
    look: &dyn Fn(&Path) -> Result<Measured, SoundError>,
) -> anyhow::Result<Option<Measured>> {
    let Some(music) = &show.audio else { return Ok(None) };
    look(&music.path).map(Some).map_err(|error| unplayable(show, music, &error))
}

fn unplayable(show: &Show, music: &Music, error: &SoundError) -> anyhow::Error {
    let mut told = Diagnoses::default();
    told.push(Diagnosis::error(&show.source, error.to_string()).at(music.span.clone(), "this music"));
    anyhow!(told)
}

/// A warning for each place at which the music is damaged; of many, the first ones.
fn damage(show: &Show, measured: &Measured) -> Diagnoses {
    const SHOWN: usize = 3;
    let mut told = Diagnoses::default();
    let Some(music) = &show.audio else { return told };
    let file = music.path.display();
    for (index, damage) in measured.damage.iter().take(SHOWN).enumerate() {
        let warning = Diagnosis::warning(&show.source, format!("{file} {damage}"));
        let mut warning = warning.at(music.span.clone(), "this music");
        let more = measured.damage.len() - index - 1;
        if index + 1 == SHOWN && more > 0 {
            let places = if more == 1 { "place" } else { "places" };
            warning = warning.help(Help::advise(format!(
                "it is damaged at {more} more {places}; copy it again, or save it again"
            )));
        } else if index == 0 {
            warning = warning.help(Help::advise("the lights play on; copy the file again, or save it again"));
        }
        told.push(warning);
    }
    told
}
