//! Ogg: pages become the packets of its Vorbis streams, one after another where several are chained.
//! Decodes nothing.

use std::io;

use super::code_books::are_modest;
use super::codec::{Codec, CodecKind, crc32};
use super::file::{MOST_BYTES, MusicFile};
use super::not_opened::NotOpened;
use super::packets::{Packet, PacketFault, PacketFaults, Packets};
use super::vorbis::{IDENTIFICATION, Vorbis};

const MARK: &[u8] = b"OggS";
/// Bytes before a page's table of segments (RFC 3533, 6).
const HEAD: usize = 27;
const CONTINUES: u8 = 1;
const BEGINS: u8 = 2;
const ENDS: u8 = 4;

/// Reads pages, in their order.
struct Pages {
    file: MusicFile,
    place: u64,
    /// Something that is no page was passed over.
    is_broken: bool,
}

#[derive(Default)]
struct Page {
    flags: u8,
    granule: i64,
    serial: u32,
    /// The lengths of packets, and whether the last one goes on.
    packets: Vec<usize>,
    is_open: bool,
    body: Vec<u8>,
}

impl Pages {
    fn next(&mut self) -> io::Result<Option<Page>> {
        let end = self.file.length();
        while let Some(place) = self.file.find(MARK[0], self.place, end)? {
            self.is_broken |= place != self.place;
            self.place = place;
            if let Some((page, length)) = self.page_here()? {
                self.place += length;
                return Ok(Some(page));
            }
            self.is_broken = true;
            self.place += 1;
        }
        self.is_broken |= self.place < end;
        self.place = end;
        Ok(None)
    }

    /// The page here, if there is a whole one, and its length.
    fn page_here(&mut self) -> io::Result<Option<(Page, u64)>> {
        let Some(head) = self.file.array::<HEAD>(self.place)?.filter(|head| head.starts_with(MARK)) else {
            return Ok(None);
        };
        let segments = usize::from(head[26]);
        let table = self.file.bytes(self.place, HEAD + segments)?;
        let Some(table) = table.get(HEAD..).filter(|table| table.len() == segments) else { return Ok(None) };
        let mut packets = Vec::new();
        let (mut length, mut is_open) = (0, false);
        for segment in table {
            length += usize::from(*segment);
            is_open = *segment == 255;
            if !is_open {
                packets.push(length);
                length = 0;
            }
        }
        if is_open {
            packets.push(length);
        }
        let size = packets.iter().sum::<usize>();
        let whole = HEAD + segments + size;
        let page = self.file.bytes(self.place, whole)?;
        if page.len() < whole {
            return Ok(None);
        }
        let sum = crc32([&page[..22], &[0; 4], &page[26..]]);
        let number = |at: usize| u32::from_le_bytes([page[at], page[at + 1], page[at + 2], page[at + 3]]);
        if sum != number(22) {
            return Ok(None);
        }
        let granule = (u64::from(number(10)) << 32 | u64::from(number(6))).cast_signed();
        let body = page[HEAD + segments..].to_vec();
        Ok(Some((Page { flags: page[5], granule, serial: number(14), packets, is_open, body }, whole as u64)))
    }
}

pub(super) struct Ogg {
    pages: Pages,
    first: (Codec, Vorbis),
    codec: Codec,
    vorbis: Vorbis,
    serial: u32,
    /// Where the first page of sound begins, so that headers are not read again.
    after_headers: u64,
    first_serial: u32,
    page: Page,
    /// The next packet of the page, and where it begins in the page's body.
    index: usize,
    offset: usize,
    /// What earlier pages have of a packet that goes on.
    pending: Vec<u8>,
    /// What an earlier page has begun must not be added to.
    is_torn: bool,
    /// The last packet's block, `None` before the first.
    block: Option<u32>,
    /// Frames that were made since the stream began, and the place of the stream's first frame.
    made: u64,
    origin: Option<i64>,
    at: u64,
    begins_stream: bool,
    faults: PacketFaults,
}

impl Ogg {
    pub(super) fn open(file: MusicFile, start: u64) -> Result<Self, NotOpened> {
        let mut pages = Pages { file, place: start, is_broken: false };
        let first = pages.next()?.ok_or(NotOpened::NotSound)?;
        let (codec, vorbis, serial) = match headers(&mut pages, first)? {
            OggStream::Vorbis(codec, vorbis, serial) => (codec, vorbis, serial),
            OggStream::Other(format) => return Err(NotOpened::OtherFormat(format)),
            OggStream::Broken => return Err(NotOpened::NotSound),
        };
        let after_headers = pages.place;
        pages.is_broken = false;
        Ok(Self {
            first: (codec.clone(), vorbis.clone()),
            codec,
            vorbis,
            serial,
            after_headers,
            first_serial: serial,
            page: Page::default(),
            index: 0,
            offset: 0,
            pending: Vec::new(),
            is_torn: false,
            block: None,
            made: 0,
            origin: None,
            at: 0,
            begins_stream: false,
            faults: PacketFaults::default(),
            pages,
        })
    }

    fn begin_stream(&mut self) {
        self.pending.clear();
        (self.block, self.made, self.origin, self.is_torn) = (None, 0, None, false);
    }

    /// The next page of this stream, or the first one of the next; `false` at the end.
    fn turn(&mut self) -> io::Result<bool> {
        loop {
            let Some(page) = self.pages.next()? else {
                if self.pages.is_broken {
                    self.faults.add(self.at, PacketFault::EndsEarly);
                }
                return Ok(false);
            };
            if self.pages.is_broken {
                self.faults.add(self.at, PacketFault::Broken);
                self.pages.is_broken = false;
                self.is_torn = true;
                self.pending.clear();
            }
            if page.flags & BEGINS != 0 {
                match headers(&mut self.pages, page)? {
                    OggStream::Vorbis(codec, vorbis, serial) if codec.rate == self.codec.rate => {
                        (self.codec, self.vorbis, self.serial) = (codec, vorbis, serial);
                        self.begin_stream();
                        self.begins_stream = true;
                    }
                    OggStream::Vorbis(codec, ..) => {
                        self.faults.add(self.at, PacketFault::OtherRate(codec.rate));
                        return Ok(false);
                    }
                    OggStream::Other(_) | OggStream::Broken => self.faults.add(self.at, PacketFault::Broken),
                }
                continue;
            }
            if page.serial == self.serial {
                if page.flags & CONTINUES == 0 {
                    self.pending.clear();
                } else if self.pending.is_empty() {
                    self.is_torn = true;
                }
                (self.page, self.index, self.offset) = (page, 0, 0);
                self.find_origin();
                return Ok(true);
            }
        }
    }

    /// A stream that was cut out begins later than at 0, or earlier: all of it is heard.
    fn find_origin(&mut self) {
        if self.origin.is_some() || self.page.granule < 0 {
            return;
        }
        let (mut block, mut frames, mut offset) = (self.block, 0, 0);
        for (index, length) in self.page.packets.iter().enumerate() {
            let is_whole = index + 1 < self.page.packets.len() || !self.page.is_open;
            let begins_here = index > 0 || self.page.flags & CONTINUES == 0;
            let packet =
                if begins_here { &self.page.body[offset..offset + length] } else { &self.pending[..] };
            if let Some(size) = self.vorbis.block_of(packet).filter(|_| is_whole) {
                frames += block.map_or(0, |block| (block + size) / 4);
                block = Some(size);
            }
            offset += length;
        }
        let origin = self.page.granule - (self.made + u64::from(frames)).cast_signed();
        self.origin = Some(if self.page.flags & ENDS == 0 { origin } else { origin.max(0) });
    }
}

impl Packets for Ogg {
    fn codec(&self) -> &Codec {
        &self.codec
    }

    fn next(&mut self, mut bytes: Option<&mut Vec<u8>>) -> io::Result<Option<Packet>> {
        loop {
            if self.index >= self.page.packets.len() {
                if !self.turn()? {
                    return Ok(None);
                }
                continue;
            }
            let length = self.page.packets[self.index];
            let piece = self.offset..self.offset + length;
            let is_last = self.index + 1 == self.page.packets.len();
            self.offset += length;
            self.index += 1;
            if self.pending.len() + length <= MOST_BYTES {
                self.pending.extend_from_slice(&self.page.body[piece]);
            }
            if is_last && self.page.is_open {
                continue;
            }
            let packet = std::mem::take(&mut self.pending);
            let is_torn = std::mem::take(&mut self.is_torn);
            let Some(block) = self.vorbis.block_of(&packet).filter(|_| !is_torn) else { continue };
            let mut frames = self.block.replace(block).map_or(0, |before| (before + block) / 4);
            if is_last && self.page.flags & ENDS != 0 && self.page.granule >= 0 {
                // The last packet is as long as the page says, where that is shorter.
                let origin = self.origin.unwrap_or(0);
                let due = (self.page.granule - origin).max(0).cast_unsigned().saturating_sub(self.made);
                frames = frames.min(due.try_into().unwrap_or(u32::MAX));
            }
            self.made += u64::from(frames);
            self.at += u64::from(frames);
            if let Some(bytes) = bytes.take() {
                *bytes = packet;
            }
            let begins_stream = std::mem::take(&mut self.begins_stream);
            return Ok(Some(Packet { begins_stream, ..Packet::of(frames) }));
        }
    }

    fn rewind(&mut self) {
        (self.codec, self.vorbis) = self.first.clone();
        (self.serial, self.pages.place, self.pages.is_broken) =
            (self.first_serial, self.after_headers, false);
        (self.page, self.index, self.offset, self.at) = (Page::default(), 0, 0, 0);
        self.begins_stream = false;
        self.begin_stream();
    }

    fn faults(&self) -> &PacketFaults {
        &self.faults
    }
}

enum OggStream {
    Vorbis(Codec, Vorbis, u32),
    Other(&'static str),
    Broken,
}

/// Reads on from `page`, the first of a stream, to the end of the headers of the first Vorbis among those that
/// begin there.
fn headers(pages: &mut Pages, page: Page) -> io::Result<OggStream> {
    let (mut other, mut found) = (None, None);
    let mut page = Some(page);
    let mut packets: Vec<Vec<u8>> = Vec::new();
    let mut pending = Vec::new();
    while let Some(this) = page {
        if this.flags & BEGINS != 0 && found.is_none() {
            if this.body.starts_with(b"\x01vorbis") {
                found = Some((this.serial, this.body));
            } else {
                other = other.or_else(|| other_format(&this.body));
            }
        } else if let Some((serial, _)) = &found {
            if this.serial == *serial {
                let mut offset = 0;
                for (index, length) in this.packets.iter().enumerate() {
                    pending.extend_from_slice(&this.body[offset..offset + length]);
                    offset += length;
                    if index + 1 < this.packets.len() || !this.is_open {
                        packets.push(std::mem::take(&mut pending));
                    }
                }
            }
        } else if this.flags & BEGINS == 0 {
            break;
        }
        if packets.len() >= 2 || pending.len() > MOST_BYTES {
            break;
        }
        page = pages.next()?;
    }
    let Some((serial, identification)) = found else {
        return Ok(other.map_or(OggStream::Broken, OggStream::Other));
    };
    // Comments, and then the setup.
    let Some(setup) = packets.get(1).filter(|setup| are_modest(setup)) else { return Ok(OggStream::Broken) };
    let Some(vorbis) = Vorbis::read(&identification, setup) else { return Ok(OggStream::Broken) };
    let setup = [&identification[..IDENTIFICATION], setup].concat();
    let codec =
        Codec { kind: CodecKind::Vorbis, rate: vorbis.rate, channels: vorbis.channels, mask: 0, setup };
    Ok(OggStream::Vorbis(codec, vorbis, serial))
}

/// By the first page of a stream.
fn other_format(body: &[u8]) -> Option<&'static str> {
    [
        (&b"OpusHead"[..], "Opus"),
        (b"Speex   ", "Speex"),
        (b"\x7fFLAC", "FLAC in Ogg"),
        (b"\x80theora", "a video (Theora)"),
    ]
    .iter()
    .find(|(head, _)| body.starts_with(head))
    .map(|(_, name)| *name)
}
