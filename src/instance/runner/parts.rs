//! What an instance at work holds, and what it shows. Decides nothing.

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, Sender};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::clock::monotonic;
use crate::engine::{Controls, RelayMoves};
use crate::guardian::Guardian;
use crate::ipc::{Answer, ChangedFile, OutputKind, PlayState, Server, ServiceFile, Status};
use crate::lock::Lock;
use crate::outcome::{Failure, Outcome};
use crate::output::patch::Patch;
use crate::output::trace::Trace;
use crate::rig::{Address, Rig};
use crate::signals;
use crate::time::ShowTime;
use crate::wear::Wear;

use super::super::state::{Now, Scheduler, StateMachine, Trouble};
use super::console::Console;
use super::hook_runs::HookRuns;
use super::inputs::Inputs;
use super::loader::Loader;
use super::message::Message;
use super::observer::Observer;
use super::running_show::{RunningShow, ShownChannels};
use super::save_watch::SaveWatch;
use super::service_ends::ServiceEnds;
use super::show_clock::ShowClock;
use super::starter::Starter;
use super::writer::FileWriter;

/// The lights confirm within 10 ms unless the machine is on its knees.
const SAFE_WITHIN: Duration = Duration::from_millis(100);

/// What an instance is opened with, and what is to be closed when it has ended. Dropped in this order: the lines are
/// safe by then, and the guardian goes before the socket and the lock.
pub(crate) struct Parts {
    pub(crate) rig: Arc<Rig>,
    pub(crate) output_kind: OutputKind,
    /// Those of the rig that are driven; the lock has claimed them.
    pub(crate) outputs: Vec<Address>,
    pub(crate) patch: Patch,
    /// Where the relays' switchings are counted.
    pub(crate) state_places: Vec<PathBuf>,
    pub(crate) observer: Option<Box<dyn Observer>>,
    /// Of the service only.
    pub(crate) service: Option<ServiceEnds>,
    /// Of a command that plays a show as it is being written.
    pub(crate) watch: Option<SaveWatch>,
    pub(crate) inbox: Receiver<Message>,
    pub(crate) tx: Sender<Message>,
    pub(crate) trace: Option<Trace>,
    pub(crate) console: Console,
    pub(crate) inputs: Inputs,
    pub(crate) guardian: Guardian,
    pub(crate) socket: Option<Server>,
    pub(crate) lock: Lock,
}

/// An instance. Its fields are dropped in this order: lines first, its parts last.
pub(crate) struct Runner {
    pub(super) starter: Option<Starter>,
    pub(super) show: Option<RunningShow>,
    /// Of the show that has just left, for itself.
    pub(super) kept_sound: Option<ShowClock>,
    pub(super) machine: StateMachine,
    pub(super) loader: Loader,
    /// Where shows are found.
    pub(super) places: Vec<PathBuf>,
    pub(super) hooks: HookRuns,
    /// What the status tells of the channels that are driven.
    pub(super) channels: ShownChannels,
    /// Of the show that plays.
    pub(super) controls: Arc<Mutex<Option<Controls>>>,
    /// Relays are spared from one show to the next.
    pub(super) relay_moves: RelayMoves,
    pub(super) worn: Wear,
    pub(super) writer: FileWriter,
    /// The service's files that are not as they were read.
    pub(super) changed: Vec<ChangedFile>,
    pub(super) is_finished: bool,
    /// That an output of the show that plays refuses to be written is told once.
    pub(super) is_refusal_told: bool,
    pub(super) lock_file_written: Instant,
    pub(super) parts: Parts,
}

/// What is left of an instance that has ended; its lines are safe.
pub(crate) struct Remains {
    pub(crate) hooks: HookRuns,
    pub(crate) writer: FileWriter,
    pub(crate) worn: Wear,
    /// How the last show went.
    pub(crate) last_words: Option<String>,
    pub(crate) result: Result<Outcome, Failure>,
    pub(crate) parts: Parts,
}

impl Runner {
    /// Finds shows in `places`; plays at `volume` per cent. A service has a `scheduler`.
    pub(crate) fn new(parts: Parts, places: Vec<PathBuf>, volume: u8, scheduler: Option<Scheduler>) -> Self {
        let now = Now { at: monotonic::now(), position: ShowTime::ZERO };
        let controls: Arc<Mutex<Option<Controls>>> = Arc::default();
        let present = Arc::clone(&controls);
        signals::before_death(move || {
            // Locked: a show is just starting or ending. Not waited for: the guardian makes its lights safe.
            if let Some(controls) = present.try_lock().ok().and_then(|present| present.clone()) {
                let _ = controls.make_safe(SAFE_WITHIN);
            }
        });
        let said = parts.tx.clone();
        // An instance that no longer listens is closing.
        let says = move |news| _ = said.send(Message::Hooks(news));
        Self {
            starter: None,
            show: None,
            kept_sound: None,
            machine: StateMachine::new(
                parts.rig.clone(),
                parts.outputs.clone(),
                parts.output_kind,
                volume,
                scheduler,
                now,
            ),
            loader: Self::loader(parts.rig.clone(), places.clone(), &parts.tx),
            places,
            hooks: HookRuns::new(says),
            channels: ShownChannels::of(&parts.rig, &parts.outputs),
            controls,
            relay_moves: RelayMoves::default(),
            worn: Wear::default(),
            writer: FileWriter::new(parts.tx.clone()),
            changed: Vec::new(),
            is_finished: false,
            is_refusal_told: false,
            lock_file_written: Instant::now(),
            parts,
        }
    }

    /// Reads shows for `rig`.
    pub(super) fn loader(rig: Arc<Rig>, places: Vec<PathBuf>, tx: &Sender<Message>) -> Loader {
        let tx = tx.clone();
        Loader::new(rig, places, move |show| tx.send(Message::Read(Box::new(show))).is_ok())
    }

    pub(super) fn close(self) -> Remains {
        let Self { machine, hooks, writer, worn, parts, .. } = self;
        let (result, last_words) = machine.into_result();
        let result =
            result.map_err(|Trouble { words, outcome }| Failure::of(outcome, anyhow::anyhow!(words)));
        Remains { hooks, writer, worn, last_words, result, parts }
    }

    pub(super) fn now(&self) -> Now {
        let position = self.show.as_ref().map_or(ShowTime::ZERO, |show| show.player.show_time());
        Now { at: monotonic::now(), position }
    }

    /// Whether the command's own show is on.
    pub(super) fn has_principal(&self) -> bool {
        self.show.as_ref().is_some_and(|show| show.order.is_principal)
    }

    /// What a person sees now. Nothing new while a show is being started, or begins anew.
    pub(super) fn show_status(&mut self) {
        if let Some(status) = self.status() {
            self.publish(status.clone());
            let service = self.parts.lock.info().service;
            self.parts.console.show(Status { service, ..status });
        }
    }

    pub(super) fn status(&mut self) -> Option<Status> {
        let status = match (&mut self.show, &self.starter) {
            (Some(show), _) if show.is_leaving => return None,
            (Some(show), _) => {
                let lights = show.player.lights();
                let channels = self.channels.at(|id| lights.level(id));
                let observer = self.parts.observer.as_ref().filter(|_| show.order.is_principal);
                show.status(observer.and_then(|observer| observer.title()), self.parts.output_kind, channels)
            }
            (None, Some(_)) => return None,
            (None, None) => {
                let state = if self.machine.is_dark() { PlayState::Blackout } else { PlayState::Idle };
                let channels = self.channels.at(|id| self.parts.rig.channel(id).safe);
                Status { state, channels, ..Status::idle(self.parts.output_kind) }
            }
        };
        let (then, next) = (self.machine.waiting(), self.machine.next_scheduled());
        Some(Status { service: self.parts.lock.info().service, then, next, ..status })
    }

    pub(super) fn publish(&self, status: Status) {
        let Some(socket) = &self.parts.socket else { return };
        // What stands between shows is no show.
        let show = status.show.clone().filter(|_| status.stands.is_none());
        let is_pending = self.machine.is_rig_pending();
        let waits = |file| is_pending && file == ServiceFile::Rig;
        let changed =
            self.changed.iter().map(|changed| ChangedFile { waits: waits(changed.file), ..changed.clone() });
        socket.publish(Status { show, changed: changed.collect(), ..status });
    }

    /// What the person who runs the show should know: here, and in the terminal whose show is on.
    pub(super) fn notice(&self, text: &str) {
        self.parts.console.notice(text);
        if let (Some(owner), Some(socket)) = (self.machine.owner(), &self.parts.socket) {
            socket.tell(owner, Answer::Notice(text.to_owned()));
        }
    }
}
