//! Where the packets of a receiver go. Asks for no name.

use std::net::SocketAddr;

use crate::packets::{ddp, e131};
use crate::rig::{NetworkHost, Receiver, SacnDestination};

/// Where the packets of a receiver go.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RouteDestination {
    Address(SocketAddr),
    /// To the address that this name has, at this port.
    Name(NetworkHost, u16),
}

impl RouteDestination {
    #[must_use]
    pub fn of(receiver: Receiver) -> Self {
        let (host, port) = match receiver {
            Receiver::Ddp(host) => (host, ddp::PORT),
            Receiver::Sacn { to: SacnDestination::Host(host), .. } => (host, e131::PORT),
            Receiver::Sacn { universe, to: SacnDestination::Multicast } => {
                return Self::Address((e131::multicast(universe), e131::PORT).into());
            }
        };
        host.address().map_or(Self::Name(host, port), |address| Self::Address((address, port).into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packets_go_to_the_port_of_their_protocol() {
        let host = |text| NetworkHost::new(text).unwrap();
        let sacn = |to| Receiver::Sacn { universe: 5, to };
        let address = |text: &str| RouteDestination::Address(text.parse().unwrap());
        for (receiver, expected) in [
            (Receiver::Ddp(host("192.0.2.7")), address("192.0.2.7:4048")),
            (Receiver::Ddp(host("2001:db8::7")), address("[2001:db8::7]:4048")),
            (Receiver::Ddp(host("wled.local")), RouteDestination::Name(host("wled.local"), 4_048)),
            (sacn(SacnDestination::Host(host("192.0.2.9"))), address("192.0.2.9:5568")),
            (sacn(SacnDestination::Multicast), address("239.255.0.5:5568")),
        ] {
            assert_eq!(RouteDestination::of(receiver), expected);
        }
    }
}
