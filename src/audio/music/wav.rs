//! WAV in its kinds: RIFF, RF64 and BW64, whole numbers, floats, A-law and mu-law, two kinds of ADPCM.
//! The sound is what stands in the file, whatever the header says of its length. Decodes nothing.

use std::io;

use super::codec::{Codec, CodecKind};
use super::file::{MOST_PARTS, MusicFile};
use super::mix::MOST_CHANNELS;
use super::not_opened::NotOpened;
use super::packets::{MOST_RATE, Packet, PacketFault, PacketFaults, Packets};
use super::pcm::{self, Pcm};

/// Frames that are handed on at once.
const FRAMES: u32 = 1_024;

/// A writer that does not know the length yet leaves 0 there or the highest number that fits; some, the
/// highest that fits a signed number, or a block less.
const UNKNOWN: u64 = 0x7fff_0000;

/// Blocks of the same size, one after another.
pub(super) struct Blocks {
    pub file: MusicFile,
    pub codec: Codec,
    /// Where the sound begins, and where it ends in this file.
    pub begin: u64,
    pub end: u64,
    /// Bytes and frames of a block that is decoded by itself.
    pub block: (u64, u32),
    /// Bytes that the header speaks of.
    pub promised: Option<u64>,
    pub at: u64,
    pub faults: PacketFaults,
}

pub(super) fn open(mut file: MusicFile, start: u64) -> Result<Blocks, NotOpened> {
    let mut place = start + 12;
    let mut format = None;
    let mut long = None;
    for _ in 0..MOST_PARTS {
        let Some([a, b, c, d, size @ ..]) = file.array::<8>(place)? else { break };
        let size = u64::from(u32::from_le_bytes(size));
        let body = place + 8;
        match &[a, b, c, d] {
            b"ds64" => long = file.array::<16>(body)?.map(|sizes| u64_of(&sizes[8..])),
            b"fmt " => format = Some(format_of(file.bytes(body, size.min(64) as usize)?)?),
            b"data" => {
                let (codec, block) = format.ok_or(NotOpened::NotSound)?;
                return Ok(blocks(
                    file,
                    codec,
                    block,
                    body,
                    if size == u64::from(u32::MAX) { long.unwrap_or(size) } else { size },
                ));
            }
            _ => {}
        }
        place = body + size + size % 2;
    }
    Err(if format.is_some() { NotOpened::Empty } else { NotOpened::NotSound })
}

fn blocks(file: MusicFile, codec: Codec, block: (u64, u32), begin: u64, size: u64) -> Blocks {
    let there = file.length().saturating_sub(begin);
    let is_unknown = size == 0 || size >= UNKNOWN && size > there;
    let end = begin + if is_unknown { there } else { size.min(there) };
    let promised = (!is_unknown).then_some(size);
    Blocks { file, codec, begin, end, block, promised, at: begin, faults: PacketFaults::default() }
}

fn u64_of(bytes: &[u8]) -> u64 {
    bytes.iter().take(8).rev().fold(0, |number, byte| number << 8 | u64::from(*byte))
}

/// What a `fmt ` chunk says, and how large a block is.
fn format_of(chunk: &[u8]) -> Result<(Codec, (u64, u32)), NotOpened> {
    let word = |at: usize| chunk.get(at..at + 2).map(|bytes| u16::from_le_bytes([bytes[0], bytes[1]]));
    let double = |at: usize| Some(u32::from(word(at)?) | u32::from(word(at + 2)?) << 16);
    let (Some(mut tag), Some(channels), Some(rate)) = (word(0), word(2), double(4)) else {
        return Err(NotOpened::NotSound);
    };
    let (Some(align), Some(bits)) = (word(12), word(14)) else { return Err(NotOpened::NotSound) };
    let mut mask = 0;
    if tag == 0xfffe {
        mask = double(20).unwrap_or(0);
        tag = word(24).unwrap_or(tag);
    }
    if channels == 0 || channels > MOST_CHANNELS || rate == 0 || rate > MOST_RATE {
        return Err(NotOpened::NotSound);
    }
    let wide = u32::from(channels);
    let (kind, block) = match tag {
        1 | 3 | 6 | 7 => {
            // Samples of 12 or 20 bits lie at the upper end of whole bytes.
            let bytes = (align / channels) as u8;
            let bytes = if align % channels == 0 && align > 0 { bytes } else { bits.div_ceil(8) as u8 };
            let kind = match tag {
                1 if bits <= 8 => pcm::SampleFormat::Unsigned,
                1 => pcm::SampleFormat::Signed,
                3 => pcm::SampleFormat::Float,
                6 => pcm::SampleFormat::ALaw,
                _ => pcm::SampleFormat::MuLaw,
            };
            let pcm =
                Pcm::new(kind, true, bytes).ok_or(NotOpened::OtherFormat("WAV with unusual samples"))?;
            (CodecKind::Pcm(pcm), (u64::from(bytes) * u64::from(channels), 1))
        }
        2 | 0x11 if channels <= 2 => {
            let (align, head) = (u32::from(align), if tag == 2 { 7 } else { 4 } * wide);
            if align <= head {
                return Err(NotOpened::NotSound);
            }
            // A byte has two samples; the head has the first two, or the first one.
            let frames = (align - head) * 2 / wide + if tag == 2 { 2 } else { 1 };
            let kind = if tag == 2 { CodecKind::AdpcmMs(frames) } else { CodecKind::AdpcmIma(frames) };
            (kind, (align.into(), frames))
        }
        0x50 | 0x55 => return Err(NotOpened::OtherFormat("WAV with MP3 inside")),
        0x160..=0x163 => return Err(NotOpened::OtherFormat("WAV with WMA inside")),
        0xff | 0x1600 | 0x1610 => return Err(NotOpened::OtherFormat("WAV with AAC inside")),
        _ => return Err(NotOpened::OtherFormat("WAV with a compression that is not known here")),
    };
    Ok((Codec { kind, rate, channels, mask, setup: Vec::new() }, block))
}

impl Blocks {
    /// How many bytes and frames stand at `at` and are handed on at once; none at the end.
    fn piece(&self, at: u64) -> (u64, u32) {
        let (bytes, frames) = self.block;
        let there = self.end.saturating_sub(at);
        match self.codec.kind {
            CodecKind::Pcm(_) => {
                let blocks = (there / bytes).min(FRAMES.into());
                (blocks * bytes, blocks as u32)
            }
            _ if there >= bytes => (bytes, frames),
            // The last block of ADPCM may be shorter.
            kind => {
                let channels = u64::from(self.codec.channels);
                let (head, first) = if matches!(kind, CodecKind::AdpcmMs(_)) { (7, 2) } else { (4, 1) };
                let rest = there.saturating_sub(head * channels);
                // Two channels of IMA take turns after eight samples.
                let rest = match kind {
                    CodecKind::AdpcmIma(_) => rest / (4 * channels) * (4 * channels),
                    _ => rest,
                };
                match rest {
                    0 => (0, 0),
                    rest => (head * channels + rest, (rest * 2 / channels + first) as u32),
                }
            }
        }
    }

    fn frames(&self, bytes: u64) -> u64 {
        let (block, frames) = self.block;
        let whole = bytes / block * u64::from(frames);
        match self.codec.kind {
            CodecKind::Pcm(_) => whole,
            _ => whole + u64::from(self.piece(self.end - bytes % block).1),
        }
    }
}

impl Packets for Blocks {
    fn codec(&self) -> &Codec {
        &self.codec
    }

    fn next(&mut self, bytes: Option<&mut Vec<u8>>) -> io::Result<Option<Packet>> {
        let (count, frames) = self.piece(self.at);
        if frames == 0 {
            // Codecs and writers pad by a byte or a block.
            let (block, per_block) = self.block;
            if self.promised.is_some_and(|promised| promised >= self.end - self.begin + block) {
                let frame = (self.at - self.begin) / block * u64::from(per_block);
                self.faults.add(frame, PacketFault::EndsEarly);
            }
            return Ok(None);
        }
        if let Some(bytes) = bytes {
            bytes.clear();
            bytes.extend_from_slice(self.file.bytes(self.at, count as usize)?);
            if !matches!(self.codec.kind, CodecKind::Pcm(_)) {
                bytes.resize(self.block.0 as usize, 0);
            }
        }
        self.at += count;
        Ok(Some(Packet::of(frames)))
    }

    fn rewind(&mut self) {
        self.at = self.begin;
    }

    fn known_frames(&mut self) -> Option<u64> {
        Some(self.frames(self.end - self.begin))
    }

    fn promised_frames(&self) -> Option<u64> {
        let (block, frames) = self.block;
        self.promised.map(|bytes| bytes / block * u64::from(frames))
    }

    fn faults(&self) -> &PacketFaults {
        &self.faults
    }
}
