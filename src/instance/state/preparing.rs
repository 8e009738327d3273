//! What comes before and after a show of the service: its conditions are asked, its commands run. Knows no process.

use std::time::Duration;

use crate::schedule::{Gate, Schedule, Script};
use crate::service::hooks::{About, Done, Event};

use super::StateMachine;
use super::action::{InstanceAction, JobId};
use super::play_request::PlayRequest;

/// A command is ended when its own patience is over, and has two seconds then.
const HOOKS_GRACE: Duration = Duration::from_secs(10);

/// A show that is about to begin: its conditions are asked, then its commands run.
pub(super) struct Preparing {
    pub(super) request: PlayRequest,
    job: JobId,
    step: Step,
    until: Duration,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Conditions,
    /// `before` runs or has run, so `after` must run.
    Before,
}

impl StateMachine {
    /// Asks the conditions of a show, and runs the commands before it; then it is a newcomer. Without a schedule it
    /// is one at once.
    pub(super) fn prepare(&mut self, request: PlayRequest) {
        let Some(schedule) = self.schedule() else { return self.admit(request) };
        let gates: Vec<Gate> = match &request.booking {
            Some(_) => schedule.gates(request.name()).cloned().collect(),
            // A person's order needs no leave.
            None => Vec::new(),
        };
        let (job, about) = (self.new_job(), request.about(Event::CanRun));
        let patience = gates.iter().map(|gate| gate.script.patience).sum::<Duration>();
        self.act([InstanceAction::AskConditions { job, gates, about }]);
        self.wait_for_hooks(request, job, Step::Conditions, patience);
    }

    fn wait_for_hooks(&mut self, request: PlayRequest, job: JobId, step: Step, patience: Duration) {
        self.preparing = Some(Preparing { request, job, step, until: self.time + patience + HOOKS_GRACE });
    }

    /// It plays as soon as there is room, which whatever is on makes.
    fn admit(&mut self, request: PlayRequest) {
        self.newcomers.push(request);
        self.make_room();
    }

    /// What was asked before a show, or run, is through.
    pub(super) fn handle_hooks_done(&mut self, job: JobId, done: &Done) {
        let Some(preparing) = self.preparing.take_if(|preparing| preparing.job == job) else { return };
        let Preparing { request, step, .. } = preparing;
        match (step, done.trouble()) {
            (Step::Conditions, None) => self.run_before(request),
            (Step::Conditions, Some(reason)) => {
                let event = match done {
                    // No command could be run at all.
                    Done::Failed(_) => Event::Failed,
                    _ => Event::Blocked,
                };
                self.drop_request(&request, event, reason);
            }
            (Step::Before, None) => {
                self.tell_hooks(&request.about(Event::Start));
                self.admit(request);
            }
            (Step::Before, Some(trouble)) => {
                self.run_after(&request);
                self.drop_request(&request, Event::Failed, trouble);
            }
        }
    }

    fn run_before(&mut self, request: PlayRequest) {
        let scripts: Vec<Script> =
            self.schedule().iter().flat_map(|schedule| schedule.before(request.name()).cloned()).collect();
        let (job, about) = (self.new_job(), request.about(Event::Before));
        let patience = scripts.iter().map(|script| script.patience).sum::<Duration>();
        self.act([InstanceAction::RunBefore { job, scripts, about }]);
        self.wait_for_hooks(request, job, Step::Before, patience);
    }

    /// Commands that are not even ended when their patience is over are not waited for.
    pub(super) fn look_for_overdue_hooks(&mut self) {
        let time = self.time;
        let Some(preparing) = self.preparing.take_if(|preparing| time >= preparing.until) else { return };
        let reason = "it took too long".to_owned();
        let request = self.end_preparing(preparing);
        self.drop_request(&request, Event::Failed, reason);
    }

    /// The show that is about to begin does not.
    pub(super) fn call_off(&mut self, preparing: Preparing, how: &str) {
        self.tell_end(preparing.request.owner, how, 0);
        self.end_preparing(preparing);
    }

    /// What runs before a show is ended, and what comes after the show undoes it. Nobody waits for that: a command
    /// that does not listen takes two seconds to end.
    fn end_preparing(&mut self, preparing: Preparing) -> PlayRequest {
        let Preparing { request, job, step, .. } = preparing;
        let schedule = self.schedule().filter(|_| step == Step::Before);
        let then = schedule.iter().flat_map(|schedule| schedule.after(request.name()).cloned()).collect();
        self.act([InstanceAction::EndPreparing { job, then, about: request.about(Event::After) }]);
        request
    }

    fn drop_request(&mut self, request: &PlayRequest, event: Event, reason: String) {
        self.notice(format!("{} is not played: {reason}", request.name()));
        self.tell_end(request.owner, &reason, 1);
        self.tell_hooks(&About { reason: Some(reason), ..request.about(event) });
        self.pass_over(request);
    }

    /// A show is over: what comes after a show comes always.
    pub(super) fn see_off(&mut self, request: &PlayRequest, trouble: Option<String>) {
        let at = self.now.at;
        if self.scheduler.is_none() || request.is_idle() {
            return;
        }
        self.run_after(request);
        let is_failed = trouble.is_some();
        let event = if is_failed { Event::Failed } else { Event::End };
        self.tell_hooks(&About { reason: trouble, ..request.about(event) });
        if is_failed {
            self.pass_over(request);
        } else if let Some(scheduler) = &mut self.scheduler {
            scheduler.note_played(request.booking.as_ref(), at);
        }
    }

    fn run_after(&mut self, request: &PlayRequest) {
        let Some(schedule) = self.schedule() else { return };
        let scripts = schedule.after(request.name()).cloned().collect();
        self.act([InstanceAction::RunHooks { scripts, about: request.about(Event::After) }]);
    }

    /// Runs the schedule's command for `about.event`, if it has one.
    pub(super) fn tell_hooks(&mut self, about: &About) {
        let Some(schedule) = self.schedule() else { return };
        let commands = &schedule.commands;
        let script = match about.event {
            Event::Start => &commands.on_start,
            Event::End => &commands.on_end,
            Event::Blocked => &commands.on_blocked,
            Event::Failed => &commands.on_failed,
            Event::CanRun | Event::Before | Event::After => &None,
        };
        let scripts: Vec<Script> = script.iter().cloned().collect();
        if !scripts.is_empty() {
            self.act([InstanceAction::RunHooks { scripts, about: about.clone() }]);
        }
    }

    fn pass_over(&mut self, request: &PlayRequest) {
        let at = self.now.at;
        if let Some(scheduler) = &mut self.scheduler {
            scheduler.pass_over(request.booking.as_ref(), at);
        }
    }

    fn schedule(&self) -> Option<std::sync::Arc<Schedule>> {
        self.scheduler.as_ref().and_then(|scheduler| scheduler.schedule().cloned())
    }
}
