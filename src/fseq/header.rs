//! The header of an FSEQ file: every number in it is held against the others and against the file's length. Reads no
//! frames.

use std::io::{Read, Seek, SeekFrom};
use std::ops::Range;
use std::time::Duration;

use super::blocks::{BLOCK_ENTRY, FrameBlock, blocks};
use super::error::FseqError;
use super::facts::{Compression, SequenceFacts};
use super::little_endian::{u16_at, u32_at};
use super::texts;
use crate::time::ShowTime;

/// The shortest header: that of version 1.
const SHORTEST: usize = 28; // bytes
const SHORTEST_OF_2: usize = 32; // bytes
const RANGE_ENTRY: usize = 6; // bytes
/// So many the Falcon Player drives.
const MOST_CHANNELS: u32 = 8 << 20;
/// A small Pi unpacks some 100 MB a second.
const MOST_VALUES: u64 = 2 << 30;

const NO_FSEQ: &str = "an FSEQ file begins with `PSEQ`; xLights writes one when it renders a sequence";
const LAID_OUT: &str =
    "another program wrote this header in another way than xLights does; save the file again in xLights";
const FEWER: &str =
    "export only the channels that are wired here: in xLights, with a controller's own FSEQ file";

#[derive(Debug)]
pub(super) struct Header {
    pub(super) facts: SequenceFacts,
    /// Where the frames begin, in bytes.
    pub(super) data_at: u64,
    /// Of a compressed file, in the order of their frames: together they hold all.
    pub(super) blocks: Vec<FrameBlock>,
}

pub(super) fn read<R: Read + Seek>(file: &mut R) -> Result<Header, FseqError> {
    let length = file.seek(SeekFrom::End(0)).map_err(|error| FseqError::unreadable(&error))?;
    let mut start = bytes_at(file, 0, (SHORTEST as u64).min(length) as usize)?;
    match start.get(..4) {
        Some(b"PSEQ" | b"FSEQ") => {}
        Some(b"ESEQ") => {
            let advice = "render a sequence in xLights, and use its FSEQ file";
            return Err(FseqError::at(0, "this is an effect (ESEQ), not a sequence").advice(advice));
        }
        _ => return Err(FseqError::at(0, "this is not an FSEQ file").advice(NO_FSEQ)),
    }
    if start.len() < SHORTEST {
        return Err(FseqError::at(length, "the file is cut short within its header"));
    }
    let data_at = u16_at(&start, 4);
    let (minor, major) = (start[6], start[7]);
    if !matches!(major, 1 | 2) {
        let advice = "starcourt reads versions 1 and 2; xLights writes both";
        return Err(FseqError::at(7, format!("this is version {major}.{minor} of FSEQ")).advice(advice));
    }
    let shortest = if major == 1 { SHORTEST } else { SHORTEST_OF_2 };
    if usize::from(data_at) < shortest {
        let what = format!("its frames begin at byte {data_at}, within its header of {shortest} bytes");
        return Err(FseqError::at(4, what).advice(LAID_OUT));
    }
    if u64::from(data_at) > length {
        return Err(FseqError::at(
            length,
            format!("the file is cut short: its frames begin at byte {data_at}"),
        ));
    }
    start = bytes_at(file, 0, usize::from(data_at))?;
    let (channels, frames) = (u32_at(&start, 10), u32_at(&start, 14));
    let step = Duration::from_millis(u64::from(start[18]));
    sizes(channels, frames, step)?;
    let compression = match (major, start[20] & 0x0f) {
        (1, _) | (_, 0) => Compression::None,
        (_, 1) => Compression::Zstd,
        (_, 2) => Compression::Zlib,
        (_, other) => {
            let what = format!("its frames are packed in way {other}");
            return Err(FseqError::at(20, what).advice("starcourt unpacks zstd (1) and zlib (2)"));
        }
    };
    let (table, sparse) = match major {
        1 => (0, 0),
        _ => (usize::from(start[20] >> 4) << 8 | usize::from(start[21]), usize::from(start[22])),
    };
    let ranges_at = shortest + table * BLOCK_ENTRY;
    let texts_at = ranges_at + sparse * RANGE_ENTRY;
    if texts_at > usize::from(data_at) {
        let what = format!(
            "{table} blocks and {sparse} ranges of channels do not fit before its frames, which begin at byte {data_at}"
        );
        return Err(FseqError::at(20, what));
    }
    let ranges = ranges(&start[ranges_at..texts_at], ranges_at, channels)?;
    let (media, producer) = texts::media_and_producer(file, &start, texts_at);
    let facts =
        SequenceFacts { version: major, compression, channels, frames, step, ranges, media, producer };
    let data_at = u64::from(data_at);
    let blocks = match compression {
        Compression::None => {
            whole(&facts, data_at, length)?;
            Vec::new()
        }
        Compression::Zstd | Compression::Zlib => {
            blocks(&start[shortest..ranges_at], shortest as u64, frames, data_at..length)?
        }
    };
    Ok(Header { facts, data_at, blocks })
}

/// What no file can hold.
fn sizes(channels: u32, frames: u32, step: Duration) -> Result<(), FseqError> {
    if channels == 0 {
        return Err(FseqError::at(10, "it has no channels").advice(LAID_OUT));
    }
    if frames == 0 {
        return Err(FseqError::at(14, "it has no frames").advice("render the sequence, and save it again"));
    }
    if step.is_zero() {
        return Err(FseqError::at(18, "its frames follow one another after 0 ms").advice(LAID_OUT));
    }
    if step.as_micros() * u128::from(frames) > u128::from(ShowTime::MAX.micros()) {
        let what = format!("{frames} frames of {} ms are longer than 24 hours", step.as_millis());
        return Err(FseqError::at(14, what).advice("nothing in a show is longer than 24 hours"));
    }
    if channels > MOST_CHANNELS {
        let what = format!("it has {channels} channels; at most {MOST_CHANNELS} are read");
        return Err(FseqError::at(10, what).advice(FEWER));
    }
    if u64::from(channels) * u64::from(frames) > MOST_VALUES {
        let what = format!("{frames} frames of {channels} channels are more than 2 GiB");
        return Err(FseqError::at(10, what).advice(FEWER));
    }
    Ok(())
}

/// Whether an uncompressed file of `length` bytes has all of its frames.
fn whole(facts: &SequenceFacts, data_at: u64, length: u64) -> Result<(), FseqError> {
    let channels = u64::from(facts.channels);
    if data_at + channels * u64::from(facts.frames) <= length {
        return Ok(());
    }
    let there = (length - data_at) / channels;
    Err(FseqError::at(
        length,
        format!(
            "the file is cut short: it holds {there} of its {} frames of {channels} channels",
            facts.frames
        ),
    ))
}

/// The channels of a frame, as `table` at byte `at` names them; without a table all from 1 on.
fn ranges(table: &[u8], at: usize, channels: u32) -> Result<Vec<Range<u32>>, FseqError> {
    let entries = table.chunks_exact(RANGE_ENTRY);
    let ranges: Vec<Range<u32>> = entries
        .map(|entry| {
            let first = u32::from_le_bytes([entry[0], entry[1], entry[2], 0]) + 1;
            first..first + u32::from_le_bytes([entry[3], entry[4], entry[5], 0])
        })
        .collect();
    if ranges.is_empty() {
        let all = 1..channels + 1;
        return Ok(vec![all]);
    }
    let sum: u64 = ranges.iter().map(|range| u64::from(range.end - range.start)).sum();
    if sum != u64::from(channels) {
        let what = format!("its ranges name {sum} channels, and its header {channels}");
        return Err(FseqError::at(at as u64, what));
    }
    let mut in_order: Vec<&Range<u32>> = ranges.iter().filter(|range| !range.is_empty()).collect();
    in_order.sort_by_key(|range| range.start);
    if let Some([_, next]) = in_order.array_windows().find(|[range, next]| next.start < range.end) {
        let what = format!("two of its ranges name channel {}", next.start);
        return Err(FseqError::at(at as u64, what));
    }
    Ok(ranges)
}

/// Exactly `count` bytes from `at` on.
fn bytes_at<R: Read + Seek>(file: &mut R, at: u64, count: usize) -> Result<Vec<u8>, FseqError> {
    let mut bytes = vec![0; count];
    file.seek(SeekFrom::Start(at))
        .and_then(|_| file.read_exact(&mut bytes))
        .map_err(|error| FseqError::unreadable(&error))?;
    Ok(bytes)
}
