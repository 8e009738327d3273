//! What comes before and after a show of the service: its conditions are asked, its commands run. Knows no process.

use std::time::Duration;

use crate::schedule::{Condition, Hook};
use crate::service::hooks::{HookContext, HookEvent, HookOutcome};

use super::action::{InstanceAction, JobId};
use super::machine::StateMachine;
use super::play_request::PlayRequest;
use super::waiting::{Preparing, PreparingStep};

/// A command is ended when its own patience is over, and has two seconds then.
const HOOKS_GRACE: Duration = Duration::from_secs(10);

impl StateMachine {
    /// Asks the conditions of a show, and runs the commands before it; then it is a newcomer. Without a schedule it
    /// is one at once.
    pub(super) fn prepare(&mut self, request: PlayRequest) {
        let Some(schedule) = self.schedule() else { return self.admit(request) };
        let conditions: Vec<Condition> = match &request.booking {
            Some(_) => schedule.conditions(request.name()).cloned().collect(),
            // A person's order needs no leave.
            None => Vec::new(),
        };
        let (job, about) = (self.new_job(), request.about(HookEvent::CanRun));
        let patience = conditions.iter().map(|condition| condition.hook.patience).sum::<Duration>();
        self.act([InstanceAction::AskConditions { job, conditions, about }]);
        self.wait_for_hooks(request, job, PreparingStep::Conditions, patience);
    }

    fn wait_for_hooks(&mut self, request: PlayRequest, job: JobId, step: PreparingStep, patience: Duration) {
        self.preparing = Some(Preparing { request, job, step, until: self.time + patience + HOOKS_GRACE });
    }

    /// It plays as soon as there is room, which whatever is on makes.
    fn admit(&mut self, request: PlayRequest) {
        self.newcomers.push(request);
        self.make_room();
    }

    /// What was asked before a show, or run, is through.
    pub(super) fn handle_hooks_done(&mut self, job: JobId, done: &HookOutcome) {
        let Some(preparing) = self.preparing.take_if(|preparing| preparing.job == job) else { return };
        let Preparing { request, step, .. } = preparing;
        match (step, done.trouble()) {
            (PreparingStep::Conditions, None) => self.run_before(request),
            (PreparingStep::Conditions, Some(reason)) => {
                let event = match done {
                    // No command could be run at all.
                    HookOutcome::Failed(_) => HookEvent::Failed,
                    _ => HookEvent::Blocked,
                };
                self.drop_request(&request, event, reason);
            }
            (PreparingStep::Before, None) => {
                self.tell_hooks(&request.about(HookEvent::Start));
                self.admit(request);
            }
            (PreparingStep::Before, Some(trouble)) => {
                self.run_after(&request);
                self.drop_request(&request, HookEvent::Failed, trouble);
            }
        }
    }

    fn run_before(&mut self, request: PlayRequest) {
        let hooks: Vec<Hook> =
            self.schedule().iter().flat_map(|schedule| schedule.before(request.name()).cloned()).collect();
        let (job, about) = (self.new_job(), request.about(HookEvent::Before));
        let patience = hooks.iter().map(|hook| hook.patience).sum::<Duration>();
        self.act([InstanceAction::RunBefore { job, hooks, about }]);
        self.wait_for_hooks(request, job, PreparingStep::Before, patience);
    }

    /// Commands that are not even ended when their patience is over are not waited for.
    pub(super) fn look_for_overdue_hooks(&mut self) {
        let time = self.time;
        let Some(preparing) = self.preparing.take_if(|preparing| time >= preparing.until) else { return };
        let reason = "it took too long".to_owned();
        let request = self.end_preparing(preparing);
        self.drop_request(&request, HookEvent::Failed, reason);
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
        let schedule = self.schedule().filter(|_| step == PreparingStep::Before);
        let then = schedule.iter().flat_map(|schedule| schedule.after(request.name()).cloned()).collect();
        self.act([InstanceAction::EndPreparing { job, then, about: request.about(HookEvent::After) }]);
        request
    }

    fn drop_request(&mut self, request: &PlayRequest, event: HookEvent, reason: String) {
        self.notice(format!("{} is not played: {reason}", request.name()));
        self.tell_end(request.owner, &reason, 1);
        self.tell_hooks(&HookContext { reason: Some(reason), ..request.about(event) });
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
        let event = if is_failed { HookEvent::Failed } else { HookEvent::End };
        self.tell_hooks(&HookContext { reason: trouble, ..request.about(event) });
        if is_failed {
            self.pass_over(request);
        } else if let Some(scheduler) = &mut self.scheduler {
            scheduler.note_played(request.booking.as_ref(), at);
        }
    }

    fn run_after(&mut self, request: &PlayRequest) {
        let Some(schedule) = self.schedule() else { return };
        let hooks = schedule.after(request.name()).cloned().collect();
        self.act([InstanceAction::RunHooks { hooks, about: request.about(HookEvent::After) }]);
    }

    /// Runs the schedule's command for `about.event`, if it has one.
    pub(super) fn tell_hooks(&mut self, about: &HookContext) {
        let Some(schedule) = self.schedule() else { return };
        let commands = &schedule.commands;
        let hook = match about.event {
            HookEvent::Start => &commands.on_start,
            HookEvent::End => &commands.on_end,
            HookEvent::Blocked => &commands.on_blocked,
            HookEvent::Failed => &commands.on_failed,
            HookEvent::CanRun | HookEvent::Before | HookEvent::After => &None,
        };
        let hooks: Vec<Hook> = hook.iter().cloned().collect();
        if !hooks.is_empty() {
            self.act([InstanceAction::RunHooks { hooks, about: about.clone() }]);
        }
    }

    fn pass_over(&mut self, request: &PlayRequest) {
        let at = self.now.at;
        if let Some(scheduler) = &mut self.scheduler {
            scheduler.pass_over(request.booking.as_ref(), at);
        }
    }
}
