//! Sound into a WAV file of 16 bits, stereo. Knows no music.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use crate::oscillator::Noise;
use crate::signal::{RATE, Stereo};

/// Writes `sound`, whose samples lie between -1 and 1, replacing the file.
///
/// # Errors
/// When the file cannot be written.
pub(crate) fn write(sound: &Stereo, path: &Path) -> anyhow::Result<()> {
    const CHANNELS: u16 = 2;
    const BITS: u16 = 16;
    let frame: u16 = CHANNELS * BITS / 8;
    let rate = RATE as u32;
    let data = u32::try_from(sound.len() * usize::from(frame))?;

    let mut file = BufWriter::new(File::create(path)?);
    file.write_all(b"RIFF")?;
    file.write_all(&(36 + data).to_le_bytes())?;
    file.write_all(b"WAVEfmt ")?;
    file.write_all(&16_u32.to_le_bytes())?;
    file.write_all(&1_u16.to_le_bytes())?; // plain samples
    file.write_all(&CHANNELS.to_le_bytes())?;
    file.write_all(&rate.to_le_bytes())?;
    file.write_all(&(rate * u32::from(frame)).to_le_bytes())?;
    file.write_all(&frame.to_le_bytes())?;
    file.write_all(&BITS.to_le_bytes())?;
    file.write_all(b"data")?;
    file.write_all(&data.to_le_bytes())?;

    // Two noises of half a bit: quiet tails then end in a hiss nobody hears rather than in a crackle.
    let mut dither = Noise::seeded(16);
    for (left, right) in sound.left.iter().zip(&sound.right) {
        for sample in [left, right] {
            let hiss = (dither.sample() + dither.sample()) / 2.0;
            let bits = (sample * 32_767.0 + hiss).round() as i16;
            file.write_all(&bits.to_le_bytes())?;
        }
    }
    file.flush()?;
    Ok(())
}
