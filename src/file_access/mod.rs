//! How files are opened and replaced: regular ones only, opened once, and judged by what was opened, not by a name.
//! Knows nothing of what a file holds.
//!
//! [`open_regular`] reads a file that a person named, [`create_named`] writes one, and [`replace_named`] replaces one. A
//! [`Folder`] keeps files where others may write too. A [`Draft`] is the only way in which a file is replaced.

mod draft;
mod folder;
mod named;
mod reason;
mod version;
mod walk;

use std::fs::{File, TryLockError};
use std::io::{self, ErrorKind, Read};
use std::os::fd::AsRawFd;
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use rustix::fs::{Mode, OFlags, open};

pub use draft::{Draft, unpredictable_name};
pub use folder::{Folder, Storage};
pub use named::{create_named, make_named, replace_named, replace_named_by};
pub use reason::{why_unlisted, why_unreadable, why_unwritable};
pub use version::FileVersion;

/// Opens the regular file at `path` for reading. A person who names a file may name a link: it is followed.
///
/// Nothing but a regular file is ever opened: to open a named pipe waits for a writer, and to open a device
/// may already do something. Blocks no longer than a disk; where another program has a lease on the file,
/// the kernel ends that after 45 s.
///
/// # Errors
/// [`ErrorKind::IsADirectory`] for a directory, [`ErrorKind::InvalidInput`] for a pipe, a socket or a device:
/// the message says which. Otherwise what the kernel says.
pub fn open_regular(path: impl AsRef<Path>) -> io::Result<File> {
    // A handle opens nothing yet: no pipe blocks, no device wakes.
    let handle = File::from(open(path.as_ref(), OFlags::PATH | OFlags::CLOEXEC, Mode::empty())?);
    must_be_regular(&handle)?;
    File::open(fd_path(&handle))
}

/// Locks all of `file` until it is unlocked or closed, against those who lock it so, too. While another has it locked,
/// asks again every `look`, for `patience` at most. Whether it is locked then.
///
/// # Errors
/// What the kernel says: some file systems have no locks.
pub fn lock_within(file: &File, patience: Duration, look: Duration) -> io::Result<bool> {
    let begun = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(true),
            Err(TryLockError::WouldBlock) if begun.elapsed() < patience => thread::sleep(look),
            Err(TryLockError::WouldBlock) => return Ok(false),
            Err(TryLockError::Error(error)) => return Err(error),
        }
    }
}

/// All bytes of `file`, if there are at most `most`.
///
/// # Errors
/// [`ErrorKind::FileTooLarge`] when there are more, whatever length the file claims to have.
pub fn read_bounded(file: impl Read, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        let larger = format!("it is larger than {} KiB", most / 1024);
        return Err(io::Error::new(ErrorKind::FileTooLarge, larger));
    }
    Ok(bytes)
}

/// A handle of whatever is at `path`, a link too: it can be looked at, and nothing is opened by it, so that no pipe
/// blocks and no device wakes.
///
/// # Errors
/// What the kernel says.
pub fn handle(path: impl AsRef<Path>) -> io::Result<File> {
    let flags = OFlags::PATH | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    Ok(open(path.as_ref(), flags, Mode::empty())?.into())
}

/// A handle of what `file` has open, which locks nothing and frees nothing.
///
/// # Errors
/// What the kernel says.
pub fn handle_of(file: &File) -> io::Result<File> {
    Ok(open(fd_path(file), OFlags::PATH | OFlags::CLOEXEC, Mode::empty())?.into())
}

/// A path to what `file` has open, past every name and link; good for as long as it is open.
#[must_use]
pub fn fd_path(file: &impl AsRawFd) -> PathBuf {
    PathBuf::from(format!("/proc/self/fd/{}", file.as_raw_fd()))
}

fn must_be_regular(handle: &File) -> io::Result<()> {
    let kind = handle.metadata()?.file_type();
    let what = if kind.is_file() {
        return Ok(());
    } else if kind.is_dir() {
        return Err(io::Error::new(ErrorKind::IsADirectory, "this is a directory; name the file in it"));
    } else if kind.is_fifo() {
        "a named pipe"
    } else if kind.is_socket() {
        "a socket"
    } else if kind.is_symlink() {
        "a link"
    } else {
        "a device"
    };
    Err(io::Error::new(ErrorKind::InvalidInput, format!("this is not a file but {what}")))
}

/// No name at all is no harm: the file was replaced a moment ago.
fn must_have_one_name(handle: &File) -> io::Result<()> {
    if handle.metadata()?.nlink() <= 1 {
        return Ok(());
    }
    let why = "this file has a second name (a hard link); remove one of them";
    Err(io::Error::new(ErrorKind::InvalidInput, why))
}

#[cfg(test)]
mod tests;
