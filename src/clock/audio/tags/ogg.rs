//! The comments of an Ogg file, emptied page by page, with a checksum that fits what is left. Knows how Vorbis
//! begins, which is all that can be heard of Ogg here.

use std::io::{self, Read, Seek, SeekFrom};

use memchr::memmem;

use super::Mask;

/// How a page begins (RFC 3533, 6), and its bytes before its table of segments.
const MARK: &[u8] = b"OggS";
const HEADER: usize = 27;
/// The longest page: 255 segments of 255 bytes.
const LONGEST: usize = HEADER + 255 + 255 * 255;
const FLAGS: usize = 5;
const BEGINS: u8 = 2;
const CHECKSUM: usize = 22;
const COMMENTS: &[u8] = b"\x03vorbis";

/// Hides what is told in the pages from `place` on: wherever one might begin, for behind a broken page the decoder
/// looks for the next one byte by byte.
pub(super) fn pages(file: &mut (impl Read + Seek), mut place: u64, masks: &mut Vec<Mask>) -> io::Result<()> {
    file.seek(SeekFrom::Start(place))?;
    let mut window = Vec::new();
    loop {
        let wanted = 2 * LONGEST - window.len();
        let is_last = file.take(wanted as u64).read_to_end(&mut window)? < wanted;
        // Where a page that begins is in the window to its end.
        let whole = if is_last { window.len() } else { LONGEST };
        let marks = memmem::find_iter(&window, MARK).take_while(|mark| *mark < whole);
        for mark in marks {
            hide(&window[mark..], place + mark as u64, masks);
        }
        if is_last {
            return Ok(());
        }
        window.drain(..whole);
        place += whole as u64;
    }
}

/// Hides what the page tells that is first in `bytes` and at `place` in the file, if there is one and it does.
fn hide(bytes: &[u8], place: u64, masks: &mut Vec<Mask>) {
    let Some(table) =
        bytes.get(HEADER - 1).and_then(|&segments| bytes.get(HEADER..HEADER + usize::from(segments)))
    else {
        return;
    };
    let body = HEADER + table.len();
    let end = body + table.iter().map(|segment| usize::from(*segment)).sum::<usize>();
    let Some(page) = bytes.get(..end) else { return };
    let mut hidden = Vec::new();
    if page[FLAGS] & BEGINS != 0 && !page[body..].starts_with(b"\x01vorbis") {
        // A stream that is no Vorbis, and has comments of its own.
        hidden.extend((body < end).then(|| (body, vec![0xff])));
    }
    let mut start = body;
    for packet in table.split_inclusive(|segment| *segment < 255) {
        let next = start + packet.iter().map(|segment| usize::from(*segment)).sum::<usize>();
        if page[start..next].starts_with(COMMENTS) {
            let (at, bytes) = emptied(&page[start..next]);
            hidden.push((start + at, bytes));
        }
        start = next;
    }
    if hidden.is_empty() {
        return;
    }
    let mut page = page.to_vec();
    page[CHECKSUM..CHECKSUM + 4].fill(0);
    for (at, bytes) in &hidden {
        page[*at..at + bytes.len()].copy_from_slice(bytes);
    }
    hidden.insert(0, (CHECKSUM, checksum(&page).to_le_bytes().to_vec()));
    masks.extend(hidden.into_iter().map(|(at, bytes)| Mask { at: place + at as u64, bytes }));
}

/// What makes a comment header one of no comments, or, where that cannot be, nothing that anybody takes for
/// anything: where, and which bytes.
fn emptied(comments: &[u8]) -> (usize, Vec<u8>) {
    const VENDOR: usize = COMMENTS.len();
    let length =
        comments.get(VENDOR..VENDOR + 4).and_then(|length| length.try_into().ok()).map(u32::from_le_bytes);
    let count = length.and_then(|length| (VENDOR + 4).checked_add(usize::try_from(length).ok()?));
    match count.filter(|count| count + 4 <= comments.len()) {
        Some(count) => (count, vec![0; 4]),
        None => (0, vec![0xff]),
    }
}

/// CRC-32 with the polynomial 0x04c11db7, from zero, most significant bit first (RFC 3533, 6).
fn checksum(page: &[u8]) -> u32 {
    page.iter().fold(0, |checksum, byte| {
        (0..8).fold(checksum ^ u32::from(*byte) << 24, |checksum, _| {
            checksum << 1 ^ if checksum >> 31 == 1 { 0x04c1_1db7 } else { 0 }
        })
    })
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read};

    use super::super::Untagged;
    use super::*;

    const CONTINUES: u8 = 1;

    fn page(flags: u8, body: &[u8]) -> Vec<u8> {
        page_of(flags, &[body])
    }

    /// Of packets of less than 255 bytes.
    fn page_of(flags: u8, packets: &[&[u8]]) -> Vec<u8> {
        let mut page = b"OggS\0".to_vec();
        page.push(flags);
        page.resize(HEADER - 1, 0);
        page.push(packets.len() as u8);
        page.extend(packets.iter().map(|packet| packet.len() as u8));
        page.extend(packets.concat());
        let checksum = checksum(&page).to_le_bytes();
        page[CHECKSUM..CHECKSUM + 4].copy_from_slice(&checksum);
        page
    }

    fn check(file: &[Vec<u8>], seen: &[Vec<u8>]) {
        let mut read = Vec::new();
        Untagged::of(Cursor::new(file.concat())).unwrap().unwrap().read_to_end(&mut read).unwrap();
        assert_eq!(read, seen.concat());
    }

    #[test]
    fn a_page_is_checked_as_the_format_says() {
        assert_eq!(checksum(b"123456789"), 0x89a1_897f);
    }

    #[test]
    fn comments_are_none_and_the_page_is_still_right() {
        let (first, music) = (page(BEGINS, b"\x01vorbis..."), page(0, b"music"));
        check(
            &[
                first.clone(),
                page(0, b"\x03vorbis\x02\0\0\0me\x09\0\0\0\xff\xff\xff\xffA=1\x01"),
                music.clone(),
            ],
            &[first, page(0, b"\x03vorbis\x02\0\0\0me\0\0\0\0\xff\xff\xff\xffA=1\x01"), music],
        );
    }

    #[test]
    fn a_vendor_that_does_not_end_and_another_stream_are_nothing() {
        let first = page(BEGINS, b"\x01vorbis...");
        for told in [&b"\x03vorbis\xff\xff\xff\xffme"[..], b"\x03vorbis"] {
            let hidden = [b"\xff", &told[1..]].concat();
            check(&[first.clone(), page(0, told)], &[first.clone(), page(0, &hidden)]);
        }
        check(&[page(BEGINS, b"\x7fFLAC...")], &[page(BEGINS, b"\xffFLAC...")]);
    }

    #[test]
    fn comments_are_found_wherever_the_decoder_would() {
        let (told, hidden) = (&b"\x03vorbis\0\0\0\0\x01\0\0\0"[..], &b"\x03vorbis\0\0\0\0\0\0\0\0"[..]);
        // In a page between others, in one that claims to go on with something, and behind what is broken.
        check(&[page_of(0, &[b"music", told, b"more"])], &[page_of(0, &[b"music", hidden, b"more"])]);
        check(&[page(CONTINUES, told)], &[page(CONTINUES, hidden)]);
        let broken = b"OggS\0\0............0000\x05 OggS".to_vec();
        check(&[page(0, b""), broken.clone(), page(0, told)], &[page(0, b""), broken, page(0, hidden)]);
        let music = page_of(0, &[&[7; 254][..]; 200]);
        for pages in [1, 2, 3] {
            let before = vec![music.clone(); pages].concat();
            check(&[before.clone(), page(0, told)], &[before, page(0, hidden)]);
        }
    }

    #[test]
    fn a_page_may_end_anywhere() {
        let whole = page_of(BEGINS, &[b"OggS", b"\x03vorbis\x02\0\0\0me\x01\0\0\0"]);
        for length in 0..whole.len() {
            hide(&whole[..length], 0, &mut Vec::new());
        }
    }
}
