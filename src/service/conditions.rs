//! What must let a show play, asked one after another until one refuses. Knows no shows.

use std::io;

use super::hooks::{self, HookContext, HookMessage, HookOutcome, Running};
use crate::schedule::Gate;

/// Asks `gates` in turn. [`HookOutcome::Succeeded`] is told where all let the show play, and
/// [`HookOutcome::Refused`] where one does not: with the reason that the schedule gives for it, else with its own
/// last line, else with what was wrong with it.
///
/// # Errors
/// When the system has no room for a thread.
pub fn ask(
    gates: Vec<Gate>,
    about: &HookContext,
    tell: impl FnMut(HookMessage) + Send + 'static,
) -> io::Result<Running> {
    let scripts = gates.iter().map(|gate| gate.script.clone()).collect();
    let judge = move |place: usize, done: HookOutcome| match done {
        HookOutcome::Succeeded => done,
        refusal => HookOutcome::Refused { reason: reason(&gates[place], &refusal) },
    };
    hooks::run_judged(scripts, about, judge, tell)
}

fn reason(gate: &Gate, refusal: &HookOutcome) -> String {
    let own = || match refusal {
        HookOutcome::Overran => {
            let script = &gate.script;
            format!("`{}` took longer than {} s", script.line, script.patience.as_secs_f64())
        }
        refusal => refusal.trouble().unwrap_or_default(),
    };
    gate.reason.clone().unwrap_or_else(own)
}
