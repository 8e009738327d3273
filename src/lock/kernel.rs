//! The kernel's lock calls, made safe to call. Knows no name, process or show. rustix has no locks of open file
//! descriptions ("OFD"), so these calls are libc's.

use std::fs::{File, Metadata};
use std::io;
use std::ops::Range;
use std::os::fd::AsRawFd;
use std::os::unix::fs::MetadataExt;

use rustix::fs::FlockOperation;
use rustix::io::Errno;

use super::pid::Pid;

const _: () = assert!(size_of::<libc::off_t>() == 8, "marks need 64-bit file offsets, so a 64-bit system");

const END: u64 = 1 << 63; // no file reaches further

/// All bytes of a file, future ones too, as the kernel writes it.
const WHOLE: Range<u64> = 0..0;

/// Device and inode: what no name can change.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct FileId {
    device: u64,
    inode: u64,
}

impl From<&Metadata> for FileId {
    fn from(metadata: &Metadata) -> Self {
        Self { device: metadata.dev(), inode: metadata.ino() }
    }
}

/// Who holds a write lock on `file`; only a process that may write the file can. This process's own POSIX locks and
/// the locks of readers are not seen. A read-only descriptor is enough and does not disturb the holder, but
/// *closing* `file` frees every POSIX lock that this process has on it.
pub(super) fn writer(file: &File) -> io::Result<Option<Pid>> {
    // A read lock conflicts with a write lock only.
    let answer = fcntl(file, libc::F_GETLK, libc::F_RDLCK, &WHOLE)?;
    Ok(is_locked(&answer).then(|| Pid::from_kernel(answer.l_pid)))
}

/// Takes the POSIX write lock on a file again; does nothing where this process still has it.
pub(super) fn posix_lock_again(file: &File) -> io::Result<()> {
    fcntl(file, libc::F_SETLK, libc::F_WRLCK, &WHOLE).map(drop)
}

/// Bytes that somebody has locked.
pub(super) struct LockedBytes {
    pub(super) bytes: Range<u64>,
    /// The owner, where it is a process and not an open file description.
    pub(super) process: Option<Pid>,
}

/// A lock of another open file description or of a process on some of `bytes`.
pub(super) fn any_locked(file: &File, bytes: &Range<u64>) -> io::Result<Option<LockedBytes>> {
    let answer = fcntl(file, libc::F_OFD_GETLK, libc::F_WRLCK, bytes)?;
    if !is_locked(&answer) {
        return Ok(None);
    }
    let start = answer.l_start.cast_unsigned();
    let end = if answer.l_len == 0 { END } else { start + answer.l_len.cast_unsigned() };
    let process = (answer.l_pid != -1).then(|| Pid::from_kernel(answer.l_pid));
    Ok(Some(LockedBytes { bytes: start..end, process }))
}

/// Whether another open file description, or another process, has a write lock on `file`.
pub(super) fn is_write_locked(file: &File) -> io::Result<bool> {
    fcntl(file, libc::F_OFD_GETLK, libc::F_RDLCK, &WHOLE).map(|answer| is_locked(&answer))
}

/// Locks the whole file for writing, for as long as this open file description lives. Does not wait.
pub(super) fn lock_whole(file: &File) -> io::Result<()> {
    fcntl(file, libc::F_OFD_SETLK, libc::F_WRLCK, &WHOLE).map(drop)
}

/// Locks one byte, shared, for as long as this open file description lives.
pub(super) fn mark(file: &File, byte: u64) -> io::Result<()> {
    fcntl(file, libc::F_OFD_SETLK, libc::F_RDLCK, &(byte..byte + 1)).map(drop)
}

/// Frees one byte that this open file description has locked.
pub(super) fn unmark(file: &File, byte: u64) -> io::Result<()> {
    fcntl(file, libc::F_OFD_SETLK, libc::F_UNLCK, &(byte..byte + 1)).map(drop)
}

/// Frees every byte that this open file description has locked.
pub(super) fn unmark_all(file: &File) -> io::Result<()> {
    fcntl(file, libc::F_OFD_SETLK, libc::F_UNLCK, &WHOLE).map(drop)
}

/// Takes the whole-file flock; whether nobody else had it. Does not wait.
pub(super) fn try_flock(file: &File) -> io::Result<bool> {
    match rustix::fs::flock(file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(true),
        Err(Errno::WOULDBLOCK) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

pub(super) fn unflock(file: &File) {
    // It cannot fail on an open descriptor.
    let _ = rustix::fs::flock(file, FlockOperation::Unlock);
}

fn is_locked(answer: &libc::flock) -> bool {
    i32::from(answer.l_type) != libc::F_UNLCK
}

/// Does `command` with a lock of this `kind` over `bytes`; returns what the kernel answers.
fn fcntl(file: &File, command: i32, kind: i32, bytes: &Range<u64>) -> io::Result<libc::flock> {
    let mut lock = libc::flock {
        // The three kinds are 0, 1 and 2.
        l_type: kind as libc::c_short,
        l_whence: libc::SEEK_SET as libc::c_short,
        l_start: bytes.start.cast_signed(),
        l_len: (bytes.end - bytes.start).cast_signed(),
        l_pid: 0,
    };
    // SAFETY: the descriptor is open as long as `file` is borrowed; `lock` is a valid flock to read and to answer in;
    // none of the commands used here waits.
    match unsafe { libc::fcntl(file.as_raw_fd(), command, &raw mut lock) } {
        -1 => Err(io::Error::last_os_error()),
        _ => Ok(lock),
    }
}
