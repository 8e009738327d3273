//! The socket between an instance and `starcourt net`: a handover in one direction, notices in the other. Knows not what
//! is done about them.

use std::io::{self, ErrorKind, IoSlice, IoSliceMut};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::Path;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::{Errno, retry_on_intr};
use rustix::net::{
    RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer, SendAncillaryMessage,
    SendFlags, SocketType, recvmsg, sendmsg,
};
use serde::{Deserialize, Serialize};

use super::handover::{self, NetHandover, SHARED};
use super::plan::LinkPlan;
use crate::group_socket;

/// What is said comes beside it, in memory.
const HANDOVER: &[u8] = b"plan";
/// A notice names a receiver and a reason.
const LONGEST_NOTICE: usize = 4 * 1024;

/// What `starcourt net` tells an instance.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum NetNotice {
    /// It sends from now on.
    Ready,
    /// It sends nothing of this instance's.
    Refused { why: String },
    /// Nothing can be sent to this receiver, as the rig calls it.
    Lost { receiver: String, why: String },
    /// It is sent to again.
    Back { receiver: String },
    /// Another connection has these receivers now: the next show of the same instance.
    Replaced,
    /// The safe levels were sent, and the streams have ended. Not `sure` where something could not be sent.
    Safe { is_sure: bool },
    /// It is well. Comes each second.
    Alive,
}

/// The instance's end. Closing it means that the instance has ended.
#[derive(Debug)]
pub struct NetLink(OwnedFd);

impl NetLink {
    /// Waits a second at most.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] or [`ErrorKind::ConnectionRefused`] where nobody listens at `path`.
    pub fn connect(path: &Path) -> io::Result<Self> {
        group_socket::connect(path, SocketType::SEQPACKET).map(Self)
    }

    /// Hands over what is to be sent to. `memory` has the levels, and `wake` is the end that
    /// tells when they change.
    ///
    /// # Errors
    /// When the other end is gone.
    pub fn hand_over(&self, plan: &LinkPlan, memory: BorrowedFd<'_>, wake: BorrowedFd<'_>) -> io::Result<()> {
        let plan = handover::written(plan)?;
        let shared = [plan.as_fd(), memory, wake];
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(SHARED))];
        let mut ancillary = SendAncillaryBuffer::new(&mut space);
        assert!(ancillary.push(SendAncillaryMessage::ScmRights(&shared)), "there is room for these");
        let flags = SendFlags::NOSIGNAL | SendFlags::DONTWAIT;
        retry_on_intr(|| sendmsg(&self.0, &[IoSlice::new(HANDOVER)], &mut ancillary, flags))?;
        Ok(())
    }

    /// The next notice; `None` where none comes within `patience`.
    ///
    /// # Errors
    /// When the other end is gone, or says what is no notice.
    pub fn next(&self, patience: Duration) -> io::Result<Option<NetNotice>> {
        let patience = patience.try_into().map_err(io::Error::other)?;
        let mut watched = [PollFd::new(&self.0, PollFlags::IN)];
        if retry_on_intr(|| poll(&mut watched, Some(&patience)))? == 0 {
            return Ok(None);
        }
        let mut text = vec![0; LONGEST_NOTICE];
        let received = receive(self.0.as_fd(), &mut text)?;
        match received {
            Received::Nothing => Ok(None),
            Received::End => Err(ErrorKind::UnexpectedEof.into()),
            Received::Message(length, _) => Ok(Some(serde_json::from_slice(&text[..length])?)),
        }
    }
}

/// The end of `starcourt net`.
#[derive(Debug)]
pub struct NetEnd(OwnedFd);

/// What came from an instance.
#[derive(Debug)]
pub enum FromInstance {
    Nothing,
    NetHandover(Box<NetHandover>),
    /// What is none; in words.
    Unreadable(String),
    /// The instance has ended.
    End,
}

impl NetEnd {
    /// `socket` is one that was let in, and does not block.
    #[must_use]
    pub const fn new(socket: OwnedFd) -> Self {
        Self(socket)
    }

    /// What is there by now. Does not wait.
    #[must_use]
    pub fn receive(&self) -> FromInstance {
        // Whatever the message says: what counts came beside it.
        match receive(self.0.as_fd(), &mut [0; HANDOVER.len()]) {
            Ok(Received::Nothing) => FromInstance::Nothing,
            Ok(Received::Message(_, shared)) => match NetHandover::read(shared) {
                Ok(handover) => FromInstance::NetHandover(Box::new(handover)),
                Err(flaw) => FromInstance::Unreadable(flaw),
            },
            Ok(Received::End) | Err(_) => FromInstance::End,
        }
    }

    /// Does not wait: an instance that does not read loses notices.
    pub fn tell(&self, notice: &NetNotice) {
        let text = serde_json::to_vec(notice).unwrap_or_default();
        let flags = SendFlags::NOSIGNAL | SendFlags::DONTWAIT;
        let nothing = &mut SendAncillaryBuffer::default();
        let _its_end_is_noticed_elsewhere =
            retry_on_intr(|| sendmsg(&self.0, &[IoSlice::new(&text)], nothing, flags));
    }
}

impl AsFd for NetEnd {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

enum Received {
    Nothing,
    /// So many bytes, and what came with them.
    Message(usize, Vec<OwnedFd>),
    End,
}

fn receive(socket: BorrowedFd<'_>, text: &mut [u8]) -> io::Result<Received> {
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(SHARED))];
    let mut ancillary = RecvAncillaryBuffer::new(&mut space);
    let flags = RecvFlags::CMSG_CLOEXEC | RecvFlags::DONTWAIT;
    let mut buffers = [IoSliceMut::new(text)];
    let received = match retry_on_intr(|| recvmsg(socket, &mut buffers, &mut ancillary, flags)) {
        Err(Errno::AGAIN) => return Ok(Received::Nothing),
        Err(Errno::CONNRESET) => return Ok(Received::End),
        received => received?,
    };
    let rights = |message| match message {
        RecvAncillaryMessage::ScmRights(shared) => Some(shared),
        _ => None,
    };
    let shared = ancillary.drain().filter_map(rights).flatten().collect();
    match received.bytes {
        0 => Ok(Received::End),
        length => Ok(Received::Message(length, shared)),
    }
}

#[cfg(test)]
mod tests {
    use rustix::fs::{MemfdFlags, SealFlags, fcntl_add_seals, memfd_create};
    use rustix::net::{AddressFamily, SocketFlags, socketpair};

    use super::*;
    use crate::net_link::plan::{LinkedOutput, LinkedReceiver};
    use crate::net_link::{NetLevels, WakeSender};
    use crate::rig::{NetworkHost, NetworkOutput, Pixel, Receiver};

    const AT_ONCE: Duration = Duration::ZERO;

    fn pair() -> (NetLink, NetEnd) {
        let (instance, net) =
            socketpair(AddressFamily::UNIX, SocketType::SEQPACKET, SocketFlags::NONBLOCK, None).unwrap();
        (NetLink(instance), NetEnd(net))
    }

    /// So many outputs on one receiver.
    fn plan(count: u16) -> LinkPlan {
        let receiver = Receiver::Ddp(NetworkHost::new("192.0.2.7").unwrap());
        let output = |slot| LinkedOutput {
            output: NetworkOutput::new(receiver, slot, slot, Pixel::Slot).unwrap(),
            is_safe_lit: slot == 1,
        };
        let outputs = (1..=count).map(output).collect();
        let receiver = LinkedReceiver {
            name: "wled".into(),
            receiver,
            priority: 100,
            rate: 40,
            interface: None,
            outputs,
        };
        LinkPlan { receivers: vec![receiver], ..LinkPlan::default() }
    }

    fn wake() -> WakeSender {
        WakeSender::new().unwrap()
    }

    #[test]
    fn a_plan_comes_with_the_memory_of_its_levels() {
        let (instance, net) = pair();
        assert!(matches!(net.receive(), FromInstance::Nothing));
        let levels = NetLevels::new(3).unwrap();
        instance.hand_over(&plan(3), levels.as_fd(), wake().as_fd()).unwrap();
        let FromInstance::NetHandover(handover) = net.receive() else { panic!() };
        assert_eq!(handover.plan, plan(3));
        levels.change(|set| set(2, 9));
        let mut shares = Vec::new();
        handover.levels.read(&mut shares);
        assert_eq!(shares, [0, 0, 9]);
        drop(instance);
        assert!(matches!(net.receive(), FromInstance::End));
    }

    #[test]
    fn what_is_no_handover_is_told_from_one() {
        let levels = NetLevels::new(2).unwrap();
        let (instance, net) = pair();
        instance.hand_over(&plan(3), levels.as_fd(), wake().as_fd()).unwrap();
        assert!(matches!(net.receive(), FromInstance::Unreadable(_)), "there is memory for two");
        instance.hand_over(&plan(2), wake().as_fd(), wake().as_fd()).unwrap();
        assert!(matches!(net.receive(), FromInstance::Unreadable(_)));
        let none = &mut SendAncillaryBuffer::default();
        sendmsg(&instance.0, &[IoSlice::new(&[b'x'; 5_000])], none, SendFlags::empty()).unwrap();
        assert!(matches!(net.receive(), FromInstance::Unreadable(_)), "nothing came beside it");
        for text in ["", "[", "{}", "{\"receivers\":[{}]}"] {
            let memory = memfd_create("text", MemfdFlags::ALLOW_SEALING).unwrap();
            rustix::io::write(&memory, text.as_bytes()).unwrap();
            let shared = |memory: &OwnedFd| {
                vec![
                    memory.try_clone().unwrap(),
                    levels.as_fd().try_clone_to_owned().unwrap(),
                    wake().as_fd().try_clone_to_owned().unwrap(),
                ]
            };
            assert!(NetHandover::read(shared(&memory)).is_err(), "{text}: it could be changed");
            let fixed = SealFlags::SHRINK | SealFlags::GROW | SealFlags::WRITE;
            fcntl_add_seals(&memory, fixed).unwrap();
            assert!(NetHandover::read(shared(&memory)).is_err(), "{text}");
        }
    }

    #[test]
    fn notices_come_in_their_order_until_the_end() {
        let (instance, net) = pair();
        assert_eq!(instance.next(AT_ONCE).unwrap(), None);
        let notices = [
            NetNotice::Ready,
            NetNotice::Lost { receiver: "wled".into(), why: "no route".into() },
            NetNotice::Safe { is_sure: true },
        ];
        notices.iter().for_each(|notice| net.tell(notice));
        for notice in notices {
            assert_eq!(instance.next(AT_ONCE).unwrap(), Some(notice));
        }
        drop(net);
        assert!(instance.next(AT_ONCE).is_err());
    }

    #[test]
    fn who_does_not_read_is_not_waited_for() {
        let (instance, net) = pair();
        for _ in 0..10_000 {
            net.tell(&NetNotice::Alive);
        }
        assert_eq!(instance.next(AT_ONCE).unwrap(), Some(NetNotice::Alive));
    }

    #[test]
    fn as_many_outputs_as_a_rig_may_have_can_be_handed_over() {
        let (instance, net) = pair();
        let levels = NetLevels::new(4_096).unwrap();
        instance.hand_over(&plan(4_096), levels.as_fd(), wake().as_fd()).unwrap();
        assert!(matches!(net.receive(), FromInstance::NetHandover(_)));
    }
}
