//! Lock files: locked with file-lock, written in place, replaced where they are unfit. Knows no other instance. The
//! only file that names file-lock.
//!
//! A POSIX lock falls when its process closes *any* descriptor of the file. So every lock file of this process is in a
//! list, and the list is locked while a lock file is opened or closed ([`OpenLocks`]). A file in the list is not opened
//! again: it is read through the descriptor that holds the lock.

use std::ffi::OsStr;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{FileExt, MetadataExt, OpenOptionsExt};
use std::sync::{Mutex, MutexGuard, PoisonError};

use file_lock::{FileLock, FileOptions};
use rustix::fs::OFlags;

use super::dir::LockDir;
use super::kernel::{self, FileId};
use super::lock_info::{BLOCK, LockInfo};
use super::name::Name;
use super::pid::Pid;
use super::refusal::{FileFlaw, Refusal};
use crate::file_access::{fd_path, handle, handle_of};

const MODE: u32 = 0o664; // the group locks it, everybody may ask who holds it
const LONGEST_TEXT: usize = 4096; // bytes; whatever else a file holds is not read

static OPEN_LOCKS: Mutex<Vec<LockFile>> = Mutex::new(Vec::new());

/// The lock files that this process has locked. While this lives, nobody else in the process opens or closes one.
pub(super) struct OpenLocks(MutexGuard<'static, Vec<LockFile>>);

/// A locked lock file in the list. Dropping it frees the file; that waits for [`OpenLocks`].
#[derive(Debug)]
pub(super) struct OpenLock(FileId);

/// A file that this process has locked.
#[derive(Debug)]
pub(super) struct LockFile {
    lock: FileLock,
    id: FileId,
    /// A forked child has the descriptor, but not the lock.
    owner: Pid,
}

impl OpenLocks {
    pub(super) fn access() -> Self {
        // A panic elsewhere leaves the list complete.
        Self(OPEN_LOCKS.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// This process's own lock on this file, where it has one.
    pub(super) fn find(&self, id: FileId) -> Option<&LockFile> {
        self.0.iter().find(|lock_file| lock_file.id == id && lock_file.owner == Pid::own())
    }

    /// Locks the file of `name` in `dir` and writes `text` to it; `None` where somebody has it. A file that is missing
    /// or unfit is made anew: one that is deleted meanwhile, that readers have locked, that has a second name, or that
    /// this user may not write. That is safe for who has the launch mutex or the marks, which keep others out.
    pub(super) fn lock(
        &mut self,
        dir: &LockDir,
        name: &Name,
        text: &[u8],
    ) -> Result<Option<OpenLock>, Refusal> {
        let failed = |error: io::Error| dir.cannot_lock(&dir.lock_path(name), error);
        let lock_file = match self.lock_existing(dir, name)? {
            Existing::Locked(lock_file) => lock_file,
            Existing::Held => return Ok(None),
            Existing::Unfit => LockFile::make(dir, name).map_err(failed)?,
        };
        // Whatever an older holder left is removed first.
        let written = lock_file.lock.file.set_len(0).and_then(|()| lock_file.write(text));
        written.map_err(|error| Refusal::io(format!("writing {}", dir.lock_path(name).display()), error))?;
        let id = lock_file.id;
        self.0.push(lock_file);
        Ok(Some(OpenLock(id)))
    }

    fn lock_existing(&self, dir: &LockDir, name: &Name) -> Result<Existing, Refusal> {
        let failed = |error: io::Error| dir.cannot_lock(&dir.lock_path(name), error);
        // Opens nothing: no link is followed and no pipe waited for.
        let file = match handle(dir.entry(&name.file_name())) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Existing::Unfit),
            found => found.map_err(failed)?,
        };
        let metadata = file.metadata().map_err(failed)?;
        if let Some(flaw) = flaw(&metadata) {
            return Err(Refusal::UnsafeFile { path: dir.lock_path(name), flaw });
        }
        if metadata.nlink() > 1 {
            return Ok(Existing::Unfit);
        }
        if self.find(FileId::from(&metadata)).is_some() {
            return Ok(Existing::Held);
        }
        if is_leased(&file) {
            return Ok(Existing::Unfit);
        }
        Ok(match LockFile::lock(&file) {
            Ok(lock_file) if lock_file.is_at(dir, name) => Existing::Locked(lock_file),
            Ok(_) => Existing::Unfit,
            Err(error) if error.kind() == ErrorKind::PermissionDenied => Existing::Unfit,
            Err(error) if error.kind() == ErrorKind::WouldBlock => match is_write_locked(&file) {
                Ok(true) => Existing::Held,
                Ok(false) => Existing::Unfit,
                Err(error) => return Err(failed(error)),
            },
            Err(error) => return Err(failed(error)),
        })
    }
}

/// Whether another user keeps `file` with a lease (fcntl(2)): opening it could take 45 s. Not for a file that this
/// process has locked: what is opened here is closed again.
fn is_leased(file: &File) -> bool {
    let flags = OFlags::NONBLOCK.bits().cast_signed();
    let opened = OpenOptions::new().read(true).write(true).custom_flags(flags).open(fd_path(file));
    opened.is_err_and(|error| error.kind() == ErrorKind::WouldBlock)
}

enum Existing {
    Locked(LockFile),
    /// Somebody else has locked it who may write it.
    Held,
    Unfit,
}

impl OpenLock {
    pub(super) fn id(&self) -> FileId {
        self.0
    }
}

impl Drop for OpenLock {
    fn drop(&mut self) {
        OpenLocks::access().0.retain(|lock_file| lock_file.id != self.0);
    }
}

impl LockFile {
    /// A new file of `name`, locked, in place of whatever has the name.
    fn make(dir: &LockDir, name: &Name) -> io::Result<Self> {
        let file_name = name.file_name();
        let (draft, made) = dir.draft(&file_name, MODE)?;
        let file = handle_of(&made)?;
        drop(made); // before the file is locked: closing frees the lock
        let lock_file = Self::lock(&file)?;
        match draft.put_in_place(OsStr::new(&file_name)) {
            // Deleted already. The marks keep others out until the next `publish` makes the file anew.
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            placed => placed?,
        }
        Ok(lock_file)
    }

    fn lock(file: &File) -> io::Result<Self> {
        let options = FileOptions::new().read(true).write(true);
        let lock = FileLock::lock(fd_path(file), false, options)?;
        Ok(Self { lock, id: FileId::from(&file.metadata()?), owner: Pid::own() })
    }

    /// Whether the name still leads to this file, and no other name does.
    pub(super) fn is_at(&self, dir: &LockDir, name: &Name) -> bool {
        fs::symlink_metadata(dir.entry(&name.file_name()))
            .is_ok_and(|metadata| FileId::from(&metadata) == self.id && metadata.nlink() <= 1)
    }

    /// Locks again what another part of this process may have freed by closing the file.
    pub(super) fn lock_again(&self) -> io::Result<()> {
        kernel::posix_lock_again(&self.lock.file)
    }

    pub(super) fn write(&self, text: &[u8]) -> io::Result<()> {
        self.lock.file.write_all_at(text, 0)
    }

    fn read(&self) -> io::Result<Option<LockInfo>> {
        let mut text = [0; BLOCK];
        let length = self.lock.file.read_at(&mut text, 0)?;
        Ok(LockInfo::read(&text[..length], self.owner))
    }
}

/// Who has the file of `name` locked, as the kernel tells, and what they say of themselves.
pub(super) fn writer_of(dir: &LockDir, name: &Name) -> Result<Option<(Pid, LockInfo)>, Refusal> {
    let open_locks = OpenLocks::access();
    let entry = dir.entry(&name.file_name());
    let failed =
        |error| Refusal::io(format!("asking for the holder of {}", dir.lock_path(name).display()), error);
    let metadata = match fs::symlink_metadata(&entry) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        metadata => metadata.map_err(failed)?,
    };
    if let Some(flaw) = flaw(&metadata) {
        return Err(Refusal::UnsafeFile { path: dir.lock_path(name), flaw });
    }
    if let Some(own) = open_locks.find(FileId::from(&metadata)) {
        return Ok(Some((own.owner, own.read().map_err(failed)?.unwrap_or_default())));
    }
    // Should a pipe have slipped in since the look, it is not waited for.
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
    let options = OpenOptions::new().read(true).custom_flags(flags.bits().cast_signed()).open(&entry);
    let file = match options {
        // Gone again, not for this user to read, or kept by another with a lease: the mark on the directory still
        // tells.
        Err(error)
            if matches!(
                error.kind(),
                ErrorKind::NotFound | ErrorKind::PermissionDenied | ErrorKind::WouldBlock
            ) =>
        {
            return Ok(None);
        }
        opened => opened.map_err(failed)?,
    };
    let Some(pid) = kernel::writer(&file).map_err(failed)? else { return Ok(None) };
    let text = steady_text(|text| file.read_at(text, 0)).map_err(failed)?;
    Ok(Some((pid, LockInfo::read(&text, pid).unwrap_or_default())))
}

/// The text as two readings agree on it: the holder may be writing at this very moment.
fn steady_text(read: impl Fn(&mut [u8]) -> io::Result<usize>) -> io::Result<Vec<u8>> {
    let reading = || {
        let mut text = vec![0; LONGEST_TEXT];
        let length = read(&mut text)?;
        text.truncate(length);
        io::Result::Ok(text)
    };
    let mut text = reading()?;
    for _ in 0..3 {
        let again = reading()?;
        if again == text {
            break;
        }
        text = again;
    }
    Ok(text)
}

/// What makes a file unfit to be a lock. A second name does not: such a file still tells who holds it, and who
/// takes the lock replaces it.
fn flaw(metadata: &Metadata) -> Option<FileFlaw> {
    if metadata.is_symlink() {
        Some(FileFlaw::Symlink)
    } else if metadata.is_dir() {
        Some(FileFlaw::Directory)
    } else if !metadata.is_file() {
        Some(FileFlaw::NotAFile)
    } else {
        None
    }
}

/// Whether somebody has locked the file who may write it. It is none of this process's own.
fn is_write_locked(handle: &File) -> io::Result<bool> {
    let nonblock = OFlags::NONBLOCK.bits().cast_signed();
    let file = OpenOptions::new().read(true).custom_flags(nonblock).open(fd_path(handle))?;
    Ok(kernel::writer(&file)?.is_some())
}
