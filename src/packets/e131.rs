//! The packets of E1.31 (streaming ACN, ANSI E1.31-2018), which carry a universe of DMX512. The only file that names the
//! library `sacn`, of which the layout of packets is taken and no socket.

use std::borrow::Cow;
use std::net::Ipv4Addr;

use sacn::packet::{
    AcnRootLayerProtocol, DataPacketDmpLayer, DataPacketFramingLayer, E131RootLayer, E131RootLayerData,
};
use uuid::Uuid;

/// The UDP port that receivers listen on (9.3.1).
pub const PORT: u16 = 5_568;
/// In front of the slots: levels of dimmers.
const START_CODE: u8 = 0;
/// Ours: chosen once.
const NAMESPACE: Uuid = Uuid::from_u128(0x5c0e_7a11_9d42_4f6b_8a37_61d2_0c5b_e131);
/// With the zero at its end (6.2.2).
const NAME_ROOM: usize = 64;

/// Who sends, the same in all of its packets.
#[derive(Clone, Debug)]
pub struct SacnSource {
    /// Tells its packets from those of others (5.6).
    id: Uuid,
    name: String,
}

/// What is the same in all packets of a universe.
#[derive(Clone, Copy, Debug)]
pub struct UniverseHead {
    /// 1 to 63,999.
    pub universe: u16,
    /// 0 to 200.
    pub priority: u8,
}

impl SacnSource {
    /// The same source at every start, and on each `machine` another (5.6). Of `name` receivers show 63 bytes.
    #[must_use]
    pub fn new(machine: &str, name: &str) -> Self {
        let end = (0..NAME_ROOM.min(name.len() + 1)).rev().find(|end| name.is_char_boundary(*end));
        // The name of a machine is its own business: nobody can tell it from this.
        Self { id: Uuid::new_v5(&NAMESPACE, machine.as_bytes()), name: name[..end.unwrap_or(0)].to_owned() }
    }

    /// Writes the packet with `slots`, 512 at most, into `packet`. One that `is_end` ends the stream, and its slots are not
    /// looked at (6.2.6).
    ///
    /// # Panics
    /// With more than 512 slots.
    pub fn packet(&self, head: UniverseHead, sequence: u8, is_end: bool, slots: &[u8], packet: &mut Vec<u8>) {
        let property_values = [&[START_CODE], slots].concat();
        let data = E131RootLayerData::DataPacket(DataPacketFramingLayer {
            source_name: Cow::Borrowed(&self.name),
            priority: head.priority,
            synchronization_address: 0,
            sequence_number: sequence,
            preview_data: false,
            stream_terminated: is_end,
            force_synchronization: false,
            universe: head.universe,
            data: DataPacketDmpLayer { property_values: property_values.into() },
        });
        let whole = AcnRootLayerProtocol { pdu: E131RootLayer { cid: self.id, data } };
        whole.pack_vec(packet).expect("a universe has 512 slots at most");
    }
}

/// Where receivers of a universe listen (9.3.1).
#[must_use]
pub const fn multicast(universe: u16) -> Ipv4Addr {
    let [high, low] = universe.to_be_bytes();
    Ipv4Addr::new(239, 255, high, low)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MACHINE: &str = "0123456789abcdef";

    #[test]
    fn a_universe_is_a_packet_as_the_standard_has_it() {
        let source = SacnSource::new(MACHINE, "starcourt");
        let slots: Vec<u8> = (0..512).map(|slot| slot as u8).collect();
        let head = UniverseHead { universe: 0x0102, priority: 100 };
        let mut packet = Vec::new();
        source.packet(head, 7, false, &slots, &mut packet);
        // Table 4-1 of the standard, by hand.
        let mut expected = Vec::new();
        expected.extend([0x00, 0x10, 0x00, 0x00]);
        expected.extend(b"ASC-E1.17\0\0\0");
        expected.extend([0x72, 0x6e, 0, 0, 0, 4]);
        expected.extend(source.id.into_bytes());
        expected.extend([0x72, 0x58, 0, 0, 0, 2]);
        expected.extend(b"starcourt");
        expected.extend([0; 64 - 9]);
        expected.extend([100, 0, 0, 7, 0, 0x01, 0x02]);
        expected.extend([0x72, 0x0b, 2, 0xa1, 0, 0, 0, 1, 0x02, 0x01, 0]);
        expected.extend(&slots);
        assert_eq!(packet, expected);
        assert_eq!(packet.len(), 638);

        source.packet(head, 8, true, &slots, &mut packet);
        (expected[111], expected[112]) = (8, 0x40);
        assert_eq!(packet, expected, "the end of a stream");
    }

    #[test]
    fn each_machine_has_an_id_of_its_own_that_stays() {
        let id = |machine| SacnSource::new(machine, "x").id;
        assert_eq!(id("porch").to_string(), id("porch").to_string());
        assert_ne!(id("porch"), id("gate"));
    }

    #[test]
    fn a_long_name_is_cut_where_a_letter_ends() {
        for (name, expected) in
            [("", 0), ("porch", 5), (&"x".repeat(63), 63), (&"x".repeat(90), 63), (&"é".repeat(40), 62)]
        {
            let source = SacnSource::new(MACHINE, name);
            let mut packet = Vec::new();
            source.packet(UniverseHead { universe: 1, priority: 0 }, 0, false, &[], &mut packet);
            let written = packet[44..44 + NAME_ROOM].iter().position(|byte| *byte == 0);
            assert_eq!(written, Some(expected), "{name}");
        }
    }

    #[test]
    fn each_universe_has_an_address_of_its_own() {
        assert_eq!(multicast(1), Ipv4Addr::new(239, 255, 0, 1));
        assert_eq!(multicast(63_999), Ipv4Addr::new(239, 255, 249, 255));
    }
}
