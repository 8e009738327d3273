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

#[cfg(test)]
mod tests {
    use super::super::wav;
    use super::*;

    /// Each holds 70 001 stereo frames at 22.05 kHz.
    fn check(name: &str) {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sounds").join(name);
        let expected = ShowTime::from_micros(3_174_649);
        assert_eq!(sound_length(&file).unwrap(), expected, "{name}");
        assert_eq!(counted_length(&file).unwrap(), expected, "{name}");
    }

    #[test]
    fn every_format_tells_its_length_to_the_frame() {
        check("chirp.flac");
        check("chirp.ogg");
        check("chirp.mp3");
        let (_folder, file) = wav::ramp(22_050, 2, 70_001);
        assert_eq!(sound_length(&file).unwrap(), ShowTime::from_micros(3_174_649));
    }

    #[test]
    fn a_sound_that_cannot_be_played_says_why() {
        let folder = tempfile::tempdir().unwrap();
        let missing = folder.path().join("missing.wav");
        assert!(matches!(sound_length(&missing), Err(SoundError::Unreadable(..))));
        let text = folder.path().join("text.wav");
        std::fs::write(&text, "title Starcourt\n".repeat(99)).unwrap();
        assert!(matches!(sound_length(&text), Err(SoundError::NotSound(_))));
        let nothing = folder.path().join("nothing.mp3");
        std::fs::write(&nothing, "").unwrap();
        assert!(matches!(sound_length(&nothing), Err(SoundError::NotSound(_))));
        let empty = folder.path().join("empty.wav");
        wav::write(&empty, 48_000, 2, &[]);
        assert!(matches!(sound_length(&empty), Err(SoundError::Empty(_))), "{:?}", sound_length(&empty));
    }

    #[test]
    fn a_file_cut_short_is_noticed_by_counting() {
        let (_folder, file) = wav::ramp(48_000, 2, 48_000);
        let bytes = std::fs::read(&file).unwrap();
        std::fs::write(&file, &bytes[..bytes.len() / 2]).unwrap();
        let told = counted_length(&file).unwrap_err().to_string();
        assert!(told.contains("is cut short: it ends at 0:00.") && told.ends_with("of 0:01.000"), "{told}");
    }
}
