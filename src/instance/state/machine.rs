//! What the state machine remembers, and the few things that all of its parts do. Decides nothing.

use std::sync::Arc;
use std::time::Duration;

use crate::ipc::{Answer, ConnectionId, OutputKind};
use crate::loading::LoadedShow;
use crate::outcome::Outcome;
use crate::rig::{Address, Rig};
use crate::schedule::Schedule;
use crate::time::Mono;

use super::super::saved::SavedShow;
use super::action::{InstanceAction, JobId, Settings};
use super::current::CurrentShow;
use super::event::{Now, Trouble};
use super::play_request::PlayRequest;
use super::reply::{Asker, Reply};
use super::scheduler::Scheduler;
use super::waiting::{Loading, PendingRig, Preparing, Reading};

/// What an instance decides by, and all that it remembers.
pub(crate) struct StateMachine {
    pub(super) rig: Arc<Rig>,
    /// Those of the rig that are driven.
    pub(super) outputs: Vec<Address>,
    /// Where the levels go.
    pub(super) output: OutputKind,
    /// In per cent.
    pub(super) volume: u8,
    pub(super) is_dark: bool,
    /// Nothing new begins.
    pub(super) is_ending: bool,
    /// The last action was given.
    pub(super) is_over: bool,
    pub(super) current: Option<CurrentShow>,
    /// Shows that interrupt; the last of them is on first.
    pub(super) newcomers: Vec<PlayRequest>,
    /// Shows that were interrupted; the last of them goes on first.
    pub(super) interrupted: Vec<PlayRequest>,
    pub(super) preparing: Option<Preparing>,
    /// The show that the schedule brings, while another one comes before it.
    pub(super) booked: Option<PlayRequest>,
    /// A show that somebody has ordered while another one, the last that was wanted, is ending.
    pub(super) following: Option<PlayRequest>,
    pub(super) loading: Vec<Loading>,
    /// A show that was read to stand between others.
    pub(super) to_stand: Option<LoadedShow>,
    /// Of the service only.
    pub(super) scheduler: Option<Scheduler>,
    /// Somebody has ordered to read the files anew.
    pub(super) reading: Option<Reading>,
    pub(super) pending_rig: Option<PendingRig>,
    /// The command's own show as it was saved last, until it is taken up.
    pub(super) saved: Option<Box<SavedShow>>,
    /// The show for which the rig changes at this moment.
    pub(super) rewiring: Option<Box<SavedShow>>,
    /// The sound of the show that has just left goes on, for that show.
    pub(super) is_sound_kept: bool,
    pub(super) jobs: u64,
    pub(super) now: Now,
    /// How long the instance has been at work; all deadlines are in this time.
    pub(super) time: Duration,
    /// What the command ends with.
    pub(super) result: Result<Outcome, Trouble>,
    /// How the last show went.
    pub(super) last_words: Option<String>,
    pub(super) actions: Vec<InstanceAction>,
}

impl StateMachine {
    /// One that drives the channels of `rig` at `outputs`, real or simulated ones, at `volume` per cent; a service has a scheduler. The first event is
    /// [`InstanceEvent::Begin`].
    pub(crate) fn new(
        rig: Arc<Rig>,
        outputs: Vec<Address>,
        output: OutputKind,
        volume: u8,
        scheduler: Option<Scheduler>,
        now: Now,
    ) -> Self {
        Self {
            rig,
            outputs,
            output,
            volume,
            is_dark: false,
            is_ending: false,
            is_over: false,
            current: None,
            newcomers: Vec::new(),
            interrupted: Vec::new(),
            preparing: None,
            booked: None,
            following: None,
            loading: Vec::new(),
            to_stand: None,
            scheduler,
            reading: None,
            pending_rig: None,
            saved: None,
            rewiring: None,
            is_sound_kept: false,
            jobs: 0,
            now,
            time: Duration::ZERO,
            result: Ok(Outcome::Done),
            last_words: None,
            actions: Vec::new(),
        }
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
        let waiting = self.newcomers.iter().rev().chain(self.interrupted.iter().rev()).chain(&self.following);
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

    pub(super) fn is_service(&self) -> bool {
        self.scheduler.is_some()
    }

    pub(super) fn new_job(&mut self) -> JobId {
        self.jobs += 1;
        JobId(self.jobs)
    }

    pub(super) fn act(&mut self, actions: impl IntoIterator<Item = InstanceAction>) {
        self.actions.extend(actions);
    }

    pub(super) fn reply(&mut self, to: Asker, reply: Reply) {
        self.act([InstanceAction::Reply { to, reply }]);
    }

    pub(super) fn notice(&mut self, text: impl Into<String>) {
        self.act([InstanceAction::Notice(text.into())]);
    }

    pub(super) fn report(&mut self, text: String) {
        self.act([InstanceAction::Report(text)]);
    }

    /// Tells the owner of a show that it is over.
    pub(super) fn tell_end(&mut self, owner: Option<ConnectionId>, how: &str, exit: u8) {
        self.act(
            owner.map(|to| InstanceAction::Tell { to, answer: Answer::Ended { how: how.to_owned(), exit } }),
        );
    }

    /// How a show shall be now.
    pub(super) fn settings_for(&self, request: &PlayRequest) -> Settings {
        Settings {
            is_paused: request.is_paused,
            is_held: request.is_held,
            is_dark: self.is_dark,
            volume: request.volume.unwrap_or(self.volume),
            speed: request.speed,
        }
    }

    /// All shows that play or are to play, the one that is on first.
    pub(super) fn requests(&mut self) -> impl Iterator<Item = &mut PlayRequest> {
        let current = self.current.iter_mut().map(|current| &mut current.request);
        let preparing = self.preparing.iter_mut().map(|preparing| &mut preparing.request);
        let waiting = self.newcomers.iter_mut().chain(&mut self.interrupted).chain(&mut self.following);
        current.chain(waiting).chain(preparing)
    }

    /// Has the show that is on be as it shall.
    pub(super) fn change_current(&mut self) {
        let Some(current) = &self.current else { return };
        let shall = self.settings_for(&current.request);
        let changes = self.current.as_mut().map(|current| current.changes(shall));
        self.act(changes.into_iter().flatten().map(InstanceAction::Change));
    }

    /// The show that is on makes room for a newcomer.
    pub(super) fn make_room(&mut self) {
        let time = self.time;
        let stop = self.current.as_mut().and_then(|current| current.give_way(time));
        self.act(stop);
    }

    pub(super) fn schedule(&self) -> Option<Arc<Schedule>> {
        self.scheduler.as_ref().and_then(|scheduler| scheduler.schedule().cloned())
    }
}
