//! The time in which contacts rest: real time at normal speed. At another speed, which is for simulated lights only, it
//! passes as fast as the show does, so that the lights are those that the show has at normal speed. Pure.

use crate::clock::Playhead;
use crate::speed::Speed;
use crate::time::Mono;

/// Starts as the machine's clock, and goes its own way from the first change of speed on.
#[derive(Clone, Copy, Debug)]
pub(super) struct RestClock {
    speed: Speed,
    /// When the speed changed last, and what this clock told then.
    changed: Mono,
    told: Mono,
}

impl RestClock {
    pub(super) const fn new() -> Self {
        Self { speed: Speed::Normal, changed: Mono::from_nanos(0), told: Mono::from_nanos(0) }
    }

    /// Keeps step with the playhead of `now`.
    pub(super) fn follow(&mut self, now: Mono, playhead: Playhead) {
        let Playhead::Running(course) = playhead else { return };
        if course.speed() != self.speed {
            // A course of another speed begins where that was ordered, since the last look.
            let changed = course.anchor.max(self.changed).min(now);
            (self.told, self.changed, self.speed) = (self.at(changed), changed, course.speed());
        }
    }

    /// What it tells at `instant` by the machine's clock.
    pub(super) fn at(&self, instant: Mono) -> Mono {
        let passed = instant.since(self.changed);
        self.told.offset(match self.speed {
            Speed::Half => passed / 2,
            Speed::Normal => passed,
            Speed::Double => passed * 2,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{Course, Position};

    const fn at(millis: u64) -> Mono {
        Mono::from_nanos(millis * 1_000_000)
    }

    #[test]
    fn at_normal_speed_it_is_the_machines_clock_whatever_the_playhead_does() {
        let mut clock = RestClock::new();
        for rate_ppb in [0, 2_000_000, -2_000_000] {
            let course = Course { rate_ppb, ..Course::by_machine(at(5), Position(0)) };
            for playhead in [Playhead::Waiting, Playhead::Running(course), Playhead::Paused(Position(7))] {
                clock.follow(at(9), playhead);
                assert_eq!(clock.at(at(11)), at(11));
            }
        }
    }

    #[test]
    fn it_passes_as_fast_as_the_show_from_the_instant_at_which_the_speed_changes() {
        let mut clock = RestClock::new();
        let follow = |clock: &mut RestClock, now, changed, speed| {
            clock.follow(at(now), Playhead::Running(Course::at_speed(at(changed), Position(0), speed)));
        };
        follow(&mut clock, 108, 100, Speed::Double);
        assert_eq!(clock.at(at(150)), at(200));
        follow(&mut clock, 160, 155, Speed::Double);
        assert_eq!(clock.at(at(160)), at(220));
        follow(&mut clock, 201, 200, Speed::Half);
        assert_eq!(clock.at(at(300)), at(350));
        clock.follow(at(310), Playhead::Paused(Position(0)));
        follow(&mut clock, 409, 400, Speed::Normal);
        assert_eq!(clock.at(at(500)), at(500));
    }
}
