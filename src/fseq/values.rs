//! The values of all channels, frame after frame, in pieces: unpacked as they are read, so that no frame has to fit into
//! memory. Knows no channel.

use std::io::{BufRead, BufReader, ErrorKind, Read, Seek, SeekFrom};
use std::ops::{ControlFlow, Range};

use flate2::bufread::ZlibDecoder;

use super::error::FseqError;
use super::facts::Compression;
use super::header::Header;
use super::zstd::ZstdReader;
use crate::catch_panic::catch_panic;

/// What is read at a time.
const PIECE: usize = 64 << 10; // bytes

/// Told of a frame, the place of a first channel in it, and the values from there on.
pub(super) type TakePiece<'a> = dyn FnMut(u32, u32, &[u8]) -> ControlFlow<()> + 'a;

/// Tells `take` all values, in order. A piece ends with its frame at the latest.
pub(super) fn for_each_piece<R: Read + Seek>(
    file: &mut R,
    header: &Header,
    take: &mut TakePiece,
) -> Result<(), FseqError> {
    let facts = &header.facts;
    let mut pieces = Pieces { channels: u64::from(facts.channels), buffer: vec![0; PIECE] };
    if facts.compression == Compression::None {
        let length = pieces.channels * u64::from(facts.frames);
        let packed = part(file, header.data_at..header.data_at + length)?;
        let _ = pieces.read(packed, 0..facts.frames, header.data_at, take)?;
        return Ok(());
    }
    let mut zstd = ZstdReader::default();
    for block in &header.blocks {
        let packed = part(file, block.bytes.clone())?;
        let (frames, at) = (block.frames.clone(), block.bytes.start);
        // A decoder may panic over what nobody would write.
        let read = catch_panic(|| match facts.compression {
            Compression::Zstd => pieces.read(zstd.unpack(packed), frames, at, take),
            Compression::Zlib | Compression::None => pieces.read(ZlibDecoder::new(packed), frames, at, take),
        });
        let read = read.unwrap_or_else(|| Err(FseqError::at(at, "this block cannot be unpacked")));
        if read?.is_break() {
            break;
        }
    }
    Ok(())
}

/// The `bytes` of `file`.
fn part<R: Read + Seek>(file: &mut R, bytes: Range<u64>) -> Result<impl BufRead, FseqError> {
    file.seek(SeekFrom::Start(bytes.start)).map_err(|error| FseqError::unreadable(&error))?;
    Ok(BufReader::with_capacity(PIECE, file.take(bytes.end - bytes.start)))
}

struct Pieces {
    /// In a frame.
    channels: u64,
    buffer: Vec<u8>,
}

impl Pieces {
    /// Reads the values of `frames`; what is packed begins at byte `at` of the file.
    fn read(
        &mut self,
        mut unpacked: impl Read,
        frames: Range<u32>,
        at: u64,
        take: &mut TakePiece,
    ) -> Result<ControlFlow<()>, FseqError> {
        let mut place = self.channels * u64::from(frames.start);
        let end = self.channels * u64::from(frames.end);
        while place < end {
            let most = self.buffer.len().min((end - place) as usize);
            let count = match unpacked.read(&mut self.buffer[..most]) {
                Ok(count) => count,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => {
                    let what = format!("frame {} cannot be unpacked: {error}", place / self.channels);
                    return Err(FseqError::at(at, what));
                }
            };
            if count == 0 {
                let (frame, last) = (place / self.channels, frames.end - 1);
                let what = format!("this block ends within frame {frame}; it should hold frame {last} too");
                return Err(FseqError::at(at, what));
            }
            if self.split(place, count, take).is_break() {
                return Ok(ControlFlow::Break(()));
            }
            place += count as u64;
        }
        Ok(ControlFlow::Continue(()))
    }

    /// Tells the first `count` values in the buffer, the first of which stands at `place` of all.
    fn split(&self, mut place: u64, count: usize, take: &mut TakePiece) -> ControlFlow<()> {
        let mut rest = &self.buffer[..count];
        while !rest.is_empty() {
            let (frame, first) = (place / self.channels, place % self.channels);
            let (piece, after) = rest.split_at(rest.len().min((self.channels - first) as usize));
            // A frame's number and its channels were 32 bits in the header.
            take(frame as u32, first as u32, piece)?;
            place += piece.len() as u64;
            rest = after;
        }
        ControlFlow::Continue(())
    }
}
