//! Waiting for the end of a child process, for so long and no longer. Knows not what it does.

use std::io;
use std::process::Child;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::retry_on_intr;
use rustix::process::{Pid, PidfdFlags, pidfd_open};

/// Whether `child` has ended, or does so within `patience`.
///
/// # Errors
/// When the kernel cannot tell.
pub(crate) fn ends_within(child: &mut Child, patience: Duration) -> io::Result<bool> {
    if child.try_wait()?.is_some() {
        return Ok(true);
    }
    let handle = pidfd_open(Pid::from_child(child), PidfdFlags::empty())?;
    let patience = patience.try_into().map_err(io::Error::other)?;
    Ok(retry_on_intr(|| poll(&mut [PollFd::new(&handle, PollFlags::IN)], Some(&patience)))? > 0)
}
