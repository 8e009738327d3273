//! How a quantity is spread: its quantiles and its histogram. Pure.

use std::time::Duration;

const fn micros(micros: u64) -> Duration {
    Duration::from_micros(micros)
}

/// The upper bounds of a histogram's steps but the last, which has none.
pub const BOUNDS: [Duration; 12] = [
    micros(1),
    micros(2),
    micros(5),
    micros(10),
    micros(20),
    micros(50),
    micros(100),
    micros(200),
    micros(500),
    micros(1_000),
    micros(2_000),
    micros(5_000),
];

/// Measured durations, in order of length.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Spread(Vec<Duration>);

impl Spread {
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// The shortest duration that `thousandths` of a thousand do not exceed; zero when nothing was
    /// measured.
    #[must_use]
    pub fn at(&self, thousandths: usize) -> Duration {
        let rank = (self.0.len() * thousandths).div_ceil(1_000).max(1);
        self.0.get(rank - 1).copied().unwrap_or_default()
    }

    #[must_use]
    pub fn longest(&self) -> Duration {
        self.at(1_000)
    }

    /// How many lie below each of [`BOUNDS`] and not below the one before, and how many above all.
    #[must_use]
    pub fn histogram(&self) -> [usize; BOUNDS.len() + 1] {
        let mut steps = [0; BOUNDS.len() + 1];
        for duration in &self.0 {
            steps[BOUNDS.partition_point(|bound| bound <= duration)] += 1;
        }
        steps
    }
}

/// Of nanoseconds from due to done. What came early was not late.
impl FromIterator<i64> for Spread {
    fn from_iter<T: IntoIterator<Item = i64>>(late: T) -> Self {
        let late = late.into_iter().map(|nanos| Duration::from_nanos(nanos.max(0).unsigned_abs()));
        let mut durations: Vec<Duration> = late.collect();
        durations.sort_unstable();
        Self(durations)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantile_is_a_duration_that_was_measured() {
        let spread: Spread = (1..=1_000).rev().collect();
        for (thousandths, nanos) in [(0, 1), (500, 500), (990, 990), (999, 999), (1_000, 1_000)] {
            assert_eq!(spread.at(thousandths), Duration::from_nanos(nanos));
        }
        let few: Spread = [7, 3].into_iter().collect();
        assert_eq!((few.at(500), few.at(990)), (Duration::from_nanos(3), Duration::from_nanos(7)));
    }

    #[test]
    fn nothing_measured_is_nothing_late() {
        assert_eq!((Spread::default().count(), Spread::default().longest()), (0, Duration::ZERO));
    }

    #[test]
    fn every_duration_falls_into_one_step() {
        let spread: Spread = [-5, 999, 1_000, 1_999, 49_999, 4_999_999, 5_000_000].into_iter().collect();
        assert_eq!(spread.histogram(), [2, 2, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 1]);
    }
}
