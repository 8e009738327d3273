//! How many frames a packet of Vorbis makes: by its mode's block size, which its setup header tells. Decodes
//! nothing.

use super::packets::MOST_RATE;

/// What the headers of a stream say.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Vorbis {
    pub rate: u32,
    pub channels: u16,
    /// Of the short blocks and of the long ones, in frames.
    blocks: [u32; 2],
    /// Whether blocks of each mode are long.
    modes: Vec<bool>,
}

/// Bytes of an identification header (Vorbis I, 4.2.2).
pub(super) const IDENTIFICATION: usize = 30;

impl Vorbis {
    /// `None` where these are no headers of Vorbis.
    pub(super) fn read(identification: &[u8], setup: &[u8]) -> Option<Self> {
        let head = identification.get(..IDENTIFICATION)?.strip_prefix(b"\x01vorbis")?;
        let channels = u16::from(head[4]);
        let rate = u32::from_le_bytes(head[5..9].try_into().ok()?);
        let blocks = [head[21] & 15, head[21] >> 4].map(|exponent| 1 << exponent);
        let is_known = head[..4] == [0; 4]
            && (1..=8).contains(&channels)
            && (1..=MOST_RATE).contains(&rate)
            && blocks.iter().all(|block| (64..=8_192).contains(block))
            && blocks[0] <= blocks[1];
        let modes = modes(setup.strip_prefix(b"\x05vorbis")?)?;
        is_known.then_some(Self { rate, channels, blocks, modes })
    }

    /// The block size of an audio packet; `None` where it is none.
    pub(super) fn block_of(&self, packet: &[u8]) -> Option<u32> {
        let first = *packet.first()?;
        let bits = (self.modes.len() - 1).checked_ilog2().map_or(0, |log| log + 1);
        let mode = usize::from(first >> 1) & ((1 << bits) - 1);
        (first & 1 == 0).then_some(self.blocks[usize::from(*self.modes.get(mode)?)])
    }
}

/// The modes stand last, and what is before them is long to read: so they are read from the end, where one
/// bit is set after them (Vorbis I, 4.2.4).
fn modes(setup: &[u8]) -> Option<Vec<bool>> {
    let bit = |place: usize| setup[place / 8] >> (place % 8) & 1;
    let number = |place: usize, count: usize| {
        (0..count).fold(0_u64, |number, index| number | u64::from(bit(place + index)) << index)
    };
    const MODE: usize = 41;
    let mut end = (0..setup.len() * 8).rev().find(|place| bit(*place) == 1)?;
    let (mut modes, mut found) = (Vec::new(), None);
    // As many as say of themselves that they are as many; of several such numbers, the last.
    while modes.len() < 64 && end >= MODE + 6 {
        let place = end - MODE;
        if number(place + 1, 32) != 0 || number(place + 33, 8) > 63 {
            break;
        }
        modes.push(bit(place) == 1);
        end = place;
        if number(place - 6, 6) as usize + 1 == modes.len() {
            found = Some(modes.len());
        }
    }
    modes.truncate(found?);
    modes.reverse();
    Some(modes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A setup header that ends with these modes.
    fn setup(modes: &[bool]) -> Vec<u8> {
        let mut bits: Vec<bool> = vec![true; 77];
        let mut put = |number: u64, count: usize| bits.extend((0..count).map(|bit| number >> bit & 1 == 1));
        put(modes.len() as u64 - 1, 6);
        for is_long in modes {
            put(u64::from(*is_long), 33);
            put(1, 8);
        }
        put(1, 1);
        let mut bytes = b"\x05vorbis".to_vec();
        bytes.extend(bits.chunks(8).map(|byte| {
            byte.iter().enumerate().fold(0, |byte, (bit, is_set)| byte | u8::from(*is_set) << bit)
        }));
        bytes
    }

    #[test]
    fn a_packets_mode_tells_its_block() {
        let mut identification = b"\x01vorbis\0\0\0\0\x02\x44\xac\0\0".to_vec();
        identification.resize(28, 0);
        identification.extend([0xb8, 1]);
        for modes in [&[false, true][..], &[true], &[false, true, true], &[true, false, true, false]] {
            let vorbis = Vorbis::read(&identification, &setup(modes)).unwrap();
            assert_eq!((vorbis.rate, vorbis.channels), (44_100, 2));
            for (number, is_long) in modes.iter().enumerate() {
                let expected = if *is_long { 2_048 } else { 256 };
                assert_eq!(vorbis.block_of(&[(number as u8) << 1, 9]), Some(expected), "{modes:?}");
            }
        }
        let vorbis = Vorbis::read(&identification, &setup(&[false, true])).unwrap();
        assert_eq!(vorbis.block_of(&[1]), None);
        assert_eq!(vorbis.block_of(&[]), None);
    }

    #[test]
    fn broken_headers_are_none() {
        let good = setup(&[false, true]);
        for length in 0..good.len() {
            let _may_be_anything = modes(&good[..length]);
        }
        assert_eq!(modes(&[0; 40]), None);
    }
}
