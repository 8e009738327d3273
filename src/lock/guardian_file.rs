//! The file of a guardian in the lock directory: its lock tells others that a guardian is at work, its text what a
//! guardian that was killed has left undone. Knows neither how a guardian is started nor what it does.
//!
//! Nobody is killed or believed on the word of this file. A guardian that comes late, to lines that another instance
//! has by then, sees that by itself and leaves them alone; so nobody has to end it.
//!
//! The instance makes a new file for each guardian, locks it and hands it over with the orders: no guardian has
//! orders and no file. Only the instance's user may write it, which a write lock takes. The guardian removes its
//! orders from it when every line is safe.

use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::fs::{FileExt, MetadataExt, OpenOptionsExt};
use std::time::Duration;

use rustix::fs::OFlags;
use rustix::process::geteuid;

use super::dir::LockDir;
use super::kernel::{self, FileId};
use super::lock_file::OpenLocks;
use super::name::Name;
use super::pid::Pid;
use super::probe;
use super::second_anchor::{Resource, SecondAnchor};
use crate::file_access::{Draft, fd_path, handle};
use crate::rig::Address;

const MODE: u32 = 0o640; // the group sees whether it is locked
const LONGEST_HEAD: usize = 64; // bytes; a number and a word
const LONGEST_TEXT: usize = 256 * 1024; // bytes; thousands of outputs fit
/// The lines of a dead instance wait no longer than this for a launch: it is stuck.
const LAUNCH_PATIENCE: Duration = Duration::from_millis(20);

/// The file of a guardian, locked for as long as any process has the descriptors in [`GuardianFile::share`].
#[derive(Debug)]
pub struct GuardianFile {
    draft: Draft<File>,
    file: File,
    name: String,
}

/// By what an instance knows its guardian's file again.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct GuardianFileId(FileId);

impl GuardianFile {
    /// A new file for `guardian`, which does what `orders` say; nobody finds it yet.
    pub(super) fn make(dir: &LockDir, name: String, guardian: Pid, orders: &[u8]) -> io::Result<Self> {
        let (draft, file) = dir.draft(&name, MODE)?;
        kernel::lock_whole(&file)?;
        // The number is for people.
        let text = [format!("pid {guardian}\n").as_bytes(), orders].concat();
        file.write_all_at(&text, 0)?;
        Ok(Self { draft, file, name })
    }

    /// What the guardian must have, and keep until it ends: the directory and the file.
    #[must_use]
    pub fn share(&self) -> [BorrowedFd<'_>; 2] {
        [self.draft.folder().as_fd(), self.file.as_fd()]
    }

    /// Lets others find it, in place of the file that the guardian before had.
    ///
    /// # Errors
    /// [`io::Error`] of rename(2).
    pub fn put_in_place(&self) -> io::Result<()> {
        self.draft.put_in_place(OsStr::new(&self.name))
    }

    /// # Errors
    /// [`io::Error`] of fstat(2).
    pub fn id(&self) -> io::Result<GuardianFileId> {
        Ok(GuardianFileId(FileId::from(&self.file.metadata()?)))
    }
}

impl GuardianFileId {
    /// Whether others find this file as `file_name` in `dir`.
    pub(super) fn is_at(self, dir: &LockDir, file_name: &str) -> bool {
        is_at(dir, file_name, self.0)
    }
}

/// The file of a guardian in the guardian's own process, and what it needs to see whose its lines are.
#[derive(Debug)]
pub struct GuardianLock {
    dir: LockDir,
    anchor: SecondAnchor,
    file: File,
    /// Whom it guards.
    instance: Pid,
}

impl GuardianLock {
    /// From what a guardian of `instance` was given by [`GuardianFile::share`].
    ///
    /// # Errors
    /// When it is no such thing, or there is no descriptor left.
    pub fn of(instance: Pid, [directory, file]: [OwnedFd; 2]) -> io::Result<Self> {
        let dir = LockDir::shared(directory.into())?;
        let anchor = SecondAnchor::on(&dir)?;
        Ok(Self { dir, anchor, file: file.into(), instance })
    }

    /// Does `act` while no launch can take a line, with the question which lines are another instance's by
    /// now. Waits 20 ms at most for a launch that is half-way through; whatever else keeps the launch mutex keeps
    /// no light on.
    pub fn while_no_launch<T>(&self, act: impl FnOnce(&dyn Fn(Address) -> bool) -> T) -> T {
        let mutex = self.anchor.launch_mutex_within(LAUNCH_PATIENCE);
        let outcome = act(&|address| self.is_anothers(address));
        drop(mutex);
        outcome
    }

    /// Whether another instance has the output at `address`. A mark alone does not prove it, because whoever may read the
    /// directory can make one, and a lamp would stay on for that: who has marked it must hold a lock
    /// file as well, by the kernel's word.
    fn is_anothers(&self, address: Address) -> bool {
        // Who cannot be asked about is nobody: the safe level is safe for everybody.
        let owners = |claim: Address| self.anchor.owners_of(Resource::Output(claim)).unwrap_or_default();
        let mut owners: Vec<Pid> = address.claims().into_iter().flat_map(owners).collect();
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

/// The file of a guardian whose instance is gone.
pub(super) struct OrphanedFile {
    file_name: String,
    file: File,
    id: FileId,
    /// Only root or this very user can have written it.
    pub(super) is_trusted: bool,
}

impl OrphanedFile {
    /// All in `dir`.
    pub(super) fn all(dir: &LockDir, anchor: &SecondAnchor) -> io::Result<Vec<Self>> {
        let mut files = Vec::new();
        for entry in fs::read_dir(dir.path())?.flatten() {
            let Ok(file_name) = entry.file_name().into_string() else { continue };
            let Some(name) = Name::from_guardian_file_name(&file_name) else { continue };
            if anchor.owner_of(Resource::of(&name))?.is_some() {
                continue; // the instance lives, and so may its guardian
            }
            files.extend(Self::open(dir, file_name)?);
        }
        Ok(files)
    }

    /// `None` for what is no file, or not for this user to read.
    fn open(dir: &LockDir, file_name: String) -> io::Result<Option<Self>> {
        // A lock file of this very process must not be opened, under whatever name.
        let open_locks = OpenLocks::access();
        let not_for_us = |error: &io::Error| {
            let kinds = [ErrorKind::NotFound, ErrorKind::PermissionDenied, ErrorKind::WouldBlock];
            kinds.contains(&error.kind())
        };
        let handle = match handle(dir.entry(&file_name)) {
            Err(error) if not_for_us(&error) => return Ok(None),
            handle => handle?,
        };
        let metadata = handle.metadata()?;
        let id = FileId::from(&metadata);
        if !metadata.is_file() || open_locks.find(id).is_some() {
            return Ok(None);
        }
        // Another user's lease on the file is not waited for.
        let flags = OFlags::NONBLOCK.bits().cast_signed();
        let opened = OpenOptions::new().read(true).custom_flags(flags).open(fd_path(&handle));
        let file = match opened {
            Err(error) if not_for_us(&error) => return Ok(None),
            file => file?,
        };
        let is_its_users_alone = metadata.mode() & 0o022 == 0 && metadata.nlink() == 1;
        let is_trusted = is_its_users_alone && [0, geteuid().as_raw()].contains(&metadata.uid());
        Ok(Some(Self { file_name, file, id, is_trusted }))
    }

    /// Whether its guardian is at work.
    pub(super) fn is_locked(&self) -> io::Result<bool> {
        kernel::is_write_locked(&self.file)
    }

    /// `None` where nothing is left to do.
    pub(super) fn orders(&self) -> io::Result<Option<Vec<u8>>> {
        let mut text = vec![0; LONGEST_TEXT];
        let length = self.file.read_at(&mut text, 0)?;
        text.truncate(length);
        let first = text.iter().position(|byte| *byte == b'\n').map_or(text.len(), |end| end + 1);
        let orders = text.split_off(first);
        Ok(Some(orders).filter(|orders| !orders.is_empty()))
    }

    /// Removes it, if it still has its name. A file that stays has the next instance make its lines safe again.
    pub(super) fn remove(&self, dir: &LockDir) {
        if is_at(dir, &self.file_name, self.id) {
            let _ = fs::remove_file(dir.entry(&self.file_name));
        }
    }
}

/// Whether a guardian of an instance that is gone is at work at this moment.
pub(super) fn is_orphan_at_work(dir: &LockDir, anchor: &SecondAnchor) -> io::Result<bool> {
    for orphan in OrphanedFile::all(dir, anchor)? {
        if orphan.is_locked()? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn is_at(dir: &LockDir, file_name: &str, id: FileId) -> bool {
    fs::symlink_metadata(dir.entry(file_name)).is_ok_and(|metadata| FileId::from(&metadata) == id)
}
