//! The headers of FLAC frames (RFC 9639, 9.1). Knows no file.

use super::codec::crc8;

/// Where a frame stands in the sound, and how many frames of sound it makes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct FlacFrameHeader {
    /// Counted in frames of FLAC, or of sound where their length varies.
    pub number: u64,
    pub varies: bool,
    /// Of sound.
    pub frames: u32,
    /// Where the header tells.
    pub rate: Option<u32>,
    pub channels: u16,
}

/// The longest header.
pub(super) const LONGEST: usize = 16;

impl FlacFrameHeader {
    /// `None` where no frame begins with `bytes`.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let (&[first, second, third, fourth], mut rest) = bytes.split_first_chunk::<4>()?;
        if first != 0xff || second & 0xfe != 0xf8 || fourth & 1 != 0 || fourth >> 1 & 7 == 3 {
            return None;
        }
        let number = coded(&mut rest)?;
        let mut number_of = |count: usize| {
            let (bytes, after) = rest.split_at_checked(count)?;
            rest = after;
            Some(bytes.iter().fold(0, |number, byte| number << 8 | u32::from(*byte)))
        };
        let frames = match third >> 4 {
            0 => return None,
            1 => 192,
            code @ 2..=5 => 576 << (code - 2),
            6 => number_of(1)? + 1,
            7 => number_of(2)? + 1,
            code => 256 << (code - 8),
        };
        let rate = match third & 15 {
            0 => None,
            code @ 1..=11 => Some(
                [88_200, 176_400, 192_000, 8_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 96_000]
                    [usize::from(code) - 1],
            ),
            12 => Some(number_of(1)? * 1_000),
            13 => Some(number_of(2)?),
            14 => Some(number_of(2)? * 10),
            _ => return None,
        };
        let channels = match fourth >> 4 {
            code @ 0..=7 => u16::from(code) + 1,
            8..=10 => 2,
            _ => return None,
        };
        let length = bytes.len() - rest.len();
        (crc8(&bytes[..length]) == *rest.first()?).then_some(Self {
            number,
            varies: second & 1 == 1,
            frames,
            rate,
            channels,
        })
    }

    /// The number that the next frame has.
    pub(super) fn next_number(self) -> u64 {
        self.number + if self.varies { u64::from(self.frames) } else { 1 }
    }
}

/// A number of up to 36 bits, written as UTF-8 writes characters.
fn coded(bytes: &mut &[u8]) -> Option<u64> {
    let (&first, mut rest) = bytes.split_first()?;
    let ones = first.leading_ones();
    let more = match ones {
        0 => 0,
        2..=7 => ones - 1,
        _ => return None,
    };
    let mut number = u64::from(if ones == 7 { 0 } else { first & (0x7f >> ones) });
    for _ in 0..more {
        let (&next, after) = rest.split_first()?;
        if next >> 6 != 2 {
            return None;
        }
        number = number << 6 | u64::from(next & 0x3f);
        rest = after;
    }
    *bytes = rest;
    Some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_sum(header: &[u8]) -> Vec<u8> {
        [header, &[crc8(header)]].concat()
    }

    #[test]
    fn a_header_tells_the_number_and_the_length() {
        let header = FlacFrameHeader::read(&with_sum(&[0xff, 0xf8, 0xc9, 0x18, 0x05])).unwrap();
        let expected =
            FlacFrameHeader { number: 5, varies: false, frames: 4_096, rate: Some(44_100), channels: 2 };
        assert_eq!(header, expected);
        // The last frame of 22.05 kHz, whose number takes two bytes.
        let last =
            FlacFrameHeader::read(&with_sum(&[0xff, 0xf8, 0x76, 0x08, 0xc4, 0x80, 0x01, 0xff])).unwrap();
        assert_eq!((last.number, last.frames, last.channels), (0x100, 0x200, 1));
        let varies = FlacFrameHeader::read(&with_sum(&[0xff, 0xf9, 0xc9, 0x18, 0x05])).unwrap();
        assert_eq!(varies.next_number(), 5 + 4_096);
    }

    #[test]
    fn what_is_no_header_is_none() {
        let good = with_sum(&[0xff, 0xf8, 0xc9, 0x18, 0x05]);
        for at in 0..good.len() {
            for bit in 0..8 {
                let mut bad = good.clone();
                bad[at] ^= 1 << bit;
                assert_eq!(FlacFrameHeader::read(&bad), None, "byte {at}");
            }
            assert_eq!(FlacFrameHeader::read(&good[..at]), None);
        }
    }
}
