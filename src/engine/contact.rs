//! How a contact comes back to the show after an order (a blackout, a stop of the process) has moved it.
//! Pure. Orders themselves wait for nothing: safe is safe at once.
//!
//! The timeline keeps `min_on` and `min_off` within the show; an order breaks into that. Coming back, the
//! contact rests as long as the rig says, and then moves only where the show leaves it there long enough.
//! So it never has to be held lit against the show, and never adds to what the power supply carries.

use std::time::Duration;

use crate::level::Level;
use crate::rig::Channel;
use crate::time::Mono;

#[derive(Clone, Copy, Debug)]
pub(super) struct Contact {
    min_on: Duration,
    min_off: Duration,
    /// When an order moved it; `None` while it follows the show.
    moved: Option<Mono>,
}

impl Contact {
    pub(super) const fn of(channel: &Channel) -> Self {
        Self { min_on: channel.min_on, min_off: channel.min_off, moved: None }
    }

    /// An order has moved it.
    pub(super) const fn move_aside(&mut self, now: Mono) {
        self.moved = Some(now);
    }

    /// Whether it is not where the show has it, or was not lately.
    pub(super) const fn is_aside(&self) -> bool {
        self.moved.is_some()
    }

    /// Whether it may go from `shown` to what the show wants, where that will last for `ahead`.
    pub(super) fn may_follow(&mut self, shown: Level, wanted: Level, now: Mono, ahead: Duration) -> bool {
        let Some(moved) = self.moved else { return true };
        let rested = Duration::from_nanos(now.since(moved).max(0).unsigned_abs());
        let follows = rested >= self.rest(shown) && (shown == wanted || ahead >= self.rest(wanted));
        if follows {
            self.moved = None;
        }
        follows
    }

    const fn rest(&self, level: Level) -> Duration {
        if level.is_lit() { self.min_on } else { self.min_off }
    }
}
