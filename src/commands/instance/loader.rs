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

/// Reads the show of a name.
type ReadShow = dyn Fn(&str) -> Result<LoadedShow, Failure> + Send + Sync;

/// Dropped, it leaves what is being read to itself.
pub(super) struct Loader {
    reader: Arc<ReadShow>,
    patience: Duration,
    tx: Sender<Message>,
    thread: Option<SyncSender<(u64, String)>>,
    waiting: Vec<Waiting>,
    asked: u64,
    lost: usize,
}

impl Loader {
    /// What is read goes to `tx`. The thread begins with the first show.
    pub(super) fn new(rig: Arc<Rig>, places: Vec<PathBuf>, tx: Sender<Message>) -> Self {
        Self::reading_by(move |name| files::show(name, &places, &rig), PATIENCE, tx)
    }

    fn reading_by(
        reader: impl Fn(&str) -> Result<LoadedShow, Failure> + Send + Sync + 'static,
        patience: Duration,
        tx: Sender<Message>,
    ) -> Self {
        let reader = Arc::new(reader);
        Self { reader, patience, tx, thread: None, waiting: Vec::new(), asked: 0, lost: 0 }
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
        let patience = self.patience;
        let Waiting { name, purpose, .. } = self.take(|waiting| waiting.since.elapsed() >= patience)?;
        // Whatever it hangs at, the next show has a thread of its own.
        self.lost += usize::from(self.thread.take().is_some());
        let why = anyhow!("{name} was not read within {} s: the disk may hang", patience.as_secs());
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
        let (reader, tx) = (Arc::clone(&self.reader), self.tx.clone());
        thread::Builder::new().name("loader".into()).spawn(move || read_all(&asked, &*reader, &tx))?;
        Ok(asks)
    }
}

fn read_all(asked: &Receiver<(u64, String)>, reader: &ReadShow, tx: &Sender<Message>) {
    for (number, name) in asked {
        faults::point("loader");
        let loaded = reader(&name);
        if tx.send(Message::Read(Box::new(Read { number, loaded }))).is_err() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::sync::mpsc::channel;

    use super::*;

    /// Far longer than reading nothing takes; a failure waits for it.
    const SOON: Duration = Duration::from_secs(10);

    /// A disk on which every show that is called `hangs` hangs, until the test lets one go on.
    struct Disk {
        loader: Loader,
        inbox: Receiver<Message>,
        goes_on: Sender<()>,
    }

    impl Disk {
        fn new(patience: Duration) -> Self {
            let (letters, inbox) = channel();
            let (goes_on, hangs) = channel();
            let hangs = Mutex::new(hangs);
            let reader = move |name: &str| {
                if name == "hangs" {
                    let _the_test_is_over = hangs.lock().unwrap().recv();
                }
                Err(Failure::of(Outcome::BadFile, anyhow!("{name} was read")))
            };
            Self { loader: Loader::reading_by(reader, patience, letters), inbox, goes_on }
        }

        fn read(&mut self, name: &str) {
            let asker = Asker::Button("bell".to_owned());
            self.loader.read(name, Purpose::Ordered { play: Play::show(name), asker });
        }

        /// What comes of the next that is answered; nothing where nobody waits for it any more.
        fn answered(&mut self) -> Option<String> {
            let Ok(Message::Read(read)) = self.inbox.recv_timeout(SOON) else {
                panic!("nothing is answered")
            };
            let (_, _, loaded) = self.loader.answered(*read)?;
            Some(words(loaded.err().expect("no show is there")))
        }

        #[track_caller]
        fn overdue(&mut self) -> (String, String) {
            let start = Instant::now();
            loop {
                if let Some((name, purpose, failure)) = self.loader.overdue() {
                    assert!(matches!(purpose, Purpose::Ordered { .. }));
                    return (name, words(failure));
                }
                assert!(start.elapsed() < SOON, "nothing is overdue");
                thread::sleep(Duration::from_millis(1));
            }
        }
    }

    fn words(failure: Failure) -> String {
        failure.words()
    }

    #[test]
    fn a_show_that_hangs_while_it_is_read_is_given_up_and_the_next_one_is_read() {
        let mut disk = Disk::new(Duration::from_millis(100));
        disk.read("hangs");
        assert!(disk.loader.overdue().is_none() && disk.loader.is_busy(), "it has just been asked for");
        let (name, words) = disk.overdue();
        assert!(
            name == "hangs" && words.contains("was not read within") && words.contains("disk"),
            "{words}"
        );
        assert!(!disk.loader.is_busy() && disk.loader.overdue().is_none(), "that is told once");
        disk.read("mall");
        assert_eq!(disk.answered().as_deref(), Some("mall was read"));
        // What comes too late is nobody's.
        disk.goes_on.send(()).unwrap();
        assert_eq!(disk.answered(), None);
    }

    #[test]
    fn a_disk_that_hangs_again_and_again_takes_a_few_threads_and_no_more() {
        let mut disk = Disk::new(Duration::ZERO);
        for _ in 0..=MOST_LOST {
            disk.read("hangs");
            disk.overdue();
        }
        disk.read("mall");
        let told = disk.answered().unwrap_or_default();
        assert!(told.contains("the disk with the shows does not answer"), "{told}");
        assert_eq!(disk.loader.lost, MOST_LOST + 1);
    }
}
