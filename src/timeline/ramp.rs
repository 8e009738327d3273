//! A fade between two levels, as a staircase too fine to see. Integers only.

use std::time::Duration;

use crate::easing::Easing;
use crate::level::Level;
use crate::time::ShowTime;

/// The finest stair of a fade: one period of software PWM at its default 200 Hz.
const FINEST_STEP_US: u64 = 5_000;

/// A fade that begins at `start` with level `from` and arrives at `to` after `over`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Ramp {
    pub start: ShowTime,
    pub over: Duration,
    pub from: Level,
    pub to: Level,
    pub easing: Easing,
}

impl Ramp {
    #[must_use]
    pub fn end(&self) -> ShowTime {
        self.start + self.over
    }

    /// The level at `time`: `from` before the ramp, `to` after it, a stair between.
    #[must_use]
    pub fn level_at(&self, time: ShowTime) -> Level {
        if time >= self.end() {
            return self.to;
        }
        self.stair((time - self.start).as_micros() as u64 / self.step_us())
    }

    /// The earliest time after `after` at which the level differs from that at `after`.
    #[must_use]
    pub fn next_edge(&self, after: ShowTime) -> Option<ShowTime> {
        if after >= self.end() || self.from == self.to {
            return None;
        }
        let step = self.step_us();
        let current = self.level_at(after);
        let first = match after < self.start {
            true => 0,
            false => (after - self.start).as_micros() as u64 / step + 1,
        };
        let stairs = (self.over.as_micros() as u64).div_ceil(step);
        (first..stairs)
            .find(|index| self.stair(*index) != current)
            .map(|index| self.start + Duration::from_micros(index * step))
            .or((current != self.to).then(|| self.end()))
    }

    /// When this ramp comes to be `past` a level, or leaves it; a ramp never turns back, so it does
    /// that once or never. `past` holds from some level upwards.
    pub(super) fn crossing(&self, past: impl Fn(Level) -> bool) -> Option<ShowTime> {
        if past(self.from) == past(self.to) {
            return None;
        }
        let step = self.step_us();
        let (mut before, mut after) = (0, (self.over.as_micros() as u64).div_ceil(step));
        while before < after {
            let middle = before + (after - before) / 2;
            if past(self.stair(middle)) == past(self.from) {
                before = middle + 1;
            } else {
                after = middle;
            }
        }
        Some((self.start + Duration::from_micros(before * step)).min(self.end()))
    }

    /// Never finer than a period of PWM, and no finer than the levels there are on the way: a fade of
    /// an hour needs no seven hundred thousand stairs.
    fn step_us(&self) -> u64 {
        let levels = u64::from(self.from.hundredths().abs_diff(self.to.hundredths())).max(1);
        (self.over.as_micros() as u64 / levels).max(FINEST_STEP_US)
    }

    fn stair(&self, index: u64) -> Level {
        let elapsed = u128::from(index) * u128::from(self.step_us());
        let over = self.over.as_micros().max(1);
        let eased = u128::from(self.easing.ease(((elapsed << 32) / over) as u64));
        let (from, to) = (self.from.hundredths(), self.to.hundredths());
        let moved = ((u128::from(from.abs_diff(to)) * eased + (1 << 31)) >> 32) as u16;
        Level::from_hundredths(if to >= from { from + moved } else { from - moved })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ramp(from: u16, to: u16, millis: u64, easing: Easing) -> Ramp {
        Ramp {
            start: ShowTime::from_micros(1_000_000),
            over: Duration::from_millis(millis),
            from: Level::from_percent(from),
            to: Level::from_percent(to),
            easing,
        }
    }

    #[test]
    fn a_fade_passes_its_middle_at_half_time() {
        for (easing, middle) in
            [(Easing::Linear, 5_000), (Easing::In, 2_500), (Easing::Out, 7_500), (Easing::InOut, 5_000)]
        {
            let at_half = ramp(0, 100, 2_000, easing).level_at(ShowTime::from_micros(2_000_000));
            assert_eq!(at_half.hundredths(), middle, "{easing:?}");
        }
    }

    #[test]
    fn every_edge_of_a_fade_changes_the_level_and_the_last_arrives() {
        for easing in [Easing::Linear, Easing::In, Easing::Out, Easing::InOut] {
            for fade in [ramp(0, 100, 1_000, easing), ramp(80, 20, 700_000, easing), ramp(3, 4, 3, easing)] {
                let mut time = ShowTime::ZERO;
                let mut level = fade.level_at(time);
                assert_eq!(level, fade.from);
                while let Some(edge) = fade.next_edge(time) {
                    assert!(edge > time);
                    let before = ShowTime::from_micros(edge.micros() - 1);
                    assert_eq!(fade.level_at(before), level, "nothing changes between edges");
                    assert_ne!(fade.level_at(edge), level);
                    (time, level) = (edge, fade.level_at(edge));
                }
                assert_eq!(level, fade.to);
                assert!(time <= fade.end());
            }
        }
    }
}
