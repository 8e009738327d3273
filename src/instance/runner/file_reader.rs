//! Reads the service's own files anew, each time on a thread of its own: a disk may hang. Knows not what is in them, and
//! no deadline.

use std::sync::Arc;
use std::thread;

use anyhow::{Context, anyhow};

use crate::faults;
use crate::outcome::{Failure, Outcome};
use crate::rig::Rig;
use crate::schedule::Schedule;

use super::super::fresh_files::FreshFiles;
use super::super::state::{JobId, Trouble};

/// So many threads may be left to a disk that hangs.
const MOST_LOST: usize = 4;

/// What came of reading them.
pub(crate) struct FilesRead {
    pub(super) job: JobId,
    pub(super) read: Result<Box<FreshFiles>, Trouble>,
}

impl std::fmt::Debug for FilesRead {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "files of {:?}", self.job)
    }
}

/// Reads the files, and compares them with the rig and the schedule that are followed.
type Read = dyn Fn(&Rig, Option<&Schedule>) -> Result<FreshFiles, Failure> + Send + Sync;

/// Dropped, it leaves what is being read to itself.
pub(crate) struct FileReader {
    reader: Arc<Read>,
    lost: usize,
}

impl FileReader {
    pub(crate) fn new(
        reader: impl Fn(&Rig, Option<&Schedule>) -> Result<FreshFiles, Failure> + Send + Sync + 'static,
    ) -> Self {
        Self { reader: Arc::new(reader), lost: 0 }
    }

    /// Has them read, and told to `tell` on another thread. Never blocks.
    ///
    /// # Errors
    /// When they cannot be read now.
    pub(super) fn read(
        &self,
        job: JobId,
        (rig, schedule): (Arc<Rig>, Option<Arc<Schedule>>),
        tell: impl FnOnce(FilesRead) + Send + 'static,
    ) -> Result<(), Failure> {
        if self.lost > MOST_LOST {
            let why = anyhow!("the disk with the files does not answer");
            return Err(Failure::of(Outcome::Busy, why));
        }
        let reader = Arc::clone(&self.reader);
        let work = move || {
            faults::point("reload");
            let read = reader(&rig, schedule.as_deref()).map(Box::new).map_err(Trouble::from);
            tell(FilesRead { job, read });
        };
        let started = thread::Builder::new().name("reload".into()).spawn(work);
        Ok(started.map(drop).context("starting a thread that reads the files")?)
    }

    /// It takes too long.
    pub(super) fn abandon(&mut self) {
        self.lost += 1;
    }
}
