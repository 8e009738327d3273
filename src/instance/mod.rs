//! The instance: starcourt at work, whichever command it runs for, from the lock taken to the lock freed. Two halves:
//! [`state`] decides and does nothing, [`runner`] does and decides nothing.
//!
//! The runner gives the state machine **events** and carries out the **actions** that it gets back:
//!
//! | event | from |
//! |---|---|
//! | `Begin` | the command: its own show, or none for the service |
//! | `Order`, `Left` | a connection to the socket |
//! | `Button`, `Key`, `End` | a person at the buttons or the keyboard; a signal |
//! | `Observer` | the command whose show it is (`test`, `calibrate`) |
//! | `Loaded`, `HooksDone`, `Started`, `NotStarted`, `StartCancelled`, `Ended`, `FilesFound` | what came of an action |
//! | `FilesRead`, `RigChanged` | what came of an order to reload |
//! | `Saved` | the files of the command's own show, saved while it plays |
//! | `SoundLost` | the sound device that the rig requires |
//! | `Tick` | the runner, often: the time, and once a second the time on the wall |
//!
//! | action | comes back as | within |
//! |---|---|---|
//! | `Load` a show | `Loaded` | 30 s |
//! | `AskConditions`, `RunBefore` | `HooksDone` | the commands' own patience and 10 s |
//! | `Start` a show | `Started`, `NotStarted` | 10 s, then `CancelStart` |
//! | `CancelStart` | `StartCancelled` at once, or `Started` | |
//! | `Change(Stop)` the show over a fade | `Ended` | the fade and 10 s; an instance that is ending is killed then |
//! | `Change(Leave)`: the show, to begin anew; the next `Start` may take its sound | `Ended` | 10 s |
//! | `Change` to `Pause`, `Resume`, `Hold`, `EndHold`, `Blackout`, `Volume`, `Seek`, `Part` | nothing: done at once | |
//! | `Reply`, `Tell`, `Notice`, `Report`, `AnnounceIdle`, `TellSystemd` | nothing | |
//! | `LookAtFiles` | `FilesFound`, which nobody waits for | |
//! | `ReadFiles`: schedule and rig anew | `FilesRead` | 30 s |
//! | `ChangeRig`: new claims, new orders to the guardian, new lines | `RigChanged` at once | |
//! | `RunHooks`, `EndPreparing`, `AbandonLoad`, `AbandonFiles`, `NoteFollowed`, `KeepRotation`, `Settle`, `ShowMistakes` | nothing | |
//! | `Finish`, `Die` | the end | |
//!
//! The **state** of a show: it is *loading* (its files are read), *preparing* (conditions, then `before`), a *newcomer*
//! (it waits for the lights), *current* (starting, then playing, then ending) or *interrupted* (it comes back). At most
//! one is preparing, and at most one is current. What stands between shows is a current show of the lowest rank.
//!
//! An order to **reload** has two halves. The schedule is followed as soon as both files were read and are right. A new
//! rig *waits* until no show is loading, preparing, waiting or current; then it changes in one step, and what stands
//! between shows begins anew.
//!
//! The command's own show may be **saved** while it plays (`play --watch`): it leaves, and comes back at once, from the
//! same place and with its sound, as it is now. If its rig is another one now, the rig changes in between; that waits
//! until no other show plays or is about to.
//!
//! What always holds, kept by random sequences of events (`state/tests`): never two shows at once; every interrupted
//! show comes back or its owner is told why not; every order has exactly one reply; no show plays on another rig than
//! it was read for, and a rig changes only while nothing is on; after `stop` and `off` nothing starts by itself; a fade
//! lasts as long as it should however often anything is repeated; a blackout outlasts shows; an ending ends. Followers of the status are no part of this: the socket's thread serves them.

pub(crate) mod fresh_files;
mod patch;
pub(crate) mod runner;
mod saved;
pub(crate) mod state;

use std::panic::{self, AssertUnwindSafe};
use std::sync::mpsc::Sender;

use anyhow::anyhow;

use crate::faults;
use crate::ipc::OutputKind;
use crate::ipc::{Server, Status};
use crate::lock::Lock;
use crate::outcome::{Failure, Outcome};
use crate::signals;

pub(crate) use patch::{outputs, patch};
pub(crate) use runner::{Direction, Observer};
pub(crate) use saved::{Saved, SavedMistakes, ShowEdition};

/// Has `work` open an instance and close it again, and tells of every thread that panicked meanwhile, this one
/// included.
pub(crate) fn guarded(work: impl FnOnce() -> Result<Outcome, Failure>) -> Result<Outcome, Failure> {
    faults::arm();
    // By the time a panic is caught here, all that was open has been closed, down to the lock.
    let ended = panic::catch_unwind(AssertUnwindSafe(work));
    let panic_messages = signals::panic_messages();
    match ended {
        Ok(ended) if panic_messages.is_empty() => ended,
        _ => Err(anyhow!("a thread panicked; the lights are safe\n{}", panic_messages.join("\n")).into()),
    }
}

/// Opens the socket of the instance that holds `lock`. Without one the show plays all the same, and nobody can speak to
/// it.
pub(crate) fn open_socket(
    lock: &Lock,
    output_kind: OutputKind,
    tx: &Sender<runner::Message>,
    console: &runner::Console,
) -> Option<Server> {
    let path = lock.dir().socket_path(lock.name());
    let status = Status { service: lock.info().service, ..Status::idle(output_kind) };
    let opened = Server::open(&path, status, tx.clone());
    opened.map_err(|error| console.notice(&format!("nobody can speak to this instance: {error:#}"))).ok()
}
