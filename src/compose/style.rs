//! How a show moves, all of it in one way: drawn from its seed. Knows no lights and no song.

/// What the lights of a show do with the beat.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum ShowStyle {
    /// The background follows the music itself.
    Breathing,
    /// The background pulses, its halves in turn, on the beat.
    Beating,
    /// The background swells slowly to and fro, over bars.
    Flowing,
}

impl ShowStyle {
    /// Three seeds in a row have three styles: who tries the next seed sees another show.
    pub(super) const fn of(seed: u64) -> Self {
        match seed % 3 {
            1 => Self::Breathing,
            2 => Self::Beating,
            _ => Self::Flowing,
        }
    }

    /// For the person who reads the sheet.
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Breathing => "the background follows the music",
            Self::Beating => "the background pulses on the beat",
            Self::Flowing => "the background swells slowly, over bars",
        }
    }
}
