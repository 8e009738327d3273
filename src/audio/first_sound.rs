//! Where a music file begins to be heard. Knows no card.

use std::path::Path;

use super::decode::{AudioSource, TrackDecoder};
use super::error::SoundError;
use crate::time::ShowTime;

/// Quieter than this is the silence of a recording: 50 dB below the loudest that a file can hold.
const SILENCE: f32 = 0.003;
/// Frames that are read at once.
const BLOCK: usize = 4_096;

/// When the first sound of `file` is heard; `None` if all of it is silence. Reads the file up to there.
///
/// # Errors
/// [`SoundError`] where the file cannot be played.
pub fn first_sound(file: &Path) -> Result<Option<ShowTime>, SoundError> {
    let source = AudioSource { file: file.to_owned(), from: ShowTime::ZERO, repeat: None };
    let mut decoder = TrackDecoder::open(&source, 0)?;
    let spec = decoder.spec();
    let mut samples = vec![0.0; spec.samples(BLOCK)];
    let mut before = 0;
    loop {
        let frames = decoder.read(&mut samples)?;
        let loud = samples[..spec.samples(frames)].iter().position(|sample| sample.abs() > SILENCE);
        if let Some(sample) = loud {
            return Ok(Some(spec.show_time_of(before + (sample / usize::from(spec.channels)) as u64)));
        }
        if frames == 0 {
            return Ok(None);
        }
        before += frames as u64;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_before_the_music_is_left_out() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.wav");
        for (quiet, first) in [(0, Some(0)), (24_000, Some(500_000)), (48_000, None)] {
            let samples: Vec<i16> = (0..48_000).map(|frame| if frame < quiet { 50 } else { 8_000 }).collect();
            super::super::wav::write(&file, 48_000, 1, &samples);
            assert_eq!(first_sound(&file).unwrap().map(ShowTime::micros), first);
        }
    }
}
