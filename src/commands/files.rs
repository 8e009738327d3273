//! Finds and loads the rig, the shows and the schedule for a command. Knows not what the command does with them.

use std::collections::BTreeSet;
use std::env;
use std::path::PathBuf;

use anyhow::anyhow;

use crate::cli::{OutputKind, OutputOptions, RigFile, RigOptions, ScheduleFile};
use crate::diagnosis::Diagnoses;
use crate::loading;
pub(super) use crate::loading::LoadedShow;
use crate::output::gpio;
use crate::rig::{self, Channel, Rig};
use crate::schedule::{self, Leftover, MissingShow, Schedule, ScheduleContext, ScheduleFiles, ShowIndex};
pub(super) use crate::service::wall_time::time_for;
use crate::show;
use crate::wear::{self, Wear};

use super::outcome::Failure;
use super::sheets_here::not_found;

/// A rig that was read, with its warnings.
pub(super) struct LoadedRig {
    pub(super) path: PathBuf,
    pub(super) rig: Rig,
    pub(super) told: Diagnoses,
}

/// A schedule that was read, with its warnings.
pub(super) struct LoadedSchedule {
    pub(super) path: PathBuf,
    pub(super) schedule: Schedule,
    pub(super) told: Diagnoses,
}

/// The option; else real pins on a Raspberry Pi, and simulated ones elsewhere.
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

/// Where the sheet of the show called `name` is.
pub(super) fn sheet(name: &str, places: &[PathBuf]) -> Result<PathBuf, Failure> {
    let found = show::find::find(name, places).map_err(Failure::bad_file);
    found.map_err(|failure| not_found(name, places, failure))
}

/// The show called `name`, with its music measured.
pub(super) fn show(name: &str, places: &[PathBuf], rig: &Rig) -> Result<LoadedShow, Failure> {
    loading::show(name, places, rig).map_err(|failure| not_found(name, places, failure))
}

/// As [`show`], and lights that follow the music stay at their low level.
pub(super) fn unheard_show(name: &str, places: &[PathBuf], rig: &Rig) -> Result<LoadedShow, Failure> {
    loading::unheard_show(name, places, rig).map_err(|failure| not_found(name, places, failure))
}

/// As [`show`], and looks for damage in all of its music.
pub(super) fn inspected_show(name: &str, places: &[PathBuf], rig: &Rig) -> Result<LoadedShow, Failure> {
    loading::inspected_show(name, places, rig).map_err(|failure| not_found(name, places, failure))
}

pub(super) fn rig(file: &RigFile, output: OutputKind) -> Result<LoadedRig, Failure> {
    let path = rig_path(file, output)?;
    log::debug!("rig: {}", path.display());
    let (rig, told) = rig::load(&path).map_err(Failure::bad_file)?;
    Ok(LoadedRig { path, rig, told })
}

/// As [`rig()`]; refuses one with channels that `output` cannot drive.
pub(super) fn driveable_rig(file: &RigFile, output: OutputKind) -> Result<LoadedRig, Failure> {
    let loaded = rig(file, output)?;
    let is_beyond = |channel: &&Channel| output == OutputKind::Gpio && channel.address.is_simulated();
    let mut beyond = loaded.rig.channels.iter().filter(is_beyond);
    let Some(first) = beyond.next() else { return Ok(loaded) };
    let others = match beyond.count() {
        0 => String::new(),
        1 => ", and so is 1 more channel".to_owned(),
        several => format!(", and so are {several} more channels"),
    };
    Err(Failure::bad_file(anyhow!(
        "rig {}: `{}` is on {}, which exists in simulations only{others}\n  \
         wire it to a pin of the header (`pin = 17`), or play with --output sim",
        loaded.path.display(),
        first.name,
        first.address
    )))
}

pub(super) fn show_places(options: &RigOptions) -> Vec<PathBuf> {
    show::find::places(options.shows.as_deref(), env::var_os("STARCOURT_SHOWS").as_deref())
}

/// The schedule, if there is one. It may name the shows in `places`; `missing` says what is reported if one is not
/// there.
pub(super) fn schedule(
    file: &ScheduleFile,
    output: OutputKind,
    places: &[PathBuf],
    rig: &Rig,
    missing: MissingShow,
) -> Result<Option<LoadedSchedule>, Failure> {
    let files = schedule_files(file, output, places);
    let Some(path) = files.find() else {
        log::debug!("schedule: there is none");
        return Ok(None);
    };
    log::debug!("schedule: {}; shows in {places:?}", path.display());
    let shows = match (show::find::all(places), missing) {
        (Ok(shows), _) => shows.into_keys().collect(),
        // Each show is reported later, when it is loaded.
        (Err(_), MissingShow::Warning) => BTreeSet::new(),
        (Err(error), MissingShow::Mistake) => return Err(Failure::bad_file(error)),
    };
    let context = ScheduleContext { shows: &shows, rig, missing };
    let (schedule, told) = schedule::load(path, &context).map_err(Failure::bad_file)?;
    Ok(Some(LoadedSchedule { path: path.to_owned(), schedule, told }))
}

/// Where the schedule is looked for.
pub(super) fn schedule_files(file: &ScheduleFile, output: OutputKind, places: &[PathBuf]) -> ScheduleFiles {
    let (explicit, variable) = (file.schedule.as_deref(), env::var_os("STARCOURT_SCHEDULE"));
    match output {
        OutputKind::Gpio => ScheduleFiles::wired(explicit, variable.as_deref()),
        OutputKind::Sim => {
            // A single folder was named by a person.
            let named = if let [named] = places { Some(named.as_path()) } else { None };
            ScheduleFiles::simulated(explicit, variable.as_deref(), named)
        }
    }
}

/// What still has the schedule's old name, where [`schedule()`] looks for it.
pub(super) fn leftovers(file: &ScheduleFile, output: OutputKind, places: &[PathBuf]) -> Vec<Leftover> {
    let old_variable = env::var_os("STARCOURT_PROGRAMME");
    schedule::leftovers(&schedule_files(file, output, places), old_variable.as_deref())
}

/// What the schedule must know of each show that it names, and why the others cannot be played.
pub(super) fn show_index(
    schedule: &Schedule,
    places: &[PathBuf],
    rig: &Rig,
) -> (ShowIndex, Vec<(String, Failure)>) {
    let (mut index, mut failures) = (ShowIndex::new(), Vec::new());
    for name in schedule.named_shows() {
        match unheard_show(name, places, rig) {
            Ok(loaded) => _ = index.insert(name.to_owned(), loaded.facts()),
            Err(failure) => failures.push((name.to_owned(), failure)),
        }
    }
    (index, failures)
}

/// The folders that keep how far the schedule has come. A simulation has none of the real lights'.
pub(super) fn progress_places(output: OutputKind) -> Vec<PathBuf> {
    match output {
        OutputKind::Gpio => state_places(),
        OutputKind::Sim => env::var_os("STARCOURT_STATE").map(PathBuf::from).into_iter().collect(),
    }
}

/// The folders with the relays' counts of switchings.
pub(super) fn state_places() -> Vec<PathBuf> {
    let (explicit, xdg) = (env::var_os("STARCOURT_STATE"), env::var_os("XDG_STATE_HOME"));
    wear::places(explicit.as_deref(), xdg.as_deref(), env::var_os("HOME").as_deref())
}

/// How often the relays have switched. A count that cannot be read is reported on standard error and left out.
pub(super) fn wear() -> Wear {
    let mut wear = Wear::default();
    for place in state_places() {
        match wear::read(&[place]) {
            Ok(counted) => wear.add_all(&counted),
            Err(error) => log::warn!("the relays' switchings are not known: {error:#}"),
        }
    }
    wear
}
