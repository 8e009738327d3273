//! Tells the other process that levels have changed. Neither end ever waits: each says so with every call, because flags of
//! a descriptor that two processes share are either's to change.

use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use rustix::net::sockopt::{socket_domain, socket_type};
use rustix::net::{AddressFamily, RecvFlags, SendFlags, SocketFlags, SocketType, recv, send, socketpair};

/// So many signs are read at a time; one is enough.
const MOST: usize = 64;

/// The end of the instance.
#[derive(Debug)]
pub struct WakeSender {
    own: OwnedFd,
    /// The other end, to be handed over.
    theirs: OwnedFd,
}

impl WakeSender {
    /// # Errors
    /// When the process has no descriptor left.
    pub fn new() -> io::Result<Self> {
        let (own, theirs) =
            socketpair(AddressFamily::UNIX, SocketType::SEQPACKET, SocketFlags::CLOEXEC, None)?;
        Ok(Self { own, theirs })
    }

    /// Has the other process look. Neither blocks nor allocates.
    pub fn wake(&self) {
        // Full: it has not read the sign before. Or nobody is there.
        let _it_looks_anyway = send(&self.own, &[1], SendFlags::DONTWAIT | SendFlags::NOSIGNAL);
    }
}

impl AsFd for WakeSender {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.theirs.as_fd()
    }
}

/// The end of `starcourt net`.
#[derive(Debug)]
pub struct WakeReader {
    socket: OwnedFd,
    /// Nothing more will come.
    is_over: bool,
}

impl WakeReader {
    /// `None` where `socket` is no such end.
    pub(super) fn of(socket: OwnedFd) -> Option<Self> {
        let is_end = socket_domain(&socket) == Ok(AddressFamily::UNIX)
            && socket_type(&socket) == Ok(SocketType::SEQPACKET);
        is_end.then_some(Self { socket, is_over: false })
    }

    /// To be polled; `None` where nothing more will come.
    pub fn readable(&self) -> Option<BorrowedFd<'_>> {
        (!self.is_over).then(|| self.socket.as_fd())
    }

    /// Whether there was a sign.
    pub fn take(&mut self) -> bool {
        let mut is_woken = false;
        for _ in 0..MOST {
            match recv(&self.socket, &mut [0; 1], RecvFlags::DONTWAIT) {
                Ok((1.., _)) => is_woken = true,
                Err(rustix::io::Errno::AGAIN) => break,
                Ok((0, _)) | Err(_) => {
                    self.is_over = true;
                    break;
                }
            }
        }
        is_woken
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair() -> (WakeSender, WakeReader) {
        let sender = WakeSender::new().unwrap();
        let reader = WakeReader::of(sender.as_fd().try_clone_to_owned().unwrap()).unwrap();
        (sender, reader)
    }

    #[test]
    fn signs_arrive_and_nobody_waits() {
        let (sender, mut reader) = pair();
        assert!(!reader.take());
        sender.wake();
        assert!(reader.take() && !reader.take());
        for _ in 0..100_000 {
            sender.wake();
        }
        assert!(reader.take());
        while reader.take() {}
        // Its other end is in the sender, too.
        drop(sender);
        assert!(!reader.take() && reader.readable().is_none());
    }

    #[test]
    fn what_is_no_end_of_a_pair_is_refused() {
        assert!(WakeReader::of(tempfile::tempfile().unwrap().into()).is_none());
        let (stream, _) = std::os::unix::net::UnixStream::pair().unwrap();
        assert!(WakeReader::of(stream.into()).is_none());
    }
}
