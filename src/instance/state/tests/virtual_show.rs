//! A show that plays in virtual time, and what may be asked of it.

use std::time::Duration;

use super::super::StartOrder;
use crate::engine::{Extent, Passes};
use crate::speed::Speed;
use crate::time::ShowTime;

/// A show that plays.
pub(super) struct VirtualShow {
    pub(super) order: StartOrder,
    pub(super) is_paused: bool,
    pub(super) is_held: bool,
    pub(super) is_dark: bool,
    pub(super) volume: u8,
    pub(super) speed: Speed,
    pub(super) position: Duration,
    /// How long the fade out still lasts.
    pub(super) fades: Option<Duration>,
    pub(super) hangs: bool,
}

impl VirtualShow {
    /// How long it takes until it is at `end`.
    pub(super) fn time_to(&self, end: ShowTime) -> Duration {
        let left = end.as_duration().saturating_sub(self.position);
        match self.speed {
            Speed::Half => left * 2,
            Speed::Normal => left,
            Speed::Double => (left + Duration::from_nanos(1)) / 2,
        }
    }

    /// So much time passes for it.
    pub(super) fn passes(&mut self, time: Duration) {
        self.position += match self.speed {
            Speed::Half => time / 2,
            Speed::Normal => time,
            Speed::Double => time * 2,
        };
    }

    /// Only a show that plays and does not end does so, and never outside of what it plays.
    pub(super) fn goes_on_at(&mut self, to: ShowTime) {
        assert!(self.fades.is_none(), "a show that ends goes on elsewhere");
        assert!(self.order.stands.is_none(), "what stands between shows goes on elsewhere");
        match self.order.extent.passes {
            Passes::Once(end) => assert!(to <= end, "{to:?} is after {end:?}"),
            Passes::Loop(range) => assert!(to < range.end(), "{to:?} is not in {range:?}"),
        }
        self.position = to.as_duration();
    }

    /// Only a show that plays and does not end does so, within itself, and never the same again.
    pub(super) fn plays_part(&mut self, part: Extent) {
        assert!(self.fades.is_none(), "a show that ends is looped");
        assert!(self.order.stands.is_none(), "what stands between shows is looped");
        let was_looped = self.order.extent.repeats().is_some();
        assert_ne!(part.repeats().is_some(), was_looped, "a loop begins anew, or ends twice");
        let end = match part.passes {
            Passes::Once(end) => end,
            Passes::Loop(range) => {
                if self.position >= range.end().as_duration() {
                    self.position = range.start().as_duration();
                }
                range.end()
            }
        };
        assert!(part.from < end && end <= self.order.loaded.length, "{part:?} is not within the show");
        self.order.extent = part;
    }
}
