//! A guardian's post in the lock directory: what its successors wait for, and by what they know it.
//! Knows neither how a guardian is made nor what it does.
//!
//! Like a lock it is two things: marks on the directory, one a line, which no `rm` reaches and which
//! keep others waiting; and a file of its own, locked, which says who it is and what it does. Only who
//! may write in the lock directory can lock that file, so it proves what a mark, which any local user
//! can make, does not. The kernel frees both at any death of the guardian, and nothing is ever deleted.
//!
//! The instance prepares all of it and hands it over with the orders: so there is no instant at which a
//! guardian has orders and is not at its post.

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::fs::FileExt;

use super::anchor::{self, Place};
use super::dir::through;
use super::kernel;
use super::latch::{cannot_lock, flaw, found_or_made};
use super::{Lock, Pid, Refusal};
use crate::rig::Line;

const TRIES: u32 = 8; // a hand that deletes this often deletes on purpose

/// A post, for as long as any process has the descriptors in [`Post::share`].
#[derive(Debug)]
pub struct Post {
    directory: File,
    file: File,
    lines: Vec<Line>,
}

impl Lock {
    /// A post for a guardian of this lock's lines.
    ///
    /// # Errors
    /// [`Refusal`], as for the lock's own file; of kind [`ErrorKind::WouldBlock`] where another guardian
    /// has it still.
    pub fn post(&self) -> Result<Post, Refusal> {
        let path = self.dir.path().join(self.claim.name.guardian_file_name());
        let failed = |error| cannot_lock(&self.dir, &path, error);
        let entry = self.dir.guardian_entry(&self.claim.name);
        let found = (0..TRIES).find_map(|_| found_or_made(&self.dir, &entry).transpose());
        let handle = found.unwrap_or_else(|| Err(ErrorKind::NotFound.into())).map_err(failed)?;
        if let Some(flaw) = flaw(&handle.metadata().map_err(failed)?) {
            return Err(Refusal::UnsafeFile { path, flaw });
        }
        let file = OpenOptions::new().read(true).write(true).open(through(&handle)).map_err(failed)?;
        if !kernel::try_lock_whole(&file).map_err(failed)? {
            return Err(failed(ErrorKind::WouldBlock.into()));
        }
        file.set_len(0).map_err(failed)?; // who was there before is not to be taken for who comes now
        let directory = self.dir.open_again().map_err(failed)?;
        Ok(Post { directory, file, lines: self.claim.lines.clone() })
    }
}

impl Post {
    /// Marks the post as that of `guardian`, which does what `orders` say.
    ///
    /// # Errors
    /// When the directory cannot be marked, or the file not be written.
    pub fn take(&self, guardian: Pid, orders: &[u8]) -> io::Result<()> {
        let text = [format!("pid {guardian}\n").as_bytes(), orders].concat();
        self.file.write_all_at(&text, 0)?;
        let mut places = self.lines.iter().copied().map(Place::Guarded);
        places.try_for_each(|place| anchor::mark(&self.directory, place, guardian))
    }

    /// What the guardian must have, and keep until it ends.
    #[must_use]
    pub fn share(&self) -> [BorrowedFd<'_>; 2] {
        [self.directory.as_fd(), self.file.as_fd()]
    }
}
