//! The ways in which a channel can be drawn, and how much room each takes. Pure.

use ratatui::layout::Rect;

use super::lamp::short_address;
use super::words::width_of;
use crate::ipc::ChannelStatus;

/// How one channel is drawn.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum LightForm {
    /// A bulb so many cells tall, over its name and, with `address`, what it is wired to.
    Bulb { rows: u16, address: bool },
    /// A light of two rows beside its name, and what it is wired to below that.
    TallRow,
    /// Light, name and address beside one another.
    Row,
    /// Light and name.
    ShortRow,
    /// Light alone, in so many columns.
    Dot { width: u16 },
}

/// From the most beautiful to the smallest.
pub(super) const FORMS: [LightForm; 14] = [
    LightForm::Bulb { rows: 12, address: true },
    LightForm::Bulb { rows: 10, address: true },
    LightForm::Bulb { rows: 8, address: true },
    LightForm::Bulb { rows: 6, address: true },
    LightForm::Bulb { rows: 5, address: true },
    LightForm::Bulb { rows: 4, address: true },
    LightForm::Bulb { rows: 3, address: true },
    LightForm::Bulb { rows: 2, address: false },
    LightForm::TallRow,
    LightForm::Row,
    LightForm::ShortRow,
    LightForm::Dot { width: 3 },
    LightForm::Dot { width: 2 },
    LightForm::Dot { width: 1 },
];

impl LightForm {
    pub(super) const fn height(self) -> u16 {
        match self {
            Self::Bulb { rows, address } => rows + 1 + address as u16,
            Self::TallRow => 2,
            Self::Row | Self::ShortRow | Self::Dot { .. } => 1,
        }
    }

    /// The narrowest and the widest place for it.
    pub(super) fn widths(self, longest: Longest) -> (u16, u16) {
        match self {
            // `12 · 100 %` and air, or the bulb and air.
            Self::Bulb { rows, address: true } => ((2 * rows + 2).max(12), 12 + rows * 3),
            Self::Bulb { .. } => (11, 14),
            Self::TallRow => (5 + longest.name.clamp(11, 14), 26),
            Self::Row => (16 + longest.address, 26 + longest.address),
            Self::ShortRow => (4 + longest.name, 24),
            Self::Dot { width } => (width, width),
        }
    }

    pub(super) const fn has_names(self) -> bool {
        !matches!(self, Self::Dot { .. })
    }

    /// How many fit into `area`.
    pub(super) fn room(self, area: Rect, longest: Longest) -> usize {
        usize::from(area.width / self.widths(longest).0) * usize::from(area.height / self.height())
    }
}

/// Columns of the longest text of its kind, within bounds.
#[derive(Clone, Copy)]
pub(super) struct Longest {
    pub(super) name: u16,
    /// Of a short address.
    pub(super) address: u16,
}

impl Longest {
    pub(super) fn of(channels: &[ChannelStatus]) -> Self {
        let longest = |width: fn(&ChannelStatus) -> usize| channels.iter().map(width).max().unwrap_or(0);
        Self {
            name: longest(|channel| width_of(&channel.name)).clamp(4, 20) as u16,
            address: longest(|channel| width_of(&short_address(channel))).clamp(2, 12) as u16,
        }
    }
}
