//! A sound file in memory: nothing is written to a disk. Knows nothing of what is heard.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::os::fd::AsRawFd;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use rustix::fs::{MemfdFlags, memfd_create};

pub(super) struct MemorySound {
    path: PathBuf,
    /// Held open: with it the sound goes.
    memory: BufWriter<File>,
}

impl MemorySound {
    /// A WAV of `samples` samples of 16 bit, of all `channels` together, which are to be [written](Self::write).
    pub(super) fn begin(name: &str, rate: u32, channels: u16, samples: u64) -> Result<Self> {
        let memory = memfd_create(name, MemfdFlags::CLOEXEC).context("making a sound")?;
        let memory = File::from(memory);
        let path = format!("/proc/self/fd/{}", memory.as_raw_fd()).into();
        let mut memory = BufWriter::new(memory);
        memory.write_all(&header(rate, channels, samples)).context("making a sound")?;
        Ok(Self { path, memory })
    }

    pub(super) fn write(&mut self, samples: &[i16]) -> Result<()> {
        let bytes: Vec<u8> = samples.iter().flat_map(|sample| sample.to_le_bytes()).collect();
        self.memory.write_all(&bytes).context("making a sound")
    }

    /// After this it can be played.
    pub(super) fn finish(mut self) -> Result<Self> {
        self.memory.flush().context("making a sound")?;
        Ok(self)
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

/// Multimedia Programming Interface and Data Specifications 1.0, "WAVE".
fn header(rate: u32, channels: u16, samples: u64) -> Vec<u8> {
    // A longer sound than a WAV may be has no right length in its header, and is refused by whoever makes it.
    let bytes = u32::try_from(samples * 2).unwrap_or(u32::MAX - 36);
    let frame = channels * 2;
    let mut wav = Vec::with_capacity(44);
    wav.extend(b"RIFF");
    wav.extend((36 + bytes).to_le_bytes());
    wav.extend(b"WAVEfmt ");
    wav.extend(16_u32.to_le_bytes());
    for half in [1, channels] {
        wav.extend(half.to_le_bytes());
    }
    wav.extend(rate.to_le_bytes());
    wav.extend((rate * u32::from(frame)).to_le_bytes());
    for half in [frame, 16] {
        wav.extend(half.to_le_bytes());
    }
    wav.extend(b"data");
    wav.extend(bytes.to_le_bytes());
    wav
}
