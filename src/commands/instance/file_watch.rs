//! Looks at the files that the service goes by, once a minute and on a thread of its own: whether a show that could
//! not be played can be played now, and what has become of the rig and the schedule. Nobody waits for it: a disk
//! may hang.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, SyncSender, TrySendError, sync_channel};
use std::time::{Duration, Instant, SystemTime};
use std::{fs, io, thread};

use crate::rig::Rig;
use crate::schedule::{Agenda, ShowFacts};

use super::super::files;
use super::super::outcome::Failure;
use super::message::Message;

const EVERY: Duration = Agenda::ASK_AGAIN;

/// What a look has found.
#[derive(Debug)]
pub(in crate::commands) struct Found {
    /// Of the shows that were asked for: what there is to know of each, or why it cannot be played.
    pub(super) shows: Vec<(String, Result<ShowFacts, String>)>,
    /// What is to be told of the rig and the schedule.
    pub(super) notices: Vec<String>,
}

/// A file that is read once, at the start.
pub(in crate::commands) struct Watched {
    path: PathBuf,
    seen: Option<Version>,
    check: Box<dyn Fn() -> Result<(), Failure> + Send>,
}

/// What changes with a file's text.
type Version = (u64, Option<SystemTime>);

impl Watched {
    /// As it is now; `check` reads it anew.
    pub(in crate::commands) fn new(
        path: PathBuf,
        check: impl Fn() -> Result<(), Failure> + Send + 'static,
    ) -> Self {
        Self { seen: version(&path), path, check: Box::new(check) }
    }

    /// What is to be told, when it has changed since the last look.
    fn look(&mut self) -> Option<String> {
        let now = version(&self.path);
        if now == self.seen {
            return None;
        }
        self.seen = now;
        let path = self.path.display();
        Some(match (self.check)() {
            Ok(()) => format!("{path} has changed: it counts from the next start of the service on"),
            Err(failure) => format!(
                "{path} has changed and cannot be used: the service goes on as it was; mend it before the next \
                 start\n{}",
                failure.words()
            ),
        })
    }
}

fn version(path: &PathBuf) -> Option<Version> {
    let about = fs::metadata(path).ok()?;
    Some((about.len(), about.modified().ok()))
}

/// Looks when it is asked to. Dropped, it looks no more; nobody waits for a look that is under way.
pub(in crate::commands) struct Lookout {
    asks: SyncSender<Vec<String>>,
    asked: Instant,
}

impl Lookout {
    /// What is found goes to `tx`.
    ///
    /// # Errors
    /// When the system has no room for a small thread.
    pub(in crate::commands) fn new(
        rig: Arc<Rig>,
        places: Vec<PathBuf>,
        watched: Vec<Watched>,
        tx: Sender<Message>,
    ) -> io::Result<Self> {
        let (asks, asked) = sync_channel(1);
        let look = move || look_out(&asked, &rig, &places, watched, &tx);
        thread::Builder::new().name("lookout".into()).spawn(look)?;
        Ok(Self { asks, asked: Instant::now() })
    }

    /// Whether a minute has passed since it was asked.
    pub(super) fn is_due(&self) -> bool {
        self.asked.elapsed() >= EVERY
    }

    /// Has it look at these shows, and at the files. Never blocks: one that is still looking is not asked again.
    pub(super) fn ask(&mut self, shows: Vec<String>) {
        match self.asks.try_send(shows) {
            Ok(()) | Err(TrySendError::Full(_)) => self.asked = Instant::now(),
            // Its panic, if it was one, ends the service anyway.
            Err(TrySendError::Disconnected(_)) => {}
        }
    }
}

fn look_out(
    asked: &Receiver<Vec<String>>,
    rig: &Rig,
    places: &[PathBuf],
    mut watched: Vec<Watched>,
    tx: &Sender<Message>,
) {
    for shows in asked {
        let shows = shows.into_iter().map(|name| {
            let facts = files::show(&name, places, rig).map(|loaded| files::show_facts(&loaded));
            (name, facts.map_err(|failure| failure.words()))
        });
        let found =
            Found { shows: shows.collect(), notices: watched.iter_mut().filter_map(Watched::look).collect() };
        if tx.send(Message::Found(found)).is_err() {
            return;
        }
    }
}
