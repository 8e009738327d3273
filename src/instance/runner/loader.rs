//! Reads shows on a thread of its own, one after another: a disk may hang, and long music takes seconds to measure.
//! Knows not what a show is read for, and no deadline.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use anyhow::{Context, anyhow};

use crate::faults;
use crate::loading::{self, LoadedShow};
use crate::outcome::{Failure, Outcome};
use crate::rig::Rig;

use super::super::state::JobId;

/// So many shows may wait to be read.
const MOST_WAITING: usize = 16;
/// So many threads may be left to a disk that hangs.
const MOST_LOST: usize = 4;

/// A show that was read, or why it cannot be played.
pub(crate) struct ShowRead {
    pub(super) job: JobId,
    pub(super) loaded: Result<LoadedShow, Failure>,
}

impl std::fmt::Debug for ShowRead {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "show of {:?}", self.job)
    }
}

/// Told of each show that was read; whether that is wanted still.
type ShowListener = Arc<dyn Fn(ShowRead) -> bool + Send + Sync>;

/// Reads the show of a name.
type ShowReader = dyn Fn(&str) -> Result<LoadedShow, Failure> + Send + Sync;

/// Dropped, it leaves what is being read to itself.
pub(super) struct Loader {
    reader: Arc<ShowReader>,
    tell: ShowListener,
    thread: Option<SyncSender<(JobId, String)>>,
    lost: usize,
}

impl Loader {
    /// What is read goes to `tell`, on the loader's thread; as long as that answers true, reading goes on. The thread
    /// begins with the first show.
    pub(super) fn new(
        rig: Arc<Rig>,
        places: Vec<PathBuf>,
        tell: impl Fn(ShowRead) -> bool + Send + Sync + 'static,
    ) -> Self {
        Self::reading_by(move |name| loading::show(name, &places, &rig), tell)
    }

    fn reading_by(
        reader: impl Fn(&str) -> Result<LoadedShow, Failure> + Send + Sync + 'static,
        tell: impl Fn(ShowRead) -> bool + Send + Sync + 'static,
    ) -> Self {
        Self { reader: Arc::new(reader), tell: Arc::new(tell), thread: None, lost: 0 }
    }

    /// Has show `name` read. Never blocks.
    ///
    /// # Errors
    /// When it cannot be read now.
    pub(super) fn read(&mut self, job: JobId, name: String) -> Result<(), Failure> {
        if self.thread.is_none() && self.lost > MOST_LOST {
            let why = anyhow!("no show can be read: the disk with the shows does not answer");
            return Err(Failure::of(Outcome::Busy, why));
        }
        let thread = match self.thread.take() {
            Some(thread) => thread,
            None => self.start().context("starting a thread that reads shows")?,
        };
        let asked = thread.try_send((job, name));
        self.thread = Some(thread);
        asked.map_err(|_| {
            let why = anyhow!("{MOST_WAITING} shows wait already to be read");
            Failure::of(Outcome::Busy, why)
        })
    }

    /// Whatever it hangs at, the next show has a thread of its own.
    pub(super) fn abandon(&mut self) {
        self.lost += usize::from(self.thread.take().is_some());
    }

    fn start(&self) -> io::Result<SyncSender<(JobId, String)>> {
        let (asks, asked) = sync_channel(MOST_WAITING);
        let (reader, tell) = (Arc::clone(&self.reader), Arc::clone(&self.tell));
        thread::Builder::new().name("loader".into()).spawn(move || read_all(&asked, &*reader, &tell))?;
        Ok(asks)
    }
}

fn read_all(asked: &Receiver<(JobId, String)>, reader: &ShowReader, tell: &ShowListener) {
    for (job, name) in asked {
        faults::point("loader");
        let loaded = reader(&name);
        if !tell(ShowRead { job, loaded }) {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::sync::mpsc::channel;
    use std::time::Duration;

    use super::*;

    /// Far longer than reading nothing takes; a failure waits for it.
    const SOON: Duration = Duration::from_secs(10);

    #[test]
    fn a_disk_that_hangs_again_and_again_takes_a_few_threads_and_no_more() {
        let (goes_on, hangs) = channel::<()>();
        let (tx, answers) = channel();
        let (hangs, tx) = (Mutex::new(hangs), Mutex::new(tx));
        let reader = move |name: &str| {
            if name == "hangs" {
                let _the_test_is_over = hangs.lock().unwrap().recv();
            }
            Err(Failure::of(Outcome::BadFile, anyhow!("{name} was read")))
        };
        let tell = move |read: ShowRead| tx.lock().unwrap().send(read).is_ok();
        let mut loader = Loader::reading_by(reader, tell);
        for number in 0..=MOST_LOST {
            loader.read(JobId::numbered(number as u64), "hangs".to_owned()).unwrap();
            loader.abandon();
            if number < MOST_LOST {
                loader.read(JobId::numbered(100 + number as u64), "mall".to_owned()).unwrap();
                let read = answers.recv_timeout(SOON).expect("the next show has a thread of its own");
                assert_eq!(read.job, JobId::numbered(100 + number as u64));
            }
        }
        let refused = loader.read(JobId::numbered(9), "mall".to_owned()).unwrap_err();
        assert!(refused.words().contains("the disk with the shows does not answer"), "{}", refused.words());
        drop(goes_on);
    }
}
