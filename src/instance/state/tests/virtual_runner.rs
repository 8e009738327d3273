//! A runner without threads, files and clocks around the state machine: shows play, files are read and commands run in
//! virtual time, each as fast, as late or as badly as a test wants. What must always hold is checked at every action.

use std::sync::Arc;
use std::time::Duration;

use super::super::{
    Asker, EndRequest, InstanceAction, InstanceEvent, JobId, Now, PlayRequest, Rank, ShowChange, StartOrder,
    StateMachine,
};
use super::fixtures::{
    Mode, TaskFate, TaskFates, at, edition_of, edition_of_rig, fresh_files, rig, saved, scheduler, show, wall,
};
use super::invariants::Invariants;
use super::virtual_show::VirtualShow;
use crate::engine::{Ending, EngineReport, Passes, Scheduling};
use crate::ipc::{self, Answer, ConnectionId, OutputKind};
use crate::outcome::{Failure, Outcome};
use crate::rig::Rig;
use crate::service::clock_check::ClockReading;
use crate::service::hooks::HookOutcome;
use crate::time::ShowTime;

/// Something that takes time, and how long it still does.
struct Task {
    left: Option<Duration>,
    event: Box<dyn FnOnce() -> InstanceEvent>,
    job: JobId,
}

pub(super) struct VirtualRunner {
    pub(super) machine: StateMachine,
    pub(super) fates: TaskFates,
    pub(super) invariants: Invariants,
    pub(super) show: Option<VirtualShow>,
    /// The rig whose lines are claimed.
    pub(super) rig: Arc<Rig>,
    /// So many rigs have been read.
    rigs: u32,
    /// The sound of the show that has just left goes on.
    is_sound_kept: bool,
    starting: Option<(StartOrder, Option<Duration>, bool)>,
    tasks: Vec<Task>,
    /// What was told, in its order.
    pub(super) told: Vec<String>,
    pub(super) replies: Vec<(Asker, Result<String, u8>)>,
    pub(super) time: Duration,
    pub(super) is_over: bool,
}

/// The longest step of virtual time: as seldom the runner looks where nothing plays.
const STEP: Duration = Duration::from_millis(500);

impl VirtualRunner {
    /// With simulated lights.
    pub(super) fn new(mode: Mode) -> Self {
        Self::with(mode, OutputKind::Sim)
    }

    pub(super) fn with(mode: Mode, output: OutputKind) -> Self {
        let rig = rig(0);
        let outputs = rig.addresses().collect();
        let scheduler = (mode != Mode::Play).then(|| scheduler(mode == Mode::Scheduled));
        let now = Now { at: at(Duration::ZERO), position: ShowTime::ZERO };
        let mut runner = Self {
            machine: StateMachine::new(Arc::clone(&rig), outputs, output, 80, scheduler, now),
            rig,
            rigs: 0,
            fates: TaskFates::default(),
            invariants: Invariants::new(mode),
            show: None,
            is_sound_kept: false,
            starting: None,
            tasks: Vec::new(),
            told: Vec::new(),
            replies: Vec::new(),
            time: Duration::ZERO,
            is_over: false,
        };
        let own = || PlayRequest::of(show("long", 0).expect("it is one of the shows"), Rank::ORDERED);
        runner.feed(InstanceEvent::Begin((mode == Mode::Play).then(|| Box::new(own()))));
        runner
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

    /// The command's own show is saved as `name`: for another rig if it is `rewired`.
    pub(super) fn save(&mut self, name: &str, is_rewired: bool) {
        self.rigs += u32::from(is_rewired);
        let rig = if is_rewired { rig(self.rigs) } else { Arc::clone(&self.rig) };
        self.feed(InstanceEvent::Saved(saved(name, rig)));
        // The real runner's, too, come before a show has left.
        self.feed(InstanceEvent::Tick { wall: None });
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
        let playing = self.show.as_mut();
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
                let (fate, edition) = (self.fates.load, edition_of_rig(&self.rig));
                let load = move || {
                    let failed = || Failure::of(Outcome::BadFile, anyhow::anyhow!("{name} cannot be read"));
                    let loaded = show(&name, edition).filter(|_| fate != TaskFate::Fails).ok_or_else(failed);
                    InstanceEvent::Loaded { job, loaded }
                };
                self.begin(job, fate, load);
            }
            InstanceAction::AskConditions { job, .. } | InstanceAction::RunBefore { job, .. } => {
                let fate = self.fates.hooks;
                let refused = HookOutcome::Refused { reason: "it rains".to_owned() };
                let done = if fate == TaskFate::Fails { refused } else { HookOutcome::Succeeded };
                self.begin(job, fate, move || InstanceEvent::HooksDone { job, done });
            }
            InstanceAction::EndPreparing { job, .. } => self.tasks.retain(|task| task.job != job),
            InstanceAction::Start(order) => {
                assert!(self.show.is_none() && self.starting.is_none(), "two shows at once");
                let edition = edition_of_rig(&self.rig);
                assert_eq!(
                    edition_of(&order.loaded),
                    edition,
                    "a show plays on a rig that it was not read for"
                );
                assert!(self.is_sound_kept || !order.takes_sound, "there is no sound to take");
                self.is_sound_kept = false;
                self.check_speed(order.settings.speed);
                self.invariants.note_start(&order);
                let left = match self.fates.start {
                    TaskFate::Works { after } => Some(after),
                    TaskFate::Fails => Some(Duration::ZERO),
                    TaskFate::Hangs => None,
                };
                self.starting = Some((*order, left, self.fates.start != TaskFate::Fails));
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
            InstanceAction::Change(ShowChange::Stop { fade }) => {
                let playing = playing.expect("only a show that plays is ended");
                self.invariants.note_stop(fade);
                playing.fades = Some(fade);
                playing.hangs = self.fates.lights_hang;
            }
            InstanceAction::Change(ShowChange::Leave { keeps_sound }) => {
                let playing = playing.expect("only a show that plays leaves");
                assert!(playing.fades.is_none(), "a show leaves twice");
                self.is_sound_kept = keeps_sound;
                playing.fades = Some(Duration::ZERO);
                playing.hangs = self.fates.lights_hang;
            }
            InstanceAction::Change(ShowChange::Pause) => playing.expect("one plays").is_paused = true,
            InstanceAction::Change(ShowChange::Resume) => playing.expect("one plays").is_paused = false,
            InstanceAction::Change(ShowChange::Hold) => playing.expect("one plays").is_held = true,
            InstanceAction::Change(ShowChange::EndHold) => playing.expect("one plays").is_held = false,
            InstanceAction::Change(ShowChange::Blackout { on }) => playing.expect("one plays").is_dark = on,
            InstanceAction::Change(ShowChange::Seek(to)) => {
                let playing = playing.expect("one plays");
                playing.goes_on_at(to);
                self.invariants.see("a seek");
            }
            InstanceAction::Change(ShowChange::Part(extent)) => {
                playing.expect("one plays").plays_part(extent);
                self.invariants.see(if extent.repeats().is_some() { "a loop" } else { "a loop that ends" });
            }
            InstanceAction::Change(ShowChange::Volume(percent)) => {
                playing.expect("one plays").volume = percent
            }
            InstanceAction::Change(ShowChange::Speed(speed)) => {
                let playing = playing.expect("one plays");
                assert_ne!(std::mem::replace(&mut playing.speed, speed), speed, "the same speed again");
                self.check_speed(speed);
                self.invariants.see(speed.name());
            }
            InstanceAction::TakeUp(saved) => {
                let playing = playing.filter(|show| show.fades.is_none()).expect("one plays");
                let order = &mut playing.order;
                (order.loaded, order.extent) = (saved.edition.loaded, saved.edition.extent);
                assert_eq!(edition_of(&order.loaded), edition_of_rig(&self.rig), "a show of another rig");
            }
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
            InstanceAction::ReadFiles { job, .. } => {
                self.rigs += 1;
                let (fates, edition, next) = (self.fates, edition_of_rig(&self.rig), self.rigs);
                let read = move || {
                    let failed =
                        || Failure::of(Outcome::BadFile, anyhow::anyhow!("the rig has mistakes")).into();
                    let read = match fates.read {
                        TaskFate::Fails => Err(failed()),
                        _ => Ok(Box::new(fresh_files(fates.files, edition, next))),
                    };
                    InstanceEvent::FilesRead { job, read }
                };
                self.begin(job, fates.read, read);
            }
            InstanceAction::ChangeRig { rig, .. } => {
                assert!(self.show.is_none() && self.starting.is_none(), "a rig changes under a show");
                self.invariants.note_rig(&self.machine);
                if self.fates.rig_is_refused {
                    let refused = Failure::of(Outcome::Busy, anyhow::anyhow!("GPIO 4 is in use"));
                    return Some(InstanceEvent::RigChanged(Err(refused.into())));
                }
                self.rig = rig;
                return Some(InstanceEvent::RigChanged(Ok(())));
            }
            InstanceAction::AbandonLoad
            | InstanceAction::AbandonFiles
            | InstanceAction::NoteFollowed(_)
            | InstanceAction::RunHooks { .. }
            | InstanceAction::AnnounceIdle
            | InstanceAction::TellSystemd(_)
            | InstanceAction::LookAtFiles(_)
            | InstanceAction::KeepRotation(_)
            | InstanceAction::ShowMistakes(_)
            | InstanceAction::Settle => {}
        }
        None
    }

    fn begin(&mut self, job: JobId, fate: TaskFate, event: impl FnOnce() -> InstanceEvent + 'static) {
        let left = match fate {
            TaskFate::Works { after } => Some(after),
            TaskFate::Fails => Some(Duration::ZERO),
            TaskFate::Hangs => None,
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
            let glance = ClockReading {
                now: wall(self.time),
                awake: Duration::from_secs(3_600) + self.time,
                is_synchronised: true,
                has_chip: true,
            };
            let is_asked = self.machine.wants_wall_time(at(self.time)).is_some();
            self.feed(InstanceEvent::Tick { wall: is_asked.then_some(Ok(glance)) });
            assert!(Arc::ptr_eq(&self.rig, &self.machine.rig), "two rigs are followed at once");
            self.invariants.note_time(self.time);
        }
    }

    /// How long it takes until the next thing comes to its end.
    fn next_end(&self) -> Duration {
        let tasks = self.tasks.iter().filter_map(|task| task.left);
        let start = self.starting.as_ref().and_then(|(_, left, _)| *left);
        let shows = self.show.iter().flat_map(|show| {
            let left = match show.order.extent.passes {
                Passes::Once(end) => Some(show.time_to(end)),
                Passes::Loop(_) => None,
            };
            [show.fades, left]
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
        self.show = Some(VirtualShow {
            is_paused: settings.is_paused,
            is_held: settings.is_held,
            is_dark: settings.is_dark,
            volume: settings.volume,
            speed: settings.speed,
            position: order.extent.from.as_duration(),
            fades: None,
            hangs: false,
            order,
        });
        self.feed(InstanceEvent::Started { job });
    }

    fn pass_show(&mut self, step: Duration) {
        let Some(show) = &mut self.show else { return };
        if !show.is_paused && !show.is_held {
            show.passes(step);
        }
        let is_at_end = match show.order.extent.passes {
            Passes::Once(end) => show.position >= end.as_duration(),
            Passes::Loop(_) => false,
        };
        show.fades = show.fades.map(|fades| fades.saturating_sub(step));
        let is_stopped = show.fades == Some(Duration::ZERO) && !show.hangs;
        let is_played = is_at_end && !show.hangs;
        if !is_stopped && !is_played {
            return;
        }
        let ending = if is_stopped { Ending::Stopped } else { Ending::Played };
        let at = ShowTime::ZERO + show.position;
        self.show = None;
        let report = EngineReport {
            ending,
            edges: 0,
            late: 0,
            noticeably_late: 0,
            worst: Duration::ZERO,
            scheduling: Scheduling::Realtime,
            is_safe: true,
        };
        self.feed(InstanceEvent::Ended { at, report: Ok(report) });
    }

    /// Ends the instance, and waits for as long as anything may take.
    pub(super) fn finish(&mut self) {
        self.feed(InstanceEvent::End(EndRequest::AtOnce));
        self.wait(Duration::from_secs(12));
        assert!(self.is_over, "an ending does not end");
        self.invariants.note_finish();
    }
}
