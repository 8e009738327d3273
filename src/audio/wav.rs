//! Sounds for tests, as WAV files. Knows nothing of playing them.

use std::path::{Path, PathBuf};

/// Writes `samples`, interleaved, as 16-bit WAV.
pub(crate) fn write(file: &Path, rate: u32, channels: u16, samples: &[i16]) {
    let bytes = (samples.len() * 2) as u32;
    let frame = channels * 2;
    let mut wav = Vec::with_capacity(44 + samples.len() * 2);
    wav.extend(b"RIFF");
    wav.extend((36 + bytes).to_le_bytes());
    wav.extend(b"WAVEfmt ");
    wav.extend(16_u32.to_le_bytes());
    wav.extend(1_u16.to_le_bytes());
    wav.extend(channels.to_le_bytes());
    wav.extend(rate.to_le_bytes());
    wav.extend((rate * u32::from(frame)).to_le_bytes());
    wav.extend(frame.to_le_bytes());
    wav.extend(16_u16.to_le_bytes());
    wav.extend(b"data");
    wav.extend(bytes.to_le_bytes());
    wav.extend(samples.iter().flat_map(|sample| sample.to_le_bytes()));
    std::fs::write(file, wav).unwrap();
}

/// A file in which neighbouring frames differ, and the folder that holds it while it is needed.
pub(crate) fn ramp(rate: u32, channels: u16, frames: usize) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ramp.wav");
    let samples: Vec<i16> =
        (1..=frames * usize::from(channels)).map(|n| (n * 7_919 % 65_521) as i16 | 1).collect();
    write(&file, rate, channels, &samples);
    (folder, file)
}
