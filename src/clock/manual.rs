//! The playhead by a test's hand. Knows no time of its own.

use super::published::Published;
use super::{Clock, Leader, Playhead};
use crate::time::Mono;

/// Stands where it was put, and says what it was told to say.
#[derive(Debug)]
pub struct ManualClock {
    playhead: Published,
}

impl ManualClock {
    #[must_use]
    pub fn new(playhead: Playhead) -> Self {
        Self { playhead: Published::new(playhead) }
    }

    /// Puts the playhead where `playhead` says, whatever it was before.
    pub fn put(&self, playhead: Playhead) {
        self.playhead.update(|_| playhead);
    }
}

impl Clock for ManualClock {
    fn playhead(&self, _now: Mono) -> Playhead {
        self.playhead.read()
    }

    fn pause(&self, now: Mono) {
        self.playhead.update(|playhead| playhead.paused(now));
    }

    fn resume(&self, now: Mono) {
        self.playhead.update(|playhead| playhead.resumed(now));
    }

    fn leader(&self) -> Leader {
        Leader::Machine
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Position;

    #[test]
    fn the_playhead_stands_where_the_hand_put_it() {
        let clock = ManualClock::new(Playhead::Waiting);
        assert_eq!(clock.playhead(Mono::from_nanos(1)), Playhead::Waiting);
        clock.put(Playhead::Paused(Position(42)));
        assert_eq!(clock.playhead(Mono::from_nanos(2)), Playhead::Paused(Position(42)));
    }
}
