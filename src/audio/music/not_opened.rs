//! Why a file has no sound that is played here. Knows no format.

use std::io;

/// Why a file has no packets.
#[derive(Debug)]
pub(super) enum NotOpened {
    Unreadable(io::Error),
    /// A format that is known by this name, and cannot be played.
    OtherFormat(&'static str),
    /// Its headers are there, and no sound.
    Empty,
    /// The file ends before the tables that tell where its sound is.
    CutBeforeTables,
    NotSound,
}

impl From<io::Error> for NotOpened {
    fn from(error: io::Error) -> Self {
        Self::Unreadable(error)
    }
}
