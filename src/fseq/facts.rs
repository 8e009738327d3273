//! What an FSEQ file says of itself. Knows no bytes.

use std::fmt;
use std::ops::Range;
use std::time::Duration;

use crate::time::ShowTime;

/// How the frames of a file are packed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Compression {
    None,
    Zstd,
    Zlib,
}

impl fmt::Display for Compression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "uncompressed",
            Self::Zstd => "zstd",
            Self::Zlib => "zlib",
        })
    }
}

/// What an FSEQ file says of itself.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SequenceFacts {
    /// 1 or 2.
    pub version: u8,
    pub compression: Compression,
    /// Channels in each frame, at least 1.
    pub channels: u32,
    /// At least 1.
    pub frames: u32,
    /// From one frame to the next: 1 to 255 ms.
    pub step: Duration,
    /// The channels of a frame as xLights counts them, from 1; none twice. One range, or several in the order in which their
    /// values are.
    pub ranges: Vec<Range<u32>>,
    /// The music, as the file names it: the path of another computer, perhaps. It is not to be followed.
    pub media: Option<String>,
    /// The program that made the file.
    pub producer: Option<String>,
}

impl SequenceFacts {
    /// When its last frame ends, at most 24 hours.
    #[must_use]
    pub fn end(&self) -> ShowTime {
        self.start_of(self.frames)
    }

    /// When `frame` begins, from 0.
    #[must_use]
    pub fn start_of(&self, frame: u32) -> ShowTime {
        ShowTime::ZERO + self.step * frame
    }

    /// Where the channel of `number` stands in a frame, from 0; `None` if the file does not hold it. xLights counts channels
    /// from 1.
    #[must_use]
    pub fn place_of(&self, number: u32) -> Option<u32> {
        let mut before = 0;
        for range in &self.ranges {
            if range.contains(&number) {
                return Some(before + number - range.start);
            }
            before += range.end - range.start;
        }
        None
    }

    /// The numbers of its channels as xLights counts them, in the order of a frame.
    pub fn numbers(&self) -> impl Iterator<Item = u32> {
        self.ranges.iter().flat_map(Clone::clone)
    }
}
