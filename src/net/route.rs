//! The way to one receiver: its address, a socket, and the packets. Waits for nothing: a name is resolved by a thread of
//! its own, and what the system does not take now is not sent. Knows no levels.

use std::io::{self, ErrorKind};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::time::Duration;

use rustix::net::netdevice::name_to_index;
use rustix::net::sockopt::set_ip_multicast_if_with_ifindex;
use rustix::net::{RecvFlags, recv};

use super::context::NetContext;
use super::destination::RouteDestination;
use super::icmp::tell_icmp_errors;
use super::packet_count::PacketCount;
use super::stream::StreamStep;
use crate::net_link::LinkedReceiver;
use crate::packets::ddp::{self, DdpPixels};
use crate::packets::e131::UniverseHead;
use crate::rig::{NetworkHost, Receiver};
use crate::time::Mono;

/// A name that is not known is asked for again then, and one that is known, because routers give new addresses.
const ASK_AGAIN: Duration = Duration::from_secs(5);
const LOOK_AGAIN: Duration = Duration::from_secs(60);
/// Errors that wait are thrown away, so many at a time.
const MOST_ERRORS: usize = 16;

/// What came of sending.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Sent {
    Yes,
    /// It was not: the name of its receiver is being asked for.
    NotYet,
    /// An earlier packet was not taken at its end, for this reason.
    Unheard(String),
    /// It was not sent, for this reason.
    No(String),
}

impl Sent {
    fn and(self, next: Self) -> Self {
        if next == Self::Yes { self } else { next }
    }
}

#[derive(Debug)]
pub(super) struct Route {
    receiver: Receiver,
    head: UniverseHead,
    interface: Option<String>,
    count: PacketCount,
    target: RouteTarget,
    /// Connected to the target, so that the system tells when nobody listens there.
    socket: Option<UdpSocket>,
    packet: Vec<u8>,
}

#[derive(Debug)]
enum RouteTarget {
    Known(SocketAddr),
    Named {
        host: NetworkHost,
        port: u16,
        /// `None` until there is an answer.
        found: Option<Result<SocketAddr, String>>,
        /// When it is asked for next.
        ask_at: Mono,
    },
}

impl Route {
    /// The way to `linked`, whose packets are counted on from those before.
    pub(super) fn new(linked: &LinkedReceiver, context: &NetContext, now: Mono) -> Self {
        let target = match RouteDestination::of(linked.receiver) {
            RouteDestination::Address(address) => RouteTarget::Known(address),
            RouteDestination::Name(host, port) => {
                // One that is not known may be by now.
                let found = context.address(host, port).filter(Result::is_ok);
                RouteTarget::Named { host, port, found, ask_at: now }
            }
        };
        let universe = match linked.receiver {
            Receiver::Sacn { universe, .. } => universe,
            Receiver::Ddp(_) => 0,
        };
        let receiver = linked.receiver;
        Self {
            receiver,
            head: UniverseHead { universe, priority: linked.priority },
            interface: linked.interface.clone(),
            count: context.count(receiver).unwrap_or_else(|| PacketCount::begun(receiver, now)),
            target,
            socket: None,
            packet: Vec::new(),
        }
    }

    /// Counts on from where another has sent meanwhile.
    pub(super) fn go_on(&mut self, context: &NetContext, now: Mono) {
        self.count = context.count(self.receiver).unwrap_or_else(|| PacketCount::begun(self.receiver, now));
    }

    /// Has its name resolved where that is due. Does not wait for it.
    pub(super) fn look_up(&mut self, now: Mono, context: &mut NetContext) {
        if let RouteTarget::Named { host, found, ask_at, .. } = &mut self.target
            && *ask_at <= now
        {
            let pause = if matches!(found, Some(Ok(_))) { LOOK_AGAIN } else { ASK_AGAIN };
            *ask_at = now.offset(pause.as_nanos() as i64);
            context.resolver.ask(*host);
        }
    }

    /// There is an answer for the name `answered`. Whether it changes something here.
    pub(super) fn resolved(&mut self, now: Mono, answered: NetworkHost, context: &NetContext) -> bool {
        let RouteTarget::Named { host, port, found, ask_at } = &mut self.target else { return false };
        if *host != answered {
            return false;
        }
        let answer = context.address(answered, *port);
        let pause = if matches!(answer, Some(Ok(_))) { LOOK_AGAIN } else { ASK_AGAIN };
        *ask_at = now.offset(pause.as_nanos() as i64);
        let is_new = *found != answer;
        if is_new {
            *found = answer;
            self.socket = None;
        }
        is_new
    }

    /// Sends `frame`, or that the stream ends. Where that fails, the next try begins anew.
    pub(super) fn send(
        &mut self,
        frame: &[u8],
        pixels: DdpPixels,
        step: StreamStep,
        context: &mut NetContext,
    ) -> Sent {
        let sent = self.try_send(frame, pixels, step, context).unwrap_or_else(Sent::No);
        if let Sent::No(_) = sent {
            self.socket = None;
        }
        context.set_count(self.receiver, self.count);
        sent
    }

    fn try_send(
        &mut self,
        frame: &[u8],
        pixels: DdpPixels,
        step: StreamStep,
        context: &NetContext,
    ) -> Result<Sent, String> {
        let target = match &self.target {
            RouteTarget::Known(target) => *target,
            RouteTarget::Named { found: None, .. } => return Ok(Sent::NotYet),
            RouteTarget::Named { found: Some(found), .. } => found.clone()?,
        };
        if self.socket.is_none() {
            self.socket = Some(self.open(target)?);
        }
        let Some(socket) = &self.socket else { return Ok(Sent::Yes) };
        let mut sent = Sent::Yes;
        let mut send = |packet: &[u8]| {
            if !matches!(sent, Sent::No(_)) {
                sent = sent.clone().and(send_one(socket, packet, target));
            }
        };
        match &mut self.count {
            // The protocol has no end of a stream.
            PacketCount::Ddp(_) if step == StreamStep::End => {}
            PacketCount::Ddp(sequence) => {
                ddp::packets(frame, pixels, sequence, &mut self.packet, &mut send);
            }
            PacketCount::Sacn(sequence) => {
                *sequence = sequence.wrapping_add(1);
                let is_end = step == StreamStep::End;
                context.source.packet(self.head, *sequence, is_end, frame, &mut self.packet);
                send(&self.packet);
            }
        }
        Ok(sent)
    }

    fn open(&self, target: SocketAddr) -> Result<UdpSocket, String> {
        let any: IpAddr = match target {
            SocketAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
            SocketAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
        };
        let socket = UdpSocket::bind((any, 0)).map_err(|error| why(&error, target))?;
        socket.set_nonblocking(true).map_err(|error| why(&error, target))?;
        tell_icmp_errors(&socket, target).map_err(|error| why(&error, target))?;
        if let Some(interface) = &self.interface {
            let any = &Ipv4Addr::UNSPECIFIED;
            name_to_index(&socket, interface)
                .and_then(|index| set_ip_multicast_if_with_ifindex(&socket, any, any, index))
                .map_err(|_| {
                    format!("this machine has no network interface {interface}; `ip link` lists them")
                })?;
        }
        socket.connect(target).map_err(|error| why(&error, target))?;
        Ok(socket)
    }

    pub(super) const fn receiver(&self) -> Receiver {
        self.receiver
    }
}

fn send_one(socket: &UdpSocket, packet: &[u8], target: SocketAddr) -> Sent {
    match socket.send(packet) {
        Ok(_) => Sent::Yes,
        // That is about an earlier packet. This one is taken at the second try.
        Err(error) if matches!(error.kind(), ErrorKind::ConnectionRefused | ErrorKind::HostUnreachable) => {
            forget_errors(socket);
            match socket.send(packet) {
                Ok(_) => Sent::Unheard(why(&error, target)),
                Err(error) => Sent::No(why(&error, target)),
            }
        }
        Err(error) => Sent::No(why(&error, target)),
    }
}

/// Throws the packets away that came back with an error: they would fill the socket.
fn forget_errors(socket: &UdpSocket) {
    let flags = RecvFlags::ERRQUEUE | RecvFlags::DONTWAIT;
    for _ in 0..MOST_ERRORS {
        if recv(socket, &mut [0; 1], flags).is_err() {
            return;
        }
    }
}

fn why(error: &io::Error, target: SocketAddr) -> String {
    match error.kind() {
        ErrorKind::WouldBlock => "the system takes no more packets now".to_owned(),
        ErrorKind::ConnectionRefused => {
            format!("nothing listens at {target}: is it switched on, and set to this protocol?")
        }
        ErrorKind::HostUnreachable => {
            format!("nobody answers at {}: is it switched on, and is the address right?", target.ip())
        }
        ErrorKind::NetworkUnreachable | ErrorKind::AddrNotAvailable => {
            format!("no network leads to {}: is the cable plugged in, is Wi-Fi connected?", target.ip())
        }
        _ => format!("sending to {target}: {error}"),
    }
}
