//! How long a sound file is, told before it plays. Knows no card.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use super::SoundError;
use super::card::Sound;
use crate::time::ShowTime;

/// The length of the sound in `file`, rounded up to the microsecond. Reads the header where that is
/// exact; an MP3 without a Xing or VBRI header is decoded, which takes a second or two on a Pi.
///
/// # Errors
/// [`SoundError`]; a file that is shorter than its header says is not noticed, see [`counted_length`].
pub fn sound_length(file: &Path) -> Result<ShowTime, SoundError> {
    let sound = Sound::open(file)?;
    match sound.header_length {
        Some(length)
            if has_exact_header(file).map_err(|error| SoundError::Unreadable(file.to_owned(), error))? =>
        {
            Ok(ShowTime::from_micros(length.as_nanos().div_ceil(1_000) as u64))
        }
        _ => Ok(count(sound)),
    }
}

/// The length of the sound in `file`, counted by decoding all of it: a hundred times faster than it
/// plays on a slow Pi.
///
/// # Errors
/// [`SoundError`]; [`SoundError::CutShort`] where the file ends before its header says.
pub fn counted_length(file: &Path) -> Result<ShowTime, SoundError> {
    let sound = Sound::open(file)?;
    let promised = sound.header_length.filter(|_| has_exact_header(file).unwrap_or(false));
    let counted = count(sound);
    match promised {
        // Codecs pad by a packet or so.
        Some(promised) if promised > counted.as_duration() + super::decode::PADDING => {
            let promised = ShowTime::from_micros(promised.as_micros() as u64);
            Err(SoundError::CutShort { file: file.to_owned(), at: counted, promised })
        }
        _ => Ok(counted),
    }
}

fn count(mut sound: Sound) -> ShowTime {
    let mut block = vec![0.0; sound.spec.samples(1_024)];
    let mut samples = 0;
    loop {
        match sound.read(&mut block) {
            0 => break,
            read => samples += read as u64,
        }
    }
    let frames = samples / u64::from(sound.spec.channels);
    ShowTime::from_micros((frames * 1_000_000).div_ceil(sound.spec.rate.into()))
}

/// WAV, FLAC and Ogg tell their length in samples; an MP3 does where its first frame is a Xing, Info
/// or VBRI one, and is estimated from its bit rate otherwise.
fn has_exact_header(file: &Path) -> io::Result<bool> {
    let mut file = File::open(file)?;
    let mut head = [0; 10];
    if file.read_exact(&mut head).is_err() {
        return Ok(false);
    }
    if matches!(&head[..4], b"RIFF" | b"fLaC" | b"OggS") {
        return Ok(true);
    }
    // An ID3v2 tag, pictures and all, may stand before the first frame.
    let tag = if head.starts_with(b"ID3") {
        10 + head[6..].iter().fold(0, |size, &byte| size << 7 | u64::from(byte & 0x7f))
    } else {
        0
    };
    file.seek(SeekFrom::Start(tag))?;
    let mut first_frame = Vec::new();
    file.take(256).read_to_end(&mut first_frame)?;
    Ok(first_frame.windows(4).any(|word| matches!(word, b"Xing" | b"Info" | b"VBRI")))
}
