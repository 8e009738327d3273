//! Where the output of a channel is. Only the rig and the drivers know what an address means; everything else
//! compares, shows and claims it.

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

/// Where the output of a channel is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Address {
    /// A line of the header that is either low or high.
    Line(Line),
    /// A line of the header that the PWM block of the chip dims.
    PwmBlock(Line),
    /// An output beyond the header. It exists in a simulation only.
    Simulated(u16),
}

/// Lines have the numbers below this, simulated outputs those from here on.
const FIRST_SIMULATED: u64 = 1 << 20;

impl Address {
    /// The line of the header, for an output that is there.
    #[must_use]
    pub const fn line(self) -> Option<Line> {
        match self {
            Self::Line(line) | Self::PwmBlock(line) => Some(line),
            Self::Simulated(_) => None,
        }
    }

    /// A number that no other output of this machine has, below 2²¹. Two addresses of one line have the same.
    #[must_use]
    pub fn number(self) -> u64 {
        match self {
            Self::Line(line) | Self::PwmBlock(line) => u64::from(line.bcm()),
            Self::Simulated(number) => FIRST_SIMULATED + u64::from(number),
        }
    }

    /// Whether both are the same output, however it is driven.
    #[must_use]
    pub fn is_same_output(self, other: Self) -> bool {
        self.number() == other.number()
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

impl From<Line> for Address {
    fn from(line: Line) -> Self {
        Self::Line(line)
    }
}

/// `GPIO 17` or `sim 41`.
impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line(line) | Self::PwmBlock(line) => line.fmt(f),
            Self::Simulated(number) => write!(f, "sim {number}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_output_has_a_number_and_words_of_its_own() {
        let line = |bcm| Line::new(bcm).unwrap();
        let addresses = [
            Address::Line(line(0)),
            Address::PwmBlock(line(18)),
            Address::Simulated(0),
            Address::Simulated(18),
        ];
        for (place, address) in addresses.iter().enumerate() {
            for other in &addresses[..place] {
                assert!(!address.is_same_output(*other), "{address} and {other}");
                assert_ne!(address.to_string(), other.to_string());
            }
            assert!(address.number() < 1 << 21);
        }
        assert!(Address::Line(line(18)).is_same_output(Address::PwmBlock(line(18))));
        assert_eq!(addresses.map(|address| address.to_string()), ["GPIO 0", "GPIO 18", "sim 0", "sim 18"]);
    }
}
