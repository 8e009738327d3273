//! The table of the blocks of a compressed FSEQ file: which frames each holds, and where it lies. Unpacks nothing.

use std::ops::Range;

use super::error::FseqError;
use super::little_endian::u32_at;

/// First frame and length in bytes, four bytes each.
pub(super) const BLOCK_ENTRY: usize = 8;

/// A block of frames.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct FrameBlock {
    pub(super) frames: Range<u32>,
    /// Where it lies in the file.
    pub(super) bytes: Range<u64>,
}

/// The blocks in `table`, in the order of their frames. The table stands at byte `at`; a file of `frames` frames has its blocks
/// within `data`.
///
/// Blocks lie one after another in the order of the table, whatever frames they hold. A block of no bytes fills the table up.
/// If the table is empty, all that is there is one block.
pub(super) fn blocks(
    table: &[u8],
    at: u64,
    frames: u32,
    data: Range<u64>,
) -> Result<Vec<FrameBlock>, FseqError> {
    let mut blocks: Vec<FrameBlock> = Vec::new();
    let mut begin = data.start;
    for (number, entry) in table.chunks_exact(BLOCK_ENTRY).enumerate() {
        let (first, length) = (u32_at(entry, 0), u32_at(entry, 4));
        if length == 0 {
            continue;
        }
        let entry_at = at + (number * BLOCK_ENTRY) as u64;
        if first >= frames {
            let what = format!("block {} begins at frame {first}, and the file has {frames}", number + 1);
            return Err(FseqError::at(entry_at, what));
        }
        let bytes = begin..begin + u64::from(length);
        if bytes.end > data.end {
            let what = format!("the file is cut short: block {} ends at byte {}", number + 1, bytes.end);
            return Err(FseqError::at(data.end, what));
        }
        begin = bytes.end;
        // Its end comes with the next one.
        blocks.push(FrameBlock { frames: first..frames, bytes });
    }
    if blocks.is_empty() && !data.is_empty() {
        blocks.push(FrameBlock { frames: 0..frames, bytes: data.clone() });
    }
    blocks.sort_by_key(|block| block.frames.start);
    match blocks.first() {
        Some(first) if first.frames.start == 0 => {}
        Some(first) => {
            let what = format!("no block holds frame 0; the first one holds frame {}", first.frames.start);
            return Err(FseqError::at(at, what));
        }
        None => return Err(FseqError::at(data.start, "the file is cut short: it has no frames")),
    }
    for index in 1..blocks.len() {
        let start = blocks[index].frames.start;
        if blocks[index - 1].frames.start == start {
            return Err(FseqError::at(at, format!("two blocks begin at frame {start}")));
        }
        blocks[index - 1].frames.end = start;
    }
    Ok(blocks)
}
