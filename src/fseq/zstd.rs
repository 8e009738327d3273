//! Unpacks zstd. A block may hold several zstd frames one after another, which the library's own reader does not go
//! through. Knows no FSEQ.

use std::io::{self, BufRead, Read};

use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

/// How far back a frame may refer: what RFC 8878 (3.1.1.1.2) asks of every decoder. The decoder takes up to three times as
/// much while it grows.
const LARGEST_WINDOW: u64 = 8 << 20; // bytes

/// Unpacks one block after another, with the same memory.
pub(super) struct ZstdReader {
    decoder: FrameDecoder,
}

impl Default for ZstdReader {
    fn default() -> Self {
        let mut decoder = FrameDecoder::new();
        decoder.set_max_window_size(LARGEST_WINDOW);
        Self { decoder }
    }
}

impl ZstdReader {
    /// All that is packed in `packed`.
    pub(super) fn unpack<R: BufRead>(&mut self, packed: R) -> impl Read {
        Unpacked { decoder: &mut self.decoder, packed, is_in_frame: false }
    }
}

struct Unpacked<'a, R> {
    decoder: &'a mut FrameDecoder,
    packed: R,
    is_in_frame: bool,
}

impl<R: BufRead> Read for Unpacked<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            if !self.is_in_frame {
                if self.packed.fill_buf()?.is_empty() {
                    return Ok(0);
                }
                match self.decoder.reset(&mut self.packed) {
                    Ok(()) => self.is_in_frame = true,
                    Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame {
                        length,
                        ..
                    })) => {
                        io::copy(&mut (&mut self.packed).take(length.into()), &mut io::sink())?;
                        continue;
                    }
                    Err(error) => return Err(io::Error::other(error)),
                }
            }
            while self.decoder.can_collect() == 0 && !self.decoder.is_finished() {
                let one = BlockDecodingStrategy::UptoBlocks(1);
                self.decoder.decode_blocks(&mut self.packed, one).map_err(io::Error::other)?;
            }
            match self.decoder.read(buffer)? {
                0 => self.is_in_frame = false,
                count => return Ok(count),
            }
        }
    }
}
