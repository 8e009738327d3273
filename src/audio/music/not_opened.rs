//! Why a file has no sound that is played here. Knows no format.

use std::io;

use super::super::error::FREE_FORMAT;

/// A format that is known by name, and cannot be played.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Stranger(pub &'static str);

impl Stranger {
    pub(super) const FREE_FORMAT: Self = Self(FREE_FORMAT);

    pub(super) const fn of(name: &'static str) -> Self {
        Self(name)
    }
}

/// Why a file has no packets.
#[derive(Debug)]
pub(super) enum NotOpened {
    Unreadable(io::Error),
    Stranger(Stranger),
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

impl From<Stranger> for NotOpened {
    fn from(stranger: Stranger) -> Self {
        Self::Stranger(stranger)
    }
}
