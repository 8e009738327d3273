//! Starts a show beside the instance: laying out its cues takes a moment, and its music may lie on a disk that hangs.
//! The instance takes the lines itself, and keeps them until the show runs: a start that hangs holds no line, and can
//! be given up at any moment.

use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use anyhow::Context;

use crate::engine::{Controls, RelayMoves, Setup};
use crate::faults;
use crate::heartbeat::Heartbeat;
use crate::outcome::Failure;
use crate::output::drivers::Drivers;
use crate::output::trace::Recorder;
use crate::player::Player;
use crate::rig::Rig;
use crate::show::PlayingLines;
use crate::timeline::compile;

use super::super::state::{JobId, StartOrder};
use super::message::Message;
use super::show_clock::ShowClock;

/// What a show is started with, beside its order.
pub(super) struct StartKit {
    pub(super) rig: Arc<Rig>,
    /// Its lines are taken, and safe.
    pub(super) drivers: Drivers,
    pub(super) heartbeat: Arc<Heartbeat>,
    pub(super) recorder: Option<Recorder>,
    pub(super) relay_moves: RelayMoves,
    /// Where the controls of the show that plays are found, by whoever has to end it from outside.
    pub(super) controls: Arc<Mutex<Option<Controls>>>,
    /// It goes on with this, and not with a sound of its own.
    pub(super) sound: Option<ShowClock>,
}

/// A show that plays with the lines of its sheet, or why it does not.
pub(super) type StartResult = Result<(Player, ShowClock, PlayingLines), Failure>;

/// A start that is under way. Dropped, it is given up: its lines are safe and released then.
pub(super) struct Starter {
    order: StartOrder,
    progress: Arc<Mutex<StartProgress>>,
}

enum StartProgress {
    /// It holds the lines, which are safe.
    Waits {
        drivers: Drivers,
        recorder: Option<Recorder>,
    },
    Plays(Box<StartResult>),
    GivenUp,
}

impl Starter {
    /// Begins to start a show. `tx` is told when there is something to [`take`](Self::take).
    ///
    /// # Errors
    /// When the system has no room for a thread; the lines are released then.
    pub(super) fn begin(order: StartOrder, kit: StartKit, tx: Sender<Message>) -> Result<Self, Failure> {
        let StartKit { rig, drivers, heartbeat, recorder, relay_moves, controls, sound } = kit;
        let progress = Arc::new(Mutex::new(StartProgress::Waits { drivers, recorder }));
        let (shared, job) = (Arc::clone(&progress), order.job);
        let plan = order.clone();
        let start = move || {
            faults::point("music open");
            let timeline = Arc::new(compile(&plan.loaded.show, &rig).timeline);
            let lines = PlayingLines::of(&plan.loaded.show);
            let clock = sound.map_or_else(|| ShowClock::start(&plan, &rig), Ok);
            let mut progress = open(&shared);
            let StartProgress::Waits { drivers, recorder } =
                std::mem::replace(&mut *progress, StartProgress::GivenUp)
            else {
                return;
            };
            *progress = StartProgress::Plays(Box::new(clock.and_then(|clock| {
                let mut player = Player::start(Setup {
                    timeline,
                    rig,
                    clock: clock.clock(),
                    drivers,
                    heartbeat,
                    recorder,
                    extent: plan.extent,
                    relay_moves,
                    is_dark: plan.settings.is_dark || plan.settings.is_held,
                })?;
                *controls.lock().unwrap_or_else(PoisonError::into_inner) = Some(player.controls());
                // What is held began paused and dark; now a hold takes the place of both.
                if plan.settings.is_held {
                    let _is_safe = player.hold();
                    player.blackout(plan.settings.is_dark);
                    if !plan.settings.is_paused {
                        player.resume();
                    }
                }
                Ok((player, clock, lines))
            })));
            drop(progress);
            // An instance that no longer listens has given it up, or will.
            let _ = tx.send(Message::Started(job));
        };
        thread::Builder::new().name("start".into()).spawn(start).context("starting a thread for a show")?;
        Ok(Self { order, progress })
    }

    pub(super) fn job(&self) -> JobId {
        self.order.job
    }

    /// Gives it up, if it is for `job` and the show does not run yet; whether that came in time.
    pub(super) fn give_up(&self, job: JobId) -> bool {
        let mut progress = open(&self.progress);
        let is_in_time = self.order.job == job && matches!(*progress, StartProgress::Waits { .. });
        if is_in_time {
            *progress = StartProgress::GivenUp;
        }
        is_in_time
    }

    /// What it has come to; nothing as long as that is not known, and it is given up then.
    pub(super) fn take(self) -> Option<(StartOrder, StartResult)> {
        let order = self.order.clone();
        match std::mem::replace(&mut *open(&self.progress), StartProgress::GivenUp) {
            StartProgress::Plays(started) => Some((order, *started)),
            StartProgress::Waits { .. } | StartProgress::GivenUp => None,
        }
    }
}

impl Drop for Starter {
    fn drop(&mut self) {
        *open(&self.progress) = StartProgress::GivenUp;
    }
}

fn open(progress: &Mutex<StartProgress>) -> MutexGuard<'_, StartProgress> {
    progress.lock().unwrap_or_else(PoisonError::into_inner)
}
