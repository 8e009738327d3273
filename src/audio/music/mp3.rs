//! MP3: the frames that are there, whatever the tag in the first of them says. Decodes nothing.

use std::io;

use super::super::error::FREE_FORMAT;
use super::codec::{Codec, CodecKind};
use super::file::MusicFile;
use super::mpeg::{HEADER, MpegHeader, Tag, is_free_format, is_other_layer};
use super::not_opened::NotOpened;
use super::packets::{Packet, PacketFault, PacketFaults, Packets, Trim};
use super::tags::{after_id3v2, before_tags, is_padding};

/// How far from where the tags end a first frame is looked for: padding, the rest of a cut frame.
const SEARCH: u64 = 256 << 10;

/// Headers in a row that are no chance: one in eight thousand places looks like one.
const IN_A_ROW: u32 = 4;

/// What a decoder adds to the encoder's delay (528 of its own and 1 that is there twice).
const DECODER_DELAY: u32 = 529;

pub(super) struct Mp3 {
    file: MusicFile,
    codec: Codec,
    /// The first frame of sound.
    found: FirstFrames,
    trim: Trim,
    /// Frames of sound that all MP3 frames make, and those that the tag counts.
    decoded: u64,
    promised: Option<u64>,
    place: u64,
    at: u64,
    faults: PacketFaults,
}

/// Where the frames of MP3 lie in a file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct FirstFrames {
    begin: u64,
    end: u64,
    first: MpegHeader,
}

/// Looks for MP3 near `start`; `None` where there is none.
pub(super) fn find(file: &mut MusicFile, start: u64) -> Result<Option<FirstFrames>, NotOpened> {
    let end = before_tags(file, start)?;
    let limit = end.min(start + SEARCH);
    let Some(begin) = next_frame(file, start, limit, end, |_| true)? else {
        let word = file.array::<4>(start)?.map_or(0, u32::from_be_bytes);
        return match word {
            word if is_free_format(word) => Err(NotOpened::OtherFormat(FREE_FORMAT)),
            word if is_other_layer(word) => Err(NotOpened::OtherFormat("MPEG audio of layer I or II (MP2)")),
            _ => Ok(None),
        };
    };
    let first = header_at(file, begin)?.ok_or(NotOpened::NotSound)?;
    Ok(Some(FirstFrames { begin, end, first }))
}

fn header_at(file: &mut MusicFile, place: u64) -> io::Result<Option<MpegHeader>> {
    Ok(file.array::<HEADER>(place)?.and_then(|bytes| MpegHeader::read(u32::from_be_bytes(bytes))))
}

/// The first place from `place` on, before `limit`, at which frames begin that follow each other.
fn next_frame(
    file: &mut MusicFile,
    mut place: u64,
    limit: u64,
    end: u64,
    fits: impl Fn(MpegHeader) -> bool,
) -> io::Result<Option<u64>> {
    while let Some(candidate) = file.find(0xff, place, limit)? {
        place = candidate;
        if header_at(file, place)?.is_some_and(&fits) && is_followed(file, place, end)? {
            return Ok(Some(place));
        }
        place += 1;
    }
    Ok(None)
}

/// Whether frames of one stream follow each other from `place` on, to the end of the file if it is near.
fn is_followed(file: &mut MusicFile, mut place: u64, end: u64) -> io::Result<bool> {
    let Some(first) = header_at(file, place)? else { return Ok(false) };
    let mut size = first.size;
    for count in 1..IN_A_ROW {
        place += u64::from(size);
        if place + HEADER as u64 > end {
            // The last frame may be cut; one alone is only believed where it is whole.
            return Ok(count > 1 || place <= end);
        }
        match header_at(file, place)? {
            Some(next) if next.goes_with(first) => size = next.size,
            // What follows the last frames is no sound, such as a tag that is not known here.
            _ => return Ok(count > 2),
        }
    }
    Ok(true)
}

impl Mp3 {
    pub(super) fn open(mut file: MusicFile, found: FirstFrames) -> Result<Self, NotOpened> {
        let FirstFrames { mut begin, first, .. } = found;
        // With anything but an ID3v2 tag before it, other players take it for a frame of silence.
        let is_in_place = begin == after_id3v2(&mut file)?;
        let frame = file.bytes(begin, first.size as usize)?;
        let tag = Tag::read(first, frame).filter(|_| is_in_place);
        if tag.is_some() {
            begin += u64::from(first.size);
        }
        let codec = Codec {
            kind: CodecKind::Mp3,
            rate: first.rate,
            channels: first.channels,
            mask: 0,
            setup: Vec::new(),
        };
        let found = FirstFrames { begin, ..found };
        let mut mp3 = Self {
            file,
            codec,
            found,
            trim: Trim::NONE,
            decoded: 0,
            promised: None,
            place: begin,
            at: 0,
            faults: PacketFaults::default(),
        };
        // Where the padding lies, only all frames can tell: the tag may count wrong.
        while mp3.next(None)?.is_some() {}
        mp3.decoded = mp3.at;
        let tag = tag.unwrap_or_default();
        let counted = tag.count.map(|count| u64::from(count) * u64::from(first.frames));
        let (before, after) = tag.padding.map_or((0, 0), |(before, after)| {
            (u64::from(before + DECODER_DELAY), u64::from(after.saturating_sub(DECODER_DELAY)))
        });
        mp3.trim.from = before;
        mp3.faults.earlier_by(before);
        match counted {
            Some(counted) if counted == mp3.decoded => mp3.trim.to = counted.saturating_sub(after),
            Some(counted) if counted > mp3.decoded => {
                mp3.promised = Some(counted.saturating_sub(before + after));
                mp3.faults.add(mp3.trim.heard(mp3.decoded), PacketFault::EndsEarly);
            }
            _ => {}
        }
        mp3.rewind();
        Ok(mp3)
    }

    /// The header of the next frame: here, or behind what is no sound. `None` at the end.
    fn next_header(&mut self) -> io::Result<Option<MpegHeader>> {
        let FirstFrames { end, first, .. } = self.found;
        if self.place + HEADER as u64 > end {
            return Ok(None);
        }
        if let Some(header) = header_at(&mut self.file, self.place)?.filter(|header| header.goes_with(first))
        {
            return Ok(Some(header));
        }
        let from = self.place;
        let frame = self.at.saturating_sub(self.trim.from);
        let Some(next) = next_frame(&mut self.file, from, end, end, |header| header.goes_with(first))? else {
            match next_frame(&mut self.file, from, end, end, |_| true)? {
                Some(other) => {
                    if let Some(other) = header_at(&mut self.file, other)? {
                        self.faults.add(frame, PacketFault::OtherRate(other.rate));
                    }
                }
                None if is_padding(&mut self.file, from, end)? => {}
                // Tags that are not known here stand behind many a song; it is long before the end that
                // sound is missing.
                None if end - from < 4 * u64::from(first.size) => {}
                None => self.faults.add(frame, PacketFault::Broken),
            }
            return Ok(None);
        };
        if !is_padding(&mut self.file, from, next)? {
            self.faults.add(frame, PacketFault::Broken);
        }
        self.place = next;
        header_at(&mut self.file, next)
    }
}

impl Packets for Mp3 {
    fn codec(&self) -> &Codec {
        &self.codec
    }

    fn next(&mut self, bytes: Option<&mut Vec<u8>>) -> io::Result<Option<Packet>> {
        let Some(header) = self.next_header()? else { return Ok(None) };
        let end = self.place + u64::from(header.size);
        if end > self.found.end {
            self.faults.add(self.at.saturating_sub(self.trim.from), PacketFault::EndsEarly);
            return Ok(None);
        }
        if let Some(bytes) = bytes {
            bytes.clear();
            bytes.extend_from_slice(self.file.bytes(self.place, header.size as usize)?);
        }
        let begins_stream = header.channels != self.codec.channels;
        self.codec.channels = header.channels;
        let packet = Packet { begins_stream, ..self.trim.cut(self.at, header.frames) };
        self.place = end;
        self.at += u64::from(header.frames);
        Ok(Some(packet))
    }

    fn rewind(&mut self) {
        self.place = self.found.begin;
        self.at = 0;
        self.codec.channels = self.found.first.channels;
    }

    fn known_frames(&mut self) -> Option<u64> {
        Some(self.trim.heard(self.decoded))
    }

    fn promised_frames(&self) -> Option<u64> {
        self.promised
    }

    fn faults(&self) -> &PacketFaults {
        &self.faults
    }
}
