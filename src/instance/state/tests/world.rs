//! A world without threads, files and clocks around the state machine: shows play, files are read and commands run in
//! virtual time, each as fast, as late or as badly as a test wants. What must always hold is checked at every action.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, ZonedDateTime};

use super::super::{
    Asker, InstanceAction, InstanceEvent, JobId, Now, PlayRequest, Rank, Scheduler, StartOrder, StateMachine,
};
use super::invariants::Invariants;
use crate::diagnosis::Source;
use crate::engine::{Ending, Report, Scheduling};
use crate::ipc::{self, Answer, ConnectionId};
use crate::loading::LoadedShow;
use crate::outcome::{Failure, Outcome};
use crate::rig::Rig;
use crate::schedule::{Known, Missing, Rotation, ShowIndex, read};
use crate::service::clock::{Doubt, Glance, Passed};
use crate::service::hooks::Done;
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
pub(super) enum Fate {
    Works { after: Duration },
    Fails,
    Hangs,
}

/// How everything comes out from now on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fates {
    pub(super) load: Fate,
    pub(super) start: Fate,
    pub(super) hooks: Fate,
    /// A start that is given up runs already.
    pub(super) cancels_too_late: bool,
    /// A show that is ended does not end.
    pub(super) lights_hang: bool,
}

impl Default for Fates {
    fn default() -> Self {
        let works = Fate::Works { after: Duration::from_millis(20) };
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

/// A show that plays.
pub(super) struct WorldShow {
    pub(super) order: StartOrder,
    pub(super) is_paused: bool,
    pub(super) is_held: bool,
    pub(super) is_dark: bool,
    pub(super) volume: u8,
    position: Duration,
    /// How long the fade out still lasts.
    pub(super) fades: Option<Duration>,
    hangs: bool,
}

/// Something that takes time, and how long it still does.
struct Task {
    left: Option<Duration>,
    event: Box<dyn FnOnce() -> InstanceEvent>,
    job: JobId,
}

pub(super) struct World {
    pub(super) machine: StateMachine,
    pub(super) fates: Fates,
    pub(super) invariants: Invariants,
    pub(super) show: Option<WorldShow>,
    starting: Option<(StartOrder, Option<Duration>, bool)>,
    tasks: Vec<Task>,
    /// What was told, in its order.
    pub(super) told: Vec<String>,
    pub(super) replies: Vec<(Asker, Result<String, u8>)>,
    pub(super) time: Duration,
    is_scheduled: bool,
    pub(super) is_over: bool,
}

/// The longest step of virtual time: as seldom the runner looks where nothing plays.
const STEP: Duration = Duration::from_millis(500);

pub(super) fn show(name: &str) -> Option<LoadedShow> {
    let (_, seconds) = SHOWS.into_iter().find(|(known, _)| *known == name)?;
    let music = std::path::Path::new("tune.flac");
    let length = ShowTime::from_micros(seconds * 1_000_000);
    Some(LoadedShow::made(name, name, Vec::new(), length, Some(music).filter(|_| name == "tune")))
}

fn rig() -> Rig {
    crate::rig::read(&Source::new("rig.toml", RIG)).0.expect("there is no mistake in it")
}

fn scheduler(is_scheduled: bool) -> Scheduler {
    let scheduler = Scheduler::new(Doubt::new(Passed::of([])));
    if !is_scheduled {
        return scheduler;
    }
    let (rig, shows) = (rig(), SHOWS.into_iter().map(|(name, _)| name.to_owned()).collect::<BTreeSet<_>>());
    let known = Known { shows: &shows, rig: &rig, missing: Missing::Mistake };
    let (schedule, told) = read(&Source::new("schedule.toml", SCHEDULE), &known);
    let schedule = schedule.unwrap_or_else(|| panic!("{told}"));
    let facts = |(name, _)| show(name).map(|show| (name.to_owned(), show.facts()));
    let shows: ShowIndex = SHOWS.into_iter().filter_map(facts).collect();
    scheduler.with(schedule, Rotation::default(), shows, BTreeMap::new())
}

fn at(time: Duration) -> Mono {
    Mono::from_nanos(1_000_000_000 + u64::try_from(time.as_nanos()).expect("no test lasts for centuries"))
}

/// As seen by the machine: no file is that new.
fn wall(time: Duration) -> ZonedDateTime {
    let start: ZonedDateTime = "2040-12-01T08:00[UTC]".parse().expect("this is an instant");
    start.saturating_add(SignedDuration::try_from(time).expect("no test lasts for centuries"))
}

impl World {
    pub(super) fn new(mode: Mode) -> Self {
        let rig = Arc::new(rig());
        let lines = rig.lines().collect();
        let scheduler = (mode != Mode::Play).then(|| scheduler(mode == Mode::Scheduled));
        let now = Now { at: at(Duration::ZERO), position: ShowTime::ZERO };
        let mut world = Self {
            machine: StateMachine::new(rig, lines, 80, scheduler, now),
            fates: Fates::default(),
            invariants: Invariants::new(mode),
            show: None,
            starting: None,
            tasks: Vec::new(),
            told: Vec::new(),
            replies: Vec::new(),
            time: Duration::ZERO,
            is_scheduled: mode == Mode::Scheduled,
            is_over: false,
        };
        let own = || PlayRequest::of(show("long").expect("it is one of the shows"), Rank::ORDERED);
        world.feed(InstanceEvent::Begin((mode == Mode::Play).then(|| Box::new(own()))));
        world
    }

    pub(super) fn feed(&mut self, event: InstanceEvent) {
        if self.is_over {
            return;
        }
        let position = self.show.as_ref().map_or(Duration::ZERO, |show| show.position);
        let position = ShowTime::ZERO + position;
        self.invariants.before(&event, self.time, self.show.as_ref(), &self.machine);
        let actions = self.machine.handle(Now { at: at(self.time), position }, event);
        let mut events = Vec::new();
        for action in actions {
            events.extend(self.carry_out(action));
        }
        self.invariants.after(self.show.as_ref(), &self.machine);
        events.into_iter().for_each(|event| self.feed(event));
    }

    /// Gives an order on connection `number`.
    pub(super) fn order(&mut self, number: u64, order: ipc::Order) {
        self.feed(InstanceEvent::Order { order, asker: ConnectionId(number) });
    }

    /// The last reply on connection `number`: words, or an exit code.
    pub(super) fn reply(&self, number: u64) -> Option<&Result<String, u8>> {
        let asker = Asker::Connection(ConnectionId(number));
        self.replies.iter().rev().find(|(to, _)| *to == asker).map(|(_, reply)| reply)
    }

    fn carry_out(&mut self, action: InstanceAction) -> Option<InstanceEvent> {
        assert!(!self.is_over, "something is done after the end");
        let show = self.show.as_mut();
        match action {
            InstanceAction::Reply { to, reply } => {
                self.invariants.note_reply(&to, reply.is_ok());
                self.replies.push((to, reply.map_err(|declined| declined.exit)));
            }
            InstanceAction::Tell { to, answer } => {
                self.invariants.note_told(to, &answer);
                if let Answer::Ended { how, .. } = answer {
                    self.told.push(how);
                }
            }
            InstanceAction::Report(text) | InstanceAction::Notice(text) => self.told.push(text),
            InstanceAction::Load { job, show: name } => {
                let fate = self.fates.load;
                let load = move || {
                    let failed = || Failure::of(Outcome::BadFile, anyhow::anyhow!("{name} cannot be read"));
                    let loaded = show_unless(fate == Fate::Fails, &name).ok_or_else(failed);
                    InstanceEvent::Loaded { job, loaded }
                };
                self.begin(job, fate, load);
            }
            InstanceAction::AskConditions { job, .. } | InstanceAction::RunBefore { job, .. } => {
                let fate = self.fates.hooks;
                let refused = Done::Refused { reason: "it rains".to_owned() };
                let done = if fate == Fate::Fails { refused } else { Done::Succeeded };
                self.begin(job, fate, move || InstanceEvent::HooksDone { job, done });
            }
            InstanceAction::EndPreparing { job, .. } => self.tasks.retain(|task| task.job != job),
            InstanceAction::Start(order) => {
                assert!(self.show.is_none() && self.starting.is_none(), "two shows at once");
                self.invariants.note_start(&order);
                let left = match self.fates.start {
                    Fate::Works { after } => Some(after),
                    Fate::Fails => Some(Duration::ZERO),
                    Fate::Hangs => None,
                };
                self.starting = Some((*order, left, self.fates.start != Fate::Fails));
            }
            InstanceAction::CancelStart(job) => {
                let (order, left, _) =
                    self.starting.as_mut().expect("only a start that is under way is given up");
                assert_eq!(order.job, job);
                if self.fates.cancels_too_late && left.is_some() {
                    *left = Some(Duration::ZERO);
                    return None;
                }
                self.starting = None;
                return Some(InstanceEvent::StartCancelled { job });
            }
            InstanceAction::Stop { fade } => {
                let show = show.expect("only a show that plays is ended");
                self.invariants.note_stop(fade);
                show.fades = Some(fade);
                show.hangs = self.fates.lights_hang;
            }
            InstanceAction::Pause => show.expect("one plays").is_paused = true,
            InstanceAction::Resume => show.expect("one plays").is_paused = false,
            InstanceAction::Hold => show.expect("one plays").is_held = true,
            InstanceAction::EndHold => show.expect("one plays").is_held = false,
            InstanceAction::Blackout { on } => show.expect("one plays").is_dark = on,
            InstanceAction::Volume(percent) => show.expect("one plays").volume = percent,
            InstanceAction::Finish => {
                assert!(self.show.is_none() && self.starting.is_none(), "a show outlasts the instance");
                self.invariants.note_over();
                self.is_over = true;
            }
            InstanceAction::Die => {
                assert!(self.show.as_ref().is_some_and(|show| show.hangs), "nothing hangs");
                self.invariants.note_death();
                self.is_over = true;
            }
            InstanceAction::AbandonLoad
            | InstanceAction::RunHooks { .. }
            | InstanceAction::AnnounceIdle
            | InstanceAction::TellSystemd(_)
            | InstanceAction::LookAtFiles(_)
            | InstanceAction::KeepRotation(_)
            | InstanceAction::Settle => {}
        }
        None
    }

    fn begin(&mut self, job: JobId, fate: Fate, event: impl FnOnce() -> InstanceEvent + 'static) {
        let left = match fate {
            Fate::Works { after } => Some(after),
            Fate::Fails => Some(Duration::ZERO),
            Fate::Hangs => None,
        };
        self.tasks.push(Task { left, event: Box::new(event), job });
    }

    /// Lets `time` pass.
    pub(super) fn wait(&mut self, time: Duration) {
        let end = self.time + time;
        while self.time < end && !self.is_over {
            let step = self.next_end().min(end - self.time);
            self.time += step;
            self.pass(step);
            let glance = Glance {
                now: wall(self.time),
                awake: Duration::from_secs(3_600) + self.time,
                is_synchronised: true,
                has_chip: true,
            };
            let is_asked = self.is_scheduled && self.machine.wants_wall_time(at(self.time)).is_some();
            self.feed(InstanceEvent::Tick { wall: is_asked.then_some(Ok(glance)) });
            self.invariants.note_time(self.time);
        }
    }

    /// How long it takes until the next thing comes to its end.
    fn next_end(&self) -> Duration {
        let tasks = self.tasks.iter().filter_map(|task| task.left);
        let start = self.starting.as_ref().and_then(|(_, left, _)| *left);
        let shows = self.show.iter().flat_map(|show| {
            let length = show.order.loaded.length.as_duration();
            [show.fades, Some(length.saturating_sub(show.position))]
        });
        let all = tasks.chain(start).chain(shows.flatten()).filter(|left| !left.is_zero());
        all.min().unwrap_or(STEP).min(STEP)
    }

    /// What comes to its end in `step`.
    fn pass(&mut self, step: Duration) {
        let mut events: Vec<InstanceEvent> = Vec::new();
        for task in &mut self.tasks {
            task.left = task.left.map(|left| left.saturating_sub(step));
        }
        let done = self.tasks.extract_if(.., |task| task.left == Some(Duration::ZERO)).collect::<Vec<_>>();
        events.extend(done.into_iter().map(|task| (task.event)()));
        events.into_iter().for_each(|event| self.feed(event));
        self.pass_start(step);
        self.pass_show(step);
    }

    fn pass_start(&mut self, step: Duration) {
        let Some((order, Some(left), works)) = &mut self.starting else { return };
        *left = left.saturating_sub(step);
        if !left.is_zero() {
            return;
        }
        let (order, works) = (order.clone(), *works);
        let job = order.job;
        self.starting = None;
        if !works {
            let failed = Failure::of(Outcome::NoDevice, anyhow::anyhow!("no sound"));
            return self.feed(InstanceEvent::NotStarted { job, trouble: failed.into() });
        }
        let settings = order.settings;
        self.show = Some(WorldShow {
            is_paused: settings.is_paused,
            is_held: settings.is_held,
            is_dark: settings.is_dark,
            volume: settings.volume,
            position: order.from.as_duration(),
            fades: None,
            hangs: false,
            order,
        });
        self.feed(InstanceEvent::Started { job });
    }

    fn pass_show(&mut self, step: Duration) {
        let Some(show) = &mut self.show else { return };
        if !show.is_paused && !show.is_held {
            show.position += step;
        }
        let length = show.order.loaded.length.as_duration();
        show.fades = show.fades.map(|fades| fades.saturating_sub(step));
        let is_stopped = show.fades == Some(Duration::ZERO) && !show.hangs;
        let is_played = !show.order.looped && show.position >= length && !show.hangs;
        if !is_stopped && !is_played {
            return;
        }
        let ending = if is_stopped { Ending::Stopped } else { Ending::Played };
        let at = ShowTime::ZERO + show.position;
        self.show = None;
        let report =
            Report { ending, edges: 0, late: 0, worst: Duration::ZERO, scheduling: Scheduling::Realtime };
        self.feed(InstanceEvent::Ended { at, report: Ok(report) });
    }

    /// Ends the instance, and waits for as long as anything may take.
    pub(super) fn finish(&mut self) {
        self.feed(InstanceEvent::End(super::super::EndRequest::AtOnce));
        self.wait(Duration::from_secs(12));
        assert!(self.is_over, "an ending does not end");
        self.invariants.note_finish();
    }
}

fn show_unless(fails: bool, name: &str) -> Option<LoadedShow> {
    show(name).filter(|_| !fails)
}
