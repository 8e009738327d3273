//! A stop that fades: from the levels there were to the safe ones. Pure.

use std::time::Duration;

use crate::level::Level;
use crate::time::Mono;

/// The way from the present levels to the safe ones, begun at `start`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct FadeOut {
    pub(super) start: Mono,
    pub(super) over: Duration,
}

impl FadeOut {
    /// What a channel shows at `now` on the way from `from` to `safe`.
    pub(super) fn level(&self, from: Level, safe: Level, now: Mono) -> Level {
        if self.is_over(now) {
            return safe;
        }
        let gone = u128::from(now.since(self.start).max(0).unsigned_abs());
        let way = u128::from(from.hundredths().abs_diff(safe.hundredths()));
        // No overflow of the u16: `gone` is less than `over`, so this is less than `way`.
        let moved = (way * gone / self.over.as_nanos().max(1)) as u16;
        Level::from_hundredths(match safe >= from {
            true => from.hundredths() + moved,
            false => from.hundredths() - moved,
        })
    }

    pub(super) fn is_over(&self, now: Mono) -> bool {
        now.since(self.start).max(0).unsigned_abs() as u128 >= self.over.as_nanos()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stop_fades_from_the_present_level_to_the_safe_one() {
        let start = Mono::from_nanos(1_000);
        let fade = FadeOut { start, over: Duration::from_secs(2) };
        let at = |millis: i64| start.offset(millis * 1_000_000);
        for (from, safe, millis, expected) in [
            (80, 0, 0, 80),
            (80, 0, 1_000, 40),
            (80, 0, 2_000, 0),
            (80, 0, 9_000, 0),
            (0, 100, 500, 25),
            (80, 0, -10, 80),
        ] {
            let level = fade.level(Level::from_percent(from), Level::from_percent(safe), at(millis));
            assert_eq!(level, Level::from_percent(expected), "{from} to {safe} after {millis} ms");
        }
    }

    #[test]
    fn a_stop_without_a_fade_is_over_at_once() {
        let fade = FadeOut { start: Mono::from_nanos(5), over: Duration::ZERO };
        assert!(fade.is_over(Mono::from_nanos(5)));
        assert_eq!(fade.level(Level::FULL, Level::OFF, Mono::from_nanos(5)), Level::OFF);
    }
}
