//! FSEQ files, the frames that xLights and the Falcon Player write: which channel has which value in which frame. Reads
//! versions 1 and 2, from any `Read + Seek`, in blocks, with at most some tens of MiB of memory whatever a header says.
//! Knows no shows, and opens no file.
//!
//! A file is a header (`header`), tables of blocks (`blocks`) and of the channels that it holds (`facts`), named texts
//! (`texts`), and then the values of all channels, frame after frame (`values`), perhaps compressed (`zstd`). The layout is
//! that of `FSEQ_Sequence_File_Format.txt` of the Falcon Player.

mod blocks;
mod error;
mod facts;
mod header;
mod little_endian;
mod texts;
mod values;
mod zstd;

use std::io::{Read, Seek};
use std::ops::ControlFlow;

use header::Header;

pub use error::FseqError;
pub use facts::{Compression, SequenceFacts};

/// An FSEQ file whose header was read.
#[derive(Debug)]
pub struct Sequence<R> {
    file: R,
    header: Header,
}

impl<R: Read + Seek> Sequence<R> {
    /// Reads the header of `file`, its tables and its texts: some 64 KiB. Blocks as long as `file` does.
    ///
    /// # Errors
    /// When this is no FSEQ file, or when a number in it cannot be true.
    pub fn open(mut file: R) -> Result<Self, FseqError> {
        let header = header::read(&mut file)?;
        Ok(Self { file, header })
    }

    /// What the header says.
    #[must_use]
    pub fn facts(&self) -> &SequenceFacts {
        &self.header.facts
    }

    /// Tells `take` each change of the channels at `places`, frame after frame: the frame, which of `places`, and its value
    /// from then on. Before the first frame every value is 0. A place is where a channel stands in a frame, as
    /// [`SequenceFacts::place_of`] tells it. Ends early when `take` breaks. Reads the whole file, and blocks as long as that
    /// takes.
    ///
    /// # Errors
    /// When the file is damaged or cannot be read; the frames before the damage were told then.
    pub fn changes(
        &mut self,
        places: &[u32],
        take: &mut dyn FnMut(u32, usize, u8) -> ControlFlow<()>,
    ) -> Result<(), FseqError> {
        let mut wanted: Vec<(u32, usize)> = places.iter().copied().zip(0..).collect();
        wanted.sort_unstable();
        let mut last = vec![0; places.len()];
        let mut next = 0;
        values::for_each_piece(&mut self.file, &self.header, &mut |frame, first, piece| {
            if first == 0 {
                next = 0;
            }
            while let Some((place, which)) = wanted.get(next) {
                let Some(value) = piece.get((*place - first) as usize) else { break };
                if last[next] != *value {
                    last[next] = *value;
                    take(frame, *which, *value)?;
                }
                next += 1;
            }
            ControlFlow::Continue(())
        })
    }

    /// The highest value that each channel of a frame ever has, in the order of a frame. Reads the whole file, and blocks as
    /// long as that takes.
    ///
    /// # Errors
    /// When the file is damaged or cannot be read.
    pub fn peaks(&mut self) -> Result<Vec<u8>, FseqError> {
        let mut peaks = vec![0_u8; self.header.facts.channels as usize];
        values::for_each_piece(&mut self.file, &self.header, &mut |_, first, piece| {
            for (peak, value) in peaks[first as usize..].iter_mut().zip(piece) {
                *peak = (*peak).max(*value);
            }
            ControlFlow::Continue(())
        })?;
        Ok(peaks)
    }
}

#[cfg(test)]
mod tests;
