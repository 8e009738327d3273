//! Intensity of a channel as the eye sees it. Knows nothing of lamps, pins or dimming curves.

use std::fmt;

/// An intensity from dark to full, in hundredths of a per cent: 0 to 10 000.
///
/// Equal steps look equal to the eye; turning a level into light (a duty cycle) is the
/// driver's business. The resolution is fine enough that the lowest steps of a slow fade stay invisible.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Level(u16);

impl Level {
    pub const OFF: Self = Self(0);
    pub const FULL: Self = Self(10_000);
    /// A relay or SSR under a fade switches here.
    pub const HALF: Self = Self(5_000);

    /// The level of `hundredths` hundredths of a per cent; anything above 10 000 is full.
    #[must_use]
    pub const fn from_hundredths(hundredths: u16) -> Self {
        if hundredths > Self::FULL.0 { Self::FULL } else { Self(hundredths) }
    }

    /// The level of `percent` per cent; anything above 100 is full.
    #[must_use]
    pub const fn from_percent(percent: u16) -> Self {
        Self::from_hundredths(percent.saturating_mul(100))
    }

    /// Hundredths of a per cent, 0 to 10 000.
    #[must_use]
    pub const fn hundredths(self) -> u16 {
        self.0
    }

    /// Thousandths, 0 to 1000, as traces show levels; rounded, but never to 0 while there is light.
    #[must_use]
    pub const fn permille(self) -> u16 {
        match self.0 {
            0 => 0,
            1..=14 => 1,
            lit => (lit + 5) / 10,
        }
    }

    #[must_use]
    pub const fn is_lit(self) -> bool {
        self.0 > 0
    }

    /// What a channel that can only be on or off shows for this level.
    #[must_use]
    pub const fn switched(self) -> Self {
        if self.0 >= Self::HALF.0 { Self::FULL } else { Self::OFF }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, rest) = (self.0 / 100, self.0 % 100);
        match rest {
            0 => write!(f, "{whole} %"),
            _ if rest.is_multiple_of(10) => write!(f, "{whole}.{} %", rest / 10),
            _ => write!(f, "{whole}.{rest:02} %"),
        }
    }
}

impl fmt::Debug for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_prints_as_a_person_writes_it() {
        for (hundredths, text) in [(0, "0 %"), (8_000, "80 %"), (1_250, "12.5 %"), (105, "1.05 %")] {
            assert_eq!(Level::from_hundredths(hundredths).to_string(), text);
        }
    }

    #[test]
    fn no_level_exceeds_full() {
        assert_eq!(Level::from_percent(700), Level::FULL);
        assert_eq!(Level::from_hundredths(u16::MAX), Level::FULL);
    }

    #[test]
    fn thousandths_are_rounded_but_light_never_shows_as_dark() {
        for (hundredths, permille) in [(0, 0), (1, 1), (14, 1), (15, 2), (9_994, 999), (10_000, 1_000)] {
            assert_eq!(Level::from_hundredths(hundredths).permille(), permille);
        }
    }

    #[test]
    fn a_switched_channel_changes_at_half() {
        assert_eq!(Level::from_hundredths(4_999).switched(), Level::OFF);
        assert_eq!(Level::HALF.switched(), Level::FULL);
    }
}
