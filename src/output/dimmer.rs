//! How a level becomes light on a dimmed channel: the share of a PWM period it is lit. Integers only.
//! Knows nothing of time or lines.

use crate::level::Level;
use crate::rig::{Channel, Curve};

/// Light in parts of 2³²: a share of the time, which is a share of the lamp's power.
const ALL_LIGHT: u128 = 1 << 32;

/// The dimming of one channel.
#[derive(Clone, Copy, Debug)]
pub(super) struct Dimmer {
    curve: Curve,
    floor: Level,
    ceiling: Level,
}

impl Dimmer {
    pub(super) const fn of(channel: &Channel) -> Self {
        Self { curve: channel.curve, floor: channel.floor, ceiling: channel.ceiling }
    }

    /// How many nanoseconds of a period of `period` nanoseconds are lit at `level`: 0 when it is off,
    /// at least 1 when it is not, and `period` at full with the ceiling at full.
    pub(super) fn on_time(self, level: Level, period: u64) -> u64 {
        if !level.is_lit() {
            return 0;
        }
        let light = match self.curve {
            Curve::Cie1931 => cie_light(self.within_limits(level)),
            Curve::Linear => ALL_LIGHT * self.within_limits(level) / u128::from(Level::FULL.hundredths()),
        };
        let on_time = (u128::from(period) * light + ALL_LIGHT / 2) / ALL_LIGHT;
        (on_time as u64).max(1)
    }

    /// `level`, in hundredths of a per cent, laid between floor and ceiling.
    fn within_limits(self, level: Level) -> u128 {
        let full = u32::from(Level::FULL.hundredths());
        let (floor, ceiling) = (u32::from(self.floor.hundredths()), u32::from(self.ceiling.hundredths()));
        let range = ceiling.saturating_sub(floor);
        u128::from(floor + (range * u32::from(level.hundredths())).div_ceil(full))
    }
}

/// CIE 1931 lightness (CIE 15:2004, 8.2.1) turned round: Y = L / 903.3 up to L = 8, and
/// ((L + 16) / 116)³ above, for L in hundredths.
const fn cie_light(lightness: u128) -> u128 {
    if lightness <= 800 {
        ALL_LIGHT * lightness / 90_330
    } else {
        let cube = (lightness + 1_600) * (lightness + 1_600) * (lightness + 1_600);
        ALL_LIGHT * cube / (11_600 * 11_600 * 11_600)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PERIOD: u64 = 5_000_000;

    fn dimmer(curve: Curve, floor: u16, ceiling: u16) -> Dimmer {
        Dimmer { curve, floor: Level::from_percent(floor), ceiling: Level::from_percent(ceiling) }
    }

    fn on_time(dimmer: Dimmer, percent: u16) -> u64 {
        dimmer.on_time(Level::from_percent(percent), PERIOD)
    }

    #[test]
    fn lightness_becomes_the_light_that_the_standard_gives() {
        // Y for L = 8, 25, 50, 75, worked out by hand.
        for (percent, share) in [(0, 0.0), (8, 0.008_856), (25, 0.044_155), (50, 0.184_187), (75, 0.482_781)]
        {
            let expected = (share * PERIOD as f64) as i64;
            let found = on_time(dimmer(Curve::Cie1931, 0, 100), percent) as i64;
            assert!((found - expected).abs() < 40, "{percent} %: {found} ns, expected {expected} ns");
        }
    }

    #[test]
    fn off_is_dark_and_full_is_the_whole_period_on_either_curve() {
        for curve in [Curve::Cie1931, Curve::Linear] {
            assert_eq!(on_time(dimmer(curve, 0, 100), 0), 0);
            assert_eq!(on_time(dimmer(curve, 0, 100), 100), PERIOD);
        }
    }

    #[test]
    fn a_higher_level_never_gives_less_light_and_the_lowest_gives_some() {
        for curve in [Curve::Cie1931, Curve::Linear] {
            let times = (1..=10_000)
                .map(|level| dimmer(curve, 0, 100).on_time(Level::from_hundredths(level), PERIOD));
            assert!(times.clone().is_sorted());
            assert!(times.min() >= Some(1));
        }
    }

    #[test]
    fn levels_lie_between_floor_and_ceiling() {
        let limited = dimmer(Curve::Linear, 20, 80);
        for (percent, expected) in [(0, 0), (50, PERIOD / 2), (100, PERIOD * 8 / 10)] {
            assert_eq!(on_time(limited, percent), expected);
        }
        let lowest = limited.on_time(Level::from_hundredths(1), PERIOD);
        assert!((PERIOD / 5..PERIOD / 5 + 1_000).contains(&lowest), "{lowest}");
    }
}
