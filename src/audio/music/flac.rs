//! FLAC: the frames that are there, whatever the stream information says. Decodes nothing.

use std::collections::VecDeque;
use std::io;

use super::codec::{Codec, CodecKind, crc16};
use super::file::{MOST_BYTES, MOST_PARTS, MusicFile};
use super::flac_frame::{FlacFrameHeader, LONGEST};
use super::not_opened::NotOpened;
use super::packets::{MOST_RATE, Packet, PacketFault, PacketFaults, Packets};
use super::tags::before_tags;

/// Bytes of the stream information block (RFC 9639, 8.2).
const INFORMATION: usize = 34;

/// The shortest frame: header, one constant subframe, checksum.
const SHORTEST: u64 = 8;

pub(super) struct Flac {
    file: MusicFile,
    codec: Codec,
    begin: u64,
    end: u64,
    /// Frames of sound, by the stream information; 0 where it does not know.
    total: u64,
    /// Whether its frames vary in length.
    varies: bool,
    /// Frames of sound that each frame of FLAC has, where all have the same but the last.
    block: Option<u64>,
    place: u64,
    at: u64,
    faults: PacketFaults,
    /// The last frame that was passed was not whole.
    is_cut: bool,
}

impl Flac {
    pub(super) fn open(mut file: MusicFile, start: u64) -> Result<Self, NotOpened> {
        let (mut place, mut information) = (start + 4, None);
        for index in 0.. {
            let Some([kind, a, b, c]) = file.array::<4>(place)?.filter(|_| index < MOST_PARTS) else {
                return Err(NotOpened::NotSound);
            };
            let length = u64::from(u32::from_be_bytes([0, a, b, c]));
            if kind & 0x7f == 0 && length == INFORMATION as u64 {
                information = file.array::<INFORMATION>(place + 4)?;
            }
            place += 4 + length;
            if kind & 0x80 != 0 {
                break;
            }
        }
        let mut information = information.ok_or(NotOpened::NotSound)?;
        let number = |at: usize, count: usize| {
            information[at..at + count].iter().fold(0_u64, |number, byte| number << 8 | u64::from(*byte))
        };
        let packed = number(10, 8);
        let (rate, channels) = ((packed >> 44) as u32, (packed >> 41 & 7) as u16 + 1);
        let (smallest, largest, total) = (number(0, 2), number(2, 2), packed & 0xf_ffff_ffff);
        if rate == 0 || rate > MOST_RATE {
            return Err(NotOpened::NotSound);
        }
        // Frames may be longer than it says, and their sum is of no use where some are missing.
        information[..2].copy_from_slice(&16_u16.to_be_bytes());
        information[2..4].copy_from_slice(&u16::MAX.to_be_bytes());
        information[18..].fill(0);
        let setup = information.to_vec();
        let codec = Codec { kind: CodecKind::Flac, rate, channels, mask: 0, setup };
        let end = before_tags(&mut file, place)?;
        let mut flac = Self {
            file,
            codec,
            begin: place,
            end,
            total,
            varies: false,
            block: (smallest == largest && largest > 0).then_some(largest),
            place,
            at: 0,
            faults: PacketFaults::default(),
            is_cut: false,
        };
        let Some((first, header)) = flac.any_header(place, end)? else { return Err(NotOpened::Empty) };
        (flac.begin, flac.place, flac.varies) = (first, first, header.varies);
        Ok(flac)
    }

    fn header_at(&mut self, place: u64) -> io::Result<Option<FlacFrameHeader>> {
        let header = FlacFrameHeader::read(self.file.bytes(place, LONGEST)?);
        let (rate, channels) = (self.codec.rate, self.codec.channels);
        Ok(header.filter(|it| it.channels == channels && it.rate.is_none_or(|it| it == rate)))
    }

    /// The first header from `place` on, before `limit`, whatever it is.
    fn any_header(&mut self, mut place: u64, limit: u64) -> io::Result<Option<(u64, FlacFrameHeader)>> {
        while let Some(candidate) = self.file.find(0xff, place, limit)? {
            if let Some(header) = self.header_at(candidate)? {
                return Ok(Some((candidate, header)));
            }
            place = candidate + 1;
        }
        Ok(None)
    }

    /// Where the frame ends that begins at `begin`, and the header there: the one with the number that comes
    /// next, or any up to which the checksum fits. Where that one is lost, the first of two that follow each
    /// other.
    fn end_of_frame(
        &mut self,
        begin: u64,
        header: FlacFrameHeader,
        limit: u64,
    ) -> io::Result<Option<(u64, FlacFrameHeader)>> {
        /// Headers that are no chance are not further apart than these.
        const MOST_CANDIDATES: usize = 64;
        let (mut place, mut summed, mut sum) = (begin + SHORTEST, begin, 0);
        let mut candidates: VecDeque<(u64, FlacFrameHeader)> = VecDeque::new();
        while let Some((candidate, next)) = self.any_header(place, limit)? {
            if next.varies == self.varies {
                if next.number == header.next_number() {
                    return Ok(Some((candidate, next)));
                }
                sum = crc16(sum, self.file.bytes(summed, (candidate - summed) as usize)?);
                summed = candidate;
                if sum == 0 {
                    return Ok(Some((candidate, next)));
                }
                let before = candidates.iter().find(|(_, before)| before.next_number() == next.number);
                if let Some(&before) = before.filter(|(_, before)| before.number > header.number) {
                    return Ok(Some(before));
                }
                candidates.push_back((candidate, next));
                if candidates.len() > MOST_CANDIDATES {
                    candidates.pop_front();
                }
            }
            place = candidate + 1;
        }
        Ok(None)
    }

    /// Frames of sound that are lost before `next`, where something broken stood between.
    fn lost(&self, header: FlacFrameHeader, next: FlacFrameHeader) -> u32 {
        const MOST: u64 = 1 << 18; // more is another song
        let numbers = next.number.saturating_sub(header.next_number());
        let frames = if self.varies { numbers } else { numbers.saturating_mul(self.block.unwrap_or(0)) };
        if frames <= MOST { frames as u32 } else { 0 }
    }

    /// Whether the checksum at `end` is that of the frame that begins at `place`.
    fn verify(&mut self, place: u64, end: u64) -> io::Result<bool> {
        let length = (end - place) as usize;
        Ok(length as u64 >= SHORTEST
            && length <= MOST_BYTES
            && crc16(0, self.file.bytes(place, length)?) == 0)
    }

    /// The frames of sound that the last frame in the file says come before its end, where it is whole.
    fn frames_by_the_last(&mut self) -> io::Result<Option<u64>> {
        // Many a chance header may stand in the sound: only one that ends with the file is the last.
        const MOST_TRIES: usize = 200;
        for near in [64 << 10, 512 << 10] {
            let mut place = self.end.saturating_sub(near).max(self.begin);
            let mut last = None;
            for _ in 0..MOST_TRIES {
                let Some((found, header)) = self.any_header(place, self.end)? else { break };
                if self.verify(found, self.end)? {
                    last = Some(header);
                    break;
                }
                place = found + 1;
            }
            if let Some(header) = last {
                let before =
                    if header.varies { Some(header.number) } else { self.block.map(|it| it * header.number) };
                return Ok(before.map(|before| before + u64::from(header.frames)));
            }
        }
        Ok(None)
    }
}

impl Packets for Flac {
    fn codec(&self) -> &Codec {
        &self.codec
    }

    fn next(&mut self, bytes: Option<&mut Vec<u8>>) -> io::Result<Option<Packet>> {
        if self.place >= self.end {
            return Ok(None);
        }
        let begin = self.place;
        let Some(header) = self.header_at(begin)? else {
            // Only reached where the file has changed since.
            self.place = self.end;
            return Ok(None);
        };
        let limit = self.end.min(begin + MOST_BYTES as u64);
        let next = self.end_of_frame(begin, header, limit)?;
        let end = next.map_or(limit, |(place, _)| place);
        let mut frames = header.frames;
        let mut is_broken = false;
        match next {
            // What stands behind the last frame may be anything.
            None => is_broken = !self.verify(begin, end)?,
            Some((_, next)) if bytes.is_some() || next.number != header.next_number() => {
                is_broken = !self.verify(begin, end)?;
                frames += if is_broken { self.lost(header, next) } else { 0 };
            }
            Some(_) => {}
        }
        self.place = end;
        if next.is_none() {
            self.place = self.end;
            self.is_cut = is_broken;
        }
        if is_broken {
            self.faults
                .add(self.at, if next.is_none() { PacketFault::EndsEarly } else { PacketFault::Broken });
            if next.is_none() {
                return Ok(None);
            }
        }
        if let Some(bytes) = bytes {
            bytes.clear();
            bytes.extend_from_slice(self.file.bytes(begin, (end - begin) as usize)?);
        }
        self.at += u64::from(frames);
        Ok(Some(Packet { is_broken, ..Packet::of(frames) }))
    }

    fn rewind(&mut self) {
        (self.place, self.at) = (self.begin, 0);
    }

    /// The stream information is believed where the last frame in the file agrees, and the first is the first.
    fn known_frames(&mut self) -> Option<u64> {
        let first = self.header_at(self.begin).ok()??;
        let by_the_last = self.frames_by_the_last().ok()??;
        (first.number == 0 && self.total == by_the_last).then_some(self.total)
    }

    fn promised_frames(&self) -> Option<u64> {
        // A cut without loss keeps the old number, and ends with a whole frame.
        (self.is_cut && self.total > 0).then_some(self.total)
    }

    fn faults(&self) -> &PacketFaults {
        &self.faults
    }
}
