//! The playhead by the machine's clock: for shows without sound. Knows no sound card.

use super::published::Published;
use super::set_speed::SetSpeed;
use super::{Clock, Course, Leader, Playhead, Position};
use crate::speed::Speed;
use crate::time::Mono;

/// Runs from a position at the machine's own pace, or at half or double speed.
#[derive(Debug)]
pub struct WallClock {
    playhead: Published,
    speed: SetSpeed,
}

impl WallClock {
    /// A playhead that is at `from` at the instant `now`, running.
    #[must_use]
    pub fn start(from: Position, now: Mono) -> Self {
        let course = Course::by_machine(now, from);
        Self { playhead: Published::new(Playhead::Running(course)), speed: SetSpeed::default() }
    }

    /// A playhead that stands at `at` until it is resumed.
    #[must_use]
    pub fn start_paused(at: Position) -> Self {
        Self { playhead: Published::new(Playhead::Paused(at)), speed: SetSpeed::default() }
    }
}

impl Clock for WallClock {
    fn playhead(&self, _now: Mono) -> Playhead {
        self.playhead.read()
    }

    fn pause(&self, now: Mono) {
        self.playhead.update(|playhead| playhead.paused(now));
    }

    fn resume(&self, now: Mono) {
        self.playhead.update(|playhead| playhead.resumed(now, self.speed.get()));
    }

    fn seek(&self, now: Mono, to: Position) {
        self.playhead.update(|playhead| match playhead {
            Playhead::Waiting => playhead,
            Playhead::Paused(_) => Playhead::Paused(to),
            Playhead::Running(_) => Playhead::Running(Course::at_speed(now, to, self.speed.get())),
        });
    }

    fn set_speed(&self, now: Mono, speed: Speed) {
        self.playhead.update(|playhead| {
            self.speed.set(speed);
            match playhead {
                Playhead::Waiting | Playhead::Paused(_) => playhead,
                Playhead::Running(course) => Playhead::Running(Course::at_speed(now, course.at(now), speed)),
            }
        });
    }

    fn speed(&self) -> Speed {
        self.speed.get()
    }

    fn leader(&self) -> Leader {
        Leader::Machine
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn at_ms(ms: u64) -> Mono {
        Mono::from_nanos(ms * 1_000_000)
    }

    const fn show_ms(ms: i64) -> Position {
        Position(ms * 1_000_000)
    }

    fn check(clock: &WallClock, now: Mono, expected: Position) {
        let position = match clock.playhead(now) {
            Playhead::Waiting => panic!("the machine's clock never waits"),
            Playhead::Paused(position) => position,
            Playhead::Running(course) => course.at(now),
        };
        assert_eq!(position, expected);
    }

    #[test]
    fn a_show_begins_where_it_is_told_to() {
        let clock = WallClock::start(show_ms(60_000), at_ms(5_000));
        check(&clock, at_ms(5_000), show_ms(60_000));
        check(&clock, at_ms(6_500), show_ms(61_500));
    }

    #[test]
    fn a_pause_freezes_the_position_and_a_resume_goes_on_from_it() {
        let clock = WallClock::start(Position(0), at_ms(0));
        clock.pause(at_ms(100));
        check(&clock, at_ms(900), show_ms(100));
        clock.resume(at_ms(1_000));
        check(&clock, at_ms(1_050), show_ms(150));
    }

    #[test]
    fn a_show_that_begins_paused_stands_where_it_is_told_to_until_it_is_resumed() {
        let clock = WallClock::start_paused(show_ms(60_000));
        clock.pause(at_ms(5_000));
        check(&clock, at_ms(9_000), show_ms(60_000));
        clock.resume(at_ms(9_000));
        check(&clock, at_ms(9_250), show_ms(60_250));
    }

    #[test]
    fn a_seek_goes_either_way_and_ends_no_pause() {
        let clock = WallClock::start(Position(0), at_ms(0));
        clock.seek(at_ms(1_000), show_ms(60_000));
        check(&clock, at_ms(1_250), show_ms(60_250));
        clock.seek(at_ms(1_250), show_ms(20));
        check(&clock, at_ms(1_260), show_ms(30));
        clock.pause(at_ms(1_300));
        clock.seek(at_ms(5_000), show_ms(9_000));
        check(&clock, at_ms(8_000), show_ms(9_000));
        clock.resume(at_ms(10_000));
        check(&clock, at_ms(10_100), show_ms(9_100));
    }

    #[test]
    fn time_passes_at_the_speed_that_is_set_also_after_a_pause_and_a_seek() {
        let clock = WallClock::start(Position(0), at_ms(0));
        clock.set_speed(at_ms(100), Speed::Double);
        check(&clock, at_ms(100), show_ms(100));
        check(&clock, at_ms(150), show_ms(200));
        clock.set_speed(at_ms(150), Speed::Half);
        check(&clock, at_ms(250), show_ms(250));
        clock.pause(at_ms(250));
        clock.set_speed(at_ms(300), Speed::Double);
        check(&clock, at_ms(900), show_ms(250));
        clock.resume(at_ms(1_000));
        check(&clock, at_ms(1_100), show_ms(450));
        clock.seek(at_ms(1_100), show_ms(9_000));
        check(&clock, at_ms(1_200), show_ms(9_200));
        clock.set_speed(at_ms(1_200), Speed::Normal);
        check(&clock, at_ms(1_300), show_ms(9_300));
        assert_eq!(clock.speed(), Speed::Normal);
    }

    #[test]
    fn pausing_or_resuming_twice_changes_nothing() {
        let clock = WallClock::start(Position(0), at_ms(0));
        clock.resume(at_ms(50));
        check(&clock, at_ms(50), show_ms(50));
        clock.pause(at_ms(100));
        clock.pause(at_ms(200));
        check(&clock, at_ms(300), show_ms(100));
    }
}
