//! Any music as a WAV file that nobody has written: its bytes are decoded when they are read, from any place. So it takes
//! no disk and little memory. Knows no browser.

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::music::DecodedMusic;
use super::{AudioSource, SoundError, Spec, TrackDecoder};
use crate::time::ShowTime;

/// Of the file, before its samples.
const HEAD: usize = 44;
/// Bytes a sample: 16 bits.
const SAMPLE: u64 = 2;
/// What a WAV file can say of its length. More is cut.
const LONGEST: u64 = u32::MAX as u64 - HEAD as u64;
/// Frames that are decoded at once.
const FRAMES: usize = 1_024;

/// Music as 16-bit PCM.
#[derive(Clone, Debug)]
pub struct DecodedWav {
    file: PathBuf,
    spec: Spec,
    /// Of all samples, in bytes.
    samples: u64,
}

impl DecodedWav {
    /// Of the music in `file`. Reads as little of it as tells its length.
    ///
    /// # Errors
    /// [`SoundError`] where it cannot be played.
    pub fn open(file: &Path) -> Result<Self, SoundError> {
        let mut sound = DecodedMusic::open(file)?;
        let frames = sound.contents()?.frames;
        let frame = SAMPLE * u64::from(sound.spec.channels);
        let samples = frames.saturating_mul(frame).min(LONGEST / frame * frame);
        Ok(Self { file: file.to_owned(), spec: sound.spec, samples })
    }

    /// Of the whole file, in bytes.
    #[must_use]
    pub const fn length(&self) -> u64 {
        HEAD as u64 + self.samples
    }

    /// What begins at the byte `place`.
    #[must_use]
    pub fn read_from(&self, place: u64) -> impl Read + Send + use<> {
        let ready = self.head().get(place as usize..).unwrap_or_default().to_vec();
        WavReader {
            wav: self.clone(),
            place: place.saturating_sub(HEAD as u64),
            ready,
            taken: 0,
            decoder: None,
        }
    }

    const fn frame_bytes(&self) -> u64 {
        SAMPLE * self.spec.channels as u64
    }

    fn head(&self) -> Vec<u8> {
        let (rate, frame) = (self.spec.rate, self.frame_bytes() as u32);
        let mut head = Vec::with_capacity(HEAD);
        head.extend(b"RIFF");
        head.extend((self.samples as u32 + HEAD as u32 - 8).to_le_bytes());
        head.extend(b"WAVEfmt \x10\0\0\0\x01\0");
        head.extend(self.spec.channels.to_le_bytes());
        head.extend(rate.to_le_bytes());
        head.extend(rate.saturating_mul(frame).to_le_bytes());
        head.extend((frame as u16).to_le_bytes());
        head.extend(b"\x10\0data");
        head.extend((self.samples as u32).to_le_bytes());
        head
    }
}

struct WavReader {
    wav: DecodedWav,
    /// Of the samples, in bytes: what is decoded next.
    place: u64,
    ready: Vec<u8>,
    taken: usize,
    decoder: Option<TrackDecoder>,
}

impl WavReader {
    fn decode(&mut self) -> io::Result<()> {
        let frame = self.wav.frame_bytes();
        let left = self.wav.samples.saturating_sub(self.place);
        (self.ready, self.taken) = (Vec::new(), 0);
        if left == 0 {
            return Ok(());
        }
        let decoder = match &mut self.decoder {
            Some(decoder) => decoder,
            none => {
                let source = AudioSource { file: self.wav.file.clone(), from: ShowTime::ZERO, repeat: None };
                let opened = TrackDecoder::open(&source, self.place / frame).map_err(io::Error::other)?;
                if opened.spec() != self.wav.spec {
                    return Err(io::Error::other("the music is another file now"));
                }
                none.insert(opened)
            }
        };
        let mut samples = vec![0.0; self.wav.spec.samples(FRAMES)];
        let frames = decoder.read(&mut samples).map_err(io::Error::other)?;
        // A file that has become shorter is followed by silence.
        samples.truncate(self.wav.spec.samples(if frames == 0 { FRAMES } else { frames }));
        let whole = |sample: f32| (sample.clamp(-1.0, 1.0) * f32::from(i16::MAX)).round() as i16;
        self.ready = samples.into_iter().flat_map(|sample| whole(sample).to_le_bytes()).collect();
        // The first read may begin within a frame.
        self.taken = (self.place % frame) as usize;
        self.ready.truncate((left as usize).saturating_add(self.taken));
        self.place += (self.ready.len() - self.taken) as u64;
        Ok(())
    }
}

impl Read for WavReader {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.taken == self.ready.len() {
            self.decode()?;
        }
        let ready = &self.ready[self.taken..];
        let count = ready.len().min(into.len());
        into[..count].copy_from_slice(&ready[..count]);
        self.taken += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sound(name: &str) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sounds").join(name)
    }

    #[test]
    fn it_is_a_wav_file_as_long_as_the_music() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["chirp.ogg", "chirp.mp3", "chirp.flac"] {
            let wav = DecodedWav::open(&sound(name)).unwrap();
            let mut bytes = Vec::new();
            wav.read_from(0).read_to_end(&mut bytes).unwrap();
            assert_eq!(bytes.len() as u64, wav.length(), "{name}");
            let file = folder.path().join("song.wav");
            std::fs::write(&file, &bytes).unwrap();
            let length = |file: &Path| super::super::measure(file).unwrap().length;
            assert_eq!(length(&file), length(&sound(name)), "{name}");
            assert_eq!(super::super::media_type(&file), Some("audio/wav"));
        }
    }

    #[test]
    fn it_is_read_from_any_byte() {
        let wav = DecodedWav::open(&sound("chirp.flac")).unwrap();
        let mut all = Vec::new();
        wav.read_from(0).read_to_end(&mut all).unwrap();
        let length = all.len() as u64;
        for place in [1, 43, 44, 45, 46, 47, 48, 4_141, 70_001, length - 5, length - 1, length, length + 9] {
            let mut part = Vec::new();
            wav.read_from(place).take(9_000).read_to_end(&mut part).unwrap();
            let from = place.min(length) as usize;
            assert!(part == all[from..(from + 9_000).min(all.len())], "from {place}");
        }
    }

    #[test]
    fn silence_and_full_scale_stay_what_they_are() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.wav");
        let samples = [0, i16::MAX, -i16::MAX, 1, -1, 12_345];
        super::super::wav::write(&file, 8_000, 2, &samples);
        let mut bytes = Vec::new();
        DecodedWav::open(&file).unwrap().read_from(44).read_to_end(&mut bytes).unwrap();
        let read: Vec<i16> = bytes.chunks(2).map(|pair| i16::from_le_bytes([pair[0], pair[1]])).collect();
        assert!(read.iter().zip(samples).all(|(read, written)| read.abs_diff(written) <= 1), "{read:?}");
    }
}
