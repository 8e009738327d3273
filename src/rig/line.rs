//! The lines of the 40-pin header. Knows not what hangs on them.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A GPIO line by its BCM number, 0 to 27: what the 40-pin header carries.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Line(u8);

impl Line {
    pub const COUNT: usize = 28;

    #[must_use]
    pub const fn new(bcm: u8) -> Option<Self> {
        if (bcm as usize) < Self::COUNT { Some(Self(bcm)) } else { None }
    }

    /// The BCM number, 0 to 27.
    #[must_use]
    pub const fn bcm(self) -> u8 {
        self.0
    }

    /// The BCM number as an index below [`Line::COUNT`].
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }

    pub fn all() -> impl Iterator<Item = Self> {
        (0..28).map(Self)
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "GPIO {}", self.0)
    }
}

impl fmt::Debug for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl TryFrom<u8> for Line {
    type Error = &'static str;

    fn try_from(bcm: u8) -> Result<Self, Self::Error> {
        Self::new(bcm).ok_or("the header's lines are GPIO 0 to 27")
    }
}

impl From<Line> for u8 {
    fn from(line: Line) -> Self {
        line.bcm()
    }
}
