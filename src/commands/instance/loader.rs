//! Reads shows on a thread of its own, one after another: a disk may hang, and long music takes seconds to measure.
//! Whoever obeys orders waits for neither. Knows what each show was asked for, and not what comes of it.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, SyncSender, sync_channel};
use std::time::{Duration, Instant};
use std::{io, thread};

use anyhow::{Context, anyhow};

use crate::faults;
use crate::ipc::{ConnectionId, Play, Responder};
use crate::rig::Rig;
use crate::schedule::Booking;

use super::super::files::{self, LoadedShow};
use super::super::outcome::{Failure, Outcome};
use super::message::Message;

/// The music of a whole evening is measured by then, on the slowest Pi.
const PATIENCE: Duration = Duration::from_secs(30);
/// So many shows may wait to be read.
const MOST_WAITING: usize = 16;
/// So many threads may be left to a disk that hangs.
const MOST_LOST: usize = 4;

/// What a show is read for.
pub(super) enum Purpose {
    /// Somebody has ordered it, and waits for an answer.
    Ordered { play: Play, asker: Asker },
    /// The schedule brings it.
    Booked(Booking),
    /// It is to stand between shows.
    Stands,
}

/// Who waits for the answer to an order.
pub(super) enum Asker {
    Caller(Responder),
    /// The button of this name.
    Button(String),
}

/// A show that was read, or why it cannot be played.
pub(in crate::commands) struct Read {
    number: u64,
    loaded: Result<LoadedShow, Failure>,
}

impl std::fmt::Debug for Read {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "show number {}", self.number)
    }
}

struct Waiting {
    number: u64,
    name: String,
    since: Instant,
    purpose: Purpose,
}

/// Dropped, it leaves what is being read to itself.
pub(super) struct Loader {
    rig: Arc<Rig>,
    places: Vec<PathBuf>,
    tx: Sender<Message>,
    thread: Option<SyncSender<(u64, String)>>,
    waiting: Vec<Waiting>,
    asked: u64,
    lost: usize,
}

impl Loader {
    /// What is read goes to `tx`. The thread begins with the first show.
    pub(super) fn new(rig: Arc<Rig>, places: Vec<PathBuf>, tx: Sender<Message>) -> Self {
        Self { rig, places, tx, thread: None, waiting: Vec::new(), asked: 0, lost: 0 }
    }

    /// Has show `name` read for `purpose`. Never blocks: what cannot be read now is answered so.
    pub(super) fn read(&mut self, name: &str, purpose: Purpose) {
        self.asked += 1;
        let (number, since) = (self.asked, Instant::now());
        if let Err(failure) = self.ask(number, name) {
            let read = Read { number, loaded: Err(failure) };
            let _ = self.tx.send(Message::Read(Box::new(read)));
        }
        self.waiting.push(Waiting { number, name: name.to_owned(), since, purpose });
    }

    fn ask(&mut self, number: u64, name: &str) -> Result<(), Failure> {
        if self.thread.is_none() && self.lost > MOST_LOST {
            let why = anyhow!("no show can be read: the disk with the shows does not answer");
            return Err(Failure::of(Outcome::Busy, why));
        }
        let thread = match self.thread.take() {
            Some(thread) => thread,
            None => self.start().context("starting a thread that reads shows")?,
        };
        let asked = thread.try_send((number, name.to_owned()));
        self.thread = Some(thread);
        asked.map_err(|_| {
            let why = anyhow!("{MOST_WAITING} shows wait already to be read");
            Failure::of(Outcome::Busy, why)
        })
    }

    /// What the show that was read is for; nothing where nobody wants it any more.
    pub(super) fn answered(&mut self, read: Read) -> Option<(String, Purpose, Result<LoadedShow, Failure>)> {
        let Waiting { name, purpose, .. } = self.take(|waiting| waiting.number == read.number)?;
        Some((name, purpose, read.loaded))
    }

    /// A show that takes too long; it is not read any more.
    pub(super) fn overdue(&mut self) -> Option<(String, Purpose, Failure)> {
        let Waiting { name, purpose, .. } = self.take(|waiting| waiting.since.elapsed() >= PATIENCE)?;
        // Whatever it hangs at, the next show has a thread of its own.
        self.lost += usize::from(self.thread.take().is_some());
        let why = anyhow!("{name} was not read within {} s: the disk may hang", PATIENCE.as_secs());
        Some((name, purpose, Failure::of(Outcome::Failed, why)))
    }

    /// Whether a show is read that will want the stage.
    pub(super) fn is_busy(&self) -> bool {
        self.waiting.iter().any(|waiting| !matches!(waiting.purpose, Purpose::Stands))
    }

    /// Whether this show is read to stand between others.
    pub(super) fn reads_to_stand(&self, name: &str) -> bool {
        self.waiting.iter().any(|waiting| matches!(waiting.purpose, Purpose::Stands) && waiting.name == name)
    }

    /// All that was ordered or booked and is still read: nobody wants it any more.
    pub(super) fn call_off(&mut self) -> Vec<Purpose> {
        let wanted = |waiting: &mut Waiting| !matches!(waiting.purpose, Purpose::Stands);
        self.waiting.extract_if(.., wanted).map(|waiting| waiting.purpose).collect()
    }

    /// The show that this visitor has asked for, for as long as they are there; nobody wants it any more.
    pub(super) fn give_up(&mut self, visitor: ConnectionId) -> Option<(String, Responder)> {
        let is_theirs = |waiting: &Waiting| match &waiting.purpose {
            Purpose::Ordered { play, asker: Asker::Caller(caller) } => play.attach && caller.id() == visitor,
            _ => false,
        };
        match self.take(is_theirs)? {
            Waiting { name, purpose: Purpose::Ordered { asker: Asker::Caller(caller), .. }, .. } => {
                Some((name, caller))
            }
            _ => None,
        }
    }

    fn take(&mut self, is_it: impl Fn(&Waiting) -> bool) -> Option<Waiting> {
        let at = self.waiting.iter().position(is_it)?;
        Some(self.waiting.remove(at))
    }

    fn start(&self) -> io::Result<SyncSender<(u64, String)>> {
        let (asks, asked) = sync_channel(MOST_WAITING);
        let (rig, places, tx) = (Arc::clone(&self.rig), self.places.clone(), self.tx.clone());
        thread::Builder::new().name("loader".into()).spawn(move || read_all(&asked, &rig, &places, &tx))?;
        Ok(asks)
    }
}

fn read_all(asked: &Receiver<(u64, String)>, rig: &Rig, places: &[PathBuf], tx: &Sender<Message>) {
    for (number, name) in asked {
        faults::point("loader");
        let loaded = files::show(&name, places, rig);
        if tx.send(Message::Read(Box::new(Read { number, loaded }))).is_err() {
            return;
        }
    }
}
