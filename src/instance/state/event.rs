//! What the state machine hears: orders, what came of its own actions, and the time. Plain values.

use std::collections::BTreeMap;

use crate::engine::EngineReport;
use crate::ipc::{self, ConnectionId};
use crate::loading::LoadedShow;
use crate::outcome::{Failure, Outcome};
use crate::rig;
use crate::schedule::ShowFacts;
use crate::service::clock_check::ClockReading;
use crate::service::hooks::HookOutcome;
use crate::stage::Wish;
use crate::time::{Mono, ShowTime};

use super::super::fresh_files::FreshFiles;
use super::super::saved::Saved;
use super::action::JobId;
use super::play_request::PlayRequest;

/// When something happens, and where the show that plays is then.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Now {
    pub(crate) at: Mono,
    /// Zero where none plays.
    pub(crate) position: ShowTime,
}

/// Something went wrong: for people, and as the shell sees it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Trouble {
    pub(crate) words: String,
    pub(crate) outcome: Outcome,
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        Self { words: failure.words(), outcome: failure.outcome }
    }
}

/// How fast everything that plays is to end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum EndRequest {
    /// A person asks: over the rig's fade the first time, at once the second time.
    Fade,
    AtOnce,
}

pub(crate) enum InstanceEvent {
    /// The first event. A command that plays one show gives it; the service gives none.
    Begin(Option<Box<PlayRequest>>),
    /// An order over the socket.
    Order { order: ipc::Order, asker: ConnectionId },
    /// A press of the button of this name.
    Button { button: String, order: rig::ButtonOrder },
    /// A key that orders something.
    Key(Wish),
    /// The connection has ended, and what was ordered on it for its own sake ends with it.
    Left(ConnectionId),
    /// A signal, or a terminal that is gone: the instance is to end.
    End(EndRequest),
    /// Answers [`Load`](super::InstanceAction::Load).
    Loaded { job: JobId, loaded: Result<LoadedShow, Failure> },
    /// Answers [`AskConditions`](super::InstanceAction::AskConditions) and
    /// [`RunBefore`](super::InstanceAction::RunBefore).
    HooksDone { job: JobId, done: HookOutcome },
    /// Answers [`Start`](super::InstanceAction::Start): the show plays.
    Started { job: JobId },
    /// Answers [`Start`](super::InstanceAction::Start): it does not, and nothing is held for it any more.
    NotStarted { job: JobId, trouble: Trouble },
    /// Answers [`CancelStart`](super::InstanceAction::CancelStart) where that came in time.
    StartCancelled { job: JobId },
    /// The show that plays has ended, at `at`; its lights are safe. An error is a timing thread that broke off.
    Ended { at: ShowTime, report: Result<EngineReport, String> },
    /// The sound that the rig requires is gone.
    SoundLost,
    /// What the command that started the show wants of it.
    Observer(ObserverOrder),
    /// What can be played of the shows that were looked at, or why not.
    FilesFound(BTreeMap<String, Result<ShowFacts, String>>),
    /// Answers [`ReadFiles`](super::InstanceAction::ReadFiles).
    FilesRead { job: JobId, read: Result<Box<FreshFiles>, Trouble> },
    /// Answers [`ChangeRig`](super::InstanceAction::ChangeRig). After an error the rig is the one before.
    RigChanged(Result<(), Trouble>),
    /// The files of the command's own show were saved while it plays.
    Saved(Saved),
    /// To be given often, 20 times a second while a show plays. `wall` is the clock on the wall whenever
    /// [`wants_wall_time`](super::StateMachine::wants_wall_time) says so; an error where that cannot be told.
    Tick { wall: Option<Result<ClockReading, String>> },
}

/// What a command may want of the show that it started.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum ObserverOrder {
    Pause,
    Resume,
    Stop,
}
