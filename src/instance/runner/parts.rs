//! What an instance at work holds, and what it shows. Decides nothing.

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, Sender};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::clock::monotonic;
use crate::engine::{Controls, RelayMoves};
use crate::guardian::Guardian;
use crate::ipc::{Answer, OutputKind, PlayState, Server, Status};
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
use super::service_ends::ServiceEnds;
use super::starter::Starter;
use super::writer::FileWriter;

/// The lights confirm within 10 ms unless the machine is on its knees.
const SAFE_WITHIN: Duration = Duration::from_millis(100);

/// What an instance works with.
pub(crate) struct Parts {
    pub(crate) rig: Arc<Rig>,
    pub(crate) outlet: OutputKind,
    /// Those of the rig that are driven; the lock has claimed them.
    pub(crate) outputs: Vec<Address>,
    pub(crate) patch: Patch,
    /// Where shows are found.
    pub(crate) places: Vec<PathBuf>,
    /// Where the relays' switchings are counted.
    pub(crate) state_places: Vec<PathBuf>,
    /// In per cent.
    pub(crate) volume: u8,
    pub(crate) observer: Option<Box<dyn Observer>>,
    /// Of the service only.
    pub(crate) service: Option<(Scheduler, ServiceEnds)>,
    pub(crate) inbox: Receiver<Message>,
    pub(crate) tx: Sender<Message>,
    pub(crate) trace: Option<Trace>,
    pub(crate) console: Console,
    pub(crate) inputs: Inputs,
    pub(crate) guardian: Guardian,
    pub(crate) socket: Option<Server>,
    pub(crate) lock: Lock,
}

/// An instance. Its fields are dropped in this order: lines, then the guardian, the socket and the lock.
pub(crate) struct Runner {
    pub(super) starter: Option<Starter>,
    pub(super) show: Option<RunningShow>,
    pub(super) machine: StateMachine,
    pub(super) loader: Loader,
    pub(super) hooks: HookRuns,
    pub(super) service: Option<ServiceEnds>,
    pub(super) observer: Option<Box<dyn Observer>>,
    pub(super) rig: Arc<Rig>,
    pub(super) outlet: OutputKind,
    pub(super) channels: ShownChannels,
    pub(super) patch: Patch,
    pub(super) state_places: Vec<PathBuf>,
    pub(super) inbox: Receiver<Message>,
    pub(super) tx: Sender<Message>,
    /// Of the show that plays.
    pub(super) controls: Arc<Mutex<Option<Controls>>>,
    /// Relays are spared from one show to the next.
    pub(super) relay_moves: RelayMoves,
    pub(super) worn: Wear,
    pub(super) writer: FileWriter,
    pub(super) is_finished: bool,
    /// When the lock's file was last written.
    pub(super) told: Instant,
    pub(super) trace: Option<Trace>,
    pub(super) console: Console,
    pub(super) inputs: Inputs,
    pub(super) guardian: Guardian,
    pub(super) socket: Option<Server>,
    pub(super) lock: Lock,
}

/// What is to be closed when an instance has ended, in this order; its lines are safe.
pub(crate) struct Remains {
    pub(crate) inputs: Inputs,
    pub(crate) hooks: HookRuns,
    pub(crate) service: Option<ServiceEnds>,
    pub(crate) writer: FileWriter,
    pub(crate) inbox: Receiver<Message>,
    pub(crate) tx: Sender<Message>,
    pub(crate) trace: Option<Trace>,
    pub(crate) console: Console,
    /// How the last show went.
    pub(crate) last_words: Option<String>,
    pub(crate) guardian: Guardian,
    pub(crate) socket: Option<Server>,
    pub(crate) lock: Lock,
    pub(crate) worn: Wear,
    pub(crate) outlet: OutputKind,
    pub(crate) state_places: Vec<PathBuf>,
    pub(crate) result: Result<Outcome, Failure>,
}

impl Runner {
    pub(crate) fn new(parts: Parts) -> Self {
        let Parts { rig, outlet, outputs, patch, places, state_places, volume, observer, service, .. } =
            parts;
        let Parts { inbox, tx, trace, console, inputs, guardian, socket, lock, .. } = parts;
        let (scheduler, service) = service.unzip();
        let now = Now { at: monotonic::now(), position: ShowTime::ZERO };
        let controls: Arc<Mutex<Option<Controls>>> = Arc::default();
        let present = Arc::clone(&controls);
        signals::before_death(move || {
            // Whoever has it at this moment is about to begin or has ended: the guardian sees to the rest.
            if let Some(controls) = present.try_lock().ok().and_then(|present| present.clone()) {
                let _ = controls.make_safe(SAFE_WITHIN);
            }
        });
        let (read, said) = (tx.clone(), tx.clone());
        let reads = move |show| read.send(Message::Read(Box::new(show))).is_ok();
        // An instance that no longer listens is closing.
        let says = move |news| _ = said.send(Message::Hooks(news));
        let channels = ShownChannels::of(&rig, &outputs);
        Self {
            starter: None,
            show: None,
            machine: StateMachine::new(Arc::clone(&rig), outputs, volume, scheduler, now),
            loader: Loader::new(Arc::clone(&rig), places, reads),
            hooks: HookRuns::new(says),
            service,
            observer,
            rig,
            outlet,
            channels,
            patch,
            state_places,
            inbox,
            controls,
            relay_moves: RelayMoves::default(),
            worn: Wear::default(),
            writer: FileWriter::new(tx.clone()),
            tx,
            is_finished: false,
            told: Instant::now(),
            trace,
            console,
            inputs,
            guardian,
            socket,
            lock,
        }
    }

    pub(super) fn close(self) -> Remains {
        let Self { machine, hooks, service, inbox, tx, writer, worn, outlet, state_places, .. } = self;
        let Self { trace, console, inputs, guardian, socket, lock, .. } = self;
        let (result, last_words) = machine.into_result();
        let result =
            result.map_err(|Trouble { words, outcome }| Failure::of(outcome, anyhow::anyhow!(words)));
        Remains {
            inputs,
            hooks,
            service,
            writer,
            inbox,
            tx,
            trace,
            console,
            last_words,
            guardian,
            socket,
            lock,
            worn,
            outlet,
            state_places,
            result,
        }
    }

    pub(super) fn now(&self) -> Now {
        let position = self.show.as_ref().map_or(ShowTime::ZERO, |show| show.player.show_time());
        Now { at: monotonic::now(), position }
    }

    /// Whether the command's own show is on.
    pub(super) fn has_principal(&self) -> bool {
        self.show.as_ref().is_some_and(|show| show.order.is_principal)
    }

    /// What a person sees now. Nothing new while a show is being started.
    pub(super) fn show_status(&mut self) {
        if let Some(status) = self.status() {
            self.publish(status.clone());
            self.console.show(status);
        }
    }

    pub(super) fn status(&mut self) -> Option<Status> {
        match (&self.show, &self.starter) {
            (Some(show), _) => {
                let lights = show.player.lights();
                let channels = self.channels.at(|id| lights.level(id));
                let observer = self.observer.as_ref().filter(|_| show.order.is_principal);
                Some(show.status(observer.and_then(|observer| observer.title()), self.outlet, channels))
            }
            (None, Some(_)) => None,
            (None, None) => {
                let state = if self.machine.is_dark() { PlayState::Blackout } else { PlayState::Idle };
                let channels = self.channels.at(|id| self.rig.channel(id).safe);
                Some(Status { state, channels, ..Status::idle(self.outlet) })
            }
        }
    }

    pub(super) fn publish(&self, status: Status) {
        let Some(socket) = &self.socket else { return };
        let (then, next) = (self.machine.waiting(), self.machine.next_scheduled());
        // What stands between shows is no show.
        let show = status.show.clone().filter(|_| status.stands.is_none());
        socket.publish(Status { service: self.lock.info().service, show, then, next, ..status });
    }

    /// What the person who runs the show should know: here, and in the terminal whose show is on.
    pub(super) fn notice(&self, text: &str) {
        self.console.notice(text);
        if let (Some(owner), Some(socket)) = (self.machine.owner(), &self.socket) {
            socket.tell(owner, Answer::Notice(text.to_owned()));
        }
    }
}
