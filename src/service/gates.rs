//! What must let a show play, asked one after another until one refuses. Knows no shows.

use std::io;

use super::script::{self, About, Done, Running, Word};
use crate::programme::Gate;

/// Asks `gates` in turn. [`Done::Succeeded`] is told where all let the show play, and
/// [`Done::Refused`] where one does not: with the reason that the programme gives for it, else with its own
/// last line, else with what was wrong with it.
///
/// # Errors
/// When the system has no room for a thread.
pub fn ask(gates: Vec<Gate>, about: &About, tell: impl FnMut(Word) + Send + 'static) -> io::Result<Running> {
    let (scripts, reasons): (Vec<_>, Vec<_>) =
        gates.into_iter().map(|gate| (gate.script, gate.reason)).unzip();
    let judge = move |place: usize, done: Done| match done.trouble() {
        None => Done::Succeeded,
        Some(trouble) => Done::Refused { reason: reasons[place].clone().unwrap_or(trouble) },
    };
    script::run_judged(scripts, about, judge, tell)
}
