//! The named texts of an FSEQ file, its variable headers: the music and the program that made it. What is wrong with them harms
//! no frame, so it is passed over.

use std::io::{Read, Seek, SeekFrom};

use super::little_endian::{u16_at, u32_at};

/// Length, which counts itself, and a code of two letters.
const TEXT_HEAD: usize = 4; // bytes
/// A text behind the frames: its code, its place and its length.
const ELSEWHERE: usize = 18; // bytes
/// No path is longer.
const LONGEST: usize = 4_096; // bytes

/// The music that the file names, and the program that wrote it, from the texts behind byte `at` of its `start`.
pub(super) fn media_and_producer<R: Read + Seek>(
    file: &mut R,
    start: &[u8],
    mut at: usize,
) -> (Option<String>, Option<String>) {
    let (mut media, mut producer) = (None, None);
    while at + TEXT_HEAD < start.len() {
        let length = usize::from(u16_at(start, at));
        if length <= TEXT_HEAD {
            at += TEXT_HEAD;
            continue;
        }
        let code = [start[at + 2], start[at + 3]];
        let data = &start[at + TEXT_HEAD..start.len().min(at + length)];
        match &code {
            b"mf" => media = media.or_else(|| text(data)),
            b"sp" => producer = producer.or_else(|| text(data)),
            b"ED" if length >= ELSEWHERE && data.len() >= ELSEWHERE - TEXT_HEAD => match &data[..2] {
                b"mf" => media = media.or_else(|| text_elsewhere(file, data)),
                b"sp" => producer = producer.or_else(|| text_elsewhere(file, data)),
                _ => {}
            },
            _ => {}
        }
        at += length;
    }
    (media, producer)
}

fn text_elsewhere<R: Read + Seek>(file: &mut R, data: &[u8]) -> Option<String> {
    let place = u64::from(u32_at(data, 2)) | u64::from(u32_at(data, 6)) << 32;
    let length = u64::from(u32_at(data, 10)).min(LONGEST as u64);
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(place)).ok()?;
    file.take(length).read_to_end(&mut bytes).ok()?;
    text(&bytes)
}

/// Up to the first NUL.
fn text(data: &[u8]) -> Option<String> {
    let data = &data[..data.len().min(LONGEST)];
    let end = data.iter().position(|byte| *byte == 0).unwrap_or(data.len());
    let text = String::from_utf8_lossy(&data[..end]).trim().to_owned();
    (!text.is_empty()).then_some(text)
}
