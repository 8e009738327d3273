//! The instance's decisions: what plays, what waits, what was interrupted, blackout, volume, ending. A pure state
//! machine: events in, actions out. It knows no thread, file, clock or socket; the time is an argument.
//!
//! The page about it is in [the module above](super).

mod action;
mod admission;
mod current;
mod event;
mod orders;
mod play_request;
mod preparing;
mod scheduled;
mod scheduler;
mod succession;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use crate::ipc::{Answer, ConnectionId};
use crate::loading::LoadedShow;
use crate::outcome::Outcome;
use crate::rig::{Line, Rig};
use crate::schedule::Schedule;
use crate::time::Mono;

pub(crate) use action::{InstanceAction, JobId, StartOrder};
pub(crate) use event::{Asker, EndRequest, InstanceEvent, Now, ObserverOrder, Trouble};
pub(crate) use play_request::{PlayRequest, Rank};
pub(crate) use scheduler::Scheduler;

use admission::{Loading, Purpose};
use current::{CurrentShow, Overdue};
use event::Reply;
use preparing::Preparing;

/// More than this between two events is a process that was stopped, which counts as this: nothing becomes overdue by
/// a stop.
const LONGEST_STEP: Duration = Duration::from_secs(1);

/// What an instance decides by, and all that it remembers.
pub(crate) struct StateMachine {
    rig: Arc<Rig>,
    /// Those of the rig that are driven.
    lines: Vec<Line>,
    /// In per cent.
    volume: u8,
    is_dark: bool,
    /// Nothing new begins.
    is_ending: bool,
    /// The last action was given.
    is_over: bool,
    current: Option<CurrentShow>,
    /// Shows that interrupt; the last of them is on first.
    newcomers: Vec<PlayRequest>,
    /// Shows that were interrupted; the last of them goes on first.
    interrupted: Vec<PlayRequest>,
    preparing: Option<Preparing>,
    /// The show that the schedule brings, while another one comes before it.
    booked: Option<PlayRequest>,
    loading: Vec<Loading>,
    /// A show that was read to stand between others.
    to_stand: Option<LoadedShow>,
    /// Of the service only.
    scheduler: Option<Scheduler>,
    jobs: u64,
    now: Now,
    /// How long the instance has been at work; all deadlines are in this time.
    time: Duration,
    /// What the command ends with.
    result: Result<Outcome, Trouble>,
    /// How the last show went.
    last_words: Option<String>,
    actions: Vec<InstanceAction>,
}

impl StateMachine {
    /// One that drives `lines` of `rig`, at `volume` per cent; a service has a scheduler. The first event is
    /// [`InstanceEvent::Begin`].
    pub(crate) fn new(
        rig: Arc<Rig>,
        lines: Vec<Line>,
        volume: u8,
        scheduler: Option<Scheduler>,
        now: Now,
    ) -> Self {
        Self {
            rig,
            lines,
            volume,
            is_dark: false,
            is_ending: false,
            is_over: false,
            current: None,
            newcomers: Vec::new(),
            interrupted: Vec::new(),
            preparing: None,
            booked: None,
            loading: Vec::new(),
            to_stand: None,
            scheduler,
            jobs: 0,
            now,
            time: Duration::ZERO,
            result: Ok(Outcome::Done),
            last_words: None,
            actions: Vec::new(),
        }
    }

    /// What is to be done about `event`, in this order.
    pub(crate) fn handle(&mut self, now: Now, event: InstanceEvent) -> Vec<InstanceAction> {
        let step = Duration::from_nanos(now.at.since(self.now.at).max(0).unsigned_abs());
        self.time += step.min(LONGEST_STEP);
        self.now = now;
        match event {
            InstanceEvent::Begin(principal) => self.begin(principal),
            InstanceEvent::Order { order, asker } => self.handle_order(order, asker),
            InstanceEvent::Button { button, order } => self.handle_button(button, &order),
            InstanceEvent::Key(wish) => self.handle_key(wish),
            InstanceEvent::Left(connection) => self.handle_left(connection),
            InstanceEvent::End(how) => self.end(how),
            InstanceEvent::Loaded { job, loaded } => self.handle_loaded(job, loaded),
            InstanceEvent::HooksDone { job, done } => self.handle_hooks_done(job, &done),
            InstanceEvent::Started { job } => self.handle_started(job),
            InstanceEvent::NotStarted { job, trouble } => self.handle_not_started(job, trouble),
            InstanceEvent::StartCancelled { job } => self.handle_start_cancelled(job),
            InstanceEvent::Ended { at, report } => self.handle_ended(at, report),
            InstanceEvent::SoundLost => self.handle_sound_lost(),
            InstanceEvent::Observer(order) => self.handle_observer(order),
            InstanceEvent::FilesFound(shows) => {
                for (show, found) in shows {
                    self.note_found(&show, found);
                }
            }
            InstanceEvent::Tick { wall } => {
                self.look_for_overdue();
                if !self.is_over {
                    self.ask_schedule(wall);
                }
            }
        }
        self.prepare_booked();
        self.go_on();
        std::mem::take(&mut self.actions)
    }

    /// The schedule whose time on the wall the next tick is to give.
    pub(crate) fn wants_wall_time(&self, at: Mono) -> Option<&Arc<Schedule>> {
        let scheduler = self.scheduler.as_ref().filter(|scheduler| scheduler.is_due(at))?;
        scheduler.schedule()
    }

    pub(crate) fn is_dark(&self) -> bool {
        self.is_dark
    }

    /// The names of the shows that wait, in their order.
    pub(crate) fn waiting(&self) -> Vec<String> {
        let waiting = self.newcomers.iter().rev().chain(self.interrupted.iter().rev());
        waiting.map(|request| request.name().to_owned()).collect()
    }

    /// What the schedule brings next, in words.
    pub(crate) fn next_scheduled(&self) -> Option<String> {
        self.scheduler.as_ref().and_then(Scheduler::next)
    }

    /// Whose show is on, where it ends with their connection.
    pub(crate) fn owner(&self) -> Option<ConnectionId> {
        self.current.as_ref().and_then(|current| current.request.owner)
    }

    /// Whether the show that is on is about to be over.
    pub(crate) fn is_current_ending(&self) -> bool {
        self.current.as_ref().is_some_and(CurrentShow::is_ending)
    }

    /// What the command ends with, and how the last show went.
    pub(crate) fn into_result(self) -> (Result<Outcome, Trouble>, Option<String>) {
        (self.result, self.last_words)
    }

    fn is_service(&self) -> bool {
        self.scheduler.is_some()
    }

    fn new_job(&mut self) -> JobId {
        self.jobs += 1;
        JobId(self.jobs)
    }

    fn act(&mut self, actions: impl IntoIterator<Item = InstanceAction>) {
        self.actions.extend(actions);
    }

    fn reply(&mut self, to: Asker, reply: Reply) {
        self.act([InstanceAction::Reply { to, reply }]);
    }

    fn notice(&mut self, text: impl Into<String>) {
        self.act([InstanceAction::Notice(text.into())]);
    }

    fn report(&mut self, text: String) {
        self.act([InstanceAction::Report(text)]);
    }

    /// Tells the owner of a show that it is over.
    fn tell_end(&mut self, owner: Option<ConnectionId>, how: &str, exit: u8) {
        self.act(
            owner.map(|to| InstanceAction::Tell { to, answer: Answer::Ended { how: how.to_owned(), exit } }),
        );
    }

    /// What takes too long is not waited for.
    fn look_for_overdue(&mut self) {
        self.look_for_overdue_shows();
        self.look_for_overdue_hooks();
        let time = self.time;
        match self
            .current
            .as_mut()
            .and_then(|current| current.note_overdue(time).map(|late| (late, current.job)))
        {
            Some((Overdue::Start, job)) => self.act([InstanceAction::CancelStart(job)]),
            Some((Overdue::End, _)) if self.is_ending => {
                self.is_over = true;
                self.act([InstanceAction::Die]);
            }
            Some((Overdue::End, _)) => {
                self.notice("the lights do not end the show; the guardian keeps them safe")
            }
            None => {}
        }
    }
}
