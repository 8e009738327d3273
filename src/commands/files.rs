//! The rig and the shows that a command is about: where they are, and reading them.

use std::env;
use std::io::{Write, stderr};
use std::path::PathBuf;

use anyhow::{Context, anyhow};

use crate::cli::{OutputKind, OutputOptions, RigFile, RigOptions};
use crate::clock::audio::sound_length;
use crate::diagnosis::{Diagnoses, Diagnosis};
use crate::output::gpio;
use crate::rig::{self, Rig};
use crate::show::{self, Show};
use crate::time::ShowTime;
use crate::wear::{self, Wear};

use super::outcome::Failure;

/// A rig that was read, with its warnings.
pub(super) struct LoadedRig {
    pub(super) path: PathBuf,
    pub(super) rig: Rig,
    pub(super) told: Diagnoses,
}

/// A show that was read, with its warnings and its length.
pub(super) struct LoadedShow {
    pub(super) show: Show,
    pub(super) told: Diagnoses,
    pub(super) length: ShowTime,
}

/// Real pins on a Raspberry Pi, simulated ones elsewhere; the option decides otherwise.
pub(super) fn output_kind(options: &OutputOptions) -> OutputKind {
    options.output.unwrap_or_else(|| match gpio::pi_model() {
        Some(_) => OutputKind::Gpio,
        None => OutputKind::Sim,
    })
}

pub(super) fn rig_path(file: &RigFile, output: OutputKind) -> Result<PathBuf, Failure> {
    let (explicit, variable) = (file.rig.as_deref(), env::var_os("STARCOURT_RIG"));
    match output {
        OutputKind::Gpio => rig::find_wired(explicit, variable.as_deref()),
        OutputKind::Sim => rig::find_simulated(explicit, variable.as_deref()),
    }
    .map_err(Failure::bad_file)
}

pub(super) fn rig(file: &RigFile, output: OutputKind) -> Result<LoadedRig, Failure> {
    let path = rig_path(file, output)?;
    let (rig, told) = rig::load(&path).map_err(Failure::bad_file)?;
    Ok(LoadedRig { path, rig, told })
}

pub(super) fn show_places(options: &RigOptions) -> Vec<PathBuf> {
    show::find::places(options.shows.as_deref(), env::var_os("STARCOURT_SHOWS").as_deref())
}

/// Where the relays' switchings are counted.
pub(super) fn state_places() -> Vec<PathBuf> {
    let (explicit, xdg) = (env::var_os("STARCOURT_STATE"), env::var_os("XDG_STATE_HOME"));
    wear::places(explicit.as_deref(), xdg.as_deref(), env::var_os("HOME").as_deref())
}

/// How often the relays have switched. A count that cannot be read is told and left out: who asks for
/// shows wants an answer all the same.
pub(super) fn wear() -> Wear {
    let mut wear = Wear::default();
    for place in state_places() {
        match wear::read(&[place]) {
            Ok(counted) => wear.add_all(&counted),
            Err(error) => {
                let _ = writeln!(stderr(), "starcourt: the relays' switchings are not known: {error:#}");
            }
        }
    }
    wear
}

pub(super) fn show(name: &str, places: &[PathBuf], rig: &Rig) -> Result<LoadedShow, Failure> {
    let path = show::find::find(name, places).map_err(Failure::bad_file)?;
    let (show, mut told) = show::load(&path, rig).map_err(Failure::bad_file)?;
    let length = length(&show).map_err(Failure::bad_file)?;
    told.extend(show.cues_after(length));
    Ok(LoadedShow { show, told, length })
}

/// When `show` ends: as it says itself, or with its music. Music that cannot be played is a mistake of
/// the show, told at its name.
fn length(show: &Show) -> anyhow::Result<ShowTime> {
    let sound = match &show.audio {
        None => None,
        Some(music) => Some(sound_length(&music.path).map_err(|error| {
            let mut told = Diagnoses::default();
            told.push(Diagnosis::error(&show.source, error.to_string()).at(music.span.clone(), "this music"));
            anyhow!(told)
        })?),
    };
    show.length.or(sound).context("a show says when it ends; its reader has seen to that")
}
