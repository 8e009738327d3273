//! What the state machine decides, for the runner to carry out in this order. Plain values.
//!
//! Most actions are done at once and cannot fail. Those with a [`JobId`] take time: each comes back as an event, and
//! the machine has a deadline for each.

use std::sync::Arc;
use std::time::Duration;

use crate::engine::Extent;
use crate::ipc::{Answer, ConnectionId, Standing};
use crate::loading::LoadedShow;
use crate::rig::{Address, Rig};
use crate::schedule::{Condition, Hook, Rotation, Schedule};
use crate::service::hooks::HookContext;
use crate::speed::Speed;
use crate::time::ShowTime;

use super::super::fresh_files::FollowedFile;
use super::super::saved::SavedShow;
use super::reply::{Asker, Reply};

/// Something that takes time; no two of an instance have the same.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct JobId(pub(super) u64);

#[cfg(test)]
impl JobId {
    pub(crate) const fn numbered(number: u64) -> Self {
        Self(number)
    }
}

/// What may be changed about a show while it plays, as it shall be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Settings {
    /// Time and levels stand still.
    pub(crate) is_paused: bool,
    /// Time stands still and the lights are safe, for its owner, whose terminal is stopped.
    pub(crate) is_held: bool,
    /// The lights are safe while time goes on.
    pub(crate) is_dark: bool,
    /// In per cent.
    pub(crate) volume: u8,
    /// Other than normal with simulated lights only.
    pub(crate) speed: Speed,
}

/// A show that is to start, and how.
#[derive(Clone)]
pub(crate) struct StartOrder {
    pub(crate) job: JobId,
    pub(crate) loaded: Arc<LoadedShow>,
    pub(crate) extent: Extent,
    pub(crate) silent: bool,
    /// It goes on with the sound that was kept of the show before it.
    pub(crate) takes_sound: bool,
    /// It is what stands between shows.
    pub(crate) stands: Option<Standing>,
    /// It is the show that the command was started for.
    pub(crate) is_principal: bool,
    pub(crate) settings: Settings,
}

/// A change of the show that plays. Done at once.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum ShowChange {
    Pause,
    Resume,
    Hold,
    EndHold,
    Blackout {
        on: bool,
    },
    /// In per cent.
    Volume(u8),
    /// Plays at this speed from now on.
    Speed(Speed),
    /// Goes on there: from where playing began to its end.
    Seek(ShowTime),
    /// Plays this part from now on, at the same place; at its start, if it is a loop that has ended by then.
    Part(Extent),
    /// Ends it over `fade`, at once if that is zero; [`Ended`](super::InstanceEvent::Ended) follows.
    Stop {
        fade: Duration,
    },
    /// Ends it at once, to begin anew; [`Ended`](super::InstanceEvent::Ended) follows. The sound may be kept for the next
    /// show that starts.
    Leave {
        keeps_sound: bool,
    },
}

/// Shows of the schedule whose files are to be looked at.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct ShowsToLookAt {
    /// They could not be played, and may have been mended: they are read.
    pub(crate) broken: Vec<String>,
    /// It comes next: it is read if it is another version than before.
    pub(crate) next: Option<String>,
}

pub(crate) enum InstanceAction {
    /// The one reply to an order.
    Reply { to: Asker, reply: Reply },
    /// Something else for a connection: that its show has ended.
    Tell { to: ConnectionId, answer: Answer },
    /// Something that the person who runs the shows should know.
    Notice(String),
    /// Something went as it should.
    Report(String),

    /// Reads a show; [`Loaded`](super::InstanceEvent::Loaded) follows.
    Load { job: JobId, show: String },
    /// Reading takes too long: what is read next is not to wait behind it.
    AbandonLoad,
    /// Asks what must let a show play; [`HooksDone`](super::InstanceEvent::HooksDone) follows.
    AskConditions { job: JobId, conditions: Vec<Condition>, about: HookContext },
    /// Runs what comes before a show; [`HooksDone`](super::InstanceEvent::HooksDone) follows.
    RunBefore { job: JobId, hooks: Vec<Hook>, about: HookContext },
    /// Ends what was begun before a show, and runs `then` when nothing is left of it. Nobody waits for either.
    EndPreparing { job: JobId, then: Vec<Hook>, about: HookContext },
    /// Runs commands that nobody waits for.
    RunHooks { hooks: Vec<Hook>, about: HookContext },
    /// Takes the lines and the sound and starts a show; [`Started`](super::InstanceEvent::Started) or
    /// [`NotStarted`](super::InstanceEvent::NotStarted) follows.
    Start(Box<StartOrder>),
    /// Gives up a start; [`StartCancelled`](super::InstanceEvent::StartCancelled) follows at once, or what the start
    /// has come to.
    CancelStart(JobId),

    /// Changes the show that plays.
    Change(ShowChange),

    /// The show that plays goes on as it was saved, where it is. Its rig and its sound are the same.
    TakeUp(Box<SavedShow>),

    /// No show plays any more.
    AnnounceIdle,
    /// What systemd shows.
    TellSystemd(String),
    /// Looks at the files: whether these shows can be played;
    /// [`FilesFound`](super::InstanceEvent::FilesFound) may follow.
    LookAtFiles(ShowsToLookAt),
    /// Reads the schedule and the rig anew, and compares them with `schedule` and the rig that is followed;
    /// [`FilesRead`](super::InstanceEvent::FilesRead) follows.
    ReadFiles { job: JobId, schedule: Option<Arc<Schedule>> },
    /// Reading them takes too long: it is left to itself.
    AbandonFiles,
    /// Takes the lines of another rig at these outputs in place of those that are followed. Nothing is on.
    /// [`RigChanged`](super::InstanceEvent::RigChanged) follows at once.
    ChangeRig { rig: Arc<Rig>, outputs: Vec<Address> },
    /// The mistakes in what was saved, as `check` tells them; `None`: there are none any more.
    ShowMistakes(Option<String>),
    /// The service goes by this version of a file from now on.
    NoteFollowed(FollowedFile),
    /// How far the schedule has come is to outlast this process.
    KeepRotation(Box<Rotation>),
    /// What was kept is to outlast the machine, too.
    Settle,
    /// The lights do not end: nothing is left but to kill this process, and the guardian makes them safe.
    Die,
    /// The instance is over. The last action.
    Finish,
}
