//! What can happen to the sound of a show, for people and for those who decide by it.

use std::fmt;
use std::io;

use crate::audio::SoundError;

/// The sound device that the rig names cannot be used.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DeviceMissing {
    pub device: String,
    pub why: String,
}

impl fmt::Display for DeviceMissing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Some libraries end their sentences.
        write!(f, "sound device `{}`: {}", self.device, self.why.replace(".;", ";").trim_end_matches('.'))
    }
}

impl std::error::Error for DeviceMissing {}

/// Why a show with sound did not start.
#[derive(Debug)]
pub enum StartError {
    /// The rig says that it is required.
    DeviceMissing(DeviceMissing),
    Sound(SoundError),
    /// The machine has no thread left.
    Thread(io::Error),
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DeviceMissing(missing) => write!(f, "{missing}; the rig says it is required"),
            Self::Sound(error) => error.fmt(f),
            Self::Thread(error) => write!(f, "no thread for the sound: {error}"),
        }
    }
}

impl std::error::Error for StartError {}

/// What happened to the sound while the show went on: one line for a person each.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Notice {
    /// The device could not be opened; the show began by the machine's clock.
    NoSound(DeviceMissing),
    /// The device died; the show goes on by the machine's clock.
    SoundLost(DeviceMissing),
    /// The device is back, and sound has joined in where the show is.
    SoundReturned,
    /// The file could not be decoded to its end; the show goes on in silence.
    SoundBroken(String),
    /// The device cannot be used, which turned out late, and the rig says that it is required: the show has to
    /// end before it began (exit 69).
    RequiredSoundMissing(DeviceMissing),
    /// The device died, and the rig says that it is required: the show has to end (exit 69).
    RequiredSoundLost(DeviceMissing),
}

impl Notice {
    /// Whether the show has to end.
    #[must_use]
    pub const fn is_fatal(&self) -> bool {
        matches!(self, Self::RequiredSoundMissing(_) | Self::RequiredSoundLost(_))
    }
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSound(missing) => write!(f, "no sound: {missing}; the show plays by the machine's clock"),
            Self::SoundLost(missing) => {
                write!(f, "the sound is lost: {missing}; the lights go on by the machine's clock")
            }
            Self::SoundReturned => f.write_str("the sound is back"),
            Self::SoundBroken(why) => write!(f, "the sound is broken: {why}"),
            Self::RequiredSoundMissing(missing) => StartError::DeviceMissing(missing.clone()).fmt(f),
            Self::RequiredSoundLost(missing) => {
                write!(f, "the sound is lost: {missing}; the rig requires it")
            }
        }
    }
}
