//! AIFF and AIFC. The sound is what stands in the file, whatever the header says. Decodes nothing.

use super::codec::{Codec, CodecKind};
use super::file::{MOST_PARTS, MusicFile};
use super::mix::MOST_CHANNELS;
use super::not_opened::NotOpened;
use super::packets::{MOST_RATE, PacketFaults};
use super::pcm::{self, Pcm};
use super::wav::Blocks;

pub(super) fn open(mut file: MusicFile, start: u64) -> Result<Blocks, NotOpened> {
    let is_packed = file.has(start + 8, b"AIFC")?;
    let mut place = start + 12;
    let (mut codec, mut sound) = (None, None);
    for _ in 0..MOST_PARTS {
        let Some([a, b, c, d, size @ ..]) = file.array::<8>(place)? else { break };
        let size = u64::from(u32::from_be_bytes(size));
        let body = place + 8;
        match &[a, b, c, d] {
            b"COMM" => codec = Some(common(file.bytes(body, 22)?, is_packed)?),
            b"SSND" => {
                let offset = file.array::<4>(body)?.map_or(0, u32::from_be_bytes);
                sound = Some((body + 8 + u64::from(offset), body + size));
            }
            _ => {}
        }
        place = body + size + size % 2;
    }
    let codec = codec.ok_or(NotOpened::NotSound)?;
    let (begin, promised) = sound.ok_or(NotOpened::Empty)?;
    let CodecKind::Pcm(pcm) = codec.kind else { return Err(NotOpened::NotSound) };
    let block = (u64::from(pcm.bytes) * u64::from(codec.channels), 1);
    // A pipe's writer could not go back and write the length.
    let promised = (promised > begin && promised - begin < 0x7fff_0000).then_some(promised);
    let end = promised.unwrap_or(u64::MAX).min(file.length());
    let promised = promised.map(|promised| promised - begin);
    Ok(Blocks { file, codec, begin, end, block, promised, at: begin, faults: PacketFaults::default() })
}

fn common(chunk: &[u8], is_packed: bool) -> Result<Codec, NotOpened> {
    let word = |at: usize| chunk.get(at..at + 2).map(|bytes| u16::from_be_bytes([bytes[0], bytes[1]]));
    let (Some(channels), Some(bits), Some(rate)) = (word(0), word(6), chunk.get(8..18)) else {
        return Err(NotOpened::NotSound);
    };
    let rate = extended(rate);
    if channels == 0 || channels > MOST_CHANNELS || rate == 0 || rate > MOST_RATE {
        return Err(NotOpened::NotSound);
    }
    let packing = if is_packed { chunk.get(18..22).ok_or(NotOpened::NotSound)? } else { b"NONE" };
    let bytes = bits.div_ceil(8) as u8;
    let (kind, is_little, bytes) = match packing {
        b"NONE" | b"twos" => (pcm::SampleFormat::Signed, false, bytes),
        b"sowt" => (pcm::SampleFormat::Signed, true, bytes),
        b"in24" => (pcm::SampleFormat::Signed, false, 3),
        b"in32" => (pcm::SampleFormat::Signed, false, 4),
        b"raw " => (pcm::SampleFormat::Unsigned, false, 1),
        b"fl32" | b"FL32" => (pcm::SampleFormat::Float, false, 4),
        b"fl64" | b"FL64" => (pcm::SampleFormat::Float, false, 8),
        b"alaw" | b"ALAW" => (pcm::SampleFormat::ALaw, false, 1),
        b"ulaw" | b"ULAW" => (pcm::SampleFormat::MuLaw, false, 1),
        _ => return Err(NotOpened::OtherFormat("AIFC with a compression that is not known here")),
    };
    let pcm = Pcm::new(kind, is_little, bytes).ok_or(NotOpened::NotSound)?;
    Ok(Codec { kind: CodecKind::Pcm(pcm), rate, channels, mask: 0, setup: Vec::new() })
}

/// A whole number from the ten bytes of an extended float; 0 where it is none.
fn extended(bytes: &[u8]) -> u32 {
    let exponent = i32::from(bytes[0] & 0x7f) << 8 | i32::from(bytes[1]);
    let mantissa = bytes[2..10].iter().fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    match 63 - (exponent - 16_383) {
        shift @ 32..=63 => (mantissa >> shift) as u32,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_read_from_its_extended_float() {
        assert_eq!(extended(&[0x40, 0x0e, 0xac, 0x44, 0, 0, 0, 0, 0, 0]), 44_100);
        assert_eq!(extended(&[0x40, 0x0e, 0xbb, 0x80, 0, 0, 0, 0, 0, 0]), 48_000);
        assert_eq!(extended(&[0xff; 10]), 0);
    }
}
