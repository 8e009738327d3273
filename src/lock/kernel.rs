//! The kernel's lock calls and processes, made safe to call. Knows no file, name or show.

use std::fs::{self, File, Metadata};
use std::io::{self, ErrorKind};
use std::ops::Range;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::os::unix::fs::MetadataExt;
use std::time::{Duration, Instant};

use super::pid::Pid;

const _: () = assert!(size_of::<libc::off_t>() == 8, "anchors need 64-bit file offsets, so a 64-bit system");

const END: u64 = 1 << 63; // no file reaches further

/// All bytes of a file, those still to come too, as the kernel has it.
pub(super) const WHOLE: Range<u64> = 0..0;

/// A file by what no name can change.
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

/// Who holds a write lock on `file`, which takes the right to write it; this process's own POSIX locks
/// and locks of mere readers are not seen. A read-only descriptor is enough and the holder is not
/// disturbed, but *closing* `file` frees every POSIX lock that this process has on it.
pub(super) fn writer(file: &File) -> io::Result<Option<Pid>> {
    // Only a write lock is in the way of a read lock.
    let mut lock = flock(libc::F_RDLCK, &WHOLE);
    fcntl(file, libc::F_GETLK, &mut lock)?;
    Ok((i32::from(lock.l_type) != libc::F_UNLCK).then(|| Pid::from_kernel(lock.l_pid)))
}

/// Takes the POSIX write lock again on a file this process has locked: nothing where it still holds.
pub(super) fn posix_lock_again(file: &File) -> io::Result<()> {
    fcntl(file, libc::F_SETLK, &mut flock(libc::F_WRLCK, &WHOLE))
}

/// Bytes that somebody has locked.
pub(super) struct Locked {
    pub(super) bytes: Range<u64>,
    /// Who, where a process did and not an open file description.
    pub(super) process: Option<Pid>,
}

/// A lock that another open file description, or a process, has on some of `bytes`.
pub(super) fn any_locked(file: &File, bytes: &Range<u64>) -> io::Result<Option<Locked>> {
    let mut lock = flock(libc::F_WRLCK, bytes);
    fcntl(file, libc::F_OFD_GETLK, &mut lock)?;
    if i32::from(lock.l_type) == libc::F_UNLCK {
        return Ok(None);
    }
    let start = lock.l_start.cast_unsigned();
    let end = if lock.l_len == 0 { END } else { start + lock.l_len.cast_unsigned() };
    let process = (lock.l_pid != -1).then(|| Pid::from_kernel(lock.l_pid));
    Ok(Some(Locked { bytes: start..end, process }))
}

/// Whether another open file description, or another process, has a write lock on `file`. A lock of a
/// mere reader is none.
pub(super) fn is_write_locked(file: &File) -> io::Result<bool> {
    let mut lock = flock(libc::F_RDLCK, &WHOLE);
    fcntl(file, libc::F_OFD_GETLK, &mut lock)?;
    Ok(i32::from(lock.l_type) != libc::F_UNLCK)
}

/// Locks the whole file for writing, for as long as this open file description lives. Does not wait.
pub(super) fn lock_whole(file: &File) -> io::Result<()> {
    fcntl(file, libc::F_OFD_SETLK, &mut flock(libc::F_WRLCK, &WHOLE))
}

/// Locks one byte, shared, for as long as this open file description lives.
pub(super) fn mark(file: &File, byte: u64) -> io::Result<()> {
    fcntl(file, libc::F_OFD_SETLK, &mut flock(libc::F_RDLCK, &(byte..byte + 1)))
}

/// Frees every byte that this open file description has locked.
pub(super) fn unmark_all(file: &File) -> io::Result<()> {
    fcntl(file, libc::F_OFD_SETLK, &mut flock(libc::F_UNLCK, &WHOLE))
}

/// Takes the whole-file flock; whether nobody else had it. Does not wait.
pub(super) fn try_flock(file: &File) -> io::Result<bool> {
    // SAFETY: the descriptor is open as long as `file` is borrowed.
    match unsafe { libc::flock(file.as_raw_fd(), libc::LOCK_EX | libc::LOCK_NB) } {
        0 => Ok(true),
        _ => match io::Error::last_os_error() {
            taken if taken.kind() == io::ErrorKind::WouldBlock => Ok(false),
            error => Err(error),
        },
    }
}

pub(super) fn unflock(file: &File) {
    // SAFETY: the descriptor is open as long as `file` is borrowed. Unlocking cannot fail on it.
    unsafe { libc::flock(file.as_raw_fd(), libc::LOCK_UN) };
}

/// Whether this process may make and delete what is in `directory`.
pub(super) fn may_write(directory: &File) -> bool {
    let (here, wanted) = (c".".as_ptr(), libc::W_OK | libc::X_OK);
    // SAFETY: the descriptor is open as long as `directory` is borrowed, the path a literal.
    unsafe { libc::faccessat(directory.as_raw_fd(), here, wanted, libc::AT_EACCESS) == 0 }
}

/// The user whose rights this process has.
pub(super) fn own_user() -> u32 {
    // SAFETY: takes nothing and cannot fail.
    unsafe { libc::geteuid() }
}

/// A process that can be signalled without ever meeting another that got its number.
#[derive(Debug)]
pub(super) struct Process(OwnedFd);

impl Process {
    /// `None` when there is no such process.
    pub(super) fn open(pid: u32) -> io::Result<Option<Self>> {
        // SAFETY: plain numbers in, a new descriptor or an error out.
        let descriptor = unsafe { libc::syscall(libc::SYS_pidfd_open, pid, 0) };
        match i32::try_from(descriptor) {
            // SAFETY: the kernel just made this descriptor for us alone.
            Ok(descriptor @ 0..) => Ok(Some(Self(unsafe { OwnedFd::from_raw_fd(descriptor) }))),
            _ => match io::Error::last_os_error() {
                gone if gone.raw_os_error() == Some(libc::ESRCH) => Ok(None),
                error => Err(error),
            },
        }
    }

    /// Sends `signal`; a process that is gone already needs none.
    pub(super) fn signal(&self, signal: i32) -> io::Result<()> {
        let none = std::ptr::null::<libc::siginfo_t>();
        // SAFETY: the descriptor is open; a null siginfo stands for an ordinary kill.
        match unsafe { libc::syscall(libc::SYS_pidfd_send_signal, self.0.as_raw_fd(), signal, none, 0) } {
            0 => Ok(()),
            _ => match io::Error::last_os_error() {
                gone if gone.raw_os_error() == Some(libc::ESRCH) => Ok(()),
                error => Err(error),
            },
        }
    }

    /// Waits until the process has ended, but no longer than `patience`; whether it has.
    pub(super) fn wait(&self, patience: Duration) -> bool {
        let began = Instant::now();
        loop {
            let mut watch = libc::pollfd { fd: self.0.as_raw_fd(), events: libc::POLLIN, revents: 0 };
            let left = patience.saturating_sub(began.elapsed());
            let millis = i32::try_from(left.as_millis()).unwrap_or(i32::MAX);
            // SAFETY: one valid pollfd.
            match unsafe { libc::poll(&raw mut watch, 1, millis) } {
                // A signal to ourselves, which says nothing of the other.
                -1 if io::Error::last_os_error().kind() == ErrorKind::Interrupted => {}
                answer => return answer == 1,
            }
        }
    }
}

/// Whether process `pid` is on its way out: killed but not yet dead, or closing what it had open. A thread that
/// waits for a disk can keep it there for long.
pub(super) fn is_ending(pid: u32) -> bool {
    let read = |file| fs::read_to_string(format!("/proc/{pid}/{file}")).unwrap_or_default();
    has_exit_flag(&read("stat")) || has_kill_pending(&read("status"))
}

/// Of /proc/PID/stat, field 9 (proc(5)); the flag is the kernel's PF_EXITING.
fn has_exit_flag(stat: &str) -> bool {
    const PF_EXITING: u64 = 4;
    // The name in the second field may hold anything, its end included.
    let flags =
        stat.rsplit_once(')').and_then(|(_, fields)| fields.split_whitespace().nth(6)?.parse::<u64>().ok());
    flags.is_some_and(|flags| flags & PF_EXITING != 0)
}

/// Of /proc/PID/status: signals that wait for the thread, and for the process.
fn has_kill_pending(status: &str) -> bool {
    const KILL: u64 = 1 << (libc::SIGKILL - 1);
    let pending = |line: &str| {
        let mask = line.strip_prefix("SigPnd:").or_else(|| line.strip_prefix("ShdPnd:"))?;
        u64::from_str_radix(mask.trim(), 16).ok()
    };
    status.lines().filter_map(pending).any(|mask| mask & KILL != 0)
}

/// A lock description over `bytes`.
fn flock(kind: i32, bytes: &Range<u64>) -> libc::flock {
    libc::flock {
        // The three kinds are 0, 1 and 2.
        l_type: kind as libc::c_short,
        l_whence: libc::SEEK_SET as libc::c_short,
        l_start: bytes.start.cast_signed(),
        l_len: (bytes.end - bytes.start).cast_signed(),
        l_pid: 0,
    }
}

fn fcntl(file: &File, command: i32, lock: &mut libc::flock) -> io::Result<()> {
    // SAFETY: the descriptor is open as long as `file` is borrowed; `lock` is a valid flock to read
    // and to answer in; none of the commands used here waits.
    match unsafe { libc::fcntl(file.as_raw_fd(), command, std::ptr::from_mut(lock)) } {
        -1 => Err(io::Error::last_os_error()),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::process::Command;
    use std::thread;

    use super::*;

    #[test]
    fn signals_to_ourselves_do_not_cut_the_waiting_short() {
        extern "C" fn heed(_signal: libc::c_int) {}
        // SAFETY: the handler does nothing, and nobody else uses this signal; this thread outlives the one
        // that signals it.
        let own = unsafe {
            libc::signal(libc::SIGURG, heed as *const () as libc::sighandler_t);
            libc::pthread_self()
        };
        let mut sleeper = Command::new("sleep").arg("0.3").spawn().unwrap();
        let process = Process::open(sleeper.id()).unwrap().unwrap();
        thread::scope(|scope| {
            scope.spawn(|| {
                for _ in 0..20 {
                    thread::sleep(Duration::from_millis(5));
                    // SAFETY: see above.
                    unsafe { libc::pthread_kill(own, libc::SIGURG) };
                }
            });
            assert!(process.wait(Duration::from_secs(20)));
        });
        assert!(sleeper.wait().unwrap().success());
    }
}
