//! The tags of a sound file (titles, pictures), hidden from the decoder: it takes every length in them on
//! trust, and asks for as much memory as a broken one says. Here they become padding, in place. Knows
//! containers, and no sound.

use std::io::{self, Read, Seek, SeekFrom};

mod ogg;

/// A file whose tags are hidden; all other bytes are where they were.
pub(super) struct Untagged<F> {
    file: F,
    place: u64,
    /// Later ones over earlier ones.
    masks: Vec<Mask>,
    pub is_ogg: bool,
}

/// Bytes that stand at a place instead of the file's own.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Mask {
    at: u64,
    bytes: Vec<u8>,
}

impl<F: Read + Seek> Untagged<F> {
    /// Looks through `file` for tags, and leaves it at its beginning; `None` where no sound that is known here
    /// begins there. The decoder would look for one further on, and find tags that were not hidden.
    ///
    /// # Errors
    /// When it cannot be read. A file that ends anywhere is no error.
    pub(super) fn of(mut file: F) -> io::Result<Option<Self>> {
        let tags = tags_of(&mut file)?;
        file.rewind()?;
        Ok(tags.map(|(masks, is_ogg)| Self { file, place: 0, masks, is_ogg }))
    }

    /// The same once more, from its beginning, by another way to the same bytes.
    pub(super) fn again<G>(&self, file: G) -> Untagged<G> {
        Untagged { file, place: 0, masks: self.masks.clone(), is_ogg: self.is_ogg }
    }
}

impl<F: Read> Read for Untagged<F> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(bytes)?;
        let (start, end) = (self.place, self.place + read as u64);
        for mask in self.masks.iter().filter(|mask| mask.at < end) {
            for (at, byte) in (mask.at..).zip(&mask.bytes).filter(|(at, _)| (start..end).contains(at)) {
                bytes[(at - start) as usize] = *byte;
            }
        }
        self.place = end;
        Ok(read)
    }
}

impl<F: Seek> Seek for Untagged<F> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.place = self.file.seek(to)?;
        Ok(self.place)
    }
}

/// What hides them, and whether it is Ogg.
fn tags_of(file: &mut (impl Read + Seek)) -> io::Result<Option<(Vec<Mask>, bool)>> {
    let mut masks = Vec::new();
    let mut start = 0;
    let mut is_ogg = false;
    while let Some(header) = at::<10>(file, start)?.filter(|header| header.starts_with(b"ID3")) {
        // No extended header, and no frame: four zeroes are padding (ID3v2.3, 3.1 and 3.3).
        masks.push(Mask { at: start + 5, bytes: vec![header[5] & 0x10] });
        masks.push(Mask { at: start + 10, bytes: vec![0; 4] });
        let footer = if header[5] & 0x10 != 0 { 10 } else { 0 };
        start += 10 + footer + header[6..].iter().fold(0, |size, byte| size << 7 | u64::from(byte & 0x7f));
    }
    match &at::<4>(file, start)?.unwrap_or_default() {
        b"fLaC" => flac(file, start + 4, &mut masks)?,
        b"RIFF" => wav(file, start + 12, &mut masks)?,
        b"OggS" => {
            is_ogg = true;
            ogg::pages(file, start, &mut masks)?;
        }
        _ if is_mp3(file, start)? => {}
        _ => return Ok(None),
    }
    Ok(Some((masks, is_ogg)))
}

/// A frame of layer III, by its first twelve bits and what follows (ISO 11172-3 and 13818-3, 2.4.1.3), MPEG 2.5
/// included; a tag may leave zeroes before it.
fn is_mp3(file: &mut (impl Read + Seek), mut place: u64) -> io::Result<bool> {
    const MOST: u64 = 4096; // zeroes
    let end = place + MOST;
    while place < end && at::<1>(file, place)? == Some([0]) {
        place += 1;
    }
    Ok(at::<2>(file, place)?
        .is_some_and(|[first, second]| first == 0xff && [0xe2, 0xf2, 0xfa].contains(&(second & !1))))
}

/// What is no stream information and no table of places becomes padding (RFC 9639, 8.1).
fn flac(file: &mut (impl Read + Seek), mut place: u64, masks: &mut Vec<Mask>) -> io::Result<()> {
    const LAST: u8 = 0x80;
    const PADDING: u8 = 1;
    while let Some([kind, length @ ..]) = at::<4>(file, place)? {
        if ![0, PADDING, 3].contains(&(kind & !LAST)) {
            masks.push(Mask { at: place, bytes: vec![kind & LAST | PADDING] });
        }
        if kind & LAST != 0 {
            return Ok(());
        }
        place += 4 + length.iter().fold(0, |length, byte| length << 8 | u64::from(*byte));
    }
    Ok(())
}

/// Lists become junk, as which readers pass over what is to be passed over.
fn wav(file: &mut (impl Read + Seek), mut place: u64, masks: &mut Vec<Mask>) -> io::Result<()> {
    while let Some([a, b, c, d, length @ ..]) = at::<8>(file, place)? {
        if [a, b, c, d] == *b"LIST" {
            masks.push(Mask { at: place, bytes: b"JUNK".to_vec() });
        }
        let length = u64::from(u32::from_le_bytes(length));
        place += 8 + length + length % 2;
    }
    Ok(())
}

/// The bytes at `place`; `None` where the file ends before their end.
fn at<const N: usize>(file: &mut (impl Read + Seek), place: u64) -> io::Result<Option<[u8; N]>> {
    let mut bytes = [0; N];
    Ok(fill(file, place, &mut bytes)?.then_some(bytes))
}

/// Whether there were as many.
fn fill(file: &mut (impl Read + Seek), place: u64, bytes: &mut [u8]) -> io::Result<bool> {
    // From where it is, so that what has been read ahead is not read again.
    let ahead = place.cast_signed() - file.stream_position()?.cast_signed();
    file.seek_relative(ahead)?;
    match file.read_exact(bytes) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        outcome => outcome.map(|()| true),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    /// What the decoder sees of `file`, however it reads.
    fn check(file: &[u8], seen: &[u8]) {
        for step in [1, 3, 64] {
            let mut untagged = Untagged::of(Cursor::new(file)).unwrap().unwrap();
            let mut read = Vec::new();
            let mut piece = vec![0; step];
            loop {
                match untagged.read(&mut piece).unwrap() {
                    0 => break,
                    length => read.extend(&piece[..length]),
                }
            }
            assert_eq!(read.escape_ascii().to_string(), seen.escape_ascii().to_string(), "by {step}");
        }
        let mut untagged = Untagged::of(Cursor::new(file)).unwrap().unwrap();
        let half = file.len() / 2;
        untagged.seek(SeekFrom::Start(half as u64)).unwrap();
        let mut rest = Vec::new();
        untagged.read_to_end(&mut rest).unwrap();
        assert_eq!(rest, seen[half..]);
    }

    #[test]
    fn what_flac_tells_besides_the_sound_is_padding() {
        check(
            b"fLaC\0\0\0\x02si\x04\0\0\x03abc\x86\0\0\x01psound",
            b"fLaC\0\0\0\x02si\x01\0\0\x03abc\x81\0\0\x01psound",
        );
    }

    #[test]
    fn the_lists_of_a_wav_file_are_junk() {
        check(
            b"RIFF\x30\0\0\0WAVEfmt \x01\0\0\0f\0LIST\x02\0\0\0lidata\x01\0\0\0L",
            b"RIFF\x30\0\0\0WAVEfmt \x01\0\0\0f\0JUNK\x02\0\0\0lidata\x01\0\0\0L",
        );
    }

    #[test]
    fn the_frames_of_an_mp3s_tag_are_padding() {
        check(b"ID3\x03\0\xc0\0\0\0\x06TIT2xx\xff\xfbLIST", b"ID3\x03\0\0\0\0\0\x06\0\0\0\0xx\xff\xfbLIST");
    }

    #[test]
    fn a_file_may_end_anywhere_and_lengths_lead_nowhere() {
        let whole = b"ID3\x03\0\0\0\0\0\x04TIT2fLaC\x04\xff\xff\xffab";
        for length in 0..whole.len() {
            let _nothing_known = Untagged::of(Cursor::new(&whole[..length])).unwrap();
        }
        let is_known = |file: &[u8]| Untagged::of(Cursor::new(file)).unwrap().is_some();
        assert!(is_known(b"RIFF....WAVELIST\xff\xff\xff\xffabcd"));
        assert!(!is_known(b"ID3\x03\0\0\x7f\x7f\x7f\x7f"));
    }

    #[test]
    fn a_sound_begins_where_the_file_does() {
        let is_known = |file: &[u8]| Untagged::of(Cursor::new(file)).unwrap().is_some();
        assert!(is_known(b"\0\0\xff\xfb\x90"));
        for stranger in [&b""[..], b"\0\0", b"\xff\xe1", b"\xff\xfd", b"xfLaC\x84\0\0\x01a", b"words"] {
            assert!(!is_known(stranger));
        }
    }
}
