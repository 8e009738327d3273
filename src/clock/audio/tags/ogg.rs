//! The comments of an Ogg file, emptied page by page, with a checksum that fits what is left. Knows how Vorbis
//! begins, which is all that can be heard of Ogg here.

use std::io::{self, Read, Seek};

use super::{Mask, at, fill};

/// Of a page before its table of segments (RFC 3533, 6).
const HEADER: usize = 27;
const CHECKSUM: usize = 22;
const CONTINUES: u8 = 1;
const BEGINS: u8 = 2;

/// Hides what is told in the pages from `place` on.
pub(super) fn pages(file: &mut (impl Read + Seek), mut place: u64, masks: &mut Vec<Mask>) -> io::Result<()> {
    while let Some(header) = at::<HEADER>(file, place)?.filter(|header| header.starts_with(b"OggS")) {
        let mut page = header.to_vec();
        page.resize(HEADER + usize::from(header[26]), 0);
        if !fill(file, place, &mut page)? {
            return Ok(());
        }
        let body = page.len();
        let length = body + page[HEADER..].iter().map(|segment| usize::from(*segment)).sum::<usize>();
        // Enough to see whether it is a page of those: most are not, and are not read.
        let beginning = at::<7>(file, place + body as u64)?.unwrap_or_default();
        if is_to_be_hidden(header[5], &beginning) {
            page.resize(length, 0);
            if !fill(file, place, &mut page)? {
                return Ok(());
            }
            let at = place + CHECKSUM as u64;
            let hidden = hide(&mut page[body..]);
            page[CHECKSUM..CHECKSUM + 4].fill(0);
            let checksum = checksum(&page).to_le_bytes();
            masks.push(Mask { at, bytes: checksum.to_vec() });
            masks.push(Mask { at: place + (body + hidden.0) as u64, bytes: hidden.1 });
        }
        place += length as u64;
    }
    Ok(())
}

/// A Vorbis comment header; or the beginning of a stream that is no Vorbis, and has comments of its own.
fn is_to_be_hidden(flags: u8, body: &[u8; 7]) -> bool {
    match flags & BEGINS != 0 {
        true => body != b"\x01vorbis",
        false => flags & CONTINUES == 0 && body == b"\x03vorbis",
    }
}

/// Changes `body`, and tells where and to what: a list of no comments, or, where that cannot be, a page that
/// nobody takes for anything.
fn hide(body: &mut [u8]) -> (usize, Vec<u8>) {
    const VENDOR: usize = 7;
    let length =
        body.get(VENDOR..VENDOR + 4).and_then(|length| length.try_into().ok()).map(u32::from_le_bytes);
    let count = length.and_then(|length| (VENDOR + 4).checked_add(usize::try_from(length).ok()?));
    let (at, bytes) = match count.filter(|count| body.starts_with(b"\x03vorbis") && count + 4 <= body.len()) {
        Some(count) => (count, vec![0; 4]),
        None => (0, vec![0xff; body.len().min(1)]),
    };
    body[at..at + bytes.len()].copy_from_slice(&bytes);
    (at, bytes)
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

    /// A page of less than 255 bytes.
    fn page(flags: u8, body: &[u8]) -> Vec<u8> {
        let mut page = b"OggS\0".to_vec();
        page.push(flags);
        page.resize(HEADER - 1, 0);
        page.extend([1, body.len() as u8]);
        page.extend(body);
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
        check(&[page(CONTINUES, b"\x03vorbis\x01")], &[page(CONTINUES, b"\x03vorbis\x01")]);
    }
}
