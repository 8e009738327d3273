//! Bars and beats over the beats of a song. Knows no tempo.

use std::fmt;

use crate::time::ShowTime;

/// A beat as people count: both from 1 on. Bars before the first are 0 and below.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct BeatPlace {
    pub bar: i64,
    pub beat: i64,
}

impl BeatPlace {
    /// Of a beat in bars of `in_bar`; beat 0 begins bar 1.
    #[must_use]
    pub fn of(beat: i64, in_bar: u32) -> Self {
        let in_bar = i64::from(in_bar);
        Self { bar: beat.div_euclid(in_bar) + 1, beat: beat.rem_euclid(in_bar) + 1 }
    }
}

/// As in a cue sheet: `9.2`.
impl fmt::Display for BeatPlace {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{}", self.bar, self.beat)
    }
}

/// The bars of these beats, of which the first begins bar 1.
#[derive(Clone, Copy, Debug)]
pub struct BarGrid<'a> {
    /// At least two, rising.
    pub beats: &'a [ShowTime],
    pub in_bar: u32,
}

impl BarGrid<'_> {
    /// The bar and beat that is nearest. Before the first beat, and after the last, beats are as long as the first and
    /// the last.
    #[must_use]
    pub fn nearest(&self, at: ShowTime) -> BeatPlace {
        BeatPlace::of(self.beat_near(at), self.in_bar)
    }

    /// The number of the beat that is nearest to `at`; beat 0 begins bar 1.
    #[must_use]
    pub fn beat_near(&self, at: ShowTime) -> i64 {
        let after = self.beats.partition_point(|beat| *beat < at);
        let beyond = |from: ShowTime, pair: &[ShowTime]| {
            let length = (pair[1] - pair[0]).as_secs_f64();
            (if at > from { (at - from).as_secs_f64() } else { (from - at).as_secs_f64() } / length).round()
        };
        match self.beats {
            [first, second, ..] if after == 0 => -(beyond(*first, &[*first, *second]) as i64),
            [.., before, last] if after == self.beats.len() => {
                after as i64 - 1 + beyond(*last, &[*before, *last]) as i64
            }
            beats if after > 0 && at - beats[after - 1] < beats[after] - at => after as i64 - 1,
            _ => after as i64,
        }
    }

    /// When a beat is.
    #[must_use]
    pub fn time_of(&self, beat: i64) -> ShowTime {
        let Some(last) = self.beats.len().checked_sub(1) else { return ShowTime::ZERO };
        match usize::try_from(beat) {
            Ok(beat) if beat <= last => self.beats[beat],
            Ok(beat) if last > 0 => {
                let length = self.beats[last] - self.beats[last - 1];
                let more = u32::try_from(beat - last).unwrap_or(u32::MAX);
                self.beats[last] + length.saturating_mul(more)
            }
            Ok(_) => self.beats[last],
            Err(_) if last > 0 => {
                let length = self.beats[1] - self.beats[0];
                let more = u32::try_from(-beat).unwrap_or(u32::MAX);
                self.beats[0].saturating_sub(length.saturating_mul(more))
            }
            Err(_) => self.beats[0],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_time_is_nearest_to_one_beat_and_each_beat_is_at_its_own_time() {
        let beats: Vec<ShowTime> =
            (0..12).map(|beat| ShowTime::from_micros(2_000_000 + beat * 500_000)).collect();
        let grid = BarGrid { beats: &beats, in_bar: 4 };
        for (millis, bar, beat) in [
            (2_000, 1, 1),
            (2_240, 1, 1),
            (2_260, 1, 2),
            (4_000, 2, 1),
            (7_500, 3, 4),
            (8_000, 4, 1),
            (9_010, 4, 3),
            (1_500, 0, 4),
            (0, 0, 1),
        ] {
            assert_eq!(
                grid.nearest(ShowTime::from_micros(millis * 1_000)),
                BeatPlace { bar, beat },
                "{millis}"
            );
        }
        for beat in -4..40 {
            assert_eq!(grid.beat_near(grid.time_of(beat)), beat);
        }
    }
}
