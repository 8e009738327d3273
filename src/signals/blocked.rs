//! Holding signals back while what they do is changed.

use std::{io, mem, ptr};

/// Does `act` while this thread lets no signal through: one that comes meanwhile waits, and finds what `act` has
/// set up. Where other threads run already, it may be theirs.
///
/// # Errors
/// When the system knows no such thing; then `act` is not done.
pub(super) fn with_signals_blocked<T>(act: impl FnOnce() -> T) -> io::Result<T> {
    // SAFETY: all zero is a valid set, and filled before it is read.
    let (mut all, mut before): (libc::sigset_t, libc::sigset_t) = unsafe { (mem::zeroed(), mem::zeroed()) };
    // SAFETY: `all` is valid for the length of the call.
    unsafe { libc::sigfillset(&raw mut all) };
    exchange(libc::SIG_SETMASK, &all, &raw mut before)?;
    let done = act();
    exchange(libc::SIG_SETMASK, &before, ptr::null_mut())?;
    Ok(done)
}

fn exchange(how: libc::c_int, new: &libc::sigset_t, old: *mut libc::sigset_t) -> io::Result<()> {
    // SAFETY: `new` is valid and `old` valid or null, both for the length of the call.
    match unsafe { libc::pthread_sigmask(how, new, old) } {
        0 => Ok(()),
        error => Err(io::Error::from_raw_os_error(error)),
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
        // Nobody minds this one: its default action is none.
        let waits = with_signals_blocked(|| {
            // SAFETY: raise takes no pointers. It sends to this thread.
            unsafe { libc::raise(libc::SIGURG) };
            is_waiting()
        });
        assert!(waits.unwrap(), "it was let through");
        assert!(!is_waiting(), "it is held back still");
    }
}
