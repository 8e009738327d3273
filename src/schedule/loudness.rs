//! How loud music is. Knows no sound.

use std::fmt;

/// The volume of music, 0 to 100 %, as `--volume` takes it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Loudness(u8);

impl Loudness {
    pub const FULL: Self = Self(100);

    /// Anything above 100 is full.
    #[must_use]
    pub const fn from_percent(percent: u8) -> Self {
        if percent > 100 { Self::FULL } else { Self(percent) }
    }

    /// 0 to 100.
    #[must_use]
    pub const fn percent(self) -> u8 {
        self.0
    }
}

impl fmt::Display for Loudness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} %", self.0)
    }
}
