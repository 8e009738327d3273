//! The packets of DDP (Distributed Display Protocol, 3waylabs.com/ddp), which carry the slots of a pixel controller.
//!
//! Not by a library: `ddp-rs` 1.3 counts its packets to 16, and the protocol to 15.

/// The UDP port that receivers listen on.
pub const PORT: u16 = 4_048;
/// The slots of one packet: 480 pixels of three colours, which fit into one frame of Ethernet.
pub const SLOTS_OF_A_PACKET: usize = 1_440;

const HEADER: usize = 10;
const VERSION_1: u8 = 0x40;
/// The receiver shows what it has by now.
const PUSH: u8 = 0x01;
/// The display itself, as opposed to its settings.
const DISPLAY: u8 = 1;
/// Three bits of what, three bits of how many bits: RGB or RGBW of eight bits a colour.
const RGB: u8 = 0x0b;
const RGBW: u8 = 0x1b;

/// Counts the packets that one receiver is sent.
#[derive(Clone, Copy, Debug)]
pub struct DdpSequence(u8);

impl DdpSequence {
    /// 1 to 15; 0 would mean that the packets are not counted.
    const LAST: u8 = 15;

    /// One that begins anywhere.
    #[must_use]
    pub const fn from(seed: u64) -> Self {
        Self((seed % Self::LAST as u64) as u8 + 1)
    }

    const fn next(&mut self) -> u8 {
        self.0 = self.0 % Self::LAST + 1;
        self.0
    }
}

/// What pixels are made of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DdpPixels {
    Rgb,
    Rgbw,
}

/// Calls `send` with each packet that `slots` take, in order; the last has them shown. `packet` is scratch room.
pub fn packets(
    slots: &[u8],
    pixels: DdpPixels,
    sequence: &mut DdpSequence,
    packet: &mut Vec<u8>,
    send: &mut dyn FnMut(&[u8]),
) {
    let last = slots.len().saturating_sub(1) / SLOTS_OF_A_PACKET;
    for (number, part) in slots.chunks(SLOTS_OF_A_PACKET).enumerate() {
        let push = if number == last { PUSH } else { 0 };
        let kind = if pixels == DdpPixels::Rgb { RGB } else { RGBW };
        packet.clear();
        packet.reserve(HEADER + part.len());
        packet.extend([VERSION_1 | push, sequence.next(), kind, DISPLAY]);
        packet.extend(((number * SLOTS_OF_A_PACKET) as u32).to_be_bytes());
        packet.extend((part.len() as u16).to_be_bytes());
        packet.extend(part);
        send(packet);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(slots: &[u8], pixels: DdpPixels, sequence: &mut DdpSequence) -> Vec<Vec<u8>> {
        let mut sent = Vec::new();
        packets(slots, pixels, sequence, &mut Vec::new(), &mut |packet| sent.push(packet.to_vec()));
        sent
    }

    #[test]
    fn two_pixels_are_one_packet_which_is_shown_at_once() {
        let mut sequence = DdpSequence(4);
        let [packet] = &all(&[1, 2, 3, 4, 5, 6], DdpPixels::Rgb, &mut sequence)[..] else { panic!() };
        assert_eq!(packet, &[0x41, 5, 0x0b, 1, 0, 0, 0, 0, 0, 6, 1, 2, 3, 4, 5, 6]);
        let [packet] = &all(&[1, 2, 3, 4], DdpPixels::Rgbw, &mut sequence)[..] else { panic!() };
        assert_eq!(packet, &[0x41, 6, 0x1b, 1, 0, 0, 0, 0, 0, 4, 1, 2, 3, 4]);
    }

    #[test]
    fn what_takes_several_packets_is_shown_with_the_last() {
        let slots: Vec<u8> = (0..3_000).map(|slot| slot as u8).collect();
        let sent = all(&slots, DdpPixels::Rgb, &mut DdpSequence(14));
        let heads: Vec<&[u8]> = sent.iter().map(|packet| &packet[..HEADER]).collect();
        assert_eq!(
            heads,
            [
                [0x40, 15, 0x0b, 1, 0, 0, 0, 0, 0x05, 0xa0],
                [0x40, 1, 0x0b, 1, 0, 0, 0x05, 0xa0, 0x05, 0xa0],
                [0x41, 2, 0x0b, 1, 0, 0, 0x0b, 0x40, 0, 0x78],
            ]
        );
        let carried: Vec<u8> = sent.iter().flat_map(|packet| packet[HEADER..].to_vec()).collect();
        assert_eq!(carried, slots);
        let two = all(&slots[..2 * SLOTS_OF_A_PACKET], DdpPixels::Rgb, &mut DdpSequence(1));
        assert_eq!(two.iter().map(|packet| packet[0]).collect::<Vec<_>>(), [0x40, 0x41]);
    }

    #[test]
    fn packets_are_counted_from_1_to_15() {
        for seed in 0..40 {
            let mut sequence = DdpSequence::from(seed);
            let counted: Vec<u8> = (0..30).map(|_| sequence.next()).collect();
            assert!(counted.iter().all(|number| (1..=15).contains(number)), "{counted:?}");
            assert!(counted.windows(2).all(|pair| pair[1] == pair[0] % 15 + 1), "{counted:?}");
        }
    }
}
