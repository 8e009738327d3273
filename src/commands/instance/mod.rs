//! An instance at work, whichever command it runs for: all that is held from the lock taken to the lock
//! freed, and the turns that are played meanwhile. Knows what to do with an order; not why it was started.
//!
//! Everything is opened in this order and closed in the reverse: the lock, the control socket, the
//! guardian; then, turn by turn, lines and sound.

mod admission;
mod display;
mod file_watch;
mod handle;
mod inbox;
mod inputs;
mod loader;
mod message;
mod observer;
mod patch;
mod play_loop;
mod play_request;
mod progress;
mod question;
mod running_show;
mod scheduled;
mod scheduler;
mod sound;
mod writer;

use std::panic::{self, AssertUnwindSafe};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, Sender};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use anyhow::anyhow;

use crate::engine::{Controls, RelayMoves};
use crate::faults;
use crate::guardian::{self, Guardian};
use crate::ipc::{OutputKind, Server, Status};
use crate::lock::Lock;
use crate::output::patch::Patch;
use crate::output::trace::Trace;
use crate::rig::{Address, Rig};
use crate::signals;
use crate::wear::{self, Wear};

use super::files::{self, LoadedShow};
use super::outcome::{Failure, Outcome};
use inbox::Inbox;
use loader::Loader;
use running_show::RunningShow;
use writer::Writer;

pub(super) use display::Front;
pub(super) use file_watch::{Lookout, Watched};
use inputs::Inputs;
pub(super) use message::Message;
pub(super) use observer::{Companion, Direction};
pub(super) use patch::patch;
pub(super) use play_request::{Rank, Turn};
use question::Told;
pub(super) use scheduler::{Called, Scheduler};

/// As often as the stage draws.
const LOOK: Duration = Duration::from_millis(50);
/// Nothing plays and nobody is kept waiting: an order wakes at once.
const STANDING: Duration = Duration::from_millis(500);
/// How long the end waits for files that are to be written.
const WRITTEN_WITHIN: Duration = Duration::from_secs(3);
/// The lights confirm within 10 ms unless the machine is on its knees.
const SAFE_WITHIN: Duration = Duration::from_millis(100);

/// What an instance is opened with.
pub(super) struct Plan {
    pub(super) rig: Arc<Rig>,
    pub(super) kind: OutputKind,
    /// Those of the rig that are driven; the lock has claimed them.
    pub(super) outputs: Vec<Address>,
    pub(super) pins: Option<PathBuf>,
    pub(super) places: Vec<PathBuf>,
    /// In per cent.
    pub(super) volume: u8,
    pub(super) lock: Lock,
    pub(super) front: Front,
    pub(super) trace: Option<Trace>,
    /// Of the service only.
    pub(super) scheduler: Option<Scheduler>,
    pub(super) inbox: Receiver<Message>,
    pub(super) tx: Sender<Message>,
}

/// An instance at work. Its fields are dropped in this order: whoever guards the lines goes before the
/// socket, and the lock last.
pub(super) struct House {
    pub(super) front: Front,
    trace: Option<Trace>,
    inputs: Inputs,
    rig: Arc<Rig>,
    patch: Patch,
    outputs: Vec<Address>,
    outlet: OutputKind,
    loader: Loader,
    /// A show that was read to stand between others.
    to_stand: Option<LoadedShow>,
    inbox: Inbox,
    /// Never hung up on, so that the inbox never ends.
    tx: Sender<Message>,
    scheduler: Option<Scheduler>,
    on_stage: Arc<Mutex<Option<Controls>>>,
    /// Relays are spared from one turn to the next.
    relay_moves: RelayMoves,
    worn: Wear,
    writer: Writer,
    volume: u8,
    is_dark: bool,
    /// Nothing new begins.
    is_ending: bool,
    /// Who interrupts; the last of them is on first.
    newcomers: Vec<Turn>,
    /// Who was interrupted; the last of them goes on first.
    later: Vec<Turn>,
    /// How the last show went.
    panic_messages: Option<String>,
    /// When the lock's file was last written.
    told: Instant,
    guardian: Guardian,
    control: Option<Server>,
    lock: Lock,
}

/// Has `perform` open a instance and close it again, and tells of every thread that panicked meanwhile, this one
/// included.
pub(super) fn guarded(perform: impl FnOnce() -> Result<Outcome, Failure>) -> Result<Outcome, Failure> {
    faults::arm();
    // By the time a panic is caught here, all that was open has been closed, down to the lock.
    let ended = panic::catch_unwind(AssertUnwindSafe(perform));
    let panic_messages = signals::panic_messages();
    match ended {
        Ok(ended) if panic_messages.is_empty() => ended,
        _ => Err(anyhow!("a thread panicked; the lights are safe\n{}", panic_messages.join("\n")).into()),
    }
}

impl House {
    /// Takes everything but the lines. From here on they are safe even if this process is killed.
    ///
    /// # Errors
    /// When whoever was killed before has left a guardian that cannot be got out of the way, or no
    /// guardian can be started.
    pub(super) fn open(plan: Plan) -> Result<Self, Failure> {
        let Plan { rig, kind, outputs, pins, places, volume, lock, front, trace, scheduler, inbox, tx } =
            plan;
        let patch = patch(kind, &rig, &outputs, pins.as_deref())?;
        let control = open_control(&lock, kind, &tx, &front);
        if let Some(told) = guardian::finish_leftovers(&lock, &patch.safe_plan())? {
            front.notice(&told);
        }
        let guardian = Guardian::start(&lock, patch.safe_plan())?;
        let mut inputs = Inputs::new(Arc::clone(&rig), kind, tx.clone());
        if let Some(told) = inputs.look_after() {
            front.notice(&told);
        }
        let on_stage: Arc<Mutex<Option<Controls>>> = Arc::default();
        let present = Arc::clone(&on_stage);
        signals::before_death(move || {
            // Whoever has it at this moment is about to begin or has ended: the guardian sees to the rest.
            if let Some(controls) = present.try_lock().ok().and_then(|present| present.clone()) {
                let _ = controls.make_safe(SAFE_WITHIN);
            }
        });
        Ok(Self {
            writer: Writer::new(tx.clone()),
            loader: Loader::new(Arc::clone(&rig), places, tx.clone()),
            to_stand: None,
            front,
            trace,
            inputs,
            rig,
            patch,
            outputs,
            outlet: kind,
            inbox: Inbox::new(inbox),
            tx,
            scheduler,
            on_stage,
            relay_moves: RelayMoves::default(),
            worn: Wear::default(),
            volume,
            is_dark: false,
            is_ending: false,
            newcomers: Vec::new(),
            later: Vec::new(),
            panic_messages: None,
            told: Instant::now(),
            guardian,
            control,
            lock,
        })
    }

    /// Trace and front, then the guardian, the socket and the lock; the lines are safe already.
    pub(super) fn close(self) -> Result<(), Failure> {
        let Self {
            front,
            trace,
            inputs,
            outlet,
            inbox,
            tx,
            worn,
            panic_messages,
            scheduler,
            mut writer,
            guardian,
            control,
            lock,
            ..
        } = self;
        drop(inputs);
        if let Some(scheduler) = scheduler {
            scheduler.end(&mut writer);
        }
        // Whoever has the lock next reads what is written here.
        writer.finish(WRITTEN_WITHIN);
        // What the last commands have said came in meanwhile.
        for message in inbox.drain() {
            match message {
                Message::Script(Told::Says(line)) => front.event(&line),
                Message::Notice(text) => front.notice(&text),
                _ => {}
            }
        }
        let traced = trace.map(Trace::finish).transpose();
        match panic_messages {
            Some(panic_messages) => front.close(&panic_messages),
            None => drop(front),
        }
        drop(guardian);
        drop(control);
        drop(lock);
        // The lock is free by now: nobody waits for an SD card.
        let mut writer = Writer::new(tx);
        write_down(outlet, worn, &mut writer);
        writer.finish(WRITTEN_WITHIN);
        for message in inbox.drain() {
            if let Message::Notice(text) = message {
                log::warn!("{text}");
            }
        }
        traced?;
        Ok(())
    }

    /// What the person who runs the shows should know: here, and in the terminal whose show is on.
    fn notice(&self, act: Option<&RunningShow>, text: &str) {
        self.front.notice(text);
        if let Some(caller) = act.and_then(|act| act.turn.caller.as_ref()) {
            caller.tell(crate::ipc::Answer::Notice(text.to_owned()));
        }
    }

    /// Writes down what must outlast the machine, while nothing plays.
    fn settle(&mut self) {
        write_down(self.outlet, std::mem::take(&mut self.worn), &mut self.writer);
        if let Some(scheduler) = &mut self.scheduler {
            scheduler.settle(&mut self.writer);
        }
    }

    fn is_service(&self) -> bool {
        self.lock.info().service
    }

    fn publish(&self, status: &Status) {
        let Some(control) = &self.control else { return };
        let then = self
            .newcomers
            .iter()
            .rev()
            .chain(self.later.iter().rev())
            .map(|turn| turn.name().to_owned())
            .collect();
        let next = self.scheduler.as_ref().and_then(Scheduler::next);
        // What stands between shows is no show.
        let show = status.show.clone().filter(|_| status.stands.is_none());
        control.publish(Status { service: self.is_service(), show, then, next, ..status.clone() });
    }

    fn look_after_panel(&mut self) {
        if let Some(told) = self.inputs.look_after() {
            self.front.notice(&told);
        }
    }

    fn look_after_control(&mut self) {
        if let Some(Err(error)) = self.control.as_mut().map(Server::restore_socket) {
            self.front.notice(&format!("the control socket cannot be made anew: {error}"));
            self.control = None;
        }
    }
}

/// A count that cannot be kept is told, and fails no show.
fn write_down(outlet: OutputKind, worn: Wear, writer: &mut Writer) {
    if outlet != OutputKind::Gpio || worn.is_empty() {
        return;
    }
    writer.add(move || {
        let error = wear::add(&files::state_places(), &worn).err()?;
        Some(format!("the relays' switchings were not counted: {error:#}"))
    });
}

/// Without a socket the show plays all the same, and nobody can speak to it.
fn open_control(lock: &Lock, outlet: OutputKind, tx: &Sender<Message>, front: &Front) -> Option<Server> {
    let path = lock.dir().socket_path(lock.name());
    let status = Status { service: lock.info().service, ..Status::idle(outlet) };
    let opened = Server::open(&path, status, tx.clone());
    opened.map_err(|error| front.notice(&format!("nobody can speak to this instance: {error:#}"))).ok()
}
