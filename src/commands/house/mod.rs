//! An instance at work, whichever command it runs for: all that is held from the lock taken to the lock
//! freed, and the turns that are played meanwhile. Knows what to do with an order; not why it was started.
//!
//! Everything is opened in this order and closed in the reverse: the lock, the control socket, the
//! guardian; then, turn by turn, lines and sound.

mod act;
mod attend;
mod companion;
mod front;
mod hear;
mod inbox;
mod loader;
mod lookout;
mod message;
mod panel;
mod patch;
mod perform;
mod progress;
mod question;
mod season;
mod sound;
mod stage_door;
mod turn;
mod writer;

use std::io::stderr;
use std::panic::{self, AssertUnwindSafe};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, Sender};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use anyhow::anyhow;

use crate::cli::OutputKind;
use crate::control::{Control, Status};
use crate::engine::{Contacts, Controls};
use crate::faults;
use crate::guardian::{self, Guardian};
use crate::lock::Lock;
use crate::output::patch::Patch;
use crate::output::trace::Trace;
use crate::printable::printable;
use crate::rig::{Line, Rig};
use crate::scene::{Outlet, Scene, State};
use crate::signals;
use crate::spool::Spool;
use crate::time::ShowTime;
use crate::wear::{self, Wear};

use super::files::{self, LoadedShow};
use super::outcome::{Failure, Outcome};
use act::Act;
use inbox::Inbox;
use loader::Loader;
use writer::Writer;

pub(super) use companion::{Companion, Direction};
pub(super) use front::Front;
pub(super) use lookout::{Lookout, Watched};
pub(super) use message::Message;
use panel::Panel;
pub(super) use patch::patch;
use question::Told;
pub(super) use season::{Called, Season};
pub(super) use turn::{Rank, Turn};

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
    pub(super) lines: Vec<Line>,
    pub(super) pins: Option<PathBuf>,
    pub(super) places: Vec<PathBuf>,
    /// In per cent.
    pub(super) volume: u8,
    pub(super) lock: Lock,
    pub(super) front: Front,
    pub(super) trace: Option<Trace>,
    /// Of the service only.
    pub(super) season: Option<Season>,
    pub(super) inbox: Receiver<Message>,
    pub(super) letters: Sender<Message>,
}

/// An instance at work. Its fields are dropped in this order: whoever guards the lines goes before the
/// socket, and the lock last.
pub(super) struct House {
    pub(super) front: Front,
    trace: Option<Trace>,
    panel: Panel,
    rig: Arc<Rig>,
    patch: Patch,
    lines: Vec<Line>,
    outlet: Outlet,
    loader: Loader,
    /// A show that was read to stand between others.
    to_stand: Option<LoadedShow>,
    inbox: Inbox,
    /// Never hung up on, so that the inbox never ends.
    letters: Sender<Message>,
    season: Option<Season>,
    on_stage: Arc<Mutex<Option<Controls>>>,
    /// Relays are spared from one turn to the next.
    contacts: Contacts,
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
    last_words: Option<String>,
    /// When the lock's file was last written.
    told: Instant,
    guardian: Guardian,
    control: Option<Control>,
    lock: Lock,
}

/// Has `perform` open a house and close it again, and tells of every thread that panicked meanwhile, this one
/// included.
pub(super) fn guarded(perform: impl FnOnce() -> Result<Outcome, Failure>) -> Result<Outcome, Failure> {
    faults::arm();
    // By the time a panic is caught here, all that was open has been closed, down to the lock.
    let ended = panic::catch_unwind(AssertUnwindSafe(perform));
    let last_words = signals::last_words();
    match ended {
        Ok(ended) if last_words.is_empty() => ended,
        _ => Err(anyhow!("a thread panicked; the lights are safe\n{}", last_words.join("\n")).into()),
    }
}

impl House {
    /// Takes everything but the lines. From here on they are safe even if this process is killed.
    ///
    /// # Errors
    /// When whoever was killed before has left a guardian that cannot be got out of the way, or no
    /// guardian can be started.
    pub(super) fn open(plan: Plan) -> Result<Self, Failure> {
        let Plan { rig, kind, lines, pins, places, volume, lock, front, trace, season, inbox, letters } =
            plan;
        let patch = patch(kind, &rig, &lines, pins.as_deref())?;
        let outlet = match kind {
            OutputKind::Gpio => Outlet::Gpio,
            OutputKind::Sim => Outlet::Simulated,
        };
        let control = open_control(&lock, outlet, &letters, &front);
        if let Some(told) = guardian::relieve(&lock, &patch)? {
            front.notice(&told);
        }
        let guardian = Guardian::start(&lock, patch.clone())?;
        let mut panel = Panel::new(Arc::clone(&rig), kind, letters.clone());
        if let Some(told) = panel.look_after() {
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
            writer: Writer::new(letters.clone()),
            loader: Loader::new(Arc::clone(&rig), places, letters.clone()),
            to_stand: None,
            front,
            trace,
            panel,
            rig,
            patch,
            lines,
            outlet,
            inbox: Inbox::new(inbox),
            letters,
            season,
            on_stage,
            contacts: Contacts::default(),
            worn: Wear::default(),
            volume,
            is_dark: false,
            is_ending: false,
            newcomers: Vec::new(),
            later: Vec::new(),
            last_words: None,
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
            panel,
            outlet,
            inbox,
            letters,
            worn,
            last_words,
            season,
            mut writer,
            guardian,
            control,
            lock,
            ..
        } = self;
        drop(panel);
        if let Some(season) = season {
            season.end(&mut writer);
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
        match last_words {
            Some(last_words) => front.close(&last_words),
            None => drop(front),
        }
        drop(guardian);
        drop(control);
        drop(lock);
        // The lock is free by now: nobody waits for an SD card.
        let mut writer = Writer::new(letters);
        write_down(outlet, worn, &mut writer);
        writer.finish(WRITTEN_WITHIN);
        // Nor for whoever reads this.
        let spool = Spool::open(&stderr(), |lost| format!("starcourt: {lost} lines were lost"));
        for message in inbox.drain() {
            if let (Message::Notice(text), Ok(spool)) = (message, &spool) {
                spool.line(&format!("starcourt: {}", printable(&text)));
            }
        }
        traced?;
        Ok(())
    }

    /// What the person who runs the shows should know: here, and in the terminal whose show is on.
    fn notice(&self, act: Option<&Act>, text: &str) {
        self.front.notice(text);
        if let Some(caller) = act.and_then(|act| act.turn.caller.as_ref()) {
            caller.tell(crate::control::Answer::Notice(text.to_owned()));
        }
    }

    /// Writes down what must outlast the machine, while nothing plays.
    fn settle(&mut self) {
        write_down(self.outlet, std::mem::take(&mut self.worn), &mut self.writer);
        if let Some(season) = &mut self.season {
            season.settle(&mut self.writer);
        }
    }

    fn is_service(&self) -> bool {
        self.lock.bill().service
    }

    fn publish(&self, scene: &Scene) {
        let Some(control) = &self.control else { return };
        let then = self
            .newcomers
            .iter()
            .rev()
            .chain(self.later.iter().rev())
            .map(|turn| turn.name().to_owned())
            .collect();
        let next = self.season.as_ref().and_then(Season::next);
        control.publish(Status { service: self.is_service(), then, next, ..Status::of(scene) });
    }

    fn look_after_panel(&mut self) {
        if let Some(told) = self.panel.look_after() {
            self.front.notice(&told);
        }
    }

    fn look_after_control(&mut self) {
        if let Some(Err(error)) = self.control.as_mut().map(Control::look_after) {
            self.front.notice(&format!("the control socket cannot be made anew: {error}"));
            self.control = None;
        }
    }
}

/// A count that cannot be kept is told, and fails no show.
fn write_down(outlet: Outlet, worn: Wear, writer: &mut Writer) {
    if outlet != Outlet::Gpio || worn.is_empty() {
        return;
    }
    writer.add(move || {
        let error = wear::add(&files::state_places(), &worn).err()?;
        Some(format!("the relays' switchings were not counted: {error:#}"))
    });
}

/// Without a socket the show plays all the same, and nobody can speak to it.
fn open_control(lock: &Lock, outlet: Outlet, letters: &Sender<Message>, front: &Front) -> Option<Control> {
    let path = lock.dir().socket_path(lock.name());
    let status = Status { service: lock.bill().service, ..Status::of(&nothing_on(outlet)) };
    let opened = Control::open(&path, status, letters.clone());
    opened.map_err(|error| front.notice(&format!("nobody can speak to this instance: {error:#}"))).ok()
}

/// An instance between shows.
fn nothing_on(outlet: Outlet) -> Scene {
    Scene {
        title: "starcourt".to_owned(),
        show: String::new(),
        time: ShowTime::ZERO,
        length: None,
        bar_beat: None,
        leader: crate::clock::Leader::Machine,
        realtime: false,
        late: 0,
        volume: None,
        state: State::Idle,
        stands: None,
        outlet,
        lamps: Vec::new(),
    }
}
