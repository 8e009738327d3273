//! How loud the music in a file is from moment to moment. Knows no card, and nothing of how loudness is reckoned.

use std::path::Path;

use super::decode::{AudioSource, TrackDecoder};
use super::error::SoundError;
use crate::envelope::{EnvelopeMeter, STEP, SongEnvelope};
use crate::time::ShowTime;

/// Frames that are read at once.
const BLOCK: usize = 4_096;
/// What a sample of 24 bits counts, full scale being 1.
const FULL_24_BITS: f32 = 8_388_608.0; // 2^23

/// The envelope of the music in `file`, up to `until`; of music that is damaged or cut short, as far as it is heard.
/// Decodes it: about a second for four minutes of music.
///
/// The same to the bit on every machine for sound that is stored whole (WAV, FLAC and the like).
///
/// # Errors
/// [`SoundError`] where the file cannot be played.
pub fn song_envelope(file: &Path, until: ShowTime) -> Result<SongEnvelope, SoundError> {
    let source = AudioSource { file: file.to_owned(), from: ShowTime::ZERO, repeat: None };
    let mut decoder = TrackDecoder::open(&source, 0)?;
    let spec = decoder.spec();
    let steps = until.as_duration().as_micros().div_ceil(STEP.as_micros());
    let mut meter = EnvelopeMeter::new(spec.rate, usize::try_from(steps).unwrap_or(usize::MAX));
    let mut samples = vec![0.0; spec.samples(BLOCK)];
    while !meter.is_full() {
        let frames = decoder.read(&mut samples)?;
        if frames == 0 {
            break;
        }
        for frame in samples[..spec.samples(frames)].chunks_exact(spec.channels.into()) {
            meter.take(whole(frame[0]), whole(frame[frame.len() - 1]));
        }
    }
    Ok(meter.finish())
}

/// As 16 bits: what lies below 24 bits is cut off, and of these the nearest value is taken, the upper one of two. Samples
/// of 16 bits are what they were.
fn whole(sample: f32) -> i16 {
    let of_24_bits = (sample * FULL_24_BITS) as i32;
    let of_16_bits = of_24_bits.saturating_add(1 << 7) >> 8;
    of_16_bits.clamp(i16::MIN.into(), i16::MAX.into()) as i16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_of_16_bits_are_what_they_were_and_others_are_rounded() {
        for value in i16::MIN..=i16::MAX {
            assert_eq!(whole(f32::from(value) / 32_768.0), value);
        }
        let of_24 = |value: i32| whole(value as f32 / FULL_24_BITS);
        assert_eq!([of_24(127), of_24(128), of_24(-128), of_24(-129)], [0, 1, 0, -1]);
        assert_eq!([of_24(8_388_607), of_24(-8_388_608)], [i16::MAX, i16::MIN]);
        assert_eq!(
            [whole(2.0), whole(-2.0), whole(1e30), whole(f32::NAN)],
            [i16::MAX, i16::MIN, i16::MAX, 0]
        );
    }
}
