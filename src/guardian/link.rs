//! The link between an instance and its guardian: orders with the descriptors they need, then a dismissal or the end of
//! the link, which means that the instance has died. Knows neither what the orders say nor what is done about them.
//!
//! It is a pair of sockets. Only the instance has its end, which closes on exec and with any death; then the guardian
//! reads the end of the link. Unlike a pipe it carries descriptors, so no other child of the instance ever has them.

use std::io::{self, IoSlice, IoSliceMut};
use std::mem::MaybeUninit;
use std::os::fd::{BorrowedFd, OwnedFd};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::{Errno, retry_on_intr};
use rustix::net::sockopt::{socket_domain, socket_peercred, socket_type};
use rustix::net::{
    AddressFamily, RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer,
    SendAncillaryMessage, SendFlags, SocketFlags, SocketType, recvmsg, sendmsg, socketpair,
};

use crate::lock::Pid;

/// The heartbeat's memory, the lock directory, and the guardian's file.
pub(super) const SHARED: usize = 3;
/// If the instance has a terminal: what is known of it, and the device.
const TERMINAL: usize = 2;
const MOST: usize = SHARED + TERMINAL;

/// Never an order: those begin with a brace.
const DISMISSAL: &[u8] = b".";

/// Thousands of outputs fit. No longer message can be sent by default (`net.core.wmem_default`).
const LONGEST: usize = 256 * 1024;

/// The guardian's end and the instance's.
pub(super) fn pair() -> io::Result<(OwnedFd, InstanceEnd)> {
    // Each message arrives whole or not at all.
    let (guardian, instance) =
        socketpair(AddressFamily::UNIX, SocketType::SEQPACKET, SocketFlags::CLOEXEC, None)?;
    Ok((guardian, InstanceEnd(instance)))
}

/// Closing it without a dismissal means that the instance has died.
#[derive(Debug)]
pub(super) struct InstanceEnd(OwnedFd);

impl InstanceEnd {
    /// Does not wait: a guardian that has yet to start finds the orders.
    pub(super) fn order(
        &self,
        text: &[u8],
        shared: [BorrowedFd<'_>; SHARED],
        terminal: Option<[BorrowedFd<'_>; TERMINAL]>,
    ) -> io::Result<()> {
        let all: Vec<_> = shared.into_iter().chain(terminal.into_iter().flatten()).collect();
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(MOST))];
        let mut ancillary = SendAncillaryBuffer::new(&mut space);
        assert!(ancillary.push(SendAncillaryMessage::ScmRights(&all)), "there is room for these");
        self.send(text, &mut ancillary)
    }

    pub(super) fn dismiss(&self) -> io::Result<()> {
        self.send(DISMISSAL, &mut SendAncillaryBuffer::default())
    }

    fn send(&self, text: &[u8], ancillary: &mut SendAncillaryBuffer<'_, '_, '_>) -> io::Result<()> {
        // No SIGPIPE: that the guardian has ended is noticed elsewhere.
        let flags = SendFlags::NOSIGNAL | SendFlags::DONTWAIT;
        retry_on_intr(|| sendmsg(&self.0, &[IoSlice::new(text)], ancillary, flags))?;
        Ok(())
    }
}

/// What a guardian receives.
#[derive(Debug)]
pub(super) enum LinkMessage {
    Nothing,
    Orders {
        text: Vec<u8>,
        shared: [OwnedFd; SHARED],
        terminal: Option<[OwnedFd; TERMINAL]>,
    },
    Dismissed,
    /// The instance has died.
    InstanceDied,
}

/// The guardian's end.
pub(super) struct GuardianEnd<'a>(BorrowedFd<'a>);

impl<'a> GuardianEnd<'a> {
    /// `None` where `stdin` is no end of a [`pair`]: no instance has started this.
    pub(super) fn of(stdin: BorrowedFd<'a>) -> Option<Self> {
        let is_link = socket_domain(stdin) == Ok(AddressFamily::UNIX)
            && socket_type(stdin) == Ok(SocketType::SEQPACKET);
        is_link.then_some(Self(stdin))
    }

    /// Who made the pair: the instance.
    pub(super) fn instance(&self) -> io::Result<Pid> {
        let number = socket_peercred(self.0)?.pid.as_raw_nonzero().get();
        Ok(Pid::new(number.unsigned_abs()))
    }

    /// Waits for the next message, `patience` at most.
    ///
    /// # Errors
    /// When what comes is no message.
    pub(super) fn receive(&self, patience: Duration) -> io::Result<LinkMessage> {
        let patience = patience.try_into().map_err(io::Error::other)?;
        let mut watched = [PollFd::new(&self.0, PollFlags::IN)];
        if retry_on_intr(|| poll(&mut watched, Some(&patience)))? == 0 {
            return Ok(LinkMessage::Nothing);
        }
        let mut text = vec![0; LONGEST];
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(MOST))];
        let mut ancillary = RecvAncillaryBuffer::new(&mut space);
        let flags = RecvFlags::CMSG_CLOEXEC;
        let mut buffers = [IoSliceMut::new(&mut text)];
        let received = match retry_on_intr(|| recvmsg(self.0, &mut buffers, &mut ancillary, flags)) {
            Err(Errno::CONNRESET) => return Ok(LinkMessage::InstanceDied),
            received => received?,
        };
        text.truncate(received.bytes);
        let mut shared: Vec<OwnedFd> = ancillary
            .drain()
            .filter_map(|message| match message {
                RecvAncillaryMessage::ScmRights(shared) => Some(shared),
                _ => None,
            })
            .flatten()
            .collect();
        let terminal = shared.split_off(shared.len().min(SHARED)).try_into().ok();
        match (&*text, shared.try_into()) {
            (b"", _) => Ok(LinkMessage::InstanceDied),
            (DISMISSAL, _) => Ok(LinkMessage::Dismissed),
            (_, Ok(shared)) => Ok(LinkMessage::Orders { text, shared, terminal }),
            (_, Err(_)) => Err(io::Error::other("orders came without what they need")),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::fd::AsFd;
    use std::os::unix::net::UnixStream;

    use super::*;

    const AT_ONCE: Duration = Duration::ZERO;

    fn linked(check: impl FnOnce(&GuardianEnd<'_>, InstanceEnd)) {
        let (guardian, instance) = pair().unwrap();
        check(&GuardianEnd::of(guardian.as_fd()).unwrap(), instance);
    }

    fn order(instance: &InstanceEnd, text: &[u8]) {
        let file = tempfile::tempfile().unwrap();
        instance.order(text, [file.as_fd(); SHARED], None).unwrap();
    }

    #[test]
    fn what_is_no_link_is_told_from_one() {
        let is_link = |fd: BorrowedFd<'_>| GuardianEnd::of(fd).is_some();
        assert!(!is_link(tempfile::tempfile().unwrap().as_fd()));
        // As an SSH server gives its commands.
        let (stream, _) = UnixStream::pair().unwrap();
        assert!(!is_link(stream.as_fd()));
        assert!(is_link(pair().unwrap().0.as_fd()));
    }

    #[test]
    fn orders_come_with_what_they_need_and_wait_for_a_guardian_that_is_late() {
        linked(|guardian, instance| {
            assert!(matches!(guardian.receive(AT_ONCE).unwrap(), LinkMessage::Nothing));
            order(&instance, b"release driven");
            drop(instance);
            let LinkMessage::Orders { text, .. } = guardian.receive(AT_ONCE).unwrap() else {
                panic!("no orders")
            };
            assert_eq!(text, b"release driven");
            assert!(matches!(guardian.receive(AT_ONCE).unwrap(), LinkMessage::InstanceDied));
        });
    }

    #[test]
    fn the_kernel_names_the_instance() {
        linked(|guardian, _| assert_eq!(guardian.instance().unwrap(), Pid::own()));
    }

    #[test]
    fn a_dismissal_is_not_taken_for_a_death() {
        linked(|guardian, instance| {
            instance.dismiss().unwrap();
            drop(instance);
            assert!(matches!(guardian.receive(AT_ONCE).unwrap(), LinkMessage::Dismissed));
        });
    }

    #[test]
    fn a_terminal_comes_with_the_orders_of_who_has_one() {
        linked(|guardian, instance| {
            let file = tempfile::tempfile().unwrap();
            for sent in [None, Some([file.as_fd(); TERMINAL])] {
                instance.order(b"release driven", [file.as_fd(); SHARED], sent).unwrap();
                let LinkMessage::Orders { terminal, .. } = guardian.receive(AT_ONCE).unwrap() else {
                    panic!("no orders")
                };
                assert_eq!(terminal.is_some(), sent.is_some());
            }
        });
    }

    #[test]
    fn orders_without_what_they_need_are_none() {
        linked(|guardian, instance| {
            instance.send(b"release driven", &mut SendAncillaryBuffer::default()).unwrap();
            assert!(guardian.receive(AT_ONCE).is_err());
        });
    }

    #[test]
    fn a_guardian_that_is_gone_is_an_error_and_no_signal() {
        let (guardian, instance) = pair().unwrap();
        drop(guardian);
        assert!(instance.dismiss().is_err());
    }
}
