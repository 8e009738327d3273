//! AAC as a bare stream of frames (ADTS, ISO 13818-7, 6.2), as `.aac` files have it. Decodes nothing.

use std::io;

use super::codec::{Codec, CodecKind};
use super::file::MusicFile;
use super::not_opened::NotOpened;
use super::packets::{Packet, PacketFault, PacketFaults, Packets};
use super::tags::{before_tags, is_padding};

/// Frames of sound that a packet of AAC makes.
pub(super) const FRAMES: u32 = 1_024;

/// How far from where the tags end a first frame is looked for.
const SEARCH: u64 = 64 << 10;

/// Headers in a row that are no chance.
const IN_A_ROW: u32 = 3;

pub(super) const RATES: [u32; 13] =
    [96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350];

pub(super) struct Adts {
    file: MusicFile,
    codec: Codec,
    begin: u64,
    end: u64,
    first: AdtsHeader,
    place: u64,
    at: u64,
    faults: PacketFaults,
}

/// What stands before the bytes of a packet.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct AdtsHeader {
    /// In bytes, and of the packet with it.
    own: u32,
    size: u32,
    object: u8,
    rate: u8,
    channels: u8,
    blocks: u8,
}

impl AdtsHeader {
    fn read(bytes: [u8; 7]) -> Option<Self> {
        let word = bytes.iter().fold(0_u64, |word, byte| word << 8 | u64::from(*byte));
        let bits = |from: u32, count: u32| (word >> (56 - from - count) & ((1 << count) - 1)) as u32;
        let own = if bits(15, 1) == 1 { 7 } else { 9 };
        let header = Self {
            own,
            size: bits(30, 13),
            object: bits(16, 2) as u8 + 1,
            rate: bits(18, 4) as u8,
            channels: bits(23, 3) as u8,
            blocks: bits(54, 2) as u8 + 1,
        };
        let is_one = bits(0, 12) == 0xfff && bits(13, 2) == 0 && header.size > own;
        (is_one && usize::from(header.rate) < RATES.len()).then_some(header)
    }

    fn goes_with(self, other: Self) -> bool {
        (self.object, self.rate, self.channels) == (other.object, other.rate, other.channels)
    }
}

fn header_at(file: &mut MusicFile, place: u64) -> io::Result<Option<AdtsHeader>> {
    Ok(file.array(place)?.and_then(AdtsHeader::read))
}

/// The first place from `place` on, before `limit`, at which packets follow each other.
fn next_packet(
    file: &mut MusicFile,
    mut place: u64,
    limit: u64,
    end: u64,
) -> io::Result<Option<(u64, AdtsHeader)>> {
    while let Some(candidate) = file.find(0xff, place, limit)? {
        place = candidate;
        if let Some(first) = header_at(file, place)? {
            let (mut next, mut count) = (place + u64::from(first.size), 1);
            while count < IN_A_ROW && next + 7 <= end {
                match header_at(file, next)?.filter(|header| header.goes_with(first)) {
                    Some(header) => next += u64::from(header.size),
                    None => break,
                }
                count += 1;
            }
            if count == IN_A_ROW || next >= end && (count > 1 || next == end) {
                return Ok(Some((place, first)));
            }
        }
        place += 1;
    }
    Ok(None)
}

/// Looks for ADTS near `start`; `None` where there is none.
pub(super) fn find(file: &mut MusicFile, start: u64) -> io::Result<Option<(u64, AdtsHeader)>> {
    let end = before_tags(file, start)?;
    next_packet(file, start, end.min(start + SEARCH), end)
}

/// The AudioSpecificConfig of AAC-LC.
pub(super) fn config(rate: u8, channels: u8) -> Vec<u8> {
    (2_u16 << 11 | u16::from(rate) << 7 | u16::from(channels) << 3).to_be_bytes().to_vec()
}

impl Adts {
    pub(super) fn open(mut file: MusicFile, (begin, first): (u64, AdtsHeader)) -> Result<Self, NotOpened> {
        let end = before_tags(&mut file, begin)?;
        if first.object != 2 {
            return Err(NotOpened::OtherFormat("AAC of another profile than LC"));
        }
        if first.blocks != 1 || !(1..=2).contains(&first.channels) {
            return Err(NotOpened::OtherFormat("AAC with more than two channels"));
        }
        let setup = config(first.rate, first.channels);
        let rate = RATES[usize::from(first.rate)];
        let codec = Codec { kind: CodecKind::Aac, rate, channels: first.channels.into(), mask: 0, setup };
        Ok(Self { file, codec, begin, end, first, place: begin, at: 0, faults: PacketFaults::default() })
    }
}

impl Packets for Adts {
    fn codec(&self) -> &Codec {
        &self.codec
    }

    fn next(&mut self, bytes: Option<&mut Vec<u8>>) -> io::Result<Option<Packet>> {
        if self.place + 7 > self.end {
            return Ok(None);
        }
        let first = self.first;
        let header = match header_at(&mut self.file, self.place)?.filter(|header| header.goes_with(first)) {
            Some(header) => header,
            None => {
                let next = next_packet(&mut self.file, self.place, self.end, self.end)?;
                let next = next.filter(|(_, header)| header.goes_with(first));
                let until = next.map_or(self.end, |(place, _)| place);
                if !is_padding(&mut self.file, self.place, until)? {
                    self.faults.add(self.at, PacketFault::Broken);
                }
                let Some((place, header)) = next else { return Ok(None) };
                self.place = place;
                header
            }
        };
        let end = self.place + u64::from(header.size);
        if end > self.end {
            self.faults.add(self.at, PacketFault::EndsEarly);
            return Ok(None);
        }
        if let Some(bytes) = bytes {
            bytes.clear();
            let (own, size) = (u64::from(header.own), header.size - header.own);
            bytes.extend_from_slice(self.file.bytes(self.place + own, size as usize)?);
        }
        self.place = end;
        self.at += u64::from(FRAMES);
        Ok(Some(Packet::of(FRAMES)))
    }

    fn rewind(&mut self) {
        (self.place, self.at) = (self.begin, 0);
    }

    fn faults(&self) -> &PacketFaults {
        &self.faults
    }
}
