//! A terminal for tests.

use std::os::fd::{FromRawFd, OwnedFd};
use std::{io, ptr};

/// A terminal and the other end of its cable: what is written to one is read from the other.
pub(crate) fn pseudo_terminal() -> (OwnedFd, OwnedFd) {
    let (mut master, mut terminal) = (-1, -1);
    // SAFETY: the two out pointers are valid, the three optional ones null.
    let opened = unsafe {
        libc::openpty(&raw mut master, &raw mut terminal, ptr::null_mut(), ptr::null_mut(), ptr::null_mut())
    };
    assert_eq!(opened, 0, "{}", io::Error::last_os_error());
    // A process that inherited the master would keep its own terminal open.
    // SAFETY: fcntl on a descriptor that is ours.
    assert_eq!(unsafe { libc::fcntl(master, libc::F_SETFD, libc::FD_CLOEXEC) }, 0);
    // SAFETY: openpty has just made both, and nobody else owns them.
    unsafe { (OwnedFd::from_raw_fd(master), OwnedFd::from_raw_fd(terminal)) }
}
