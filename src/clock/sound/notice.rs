//! What can happen to the sound of a show, for people and for those who decide by it.

use std::io;

use thiserror::Error;

use super::device_fault::DeviceMissing;
use crate::audio::SoundError;

/// Why a show with sound did not start.
#[derive(Debug, Error)]
pub enum StartError {
    /// The rig says that it is required.
    #[error("{}", required(_0, "\n  "))]
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
    #[error("No sound: {}. The lights play on.", _0.sentences())]
    NoSound(DeviceMissing),
    /// The device died; the show goes on by the machine's clock.
    #[error("The sound is lost: {}. The lights play on.", _0.cause())]
    SoundLost(DeviceMissing),
    /// The device is back, and sound has joined in where the show is.
    #[error("The sound is back.")]
    SoundReturned,
    /// The file could not be decoded to its end; the show goes on in silence.
    #[error("The sound is broken: {0}")]
    SoundBroken(String),
    /// The device cannot be used, which turned out late, and the rig says that it is required: the show has to
    /// end before it began (exit 69).
    #[error("{}", required(_0, " "))]
    RequiredSoundMissing(DeviceMissing),
    /// The device died, and the rig says that it is required: the show has to end (exit 69).
    #[error("The sound is lost: {}. Sound is required.", _0.cause())]
    RequiredSoundLost(DeviceMissing),
}

impl Notice {
    /// Whether the show has to end.
    #[must_use]
    pub const fn is_fatal(&self) -> bool {
        matches!(self, Self::RequiredSoundMissing(_) | Self::RequiredSoundLost(_))
    }
}

/// What is missing, and what helps, which is a sentence of its own behind `gap`.
fn required(missing: &DeviceMissing, gap: &str) -> String {
    let cause = format!("no sound, and sound is required: {}", missing.cause());
    missing.remedy().map_or(cause.clone(), |remedy| format!("{cause}.{gap}{remedy}."))
}
