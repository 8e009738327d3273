//! Receivers of our own, on an address of this machine that no other test has. What they receive is read by libraries of
//! the field: a packet that those do not take is none.

use std::io::ErrorKind;
use std::net::{Ipv4Addr, UdpSocket};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use ddp_rs::packet::PacketRef;
use sacn::packet::{AcnRootLayerProtocol, E131RootLayerData};

/// A packet, and when it came.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Received {
    Ddp { at: Instant, slots: Vec<u8>, sequence: u8 },
    Sacn { at: Instant, universe: u16, priority: u8, sequence: u8, is_end: bool, slots: Vec<u8> },
}

impl Received {
    pub(crate) const fn at(&self) -> Instant {
        match self {
            Self::Ddp { at, .. } | Self::Sacn { at, .. } => *at,
        }
    }
}

/// A machine with a DDP and an E1.31 receiver.
pub(crate) struct Receivers {
    pub(crate) address: Ipv4Addr,
    received: Arc<Mutex<Vec<Received>>>,
    is_over: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl Receivers {
    pub(crate) fn open() -> Self {
        let (address, sockets) = free_address();
        let received = Arc::<Mutex<Vec<Received>>>::default();
        let is_over = Arc::<AtomicBool>::default();
        let listen = |socket: UdpSocket, read: fn(Instant, &[u8]) -> Received| {
            let (received, is_over) = (Arc::clone(&received), Arc::clone(&is_over));
            socket.set_read_timeout(Some(Duration::from_millis(50))).unwrap();
            thread::spawn(move || {
                let mut packet = [0; 2_000];
                while !is_over.load(SeqCst) {
                    match socket.recv(&mut packet) {
                        Ok(length) => received.lock().unwrap().push(read(Instant::now(), &packet[..length])),
                        Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                        Err(error) => panic!("{error}"),
                    }
                }
            })
        };
        let [ddp, sacn] = sockets;
        let threads = vec![listen(ddp, read_ddp), listen(sacn, read_sacn)];
        Self { address, received, is_over, threads }
    }

    /// Everything so far, in the order in which it came.
    pub(crate) fn all(&self) -> Vec<Received> {
        let mut all = self.received.lock().unwrap().clone();
        all.sort_by_key(Received::at);
        all
    }

    /// The slots that the DDP receiver shows, if it was sent any.
    pub(crate) fn ddp(&self) -> Option<Vec<u8>> {
        self.all().into_iter().rev().find_map(|received| match received {
            Received::Ddp { slots, .. } => Some(slots),
            Received::Sacn { .. } => None,
        })
    }

    /// The slots that this universe shows, if it was sent any; not those of a packet that ends it.
    pub(crate) fn universe(&self, wanted: u16) -> Option<Vec<u8>> {
        self.all().into_iter().rev().find_map(|received| match received {
            Received::Sacn { universe, slots, is_end: false, .. } if universe == wanted => Some(slots),
            _ => None,
        })
    }

    /// What the last packets of a universe were: `true` for one that ends it.
    pub(crate) fn ends(&self, wanted: u16, count: usize) -> Vec<bool> {
        let all = self.all();
        let ends = all.iter().filter_map(|received| match received {
            Received::Sacn { universe, is_end, .. } if *universe == wanted => Some(*is_end),
            _ => None,
        });
        let ends: Vec<bool> = ends.collect();
        ends[ends.len().saturating_sub(count)..].to_vec()
    }

    pub(crate) fn forget(&self) {
        self.received.lock().unwrap().clear();
    }
}

impl Drop for Receivers {
    fn drop(&mut self) {
        self.is_over.store(true, SeqCst);
        for thread in self.threads.drain(..) {
            // It has told what was wrong.
            let _ = thread.join();
        }
    }
}

/// An address of the loopback interface on which both ports are free.
pub(crate) fn free_address() -> (Ipv4Addr, [UdpSocket; 2]) {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    loop {
        let number =
            std::process::id().wrapping_mul(251).wrapping_add(NEXT.fetch_add(1, SeqCst)) % 0x00ff_ff00;
        let address = Ipv4Addr::from(0x7f00_0002 + number);
        let bind = |port| UdpSocket::bind((address, port));
        if let (Ok(ddp), Ok(sacn)) = (bind(4_048), bind(5_568)) {
            return (address, [ddp, sacn]);
        }
    }
}

fn read_ddp(at: Instant, packet: &[u8]) -> Received {
    let read = PacketRef::from_bytes(packet).expect("a DDP packet");
    assert_eq!(
        (read.header.packet_type.version, read.header.packet_type.push, read.header.offset),
        (1, true, 0)
    );
    assert_eq!(usize::from(read.header.length), read.data.len());
    Received::Ddp { at, slots: read.data.to_vec(), sequence: read.header.sequence_number }
}

fn read_sacn(at: Instant, packet: &[u8]) -> Received {
    let read = AcnRootLayerProtocol::parse(packet).expect("an E1.31 packet");
    let E131RootLayerData::DataPacket(data) = read.pdu.data else { panic!("no data packet") };
    let [0, slots @ ..] = &*data.data.property_values else { panic!("no levels of dimmers") };
    Received::Sacn {
        at,
        universe: data.universe,
        priority: data.priority,
        sequence: data.sequence_number,
        is_end: data.stream_terminated,
        slots: slots.to_vec(),
    }
}
