//! When a tick is by the clock, exactly. Knows no bars.

use super::reader::TickDivision;
use crate::time::ShowTime;

/// A quarter note lasts so long until a tempo is set (MIDI 1.0, RP-001): 120 a minute.
pub(super) const USUAL_TEMPO: u32 = 500_000; // µs

/// The clock of a song.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct TickClock {
    /// From a tick on: its time, and the time of each further tick, in microseconds times `scale`. In order.
    stretches: Vec<(u64, u128, u128)>,
    scale: u128,
}

impl TickClock {
    /// `tempi` in order, each with its tick.
    pub(super) fn new(division: TickDivision, tempi: &[(u64, u32)]) -> Self {
        match division {
            TickDivision::Clock { ticks, seconds } => {
                let tick = u128::from(seconds) * 1_000_000;
                Self { stretches: vec![(0, 0, tick)], scale: u128::from(ticks) }
            }
            TickDivision::Quarter(ticks) => {
                let mut clock =
                    Self { stretches: vec![(0, 0, u128::from(USUAL_TEMPO))], scale: u128::from(ticks) };
                for (tick, micros) in tempi {
                    let at = clock.scaled(*tick);
                    if clock.stretches.last().is_some_and(|(begin, ..)| begin == tick) {
                        clock.stretches.pop();
                    }
                    clock.stretches.push((*tick, at, u128::from(*micros)));
                }
                clock
            }
        }
    }

    /// To the nearest microsecond; a day at most.
    pub(super) fn time_of(&self, tick: u64) -> ShowTime {
        let micros = (self.scaled(tick) + self.scale / 2) / self.scale;
        u64::try_from(micros).map_or(ShowTime::MAX, ShowTime::from_micros).min(ShowTime::MAX)
    }

    fn scaled(&self, tick: u64) -> u128 {
        let begun = self.stretches.partition_point(|(begin, ..)| *begin <= tick);
        let (begin, at, each) = self.stretches[begun.saturating_sub(1)];
        at + u128::from(tick.saturating_sub(begin)) * each
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_timed_by_every_tempo_before_them() {
        let clock = TickClock::new(TickDivision::Quarter(480), &[(480, 250_000), (960, 1_000_000)]);
        for (tick, micros) in [(0, 0), (240, 250_000), (480, 500_000), (960, 750_000), (1_440, 1_750_000)] {
            assert_eq!(clock.time_of(tick).micros(), micros, "{tick}");
        }
        let film = TickClock::new(TickDivision::Clock { ticks: 30_000, seconds: 1_001 }, &[(1, 1)]);
        assert_eq!(film.time_of(30_000).micros(), 1_001_000_000);
    }
}
