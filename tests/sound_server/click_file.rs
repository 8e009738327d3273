//! Sound with clicks in it, for a test to play.

use std::path::Path;

/// Writes a stereo WAV of `seconds` with a click at each of `clicks`, in milliseconds.
pub(crate) fn write_clicks(file: &Path, rate: u32, seconds: u32, clicks: &[u64]) {
    let mut samples = vec![0_i16; 2 * (rate * seconds) as usize];
    for &millis in clicks {
        let frame = (millis * u64::from(rate) / 1_000) as usize;
        samples[2 * frame..2 * frame + rate as usize / 250].fill(24_000);
    }
    let bytes = (samples.len() * 2) as u32;
    let mut wav = Vec::new();
    wav.extend(b"RIFF");
    wav.extend((36 + bytes).to_le_bytes());
    wav.extend(b"WAVEfmt \x10\0\0\0\x01\0\x02\0");
    wav.extend(rate.to_le_bytes());
    wav.extend((rate * 4).to_le_bytes());
    wav.extend(b"\x04\0\x10\0data");
    wav.extend(bytes.to_le_bytes());
    wav.extend(samples.iter().flat_map(|sample| sample.to_le_bytes()));
    std::fs::write(file, wav).expect("the test's folder can be written");
}
