//! The lock file: found or made without following anything, locked with file-lock, written in place.
//! Knows no other instance. The only file that names file-lock.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{FileExt, MetadataExt, OpenOptionsExt};
use std::path::Path;

use file_lock::{FileLock, FileOptions};

use super::dir::{LockDir, cannot_use, through};
use super::fresh;
use super::group;
use super::kernel::{self, FileId};
use super::lock_info::{BLOCK, LockInfo};
use super::name::Name;
use super::open_locks::OpenLocks;
use super::pid::Pid;
use super::refusal::{FileFlaw, PermissionFix, Refusal};

const MODE: u32 = 0o664; // the group locks it, everybody may ask who holds it
const TRIES: u32 = 8; // a hand that deletes this often deletes on purpose

/// A lock file that this process has locked. Closing *any* descriptor of the file in this process
/// would free it, so nobody but [`OpenLocks`] keeps one.
#[derive(Debug)]
pub(super) struct LockFile {
    lock: FileLock,
    id: FileId,
    /// A forked child has the descriptor, but not the lock.
    owner: Pid,
}

impl LockFile {
    /// Locks the file of `name` in `dir`, made where it is missing; `None` where somebody has it. A file
    /// that cannot be locked for good, because it has a second name or mere readers have locked it, is
    /// replaced: that needs the door or the marks, which alone keep others out meanwhile.
    pub(super) fn acquire(
        dir: &LockDir,
        name: &Name,
        open_locks: &OpenLocks,
    ) -> Result<Option<Self>, Refusal> {
        let failed = |error: io::Error| cannot_lock(dir, &dir.lock_path(name), error);
        let mut tries = 0;
        loop {
            tries += 1;
            let Some(handle) = found_or_made(dir, &dir.entry(name)).map_err(failed)? else { continue };
            let metadata = handle.metadata().map_err(failed)?;
            if let Some(flaw) = flaw(&metadata) {
                return Err(Refusal::UnsafeFile { path: dir.lock_path(name), flaw });
            }
            if metadata.nlink() > 1 {
                return Self::replace(dir, name).map(Some).map_err(failed);
            }
            let id = FileId::from(&metadata);
            if open_locks.lock_file(id).is_some() {
                return Ok(None);
            }
            let lock_file = match Self::lock(&handle) {
                Ok(lock_file) => lock_file,
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    return match is_held(&handle).map_err(failed)? {
                        true => Ok(None),
                        false => Self::replace(dir, name).map(Some).map_err(failed),
                    };
                }
                Err(error) => return Err(failed(error)),
            };
            // A file deleted between the look and the lock is no use to anybody, so try again. Where
            // a hand does so faster than we can look, the anchor keeps others out until the file is
            // made anew.
            if lock_file.is_at(dir, name) || tries >= TRIES {
                lock_file.lock.file.set_len(0).map_err(failed)?; // whatever an older holder or a hand left
                return Ok(Some(lock_file));
            }
        }
    }

    /// A new file of `name`, locked, in place of whatever file has the name.
    fn replace(dir: &LockDir, name: &Name) -> io::Result<Self> {
        let (unplaced, file) = fresh::make(dir, &name.file_name(), MODE)?;
        let handle = OpenOptions::new().read(true).custom_flags(libc::O_PATH).open(through(&file))?;
        drop(file); // before it is locked: closing frees the lock
        let lock_file = Self::lock(&handle)?;
        unplaced.put_in_place()?;
        Ok(lock_file)
    }

    fn lock(handle: &File) -> io::Result<Self> {
        let options = FileOptions::new().read(true).write(true);
        let lock = FileLock::lock(through(handle), false, options)?;
        Ok(Self { lock, id: FileId::from(&handle.metadata()?), owner: Pid::own() })
    }

    pub(super) fn id(&self) -> FileId {
        self.id
    }

    pub(super) fn is_ours(&self) -> bool {
        self.owner == Pid::own()
    }

    /// Whether the name still leads to this file, and no other name does.
    pub(super) fn is_at(&self, dir: &LockDir, name: &Name) -> bool {
        fs::symlink_metadata(dir.entry(name))
            .is_ok_and(|metadata| FileId::from(&metadata) == self.id && metadata.nlink() <= 1)
    }

    /// Locks again what another part of this process may have freed by closing the file.
    pub(super) fn lock_again(&self) -> io::Result<()> {
        kernel::posix_lock_again(&self.lock.file)
    }

    pub(super) fn write(&self, text: &[u8]) -> io::Result<()> {
        self.lock.file.write_all_at(text, 0)
    }

    pub(super) fn read(&self) -> io::Result<Option<LockInfo>> {
        let mut text = [0; BLOCK];
        let length = self.lock.file.read_at(&mut text, 0)?;
        Ok(LockInfo::read(&text[..length], self.owner))
    }
}

/// What makes a file unfit to be a lock. A second name does not: it is asked who holds it all the same, and
/// whoever takes it replaces it first.
pub(super) fn flaw(metadata: &Metadata) -> Option<FileFlaw> {
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

/// A handle of the file, which opens nothing behind it: no link is followed and no pipe waited for.
/// `None` when another made the file at the same moment.
pub(super) fn found_or_made(dir: &LockDir, entry: &Path) -> io::Result<Option<File>> {
    let handle =
        |path| OpenOptions::new().read(true).custom_flags(libc::O_PATH | libc::O_NOFOLLOW).open(path);
    match handle(entry) {
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        found => return found.map(Some),
    }
    let file = match fresh::make_at(dir, entry, MODE) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => return Ok(None),
        made => made?,
    };
    // By descriptor: the name may be gone again. `file` closes before anything is locked.
    OpenOptions::new().read(true).custom_flags(libc::O_PATH).open(through(&file)).map(Some)
}

/// Whether somebody has locked the file who may write it. It is none of this process's own.
fn is_held(handle: &File) -> io::Result<bool> {
    let file = OpenOptions::new().read(true).custom_flags(libc::O_NONBLOCK).open(through(handle))?;
    Ok(kernel::writer(&file)?.is_some())
}

/// The refusal for a file at `path` in `dir` that the system does not let us lock.
pub(super) fn cannot_lock(dir: &LockDir, path: &Path, error: io::Error) -> Refusal {
    if error.kind() == ErrorKind::ReadOnlyFilesystem {
        return cannot_use(dir.path(), error);
    }
    if error.kind() != ErrorKind::PermissionDenied {
        return Refusal::io(format!("locking {}", path.display()), error);
    }
    let Ok(file) = fs::symlink_metadata(path) else { return cannot_use(dir.path(), error) };
    let mend = match group::gpio() {
        Some(gpio) if file.gid() == gpio && file.mode() & 0o060 == 0o060 => PermissionFix::JoinGpio,
        Some(gpio) if dir.group() == gpio => PermissionFix::ShareFile(path.to_owned()),
        _ => PermissionFix::OwnFile(path.to_owned()),
    };
    Refusal::NotPermitted { path: path.to_owned(), mend }
}
