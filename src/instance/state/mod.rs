//! The instance's decisions: what plays, what waits, what was interrupted, blackout, volume, ending. A pure state
//! machine: events in, actions out. It knows no thread, file, clock or socket; the time is an argument.
//!
//! The page about it is in [the module above](super).

mod action;
mod admission;
mod current;
mod ending;
mod event;
mod held_entry;
mod hooks;
mod loading;
mod looping;
mod machine;
mod orders;
mod part;
mod play_request;
mod reload;
mod reply;
mod saved;
mod scheduled;
mod scheduler;
mod speed;
mod succession;
#[cfg(test)]
mod tests;
mod waiting;

use std::time::Duration;

use current::Overdue;

pub(crate) use action::{InstanceAction, JobId, ShowChange, ShowsToLookAt, StartOrder};
pub(crate) use event::{EndRequest, InstanceEvent, Now, ObserverOrder, Trouble};
pub(crate) use machine::StateMachine;
pub(crate) use part::part_of;
pub(crate) use play_request::{PlayRequest, Rank};
pub(crate) use reply::Asker;
pub(crate) use scheduler::Scheduler;

/// More than this between two events is a process that was stopped, which counts as this: nothing becomes overdue by
/// a stop.
const LONGEST_STEP: Duration = Duration::from_secs(1);

impl StateMachine {
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
            InstanceEvent::FilesRead { job, read } => self.handle_files_read(job, read),
            InstanceEvent::RigChanged(changed) => match self.rewiring.take() {
                Some(saved) => self.handle_rewired(*saved, changed),
                None => self.handle_rig_changed(changed),
            },
            InstanceEvent::Saved(saved) => self.handle_saved(saved),
            InstanceEvent::Tick { wall } => {
                self.look_for_overdue();
                if !self.is_over {
                    self.ask_schedule(wall);
                }
            }
        }
        self.prepare_waiting();
        self.change_rig();
        self.take_up_saved();
        self.go_on();
        std::mem::take(&mut self.actions)
    }

    /// What takes too long is not waited for.
    fn look_for_overdue(&mut self) {
        self.look_for_overdue_shows();
        self.look_for_overdue_hooks();
        self.look_for_overdue_reload();
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
