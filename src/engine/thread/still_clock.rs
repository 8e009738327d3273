//! A clock for tests that stands where they put it.

use std::sync::atomic::{AtomicI64, Ordering};

use crate::clock::{Clock, Leader, Playhead, Position};
use crate::speed::Speed;
use crate::time::Mono;

/// A playhead that stays where it was put; past [`BROKEN`] it panics.
pub(super) struct StillClock(pub(super) AtomicI64);

pub(super) const BROKEN: i64 = 1_000_000;

impl Clock for StillClock {
    fn playhead(&self, _now: Mono) -> Playhead {
        let millis = self.0.load(Ordering::Relaxed);
        assert!(millis < BROKEN, "the clock broke");
        Playhead::Paused(Position(millis * 1_000_000))
    }

    fn pause(&self, _now: Mono) {}

    fn resume(&self, _now: Mono) {}

    fn seek(&self, _now: Mono, to: Position) {
        self.0.store(to.0 / 1_000_000, Ordering::Relaxed);
    }

    fn set_speed(&self, _now: Mono, _speed: Speed) {}

    fn speed(&self) -> Speed {
        Speed::Normal
    }

    fn leader(&self) -> Leader {
        Leader::Machine
    }
}
