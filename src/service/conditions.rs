//! The conditions of a show (`can_run`), asked one after another until one refuses. Knows no shows.

use std::io;

use super::hooks::{self, HookContext, HookMessage, HookOutcome, Running};
use crate::schedule::Condition;

/// Asks `conditions` in turn. [`HookOutcome::Succeeded`] is told where all let the show play, and
/// [`HookOutcome::Refused`] where one does not: with the reason that the schedule gives for it, else with its own
/// last line, else with what was wrong with it.
///
/// # Errors
/// When the system has no room for a thread.
pub fn ask(
    conditions: Vec<Condition>,
    about: &HookContext,
    tell: impl FnMut(HookMessage) + Send + 'static,
) -> io::Result<Running> {
    let hooks = conditions.iter().map(|condition| condition.hook.clone()).collect();
    let judge = move |place: usize, done: HookOutcome| match done {
        HookOutcome::Succeeded => done,
        refusal => HookOutcome::Refused { reason: reason(&conditions[place], &refusal) },
    };
    hooks::run_judged(hooks, about, judge, tell)
}

fn reason(condition: &Condition, refusal: &HookOutcome) -> String {
    let own = || match refusal {
        HookOutcome::Overran => {
            let hook = &condition.hook;
            format!("`{}` took longer than {} s", hook.line, hook.patience.as_secs_f64())
        }
        refusal => refusal.trouble().unwrap_or_default(),
    };
    condition.reason.clone().unwrap_or_else(own)
}
