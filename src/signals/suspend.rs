//! Stopping the process as Ctrl-Z does without a handler, and asking what is ignored.

use std::{io, mem, ptr};

use anyhow::{Context, Result};

/// Stops this process as Ctrl-Z would have, and returns when it is continued.
///
/// Make safe first. It is the default action of SIGTSTP, not SIGSTOP: where no shell could ever
/// continue the process (`ssh -t pi starcourt …`) the kernel does not stop it, and this returns at once.
///
/// # Errors
/// When the system refuses to change what SIGTSTP does.
pub fn suspend_self() -> Result<()> {
    let ours = exchange(libc::SIGTSTP, Some(&default_action())).context("stopping on Ctrl-Z")?;
    // SAFETY: raise takes no pointers. It sends to this thread, so the stop happens before it returns.
    unsafe { libc::raise(libc::SIGTSTP) };
    exchange(libc::SIGTSTP, Some(&ours)).context("listening for Ctrl-Z again")?;
    Ok(())
}

/// Whether the process was started with `signal` ignored.
///
/// # Errors
/// When there is no such signal.
pub(super) fn is_ignored(signal: libc::c_int) -> Result<bool> {
    let action = exchange(signal, None).context("asking what a signal does")?;
    Ok(action.sa_sigaction == libc::SIG_IGN)
}

fn default_action() -> libc::sigaction {
    // SAFETY: all zero is a valid sigaction: the default action, no flags, an empty mask.
    unsafe { mem::zeroed() }
}

/// Sets what `signal` does, where `new` says so, and returns what it did before.
fn exchange(signal: libc::c_int, new: Option<&libc::sigaction>) -> io::Result<libc::sigaction> {
    let mut old = default_action();
    let new = new.map_or(ptr::null(), ptr::from_ref);
    // SAFETY: `new` is null or valid, `old` is valid, both for the length of the call.
    match unsafe { libc::sigaction(signal, new, &raw mut old) } {
        0 => Ok(old),
        _ => Err(io::Error::last_os_error()),
    }
}
