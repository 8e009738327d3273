//! The file of a guardian in the lock directory: by its lock others see that a guardian is at work, and by
//! its text what one that was killed has left undone. Knows neither how a guardian is made nor what it does.
//!
//! Nothing is killed and nobody is believed on the word of this file. A guardian that comes late, to lines
//! that are another instance's by then, sees that by itself and leaves them alone; so nobody has to end it.
//!
//! The instance makes the file anew for each guardian, locks it and hands it over with the orders: no
//! guardian has orders and no file. Only its user may write it, which a write lock takes. The guardian
//! takes its orders out of it when every line is safe.

use std::fs::{self, File};
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::fs::FileExt;
use std::thread;
use std::time::{Duration, Instant};

use super::fresh::{self, Unplaced};
use super::kernel::{self, FileId};
use super::lock_file::cannot_lock;
use super::second_anchor::{Resource, SecondAnchor};
use super::{LAUNCH_POLL, Lock, LockDir, Pid, Refusal, probe};
use crate::rig::Line;

const MODE: u32 = 0o640; // the group sees whether it is locked
const LONGEST_HEAD: usize = 64; // bytes; a number and a word
/// The lines of a dead instance wait no longer than this: what stands in the door is stuck.
const LAUNCH_PATIENCE: Duration = Duration::from_millis(20);

/// The file of a guardian, locked for as long as any process has the descriptors in [`GuardianFile::share`].
#[derive(Debug)]
pub struct GuardianFile {
    directory: File,
    file: File,
    unplaced: Option<Unplaced>,
}

/// By what an instance knows its guardian's file again.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct GuardianFileId(FileId);

impl Lock {
    /// A new file for `guardian`, which does what `orders` say; nobody finds it yet.
    ///
    /// # Errors
    /// [`Refusal`], as for the lock's own file.
    pub fn guardian_file(&self, guardian: Pid, orders: &[u8]) -> Result<GuardianFile, Refusal> {
        let file_name = self.claim.name.guardian_file_name();
        let path = self.dir.path().join(&file_name);
        let failed = |error| cannot_lock(&self.dir, &path, error);
        let (unplaced, file) = fresh::make(&self.dir, &file_name, MODE).map_err(failed)?;
        kernel::lock_whole(&file).map_err(failed)?;
        // The number is for people.
        let text = [format!("pid {guardian}\n").as_bytes(), orders].concat();
        file.write_all_at(&text, 0).map_err(failed)?;
        let directory = self.dir.open_again().map_err(failed)?;
        Ok(GuardianFile { directory, file, unplaced: Some(unplaced) })
    }

    /// Whether others find this file of this lock's guardian.
    #[must_use]
    pub fn has_in_place(&self, file: GuardianFileId) -> bool {
        let entry = self.dir.entry_named(&self.claim.name.guardian_file_name());
        fs::symlink_metadata(entry).is_ok_and(|metadata| FileId::from(&metadata) == file.0)
    }
}

impl GuardianFile {
    /// What the guardian must have, and keep until it ends: the directory and the file.
    #[must_use]
    pub fn share(&self) -> [BorrowedFd<'_>; 2] {
        [self.directory.as_fd(), self.file.as_fd()]
    }

    /// Lets others find it, in place of the file that the guardian before had.
    ///
    /// # Errors
    /// [`io::Error`] of rename(2).
    pub fn put_in_place(&mut self) -> io::Result<()> {
        self.unplaced.take().map_or(Ok(()), Unplaced::put_in_place)
    }

    /// # Errors
    /// [`io::Error`] of fstat(2).
    pub fn id(&self) -> io::Result<GuardianFileId> {
        Ok(GuardianFileId(FileId::from(&self.file.metadata()?)))
    }
}

/// The file of a guardian in the guardian's own hands, and what it needs to see whose its lines are.
#[derive(Debug)]
pub struct GuardianLock {
    dir: LockDir,
    anchor: SecondAnchor,
    file: File,
    /// Whom it guards.
    instance: Pid,
}

impl GuardianLock {
    /// What a guardian of `instance` was given; by [`GuardianFile::share`].
    ///
    /// # Errors
    /// When it is no such thing, or there is no descriptor left.
    pub fn of(instance: Pid, [directory, file]: [OwnedFd; 2]) -> io::Result<Self> {
        let dir = LockDir::shared(directory.into())?;
        let anchor = SecondAnchor::on(&dir)?;
        Ok(Self { dir, anchor, file: file.into(), instance })
    }

    /// Does `act` while no launch can take a line, with the question which lines are another instance's by
    /// now. Waits 20 ms at most for a launch that is half-way through; whatever else stands in the way of
    /// launches keeps no light on.
    pub fn while_no_launch<T>(&self, act: impl FnOnce(&dyn Fn(Line) -> bool) -> T) -> T {
        let began = Instant::now();
        let door = loop {
            match self.anchor.try_launch_mutex() {
                Ok(None) if began.elapsed() < LAUNCH_PATIENCE => thread::sleep(LAUNCH_POLL),
                Ok(door) => break door,
                Err(_) => break None,
            }
        };
        let outcome = act(&|line| self.is_anothers(line));
        drop(door);
        outcome
    }

    /// Whether another instance has `line`. A mark alone does not prove it, because whoever may read the
    /// directory can make one, and a lamp would stay on for that: whoever has marked it must hold a lock
    /// file as well, by the kernel's word.
    fn is_anothers(&self, line: Line) -> bool {
        // Who cannot be asked about is nobody: the safe level is safe for everybody.
        let mut owners = self.anchor.owners_of(Resource::Line(line)).unwrap_or_default();
        owners.retain(|owner| *owner != self.instance);
        if owners.is_empty() {
            return false;
        }
        let holders = probe::holders_by_file(&self.dir).unwrap_or_default();
        let mut others = holders.iter().map(|holder| holder.pid).filter(|pid| *pid != self.instance);
        // The number of one in another PID namespace is hidden.
        others.any(|pid| pid == Pid::HIDDEN || owners.contains(&pid))
    }

    /// Every line is safe: no orders are left to carry out. The number stays, for people.
    ///
    /// # Errors
    /// [`io::Error`]; then the next instance makes its lines safe once more.
    pub fn clear(&self) -> io::Result<()> {
        let mut head = [0; LONGEST_HEAD];
        let length = self.file.read_at(&mut head, 0)?;
        let end = head[..length].iter().position(|byte| *byte == b'\n').map_or(0, |end| end as u64 + 1);
        self.file.set_len(end)
    }
}
