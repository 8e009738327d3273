//! What a command is told of its show, and what it tells. Knows no processes.

/// Why a command is run: the key under which it stands in the schedule.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum HookEvent {
    CanRun,
    Before,
    After,
    Start,
    End,
    Blocked,
    Failed,
}

impl HookEvent {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::CanRun => "can_run",
            Self::Before => "before",
            Self::After => "after",
            Self::Start => "start",
            Self::End => "end",
            Self::Blocked => "blocked",
            Self::Failed => "failed",
        }
    }
}

/// What a command is told, as `STARCOURT_SHOW`, `_ENTRY`, `_EVENT` and `_REASON`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HookContext {
    pub show: String,
    /// `None`, and to the command an empty text, for a show that somebody has ordered.
    pub entry: Option<String>,
    pub event: HookEvent,
    /// Why the show did not play or broke off.
    pub reason: Option<String>,
}

/// What a command tells.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum HookMessage {
    /// A line of its output, with the event in front.
    Output(String),
    /// The last word, exactly once.
    Finished(HookOutcome),
}

/// What came of a command.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum HookOutcome {
    Succeeded,
    /// It ended with another code than 0. The reason is the last line that it wrote.
    Refused {
        reason: String,
    },
    /// Its patience was over, and it was ended.
    Overran,
    /// It could not be run, or was killed.
    Failed(String),
}

impl HookOutcome {
    /// What is to be said about it; nothing when it succeeded.
    #[must_use]
    pub fn trouble(&self) -> Option<String> {
        match self {
            Self::Succeeded => None,
            Self::Refused { reason } | Self::Failed(reason) => Some(reason.clone()),
            Self::Overran => Some("it took too long".to_owned()),
        }
    }
}
