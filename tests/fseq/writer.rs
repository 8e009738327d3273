//! Writes FSEQ files of every kind, from the description of the format alone: nothing here is shared with the reader.

use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use ruzstd::encoding::{CompressionLevel, compress_to_vec};

/// How the frames are packed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Packing {
    None,
    /// Frames of zstd whose blocks hold the values as they are, or one value repeated.
    PlainZstd,
    /// Several frames of zstd in a block, with one to skip between them.
    Zstd,
    Zlib,
}

/// A file to be written.
#[derive(Clone)]
pub(crate) struct Written {
    pub(crate) major: u8,
    pub(crate) magic: &'static [u8; 4],
    pub(crate) packing: Packing,
    /// Frame after frame, each of as many values.
    pub(crate) frames: Vec<Vec<u8>>,
    pub(crate) step: u8,
    /// First channel from 0, and how many.
    pub(crate) ranges: Vec<(u32, u32)>,
    /// Frames in a block.
    pub(crate) block: usize,
    /// Blocks of no bytes behind the others.
    pub(crate) padding: usize,
    /// The table, and the blocks with it, begin with the last frames.
    pub(crate) is_backward: bool,
    /// The table is empty, though there is a block.
    pub(crate) has_empty_table: bool,
    /// Code and data.
    pub(crate) texts: Vec<([u8; 2], Vec<u8>)>,
    /// The name of the music stands behind the frames.
    pub(crate) music_behind: Option<&'static str>,
}

impl Written {
    pub(crate) fn of(frames: Vec<Vec<u8>>) -> Self {
        Self {
            major: 2,
            magic: b"PSEQ",
            packing: Packing::None,
            frames,
            step: 25,
            ranges: Vec::new(),
            block: 10,
            padding: 0,
            is_backward: false,
            has_empty_table: false,
            texts: vec![(*b"mf", b"song.mp3\0".to_vec())],
            music_behind: None,
        }
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut blocks: Vec<(u32, Vec<u8>)> = self
            .frames
            .chunks(self.block)
            .zip(0..)
            .map(|(frames, number)| (number * self.block as u32, packed(self.packing, frames)))
            .collect();
        if self.is_backward {
            blocks.reverse();
        }
        let is_table = self.major == 2 && self.packing != Packing::None;
        let table = if is_table { blocks.len() + self.padding } else { 0 };
        let tables = if self.major == 1 { 0 } else { table * 8 + self.ranges.len() * 6 };
        let header = if self.major == 1 { 28 } else { 32 } + tables;
        let mut texts = self.texts.clone();
        let elsewhere = self.music_behind.map(|_| texts.len());
        if elsewhere.is_some() {
            texts.push((*b"ED", vec![0; 14]));
        }
        let texts_length: usize = texts.iter().map(|(_, data)| data.len() + 4).sum();
        // One text of nothing, as other programs write it; then up to a multiple of four.
        let data_at = (header + texts_length + 4).next_multiple_of(4);
        let data: Vec<u8> = blocks.iter().flat_map(|(_, bytes)| bytes.clone()).collect();
        if let (Some(index), Some(name)) = (elsewhere, self.music_behind) {
            let mut entry = b"mf".to_vec();
            entry.extend(((data_at + data.len()) as u64).to_le_bytes());
            entry.extend((name.len() as u32).to_le_bytes());
            texts[index].1 = entry;
        }
        let mut file = self.magic.to_vec();
        file.extend((data_at as u16).to_le_bytes());
        file.extend([0, self.major]);
        file.extend((header as u16).to_le_bytes());
        file.extend((self.frames[0].len() as u32).to_le_bytes());
        file.extend((self.frames.len() as u32).to_le_bytes());
        file.extend([self.step, 0]);
        if self.major == 1 {
            // Universes, gamma and color order, which nobody reads.
            file.extend([7, 7, 7, 7, 7, 7, 7, 7]);
        } else {
            let kind = match self.packing {
                Packing::None => 0,
                Packing::PlainZstd | Packing::Zstd => 1,
                Packing::Zlib => 2,
            };
            file.extend([kind | ((table >> 8) as u8) << 4, table as u8, self.ranges.len() as u8, 0]);
            file.extend(1_600_000_000_000_000_u64.to_le_bytes());
            if is_table {
                let entries = blocks.iter().map(|(first, bytes)| (*first, bytes.len() as u32));
                let entries = entries.chain(std::iter::repeat((0, 0))).take(table);
                for (first, length) in entries {
                    let (first, length) = if self.has_empty_table { (0, 0) } else { (first, length) };
                    file.extend(first.to_le_bytes());
                    file.extend(length.to_le_bytes());
                }
            }
            for (first, count) in &self.ranges {
                file.extend(&first.to_le_bytes()[..3]);
                file.extend(&count.to_le_bytes()[..3]);
            }
        }
        for (code, data) in texts {
            file.extend((data.len() as u16 + 4).to_le_bytes());
            file.extend(code);
            file.extend(data);
        }
        file.resize(data_at, 0);
        file.extend(data);
        file.extend(self.music_behind.unwrap_or_default().as_bytes());
        file
    }
}

fn packed(packing: Packing, frames: &[Vec<u8>]) -> Vec<u8> {
    let values = frames.concat();
    match packing {
        Packing::None => values,
        Packing::Zlib => {
            let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
            encoder.write_all(&values).unwrap();
            encoder.finish().unwrap()
        }
        Packing::PlainZstd => values.chunks(300).flat_map(plain_zstd).collect(),
        Packing::Zstd => {
            let (first, second) = values.split_at(values.len() / 3);
            let mut bytes = compress_to_vec(first, CompressionLevel::Fastest);
            bytes.extend(b"\x53\x2a\x4d\x18\x05\0\0\0other");
            bytes.extend(compress_to_vec(second, CompressionLevel::Fastest));
            bytes
        }
    }
}

/// RFC 8878, 3.1.1: no checksum, no size, a window of 1 KiB; one block of values, or of one value repeated.
pub(crate) fn plain_zstd(values: &[u8]) -> Vec<u8> {
    let mut frame = b"\x28\xb5\x2f\xfd\0\0".to_vec();
    let is_even = values.iter().all(|value| *value == values[0]);
    let kind = if is_even { 1 } else { 0 };
    let head = (values.len() as u32) << 3 | kind << 1 | 1;
    frame.extend(&head.to_le_bytes()[..3]);
    frame.extend(if is_even { &values[..1] } else { values });
    frame
}
