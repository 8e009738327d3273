//! How a show is laid out as systems, one below the other, as sheet music is: each begins with a bar. Knows no shapes.

use crate::time::ShowTime;

use super::super::Chart;

/// A system is this long at most: a beat stays wide enough to be told from the next.
const LONGEST: u64 = 100_000_000; // µs
/// More systems than this are no picture; the show is drawn closer then.
const MOST: u64 = 12;
/// A break is moved so far at most, in parts of a system, to begin a system at a better place.
const SEARCH: u64 = 4;

/// A part of the show that is drawn from left to right.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct System {
    pub(super) from: ShowTime,
    pub(super) to: ShowTime,
}

/// The systems of `chart`, of about the same length. There is one at least.
pub(super) fn systems(chart: &Chart) -> Vec<System> {
    let length = (chart.to - chart.from).as_micros() as u64;
    let count = length.div_ceil(LONGEST).clamp(1, MOST);
    let mut starts = vec![chart.from];
    for number in 1..count {
        let wanted = chart.from.micros() + length * number / count;
        let start = good_break(chart, wanted, length / count / SEARCH);
        if starts.last().is_none_or(|last| *last < start) && start < chart.to {
            starts.push(start);
        }
    }
    let ends = starts.iter().copied().skip(1).chain([chart.to]);
    starts.iter().zip(ends).map(|(from, to)| System { from: *from, to }).collect()
}

/// The best place near `wanted`: every fourth bar, else a bar, else whole seconds.
fn good_break(chart: &Chart, wanted: u64, search: u64) -> ShowTime {
    let bars = chart.beats.iter().filter(|beat| beat.beat == 1);
    let near = bars.filter(|bar| bar.time.micros().abs_diff(wanted) <= search);
    let nearest = near.min_by_key(|bar| {
        let is_round = (bar.bar - 1).rem_euclid(4) == 0;
        (!is_round, bar.time.micros().abs_diff(wanted))
    });
    let second = if search > 10_000_000 { 5_000_000 } else { 1_000_000 };
    nearest.map_or(ShowTime::from_micros(wanted / second * second), |bar| bar.time)
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{chart, with_tempo};
    use super::*;

    fn starts(chart: &Chart) -> Vec<u64> {
        let systems = systems(chart);
        assert_eq!(systems.last().unwrap().to, chart.to);
        assert!(systems.windows(2).all(|pair| pair[0].to == pair[1].from && pair[0].from < pair[0].to));
        systems.iter().map(|system| system.from.micros() / 1_000).collect()
    }

    #[test]
    fn a_long_show_is_broken_at_bars_or_whole_seconds() {
        let tempo = "120 bpm, 4/4, first beat at 0.500 s";
        assert_eq!(starts(&with_tempo("1:17", tempo)), [0]);
        assert_eq!(starts(&with_tempo("4:10", tempo)), [0, 80_500, 168_500]);
        assert_eq!(starts(&chart("4:10")), [0, 80_000, 165_000]);
        assert_eq!(starts(&chart("0:02")), [0]);
        assert_eq!(starts(&with_tempo("23:59:00", tempo)).len(), 12);
    }
}
