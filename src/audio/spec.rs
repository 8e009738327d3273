//! Rate and channels of a sound, and how its frames lie on show time. Knows no file and no card.

use crate::time::{Position, ShowTime};

const SECOND: i128 = 1_000_000_000; // nanoseconds

/// How frames follow each other.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Spec {
    /// Frames a second, never 0.
    pub rate: u32,
    /// Samples a frame, never 0.
    pub channels: u16,
}

impl Spec {
    /// Where frame `frame` begins.
    pub(crate) fn position_of(self, frame: i64) -> Position {
        // The product of a day of frames with a second fits an i128, its quotient an i64.
        Position((i128::from(frame) * SECOND / i128::from(self.rate)) as i64)
    }

    /// When frame `frame` begins, counted from the start of the file; a day at most.
    pub(crate) fn show_time_of(self, frame: u64) -> ShowTime {
        let micros = (u128::from(frame) * 1_000_000).div_ceil(self.rate.into());
        ShowTime::from_micros(u64::try_from(micros).unwrap_or(u64::MAX)).min(ShowTime::MAX)
    }

    /// The frame that begins nearest to `position`.
    pub(crate) fn frame_at(self, position: Position) -> i64 {
        let doubled = 2 * i128::from(position.0) * i128::from(self.rate) + SECOND;
        doubled.div_euclid(2 * SECOND) as i64
    }

    pub(crate) fn samples(self, frames: usize) -> usize {
        frames * usize::from(self.channels)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_is_found_at_its_own_position() {
        for rate in [8_000, 44_100, 48_000, 192_000] {
            let spec = Spec { rate, channels: 2 };
            for frame in [-882, 0, 1, 44_099, 44_101, 86_400 * 192_000] {
                assert_eq!(spec.frame_at(spec.position_of(frame)), frame, "{rate} Hz");
            }
        }
    }
}
