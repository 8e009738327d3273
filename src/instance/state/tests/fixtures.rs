//! The shows, the rig and the schedule of these tests, and how what takes time comes out in them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp, ZonedDateTime};

use super::super::Scheduler;
use crate::diagnosis::Source;
use crate::engine::{Extent, Passes};
use crate::instance::fresh_files::{FollowedFile, FreshFiles, FreshRig, FreshSchedule, ScheduleNews};
use crate::instance::saved::{Saved, SavedShow, ShowEdition};
use crate::ipc::ServiceFile;
use crate::level::Level;
use crate::loading::LoadedShow;
use crate::rig::Rig;
use crate::schedule::{Idle, MissingShow, Rotation, Schedule, ScheduleContext, ShowIndex, read};
use crate::service::clock_check::{ClockCheck, LatestKnownTime};
use crate::show::{Action, PlayingLines};
use crate::time::{Mono, ShowTime};

pub(super) const STOP_FADE: Duration = Duration::from_millis(500);

const RIG: &str = r#"
stop_fade = "500 ms"

[channels]
porch = { pin = 4, kind = "relay", active = "low" }
star  = { pin = 27, kind = "pwm" }
"#;

/// The rig of an edition has a frequency of its own, and its look a level of its own.
const FREQUENCY: u32 = 200;
const LOOK: u32 = 1_500;

/// `tune` has music.
const SHOWS: [(&str, u64); 3] = [("short", 3), ("tune", 10), ("long", 60)];

/// All day one show after another, with every command that there is.
const SCHEDULE: &str = r#"
between = "dusk"

[looks]
dusk = { star = "15 %" }

[playlists]
day = { shows = ["short", "tune"], pause = "2 s" }

[schedule]
always = { play = "day", from = "0:00", to = "24:00" }

[commands]
can_run = "may"
before = "before"
after = "after"

[on]
start = "start"
end = "end"
blocked = "blocked"
failed = "failed"
"#;

/// How what takes time comes out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum TaskFate {
    Works { after: Duration },
    Fails,
    Hangs,
}

/// What is found in the files that are read anew.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum FilesFate {
    Unchanged,
    /// Another schedule, or none any more.
    Schedule {
        is_gone: bool,
    },
    /// Another rig, and the schedule as it was.
    Rig,
    /// Both, and the schedule fits the new rig only.
    Both,
}

/// How everything comes out from now on.
#[derive(Clone, Copy, Debug)]
pub(super) struct TaskFates {
    pub(super) load: TaskFate,
    pub(super) start: TaskFate,
    pub(super) hooks: TaskFate,
    /// A start that is given up runs already.
    pub(super) cancels_too_late: bool,
    /// A show that is ended does not end.
    pub(super) lights_hang: bool,
    /// Reading the rig and the schedule anew.
    pub(super) read: TaskFate,
    pub(super) files: FilesFate,
    /// The lines of a new rig cannot be had.
    pub(super) rig_is_refused: bool,
}

impl Default for TaskFates {
    fn default() -> Self {
        let works = TaskFate::Works { after: Duration::from_millis(20) };
        Self {
            load: works,
            start: works,
            hooks: works,
            cancels_too_late: false,
            lights_hang: false,
            read: works,
            files: FilesFate::Unchanged,
            rig_is_refused: false,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Mode {
    /// The command's own show.
    Play,
    Service,
    Scheduled,
}

/// As it is read for the rig of this edition: its length tells which one that was.
pub(super) fn show(name: &str, edition: u32) -> Option<LoadedShow> {
    let (_, seconds) = SHOWS.into_iter().find(|(known, _)| *known == name)?;
    let music = std::path::Path::new("tune.flac");
    let length = ShowTime::from_micros(seconds * 1_000_000 + u64::from(edition));
    Some(LoadedShow::made(name, name, Vec::new(), length, Some(music).filter(|_| name == "tune")))
}

/// `name`, saved and to be played on `rig`.
pub(super) fn saved(name: &str, rig: Arc<Rig>) -> Saved {
    let loaded = Arc::new(show(name, edition_of_rig(&rig)).expect("it is one of the shows"));
    let extent = Extent { from: ShowTime::ZERO, passes: Passes::Once(loaded.length) };
    let (lines, outputs) = (PlayingLines::of(&loaded.show), rig.addresses().collect());
    let edition = ShowEdition { loaded, extent, rig, outputs };
    Saved::Show(Box::new(SavedShow { edition, timeline: Arc::default(), lines, remark: None }))
}

/// The edition of the rig that this show was read for.
pub(super) fn edition_of(loaded: &LoadedShow) -> u32 {
    match loaded.show.cues.first().map(|cue| &cue.action) {
        // A look.
        Some(Action::Set(level)) => u32::from(level.hundredths()) - LOOK,
        _ => loaded.length.as_duration().subsec_micros(),
    }
}

pub(super) fn rig(edition: u32) -> Arc<Rig> {
    static READ: LazyLock<Rig> = LazyLock::new(|| {
        crate::rig::read(&Source::new("rig.toml", RIG)).0.expect("there is no mistake in it")
    });
    Arc::new(Rig { pwm_frequency: FREQUENCY + edition, ..READ.clone() })
}

pub(super) fn edition_of_rig(rig: &Rig) -> u32 {
    rig.pwm_frequency - FREQUENCY
}

/// As it is read for the rig of this edition.
pub(super) fn schedule(edition: u32) -> FreshSchedule {
    static READ: LazyLock<Schedule> = LazyLock::new(|| {
        let (rig, shows) =
            (rig(0), SHOWS.into_iter().map(|(name, _)| name.to_owned()).collect::<BTreeSet<_>>());
        let known = ScheduleContext { shows: &shows, rig: &rig, missing: MissingShow::Mistake };
        let (schedule, told) = read(&Source::new("schedule.toml", SCHEDULE), &known);
        schedule.unwrap_or_else(|| panic!("{told}"))
    });
    let facts = |(name, _)| show(name, edition).map(|show| (name.to_owned(), show.facts()));
    let shows: ShowIndex = SHOWS.into_iter().filter_map(facts).collect();
    let mut schedule = READ.clone();
    if let Idle::Look(look) = &mut schedule.between {
        let level = Level::from_hundredths(u16::try_from(LOOK + edition).expect("no test has so many rigs"));
        Arc::make_mut(look).levels.iter_mut().for_each(|(_, set)| *set = level);
    }
    FreshSchedule { schedule: Some(schedule), shows, broken: BTreeMap::new() }
}

/// What is read anew while the rig of `edition` is driven; `next` is that of another one.
pub(super) fn fresh_files(fate: FilesFate, edition: u32, next: u32) -> FreshFiles {
    let file = |file| FollowedFile { file, path: None, version: None, read: Timestamp::UNIX_EPOCH };
    let gone = || FreshSchedule { schedule: None, shows: ShowIndex::new(), broken: BTreeMap::new() };
    let fresh_rig = || FreshRig { rig: rig(next), schedule: schedule(next) };
    let (news, rig) = match fate {
        FilesFate::Unchanged => (ScheduleNews::Unchanged, None),
        FilesFate::Schedule { is_gone: true } => (ScheduleNews::Changed(Box::new(gone())), None),
        FilesFate::Schedule { is_gone: false } => (ScheduleNews::Changed(Box::new(schedule(edition))), None),
        FilesFate::Rig => (ScheduleNews::Unchanged, Some(fresh_rig())),
        FilesFate::Both => (ScheduleNews::WaitsForRig, Some(fresh_rig())),
    };
    FreshFiles {
        changed_shows: BTreeMap::new(),
        schedule: news,
        schedule_changes: Vec::new(),
        rig,
        rig_changes: Vec::new(),
        notices: Vec::new(),
        schedule_file: file(ServiceFile::Schedule),
        rig_file: file(ServiceFile::Rig),
    }
}

pub(super) fn scheduler(is_scheduled: bool) -> Scheduler {
    let mut scheduler = Scheduler::new(ClockCheck::new(LatestKnownTime::of([])), Rotation::default());
    if is_scheduled {
        scheduler.follow(schedule(0));
    }
    scheduler
}

pub(super) fn at(time: Duration) -> Mono {
    Mono::from_nanos(1_000_000_000 + u64::try_from(time.as_nanos()).expect("no test lasts for centuries"))
}

/// So late that no file on this machine is newer.
pub(super) fn wall(time: Duration) -> ZonedDateTime {
    static START: LazyLock<ZonedDateTime> =
        LazyLock::new(|| "2040-12-01T08:00[UTC]".parse().expect("this is an instant"));
    START.saturating_add(SignedDuration::try_from(time).expect("no test lasts for centuries"))
}
