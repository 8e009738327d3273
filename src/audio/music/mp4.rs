//! MP4 as music has it (`.m4a`): AAC-LC and ALAC, from the tables of its first sound track. Decodes nothing.

use std::io;

use super::boxes::Body;
use super::codec::Codec;
use super::file::{MOST_BYTES, MOST_PARTS, MusicFile};
use super::mp4_track::{Tables, edit_of, track_of};
use super::not_opened::NotOpened;
use super::packets::{Packet, PacketFault, PacketFaults, Packets, Trim};

/// More frames than a packet of either codec has.
const MOST_FRAMES: u32 = 1 << 16;

/// More bytes than the tables of a day of music, and its pictures, have.
const MOST_TABLES: u64 = 16 << 20;

pub(super) struct Mp4 {
    file: MusicFile,
    codec: Codec,
    /// The `moov` box, in which the tables lie.
    moov: Vec<u8>,
    tables: Tables,
    trim: Trim,
    /// See [`super::mp4_track::Edit`].
    last: u64,
    /// Frames of all packets that are there and all that the tables speak of, untrimmed.
    decoded: u64,
    promised: u64,
    next: SampleCursor,
    faults: PacketFaults,
}

/// The packet that comes next.
#[derive(Clone, Copy, Default, Debug)]
struct SampleCursor {
    packet: usize,
    /// Which row of the times, and how many packets of it are left.
    time: usize,
    time_left: u32,
    frames: u32,
    chunk: usize,
    run: usize,
    chunk_left: u32,
    place: u64,
    at: u64,
}

impl Mp4 {
    pub(super) fn open(mut file: MusicFile, start: u64) -> Result<Self, NotOpened> {
        let moov = moov(&mut file, start)?;
        let body = Body(&moov);
        // Each has a byte at least: a broken table may tell of billions.
        let most_packets = usize::try_from(file.length()).unwrap_or(usize::MAX);
        if body.find(b"mvex").is_some() {
            return Err(NotOpened::OtherFormat("MP4 in fragments"));
        }
        let (mut why, mut found) = (NotOpened::NotSound, None);
        for (_, track) in body.boxes(0).filter(|(name, _)| name == b"trak") {
            match track_of(&moov, track, most_packets) {
                Ok(Some((codec, tables, timescale))) => {
                    let edit = edit_of(body, track, codec.rate, timescale);
                    found = Some((codec, tables, edit));
                    break;
                }
                Ok(None) => {
                    if matches!(why, NotOpened::NotSound) {
                        why = NotOpened::OtherFormat("a video without sound");
                    }
                }
                Err(error) => why = error,
            }
        }
        let (codec, tables, edit) = found.ok_or(why)?;
        let mut mp4 = Self {
            file,
            codec,
            moov,
            tables,
            trim: Trim { from: edit.from, to: u64::MAX },
            last: edit.last,
            decoded: 0,
            promised: 0,
            next: SampleCursor::default(),
            faults: PacketFaults::default(),
        };
        while mp4.next(None)?.is_some() {}
        mp4.decoded = mp4.next.at;
        mp4.promised = if mp4.faults.all().is_empty() { mp4.decoded } else { mp4.row_sum() };
        mp4.rewind();
        Ok(mp4)
    }

    fn long(&self, at: usize) -> Option<u32> {
        Body(&self.moov).long(at)
    }

    /// The frames of all packets that the tables speak of.
    fn row_sum(&self) -> u64 {
        let rows = (0..self.tables.times.count).map(|row| self.tables.times.begin + row * 8);
        let frames =
            |at| self.tables.frames.or_else(|| self.long(at + 4)).map(|frames| frames.min(MOST_FRAMES));
        rows.filter_map(|at| Some(u64::from(self.long(at)?) * u64::from(frames(at)?))).sum()
    }

    /// The place, size and frames of the next packet, and on to the one after it.
    fn step(&mut self) -> Option<(u64, u32, u32)> {
        let tables = self.tables;
        let mut next = self.next;
        if next.packet >= tables.packets {
            return None;
        }
        while next.time_left == 0 {
            let at = tables.times.begin + next.time * 8;
            (next.time < tables.times.count).then_some(())?;
            (next.time_left, next.frames) = (self.long(at)?, self.long(at + 4)?);
            next.time += 1;
        }
        while next.chunk_left == 0 {
            (next.chunk < tables.places.count).then_some(())?;
            let at = tables.places.begin + next.chunk * if tables.places_are_long { 8 } else { 4 };
            next.place = match tables.places_are_long {
                true => Body(&self.moov).longest(at)?,
                false => self.long(at)?.into(),
            };
            next.chunk += 1;
            // Rows tell from which chunk on, counted from 1, so many packets are in each.
            let row = |run: usize| tables.chunks.begin + run * 12;
            while next.run + 1 < tables.chunks.count && self.long(row(next.run + 1))? as usize <= next.chunk {
                next.run += 1;
            }
            next.chunk_left = self
                .long(row(next.run))
                .filter(|_| tables.chunks.count > 0)
                .and(self.long(row(next.run) + 4))?;
        }
        let size = match tables.size {
            0 => self.long(tables.sizes.begin + next.packet * 4)?,
            size => size,
        };
        let found = (next.place, size, tables.frames.unwrap_or(next.frames).min(MOST_FRAMES));
        next.packet += 1;
        next.time_left -= 1;
        next.chunk_left -= 1;
        next.place = next.place.saturating_add(size.into());
        self.next = next;
        Some(found)
    }
}

/// The body of the box that has all tables.
fn moov(file: &mut MusicFile, start: u64) -> Result<Vec<u8>, NotOpened> {
    let mut place = start;
    for _ in 0..MOST_PARTS {
        let Some([a, b, c, d, name @ ..]) = file.array::<8>(place)? else { break };
        let size = u64::from(u32::from_be_bytes([a, b, c, d]));
        let (head, size) = match size {
            0 => (8, file.length() - place),
            1 => (16, file.array::<8>(place + 8)?.map_or(0, u64::from_be_bytes)),
            size => (8, size),
        };
        if size < head {
            break;
        }
        if &name == b"moov" {
            let length = (size - head).min(file.length() - place - head);
            if length > MOST_TABLES {
                return Err(NotOpened::NotSound);
            }
            let mut moov = Vec::with_capacity(length as usize);
            while (moov.len() as u64) < length {
                let wanted = (length as usize - moov.len()).min(MOST_BYTES);
                let bytes = file.bytes(place + head + moov.len() as u64, wanted)?;
                if bytes.is_empty() {
                    break;
                }
                moov.extend_from_slice(bytes);
            }
            return Ok(moov);
        }
        place = place.saturating_add(size);
    }
    // It stands last in many files, and is what is missing where a copy was not finished.
    Err(NotOpened::CutBeforeTables)
}

impl Packets for Mp4 {
    fn codec(&self) -> &Codec {
        &self.codec
    }

    fn next(&mut self, bytes: Option<&mut Vec<u8>>) -> io::Result<Option<Packet>> {
        let Some((place, size, frames)) = self.step() else { return Ok(None) };
        if u64::from(size) > MOST_BYTES as u64 || place.saturating_add(size.into()) > self.file.length() {
            self.faults.add(self.next.at.saturating_sub(self.trim.from), PacketFault::EndsEarly);
            self.next.packet = self.tables.packets;
            return Ok(None);
        }
        if let Some(bytes) = bytes {
            bytes.clear();
            bytes.extend_from_slice(self.file.bytes(place, size as usize)?);
        }
        let packet = self.trim.cut(self.next.at, frames);
        self.next.at += u64::from(frames);
        if self.next.at >= self.last {
            self.next.packet = self.tables.packets;
        }
        Ok(Some(packet))
    }

    fn rewind(&mut self) {
        self.next = SampleCursor::default();
    }

    fn known_frames(&mut self) -> Option<u64> {
        Some(self.trim.heard(self.decoded))
    }

    fn promised_frames(&self) -> Option<u64> {
        Some(self.trim.heard(self.promised))
    }

    fn faults(&self) -> &PacketFaults {
        &self.faults
    }
}
