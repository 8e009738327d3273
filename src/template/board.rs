//! The boards that switch lights, in the words of those who buy them. Knows no pins.

use crate::rig::{Active, Kind};

/// What is between a pin and its light.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BoardKind {
    Relay,
    Ssr,
    Mosfet,
}

impl BoardKind {
    pub const ALL: [Self; 3] = [Self::Relay, Self::Ssr, Self::Mosfet];

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Relay => "relay",
            Self::Ssr => "ssr",
            Self::Mosfet => "mosfet",
        }
    }

    #[must_use]
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Relay => "mechanical relays, which click: lamps on and off",
            Self::Ssr => "solid-state relays, silent: lamps on and off",
            Self::Mosfet => "MOSFETs: LED strips that can be dimmed",
        }
    }

    /// How most boards of this kind are wired.
    #[must_use]
    pub const fn usual(self) -> Active {
        match self {
            Self::Relay => Active::Low,
            Self::Ssr | Self::Mosfet => Active::High,
        }
    }

    #[must_use]
    pub const fn kind(self) -> Kind {
        match self {
            Self::Relay => Kind::Relay,
            Self::Ssr => Kind::Ssr,
            Self::Mosfet => Kind::Pwm,
        }
    }

    /// What its lights are called until a person names them: `relay1`.
    #[must_use]
    pub const fn light(self) -> &'static str {
        match self {
            Self::Relay => "relay",
            Self::Ssr => "ssr",
            Self::Mosfet => "strip",
        }
    }
}
