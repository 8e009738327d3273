//! The tags around a sound: where the sound begins and ends between them. Reads no tag's text.

use std::io;

use super::file::MusicFile;

/// Where the sound may begin: after ID3v2 and APE tags, as many as there are.
pub(super) fn after_tags(file: &mut MusicFile) -> io::Result<u64> {
    let mut place = 0;
    loop {
        let next = match after_id3v2_at(file, place)? {
            Some(next) => next,
            None if file.has(place, b"APETAGEX")? => {
                place + 32 + u64::from(file.array::<4>(place + 12)?.map_or(0, u32::from_le_bytes))
            }
            None => return Ok(place),
        };
        if next >= file.length() {
            return Ok(place);
        }
        place = next;
    }
}

/// Where ID3v2 tags end that stand at the beginning.
pub(super) fn after_id3v2(file: &mut MusicFile) -> io::Result<u64> {
    let mut place = 0;
    while let Some(next) = after_id3v2_at(file, place)? {
        place = next;
    }
    Ok(place)
}

fn after_id3v2_at(file: &mut MusicFile, place: u64) -> io::Result<Option<u64>> {
    let Some([b'I', b'D', b'3', _, _, flags, size @ ..]) = file.array::<10>(place)? else { return Ok(None) };
    let footer = if flags & 0x10 != 0 { 10 } else { 0 };
    Ok(Some(place + 10 + footer + size.iter().fold(0, |size, byte| size << 7 | u64::from(byte & 0x7f))))
}

/// Where the sound ends that begins at `begin`: before ID3v1, APE and Lyrics3 tags, as many as there are.
pub(super) fn before_tags(file: &mut MusicFile, begin: u64) -> io::Result<u64> {
    let mut end = file.length();
    loop {
        let before = |count: u64| end.checked_sub(count).filter(|place| *place >= begin);
        let mut next = None;
        if let Some(place) = before(128)
            && file.has(place, b"TAG")?
        {
            next = Some(place);
        } else if let Some(place) = before(32)
            && file.has(place, b"APETAGEX")?
            && let Some(tail) = file.array::<24>(place)?
        {
            let number = |at: usize| u32::from_le_bytes([tail[at], tail[at + 1], tail[at + 2], tail[at + 3]]);
            let header = if number(20) & 0x8000_0000 != 0 { 32 } else { 0 };
            next = before(u64::from(number(12)) + header);
        } else if let Some(place) = before(15)
            && file.has(place + 6, b"LYRICS200")?
            && let Some(digits) = file.array::<6>(place)?
        {
            let size = std::str::from_utf8(&digits).ok().and_then(|digits| digits.parse::<u64>().ok());
            next = size.and_then(|size| before(size + 15));
        }
        match next {
            Some(next) if next < end => end = next,
            _ => return Ok(end),
        }
    }
}

/// Whether nothing but zeroes stands between two places.
pub(super) fn is_padding(file: &mut MusicFile, begin: u64, end: u64) -> io::Result<bool> {
    let mut place = begin;
    while place < end {
        let count = (end - place).min(4_096) as usize;
        let bytes = file.bytes(place, count)?;
        if bytes.len() < count || bytes.iter().any(|byte| *byte != 0) {
            return Ok(false);
        }
        place += count as u64;
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sound_is_what_lies_between_tags() {
        let id3v2 = [&b"ID3\x03\0\0\0\0\0\x05"[..], b"TITLE"].concat();
        let ape = |flags: u32| {
            let mut tag = b"APETAGEX".to_vec();
            for number in [2000, 36, 0, flags] {
                tag.extend(u32::to_le_bytes(number));
            }
            tag.resize(32, 0);
            tag
        };
        let front = [&ape(0xa000_0000)[..], b"abcd"].concat();
        let back = [&ape(0xa000_0000)[..], b"abcd", &ape(0x8000_0000)].concat();
        let mut id3v1 = b"TAG".to_vec();
        id3v1.resize(128, b' ');
        let lyrics = b"LYRICSBEGINla000013LYRICS200".to_vec();
        let mut front_ape = front.clone();
        // The size counts the footer, and a tag in front has none here.
        front_ape[12] = 4;
        for (before, after) in [
            (vec![], vec![]),
            (id3v2.clone(), id3v1.clone()),
            ([&id3v2[..], &id3v2, &front_ape].concat(), [&back[..], &id3v1].concat()),
            (front_ape, [&lyrics[..], &id3v1].concat()),
        ] {
            let mut file = MusicFile::of(&[&before[..], b"sound", &after].concat());
            let begin = after_tags(&mut file).unwrap();
            assert_eq!(begin, before.len() as u64);
            assert_eq!(before_tags(&mut file, begin).unwrap(), begin + 5);
        }
    }

    #[test]
    fn a_tag_longer_than_the_file_is_none() {
        let mut file = MusicFile::of(b"ID3\x03\0\0\x7f\x7f\x7f\x7fabc");
        assert_eq!(after_tags(&mut file).unwrap(), 0);
    }
}
