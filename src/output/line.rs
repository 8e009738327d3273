//! Lines of the header: what they carry, how they are safe, and what drives them. Knows no levels and no names.

use std::time::Duration;

use anyhow::Result;
use serde::{Deserialize, Serialize};

use crate::rig::{Active, Channel, Line};

/// The electrical level of a line.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Signal {
    Low,
    High,
}

impl Signal {
    /// What a line carries when its channel is lit.
    #[must_use]
    pub const fn lit(active: Active) -> Self {
        match active {
            Active::High => Self::High,
            Active::Low => Self::Low,
        }
    }

    /// What a line carries when its channel is dark.
    #[must_use]
    pub const fn dark(active: Active) -> Self {
        Self::lit(active).inverted()
    }

    /// What carries `channel` while no show plays.
    #[must_use]
    pub const fn safe(channel: &Channel) -> Self {
        if channel.safe.is_lit() { Self::lit(channel.active) } else { Self::dark(channel.active) }
    }

    #[must_use]
    pub const fn inverted(self) -> Self {
        match self {
            Self::Low => Self::High,
            Self::High => Self::Low,
        }
    }
}

/// A line with its safe signal: what it carries while no show plays.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Wire {
    pub line: Line,
    pub safe: Signal,
}

impl Wire {
    /// The wire of `channel`; `None` where it is on no line of the header.
    #[must_use]
    pub fn of(channel: &Channel) -> Option<Self> {
        Some(Self { line: channel.address.line()?, safe: Signal::safe(channel) })
    }
}

/// A line that the chip dims.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DimmedWire {
    pub wire: Wire,
    pub active: Active,
}

impl DimmedWire {
    /// The wire of `channel`; `None` where it is on no line of the header.
    #[must_use]
    pub fn of(channel: &Channel) -> Option<Self> {
        Some(Self { wire: Wire::of(channel)?, active: channel.active })
    }

    /// How long a period is lit while no show plays.
    pub(super) fn safe(&self, period: Duration) -> Duration {
        if self.wire.safe == Signal::lit(self.active) { period } else { Duration::ZERO }
    }
}

/// Lines of the header, each low or high. Made and dropped as a [`Driver`](super::Driver) is.
pub trait LineOutputs: Send {
    /// Takes the lines: each has its safe signal, then becomes an output. Those that are taken are taken anew.
    ///
    /// # Errors
    /// When a line is not to be had; the others are taken and safe then.
    fn take(&mut self) -> Result<()>;

    /// Drives each line to its signal, in the order given, without blocking or allocating. A line that was not
    /// taken is ignored. Whether all of that was written; where it was not, all of it is to be written again.
    #[must_use]
    fn drive(&mut self, changes: &[(Line, Signal)]) -> bool;

    /// Every taken line to its safe signal, now. Whether all of them surely have it.
    #[must_use]
    fn make_safe(&mut self) -> bool;
}
