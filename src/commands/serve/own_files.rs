//! The service's own files: where they are, and what is new in them when they are read anew. Follows none of them.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use crate::cli::{OutputKind, ServeOptions};
use crate::file_access::FileVersion;
use crate::instance::fresh_files::{FollowedFile, FreshFiles, FreshRig, FreshSchedule, ScheduleNews};
use crate::instance::runner::OwnFiles;
use crate::ipc::ServiceFile;
use crate::rig::{self, Rig};
use crate::schedule::{self, MissingShow, Schedule};
use crate::show;

use super::super::files::{self, LoadedRig, LoadedSchedule};
use super::super::outcome::Failure;
use super::super::printed::counted;

/// The versions of a show's sheet, its music and its beat map.
type ShowVersion = Vec<Option<FileVersion>>;

/// Where the files of a service are.
#[derive(Clone)]
pub(super) struct ServiceFiles {
    options: ServeOptions,
    kind: OutputKind,
    pub(super) places: Vec<PathBuf>,
    /// The schedule's shows as their files were when they were last looked at.
    shows: Arc<Mutex<BTreeMap<String, ShowVersion>>>,
}

impl ServiceFiles {
    pub(super) fn of(options: &ServeOptions) -> Self {
        let (kind, places) = (files::output_kind(&options.stage.output), files::show_places(&options.stage));
        Self { options: options.clone(), kind, places, shows: Arc::default() }
    }

    /// Where a schedule is looked for, in words.
    pub(super) fn schedule_places(&self) -> String {
        let files = files::schedule_files(&self.options.schedule, self.kind, &self.places);
        let places: Vec<_> = files.paths().iter().map(|path| path.display().to_string()).collect();
        places.join(" or ")
    }

    /// `file` as it is now, to be called before it is read.
    pub(super) fn version(&self, file: ServiceFile) -> FollowedFile {
        FollowedFile::of(file, self.place(file))
    }

    pub(super) fn rig(&self) -> Result<LoadedRig, Failure> {
        files::driveable_rig(&self.options.stage.rig, self.kind)
    }

    /// The schedule for `rig`, if there is one.
    pub(super) fn schedule(&self, rig: &Rig) -> Result<Option<LoadedSchedule>, Failure> {
        let loaded =
            files::schedule(&self.options.schedule, self.kind, &self.places, rig, MissingShow::Warning)?;
        if let Some(loaded) = &loaded {
            // Later nobody would be there to be told, and nothing would ever play.
            files::time_for(&loaded.schedule)?;
        }
        Ok(loaded)
    }

    /// Notes the files of the shows that `schedule` names; the shows of which one is another version than when they were
    /// last noted.
    pub(super) fn note_shows(&self, schedule: Option<&Schedule>) -> Vec<String> {
        let names = schedule.map(Schedule::named_shows).unwrap_or_default();
        let now: BTreeMap<_, _> =
            names.into_iter().map(|name| (name.to_owned(), show_version(name, &self.places))).collect();
        let mut shows = self.shows.lock().unwrap_or_else(PoisonError::into_inner);
        let before = std::mem::replace(&mut *shows, now);
        let has_changed = |(name, version): &(&String, &ShowVersion)| {
            before.get(*name).is_some_and(|earlier| earlier != *version)
        };
        shows.iter().filter(has_changed).map(|(name, _)| name.clone()).collect()
    }

    /// A schedule with what it must know of its shows.
    pub(super) fn with_shows(&self, schedule: Option<Schedule>, rig: &Rig) -> FreshSchedule {
        let (shows, broken) = match &schedule {
            Some(schedule) => files::show_index(schedule, &self.places, rig),
            None => Default::default(),
        };
        let broken: BTreeMap<String, String> =
            broken.into_iter().map(|(show, failure)| (show, failure.words())).collect();
        FreshSchedule { schedule, shows, broken }
    }

    /// Reads both files, and compares them with those that are followed.
    ///
    /// # Errors
    /// Every mistake in the rig, or in the schedule for that rig.
    pub(super) fn read_anew(&self, before: &Rig, followed: Option<&Schedule>) -> Result<FreshFiles, Failure> {
        let (rig_file, schedule_file) = (self.version(ServiceFile::Rig), self.version(ServiceFile::Schedule));
        let loaded_rig = self.rig()?;
        let loaded = self.schedule(&loaded_rig.rig)?;
        let warnings =
            loaded_rig.told.warnings() + loaded.as_ref().map_or(0, |loaded| loaded.told.warnings());
        let rig_changes = rig::changes(before, &loaded_rig.rig);
        // Before they are read: what is written after that is told the next time.
        let changed = self.note_shows(loaded.as_ref().map(|loaded| &loaded.schedule));
        let found = |name: String| {
            let facts = files::unheard_show(&name, &self.places, before).map(|loaded| loaded.facts());
            (name, facts.map_err(|failure| failure.words()))
        };
        let changed_shows: BTreeMap<_, _> = changed.into_iter().map(found).collect();
        let read = loaded.map(|loaded| loaded.schedule);
        // What it says is compared for the rig that is followed: a look has the places of channels in it.
        let (schedule, schedule_changes, rig) = if rig_changes.is_empty() {
            let changes = schedule::changes(followed, read.as_ref(), before);
            let news = match changes.is_empty() {
                true => ScheduleNews::Unchanged,
                false => ScheduleNews::Changed(Box::new(self.with_shows(read, before))),
            };
            (news, changes, None)
        } else {
            let rig = Arc::new(loaded_rig.rig);
            let fresh = FreshRig { schedule: self.with_shows(read.clone(), &rig), rig };
            let (news, changes) = match self.schedule(before) {
                Ok(loaded) => {
                    let for_now = loaded.map(|loaded| loaded.schedule);
                    let changes = schedule::changes(followed, for_now.as_ref(), before);
                    match changes.is_empty() {
                        true => (ScheduleNews::Unchanged, changes),
                        false => {
                            let fresh = self.with_shows(for_now, before);
                            (ScheduleNews::Changed(Box::new(fresh)), changes)
                        }
                    }
                }
                Err(_) => {
                    let changes = schedule::changes(followed, read.as_ref(), &fresh.rig);
                    (ScheduleNews::WaitsForRig, changes)
                }
            };
            (news, changes, Some(fresh))
        };
        let broken = match (&schedule, &rig) {
            (_, Some(fresh)) => fresh.schedule.broken.clone(),
            (ScheduleNews::Changed(fresh), None) => fresh.broken.clone(),
            _ => {
                let broken =
                    |(show, found): (&String, &Result<_, String>)| Some((show.clone(), found.clone().err()?));
                changed_shows.iter().filter_map(broken).collect()
            }
        };
        let mut notices: Vec<String> =
            broken.iter().map(|(show, why)| format!("show {show} cannot be played:\n{why}")).collect();
        notices.extend(self.misnamed());
        if warnings > 0 {
            notices.push(format!("{}: `starcourt check`", counted(warnings, "warning")));
        }
        Ok(FreshFiles {
            schedule,
            schedule_changes,
            rig,
            rig_changes,
            changed_shows,
            notices,
            schedule_file,
            rig_file,
        })
    }

    /// Files that look like shows and are none, each with the name that works.
    pub(super) fn misnamed(&self) -> Vec<String> {
        let misnamed = show::misnamed::misnamed(&self.places).unwrap_or_default();
        misnamed.iter().map(ToString::to_string).collect()
    }
}

/// The files of the show called `name`, as they are now. Blocks as long as the disk does.
fn show_version(name: &str, places: &[PathBuf]) -> ShowVersion {
    let Ok(sheet) = show::find::find(name, places) else { return Vec::new() };
    // A sheet that cannot be read names nothing; its own version changes when it is mended.
    let (named, _mistakes) = show::named_files(&sheet).unwrap_or_default();
    let named = named.into_iter().map(|file| sheet.with_file_name(file));
    std::iter::once(sheet.clone()).chain(named).map(|path| FileVersion::of(&path)).collect()
}

impl OwnFiles for ServiceFiles {
    fn place(&self, file: ServiceFile) -> Option<PathBuf> {
        match file {
            ServiceFile::Rig => files::rig_path(&self.options.stage.rig, self.kind).ok(),
            ServiceFile::Schedule => files::schedule_files(&self.options.schedule, self.kind, &self.places)
                .find()
                .map(PathBuf::from),
        }
    }

    fn check(&self, file: ServiceFile, rig: &Rig) -> Result<(), Failure> {
        match file {
            ServiceFile::Rig => self.rig().map(drop),
            ServiceFile::Schedule => self.schedule(rig).map(drop),
        }
    }
}
