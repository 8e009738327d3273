//! The headers of MP3 frames (ISO 11172-3 and 13818-3, 2.4.1.3) and of the tag in the first of them. Knows no
//! file.

/// A frame of layer III.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct MpegHeader {
    /// In bytes, the header among them.
    pub size: u32,
    /// Frames of sound: 1152 or 576.
    pub frames: u32,
    pub rate: u32,
    pub channels: u16,
    /// Bytes of side information.
    side: usize,
}

pub(super) const HEADER: usize = 4;

/// A header without a bit rate: its length shows only from the next one.
pub(super) fn is_free_format(word: u32) -> bool {
    word >> 21 == 0x7ff
        && word >> 17 & 3 == 1
        && word >> 19 & 3 != 1
        && word >> 12 & 15 == 0
        && word >> 10 & 3 != 3
}

/// A frame of layer I or II.
pub(super) fn is_other_layer(word: u32) -> bool {
    word >> 21 == 0x7ff
        && word >> 17 & 3 >= 2
        && word >> 19 & 3 != 1
        && word >> 12 & 15 != 15
        && word >> 10 & 3 != 3
}

impl MpegHeader {
    /// `None` where no frame of layer III has such a header.
    pub(super) fn read(word: u32) -> Option<Self> {
        const RATES: [u32; 3] = [44_100, 48_000, 32_000];
        // Thousands of bits a second, of MPEG 1 and of 2 and 2.5.
        const FAST: [u32; 14] = [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
        const SLOW: [u32; 14] = [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
        if word >> 21 != 0x7ff || word >> 17 & 3 != 1 {
            return None;
        }
        let rate = *RATES.get((word >> 10 & 3) as usize)?;
        let is_first = match word >> 19 & 3 {
            3 => true,
            0 | 2 => false,
            _ => return None,
        };
        let rate = match word >> 19 & 3 {
            3 => rate,
            2 => rate / 2,
            _ => rate / 4,
        };
        let bits =
            *if is_first { &FAST } else { &SLOW }.get((word >> 12 & 15).checked_sub(1)? as usize)? * 1_000;
        // Two bits that are never set together.
        if word & 3 == 2 {
            return None;
        }
        let channels = if word >> 6 & 3 == 3 { 1 } else { 2 };
        let frames = if is_first { 1_152 } else { 576 };
        let side = match (is_first, channels) {
            (true, 2) => 32,
            (false, 1) => 9,
            _ => 17,
        };
        let size = frames / 8 * bits / rate + (word >> 9 & 1);
        Some(Self { size, frames, rate, channels, side })
    }

    /// Whether both can be frames of one stream.
    pub(super) fn goes_with(self, other: Self) -> bool {
        self.rate == other.rate && self.frames == other.frames
    }
}

/// What the first frame says of the file instead of being sound (Xing's and LAME's tag, Fraunhofer's VBRI).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Tag {
    /// Frames of MP3 after this one, where it tells.
    pub count: Option<u32>,
    /// What the encoder put before and after the sound, where it tells.
    pub padding: Option<(u32, u32)>,
}

impl Tag {
    /// `None` where the frame is sound.
    pub(super) fn read(header: MpegHeader, frame: &[u8]) -> Option<Self> {
        // LAME counts no checksum in; others do.
        for at in [HEADER + header.side, HEADER + 2 + header.side] {
            if let Some(tag) = frame.get(at..)
                && (tag.starts_with(b"Xing") || tag.starts_with(b"Info"))
            {
                return Some(Self::xing(tag));
            }
        }
        let vbri = frame.get(HEADER + 32..)?;
        let count = vbri.starts_with(b"VBRI").then(|| number(vbri, 14))?;
        Some(Self { count, padding: None })
    }

    fn xing(tag: &[u8]) -> Self {
        let flags = number(tag, 4).unwrap_or(0);
        let mut at = 8;
        let mut count = None;
        for (flag, size) in [(1, 4), (2, 4), (4, 100), (8, 4)] {
            if flags & flag != 0 {
                if flag == 1 {
                    count = number(tag, at).filter(|count| *count > 0);
                }
                at += size;
            }
        }
        let writer = tag.get(at..).unwrap_or_default();
        let knows = [&b"LAME"[..], b"Lavf", b"Lavc"].iter().any(|name| writer.starts_with(name));
        // Two numbers of 12 bits, and a byte of the next field.
        let padding = number(writer, 21).filter(|_| knows);
        Self { count, padding: padding.map(|word| (word >> 20, word >> 8 & 0xfff)) }
    }
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_is_as_long_as_its_header_says() {
        let read = |word| MpegHeader::read(word).map(|it| (it.size, it.frames, it.rate, it.channels));
        assert_eq!(read(0xfffb_9064), Some((417, 1_152, 44_100, 2)));
        assert_eq!(read(0xfffb_92c4), Some((418, 1_152, 44_100, 1)));
        assert_eq!(read(0xfff3_80c4), Some((208, 576, 22_050, 1)));
        assert_eq!(read(0xffe3_10c4), Some((52, 576, 11_025, 1)));
        for none in
            [0, 0xffff_ffff, 0xfffd_9064, 0xfffb_f064, 0xfffb_0064, 0xfffb_9c64, 0xffeb_9064, 0xfffb_9066]
        {
            assert_eq!(read(none), None, "{none:08x}");
        }
        assert!(is_free_format(0xfffb_0064) && is_other_layer(0xfffd_9064));
    }

    #[test]
    fn a_tag_tells_the_count_and_the_padding() {
        let header = MpegHeader::read(0xfffb_9064).unwrap();
        for crc in [0, 2] {
            let mut frame = vec![0; HEADER + crc + 32];
            frame.extend(b"Info\0\0\0\x0f");
            frame.extend(1234_u32.to_be_bytes());
            frame.extend([0; 108]);
            frame.extend(b"LAME3.100");
            frame.extend([0; 12]);
            frame.extend([0x24, 0x05, 0x67, 0]);
            let tag = Tag { count: Some(1234), padding: Some((0x240, 0x567)) };
            assert_eq!(Tag::read(header, &frame), Some(tag));
        }
        assert_eq!(Tag::read(header, &[0; 417]), None);
    }
}
