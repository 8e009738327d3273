//! What can happen to the sound of a show, for people and for those who decide by it.

use std::io;

use thiserror::Error;

use crate::audio::SoundError;

/// The sound device that the rig names cannot be used.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
// Some libraries end their sentences.
#[error("sound device `{device}`: {}", why.replace(".;", ";").trim_end_matches('.'))]
pub struct DeviceMissing {
    pub device: String,
    pub why: String,
}

/// Why a show with sound did not start.
#[derive(Debug, Error)]
pub enum StartError {
    /// The rig says that it is required.
    #[error("{0}; the rig says it is required")]
    DeviceMissing(DeviceMissing),
    #[error("{0}")]
    Sound(SoundError),
    /// The machine has no thread left.
    #[error("no thread for the sound: {0}")]
    Thread(io::Error),
}

/// What happened to the sound while the show went on: one line for a person each.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
pub enum Notice {
    /// The device could not be opened; the show began by the machine's clock.
    #[error("no sound: {0}; the show plays by the machine's clock")]
    NoSound(DeviceMissing),
    /// The device died; the show goes on by the machine's clock.
    #[error("the sound is lost: {0}; the lights go on by the machine's clock")]
    SoundLost(DeviceMissing),
    /// The device is back, and sound has joined in where the show is.
    #[error("the sound is back")]
    SoundReturned,
    /// The file could not be decoded to its end; the show goes on in silence.
    #[error("the sound is broken: {0}")]
    SoundBroken(String),
    /// The device cannot be used, which turned out late, and the rig says that it is required: the show has to
    /// end before it began (exit 69).
    #[error("{0}; the rig says it is required")]
    RequiredSoundMissing(DeviceMissing),
    /// The device died, and the rig says that it is required: the show has to end (exit 69).
    #[error("the sound is lost: {0}; the rig requires it")]
    RequiredSoundLost(DeviceMissing),
}

impl Notice {
    /// Whether the show has to end.
    #[must_use]
    pub const fn is_fatal(&self) -> bool {
        matches!(self, Self::RequiredSoundMissing(_) | Self::RequiredSoundLost(_))
    }
}
