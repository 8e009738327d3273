//! How long a sound file is, and what is wrong with it, told before it plays. Knows no card.

use std::fmt;
use std::path::Path;

use super::SoundError;
use super::music::packets::PacketFault;
use super::music::{Contents, DecodedMusic};
use super::spec::Spec;
use crate::time::ShowTime;

/// How long a sound file is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Measured {
    /// What is heard of it, rounded up to the microsecond.
    pub length: ShowTime,
    /// What its header speaks of, where that is more: it was cut short.
    pub promised: Option<ShowTime>,
    /// What is wrong with it, as far as was looked.
    pub damage: Vec<Damage>,
}

/// Something wrong in a sound file, for a person.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Damage {
    /// What is heard before it.
    pub at: ShowTime,
    kind: DamageKind,
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum DamageKind {
    Broken,
    EndsEarly { promised: Option<ShowTime> },
    OtherRate { from: u32, to: u32 },
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = self.at.to_millis();
        match self.kind {
            DamageKind::Broken => write!(f, "is broken at {at}"),
            DamageKind::EndsEarly { promised: Some(promised) } => {
                write!(f, "is cut short: it ends at {at} of {}", promised.to_millis())
            }
            DamageKind::EndsEarly { promised: None } => {
                write!(f, "is cut short: it ends at {at}, in the middle of the sound")
            }
            DamageKind::OtherRate { from, to } => write!(
                f,
                "changes from {from} Hz to {to} Hz at {at}, and what follows is not heard: save it at one rate"
            ),
        }
    }
}

/// How long the sound in `file` is, to the frame. Reads as little of it as proves that: of WAV, AIFF, MP4
/// and most FLAC a small part, of MP3, AAC and Ogg the headers of all frames.
///
/// # Errors
/// [`SoundError`] where the file cannot be played.
pub fn measure(file: &Path) -> Result<Measured, SoundError> {
    let mut sound = DecodedMusic::open(file)?;
    let contents = sound.contents()?;
    Ok(measured(sound.spec, contents))
}

/// As [`measure`], and reads all of it for whatever is wrong: about as long as copying it takes.
///
/// # Errors
/// [`SoundError`] where the file cannot be played.
pub fn inspect(file: &Path) -> Result<Measured, SoundError> {
    let mut sound = DecodedMusic::open(file)?;
    let contents = sound.inspected()?;
    Ok(measured(sound.spec, contents))
}

fn measured(spec: Spec, contents: Contents) -> Measured {
    let time = |frames| spec.show_time_of(frames);
    let promised = contents.promised.map(time);
    let damage = contents.faults.iter().map(|(frame, fault)| Damage {
        at: time(*frame),
        kind: match fault {
            PacketFault::Broken => DamageKind::Broken,
            PacketFault::EndsEarly => DamageKind::EndsEarly { promised },
            PacketFault::OtherRate(to) => DamageKind::OtherRate { from: spec.rate, to: *to },
        },
    });
    let mut damage: Vec<_> = damage.collect();
    let tells_of_end = damage.iter().any(|damage| matches!(damage.kind, DamageKind::EndsEarly { .. }));
    if promised.is_some() && !tells_of_end {
        damage.push(Damage { at: time(contents.frames), kind: DamageKind::EndsEarly { promised } });
    }
    Measured { length: time(contents.frames), promised, damage }
}

#[cfg(test)]
mod tests {
    use super::super::wav;
    use super::*;

    /// Each holds 70 001 stereo frames at 22.05 kHz.
    fn check(name: &str) {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sounds").join(name);
        let expected =
            Measured { length: ShowTime::from_micros(3_174_649), promised: None, damage: Vec::new() };
        assert_eq!(measure(&file).unwrap(), expected, "{name}");
        assert_eq!(inspect(&file).unwrap(), expected, "{name}");
    }

    #[test]
    fn every_format_tells_its_length_to_the_frame() {
        check("chirp.flac");
        check("chirp.ogg");
        check("chirp.mp3");
        let (_folder, file) = wav::ramp(22_050, 2, 70_001);
        assert_eq!(measure(&file).unwrap().length, ShowTime::from_micros(3_174_649));
    }

    #[test]
    fn a_sound_that_cannot_be_played_says_why() {
        let folder = tempfile::tempdir().unwrap();
        let missing = folder.path().join("missing.wav");
        assert!(matches!(measure(&missing), Err(SoundError::Unreadable(..))));
        let text = folder.path().join("text.wav");
        std::fs::write(&text, "title Starcourt\n".repeat(99)).unwrap();
        assert!(matches!(measure(&text), Err(SoundError::NotSound(_))));
        let nothing = folder.path().join("nothing.mp3");
        std::fs::write(&nothing, "").unwrap();
        assert!(matches!(measure(&nothing), Err(SoundError::NoBytes(_))));
        let empty = folder.path().join("empty.wav");
        wav::write(&empty, 48_000, 2, &[]);
        assert!(matches!(measure(&empty), Err(SoundError::Empty(_))), "{:?}", measure(&empty));
    }

    #[test]
    fn a_file_cut_short_is_told_with_what_it_promised() {
        let (_folder, file) = wav::ramp(48_000, 2, 48_000);
        let bytes = std::fs::read(&file).unwrap();
        std::fs::write(&file, &bytes[..44 + 4 * 24_000]).unwrap();
        for look in [measure, inspect] {
            let told = look(&file).unwrap();
            assert_eq!(told.length, ShowTime::from_micros(500_000));
            assert_eq!(told.promised, Some(ShowTime::from_micros(1_000_000)));
            let [damage] = &told.damage[..] else { panic!("{:?}", told.damage) };
            assert_eq!(damage.to_string(), "is cut short: it ends at 0:00.500 of 0:01.000");
        }
    }
}
