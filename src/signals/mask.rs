//! Keeping signals from a thread. The only file that changes a signal mask: neither rustix nor signal-hook has one.

use std::mem::{self, MaybeUninit};
use std::{io, ptr};

/// A signal's number.
pub type SignalNumber = libc::c_int;

/// While this lives, these signals do not reach the thread that made it, nor threads and programs that it starts: they
/// wait.
pub struct BlockedSignals {
    before: libc::sigset_t,
}

impl BlockedSignals {
    /// # Errors
    /// When the kernel knows no such thing.
    pub fn all_but(except: &[SignalNumber]) -> io::Result<Self> {
        let mut set = MaybeUninit::uninit();
        // SAFETY: `set` is a place for a set, and filled by the first call.
        let set = unsafe {
            libc::sigfillset(set.as_mut_ptr());
            except.iter().for_each(|signal| _ = libc::sigdelset(set.as_mut_ptr(), *signal));
            set.assume_init()
        };
        Self::block(&set)
    }

    /// # Errors
    /// As [`all_but`](Self::all_but).
    pub fn only(signals: &[SignalNumber]) -> io::Result<Self> {
        let mut set = MaybeUninit::uninit();
        // SAFETY: as in `all_but`.
        let set = unsafe {
            libc::sigemptyset(set.as_mut_ptr());
            signals.iter().for_each(|signal| _ = libc::sigaddset(set.as_mut_ptr(), *signal));
            set.assume_init()
        };
        Self::block(&set)
    }

    /// For as long as the thread lives.
    pub fn keep(self) {
        mem::forget(self);
    }

    fn block(set: &libc::sigset_t) -> io::Result<Self> {
        let mut before = MaybeUninit::uninit();
        // SAFETY: `set` is valid and `before` a place for a set, both for the length of the call.
        match unsafe { libc::pthread_sigmask(libc::SIG_BLOCK, set, before.as_mut_ptr()) } {
            // SAFETY: the call that succeeded has filled it.
            0 => Ok(Self { before: unsafe { before.assume_init() } }),
            error => Err(io::Error::from_raw_os_error(error)),
        }
    }
}

impl Drop for BlockedSignals {
    fn drop(&mut self) {
        // SAFETY: a valid set; nothing is asked back.
        unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, &raw const self.before, ptr::null_mut()) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signal_that_comes_meanwhile_is_not_lost() {
        let is_waiting = || {
            // SAFETY: all zero is a valid set, and filled before it is read.
            let mut waiting: libc::sigset_t = unsafe { mem::zeroed() };
            // SAFETY: `waiting` is valid for the length of the calls.
            unsafe {
                libc::sigpending(&raw mut waiting);
                libc::sigismember(&raw const waiting, libc::SIGURG) == 1
            }
        };
        // By default nothing is done about this one.
        let blocks = [|| BlockedSignals::all_but(&[]), || BlockedSignals::only(&[libc::SIGURG])];
        for block in blocks {
            let block = block().unwrap();
            // SAFETY: raise takes no pointers. It sends to this thread.
            unsafe { libc::raise(libc::SIGURG) };
            assert!(is_waiting(), "it was let through");
            drop(block);
            assert!(!is_waiting(), "it is blocked still");
        }
        let others = BlockedSignals::all_but(&[libc::SIGURG]).unwrap();
        // SAFETY: as above.
        unsafe { libc::raise(libc::SIGURG) };
        assert!(!is_waiting(), "it was not to be blocked");
        drop(others);
    }
}
