//! The shows, the rig and the schedule of these tests, and how what takes time comes out in them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use jiff::{SignedDuration, ZonedDateTime};

use super::super::Scheduler;
use crate::diagnosis::Source;
use crate::loading::LoadedShow;
use crate::rig::Rig;
use crate::schedule::{MissingShow, Rotation, Schedule, ScheduleContext, ShowIndex, read};
use crate::service::clock_check::{ClockCheck, LatestKnownTime};
use crate::time::{Mono, ShowTime};

pub(super) const STOP_FADE: Duration = Duration::from_millis(500);

const RIG: &str = r#"
stop_fade = "500 ms"

[channels]
porch = { pin = 4, kind = "relay", active = "low" }
star  = { pin = 27, kind = "pwm" }
"#;

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
}

impl Default for TaskFates {
    fn default() -> Self {
        let works = TaskFate::Works { after: Duration::from_millis(20) };
        Self { load: works, start: works, hooks: works, cancels_too_late: false, lights_hang: false }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Mode {
    /// The command's own show.
    Play,
    Service,
    Scheduled,
}

pub(super) fn show(name: &str) -> Option<LoadedShow> {
    let (_, seconds) = SHOWS.into_iter().find(|(known, _)| *known == name)?;
    let music = std::path::Path::new("tune.flac");
    let length = ShowTime::from_micros(seconds * 1_000_000);
    Some(LoadedShow::made(name, name, Vec::new(), length, Some(music).filter(|_| name == "tune")))
}

pub(super) fn rig() -> Arc<Rig> {
    static READ: LazyLock<Arc<Rig>> = LazyLock::new(|| {
        Arc::new(crate::rig::read(&Source::new("rig.toml", RIG)).0.expect("there is no mistake in it"))
    });
    Arc::clone(&READ)
}

fn schedule() -> Schedule {
    static READ: LazyLock<Schedule> = LazyLock::new(|| {
        let (rig, shows) =
            (rig(), SHOWS.into_iter().map(|(name, _)| name.to_owned()).collect::<BTreeSet<_>>());
        let known = ScheduleContext { shows: &shows, rig: &rig, missing: MissingShow::Mistake };
        let (schedule, told) = read(&Source::new("schedule.toml", SCHEDULE), &known);
        schedule.unwrap_or_else(|| panic!("{told}"))
    });
    READ.clone()
}

pub(super) fn scheduler(is_scheduled: bool) -> Scheduler {
    let scheduler = Scheduler::new(ClockCheck::new(LatestKnownTime::of([])));
    if !is_scheduled {
        return scheduler;
    }
    let facts = |(name, _)| show(name).map(|show| (name.to_owned(), show.facts()));
    let shows: ShowIndex = SHOWS.into_iter().filter_map(facts).collect();
    scheduler.with(schedule(), Rotation::default(), shows, BTreeMap::new())
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
