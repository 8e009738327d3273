//! The lock files that this process has locked. Knows nothing of other processes.
//!
//! A POSIX lock falls when its process closes *any* descriptor of the file. So every opening and
//! closing of a lock file happens with this open_locks in hand, and a file that is in it is not opened
//! at all: what one wants to know of it is answered through the descriptor that holds the lock.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::kernel::FileId;
use super::lock_file::LockFile;

static OPEN: Mutex<Vec<LockFile>> = Mutex::new(Vec::new());

/// The open_locks, in hand: nobody else in this process opens or closes a lock file meanwhile.
pub(super) struct OpenLocks(MutexGuard<'static, Vec<LockFile>>);

impl OpenLocks {
    pub(super) fn access() -> Self {
        // A panic elsewhere leaves the list as whole as it was.
        Self(OPEN.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The lock_file on this file, where this process has it.
    pub(super) fn lock_file(&self, id: FileId) -> Option<&LockFile> {
        self.0.iter().find(|lock_file| lock_file.id() == id && lock_file.is_ours())
    }

    pub(super) fn add(&mut self, lock_file: LockFile) -> OpenLock {
        let id = lock_file.id();
        self.0.push(lock_file);
        OpenLock(id)
    }
}

/// A lock_file's place in the open_locks. Dropping it frees the file; the open_locks must not be in hand.
#[derive(Debug)]
pub(super) struct OpenLock(FileId);

impl OpenLock {
    pub(super) fn id(&self) -> FileId {
        self.0
    }
}

impl Drop for OpenLock {
    fn drop(&mut self) {
        OpenLocks::access().0.retain(|lock_file| lock_file.id() != self.0);
    }
}
