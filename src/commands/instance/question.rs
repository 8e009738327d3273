//! What is asked of commands before a show begins, told apart from all that was asked before. An answer may lie
//! in the inbox when its show has been stopped and another is about to begin: it is nobody's then. Pure.

use crate::service::hooks::HookOutcome;

/// A question; no two of an instance are the same.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::commands) struct Question(u64);

/// What commands tell.
#[derive(Debug)]
pub(in crate::commands) enum Told {
    /// A line of their output.
    Says(String),
    Gate(Question, HookOutcome),
    Before(Question, HookOutcome),
}

/// How many questions there were.
#[derive(Debug, Default)]
pub(super) struct Questions(u64);

impl Questions {
    pub(super) fn another(&mut self) -> Question {
        self.0 += 1;
        Question(self.0)
    }
}
