//! Where the playhead is: the show time that is being *heard* right now.
//!
//! The first of the two seams that let everything be tested without hardware; the other is `output::Driver`. A clock knows nothing
//! of lights; time is an argument, so a tick asks once and passes the answer on.

pub mod monotonic;
mod published;
pub mod set;
mod set_speed;
pub mod sound;
pub mod wall;

use crate::speed::Speed;
use crate::time::Mono;

pub use crate::time::Position;

/// Where the show is, as one reading that stays valid until the clock is asked again.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Playhead {
    /// Nothing is heard yet (a sound card may take seconds to start): lights wait.
    Waiting,
    /// Frozen at this position.
    Paused(Position),
    Running(Course),
}

impl Playhead {
    /// Frozen where it is at `now`; one that waits or is frozen stays as it is.
    #[must_use]
    pub fn paused(self, now: Mono) -> Self {
        match self {
            Self::Running(course) => Self::Paused(course.at(now)),
            Self::Waiting | Self::Paused(_) => self,
        }
    }

    /// Going on from where it froze, at `speed` by the machine's clock.
    #[must_use]
    pub fn resumed(self, now: Mono, speed: Speed) -> Self {
        match self {
            Self::Paused(position) => Self::Running(Course::at_speed(now, position, speed)),
            Self::Waiting | Self::Running(_) => self,
        }
    }
}

/// A straight piece of the playhead's way: at `anchor` it was at `position`, and it moves at
/// `rate_ppb` parts per billion faster (positive) or slower than the machine's clock, within `from` and
/// `until`. It never stands still by its rate: that is above minus a billion.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Course {
    pub anchor: Mono,
    pub position: Position,
    pub rate_ppb: i32,
    /// The playhead holds here until its course arrives: it has been here already, and the sound that
    /// comes next is not heard yet. `Position(i64::MIN)` where it has been nowhere.
    pub from: Position,
    /// The playhead holds here until there is a new course: a sound card was given no frame beyond.
    /// [`Position::MAX`] where nothing holds it.
    pub until: Position,
}

impl Course {
    /// At the machine's pace, with no end.
    #[must_use]
    pub const fn by_machine(anchor: Mono, position: Position) -> Self {
        Self { anchor, position, rate_ppb: 0, from: Position(i64::MIN), until: Position::MAX }
    }

    /// At `speed` by the machine's clock, with no end.
    #[must_use]
    pub const fn at_speed(anchor: Mono, position: Position, speed: Speed) -> Self {
        Self { rate_ppb: speed.rate_ppb(), ..Self::by_machine(anchor, position) }
    }

    #[must_use]
    pub const fn speed(&self) -> Speed {
        Speed::of_rate(self.rate_ppb)
    }

    /// Where the playhead is at `now`: between [`from`](Self::from) and [`until`](Self::until).
    #[must_use]
    pub fn at(&self, now: Mono) -> Position {
        self.unheld_at(now).max(self.from).min(self.until)
    }

    /// Where it would be at `now` if nothing held it.
    fn unheld_at(&self, now: Mono) -> Position {
        let gone = i128::from(now.since(self.anchor)) * self.pace();
        // A day of nanoseconds fits an i64 ten thousand times over.
        Position(self.position.0 + gone.div_euclid(BILLION) as i64)
    }

    /// The first instant at which the playhead is at `position`, to the nanosecond; `None` beyond
    /// [`until`](Self::until).
    #[must_use]
    pub fn when(&self, position: Position) -> Option<Mono> {
        (position <= self.until).then(|| self.passes(position))
    }

    /// The instant at which it would be at `position` if nothing held it.
    fn passes(&self, position: Position) -> Mono {
        let distance = i128::from(position.0 - self.position.0) * BILLION;
        // Rounded up: the nanosecond before, it is not there yet.
        self.anchor.offset(-(-distance).div_euclid(self.pace()) as i64)
    }

    /// How far the playhead moves in a billion nanoseconds.
    fn pace(&self) -> i128 {
        BILLION + i128::from(self.rate_ppb)
    }
}

const BILLION: i128 = 1_000_000_000;

/// Who sets the pace of the playhead.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Leader {
    SoundCard,
    /// The machine's monotonic clock, for want of sound or by wish.
    Machine,
}

/// Answers where the playhead is. Reading never blocks and never allocates; the controls may.
pub trait Clock: Send + Sync {
    /// Where the playhead is around `now`.
    fn playhead(&self, now: Mono) -> Playhead;

    /// Freezes the playhead where it is, and the sound with it.
    fn pause(&self, now: Mono);

    /// Goes on from where [`pause`](Self::pause) froze.
    fn resume(&self, now: Mono);

    /// Puts the playhead at `to`. One that is frozen stays so there, and one that waits begins there. Sound goes on there
    /// at its very frame, and the playhead holds until that is heard.
    fn seek(&self, now: Mono, to: Position);

    /// From `now` on time passes at `speed`; one that is frozen stays so. Only at normal speed there is sound: at another
    /// the machine's clock leads, and one that waits begins at once. Back at normal speed the sound joins where the show is.
    fn set_speed(&self, now: Mono, speed: Speed);

    /// How fast time passes while nothing freezes it.
    fn speed(&self) -> Speed;

    fn leader(&self) -> Leader;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::ShowTime;

    #[test]
    fn when_is_the_inverse_of_at_for_every_rate() {
        for rate_ppb in [-500_000_000, -1_000_000, -300_000, 0, 12_345, 1_000_000, 1_000_000_000] {
            let anchor = Mono::from_nanos(5_000_000_000);
            let course = Course { rate_ppb, ..Course::by_machine(anchor, Position(250)) };
            for micros in [0, 1, 1_000, 59_000_001, 3_600_000_000, 86_400_000_000] {
                let position = Position::at(ShowTime::from_micros(micros));
                let when = course.when(position).unwrap();
                let (before, at) = (course.at(when.offset(-1)), course.at(when));
                assert!(
                    before < position && position <= at,
                    "{rate_ppb} ppb, {micros} µs: {before:?}, {at:?}"
                );
                // At double speed a nanosecond is two.
                assert!(at.0 - position.0 <= 1, "{rate_ppb} ppb, {micros} µs: {at:?}");
            }
        }
    }

    #[test]
    fn a_course_waits_where_the_playhead_has_been_already() {
        let anchor = Mono::from_nanos(5_000_000_000);
        let course = Course { from: Position(500), ..Course::by_machine(anchor, Position(0)) };
        assert_eq!(course.at(anchor), Position(500));
        assert_eq!(course.at(anchor.offset(500)), Position(500));
        assert_eq!(course.at(anchor.offset(501)), Position(501));
        assert_eq!(course.when(Position(501)), Some(anchor.offset(501)));
    }

    #[test]
    fn a_course_holds_where_it_ends() {
        let anchor = Mono::from_nanos(5_000_000_000);
        let course = Course { until: Position(1_000), ..Course::by_machine(anchor, Position(0)) };
        assert_eq!(course.at(anchor.offset(999)), Position(999));
        assert_eq!(course.at(anchor.offset(3_600_000_000_000)), Position(1_000));
        assert_eq!(course.when(Position(1_000)), Some(anchor.offset(1_000)));
        assert_eq!(course.when(Position(1_001)), None);
        let held = Playhead::Running(course).paused(anchor.offset(5_000));
        assert_eq!(held, Playhead::Paused(Position(1_000)));
    }
}
