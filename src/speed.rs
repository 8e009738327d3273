//! How fast a show passes, as orders carry it. Knows nothing that passes, and nobody who orders it.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Half, normal or double speed.
///
/// ```
/// use starcourt::speed::Speed;
///
/// assert_eq!("0.5".parse(), Ok(Speed::Half));
/// assert_eq!(Speed::Half.faster(), Speed::Normal);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Speed {
    Half,
    #[default]
    Normal,
    Double,
}

const BILLION: i32 = 1_000_000_000;

impl Speed {
    /// By how many parts of a billion it is faster than normal.
    #[must_use]
    pub const fn rate_ppb(self) -> i32 {
        match self {
            Self::Half => -BILLION / 2,
            Self::Normal => 0,
            Self::Double => BILLION,
        }
    }

    /// The one to which `rate_ppb` belongs: a sound card's own pace, and what corrects it, are thousandths beside it.
    #[must_use]
    pub const fn of_rate(rate_ppb: i32) -> Self {
        match rate_ppb {
            ..-250_000_000 => Self::Half,
            -250_000_000..=500_000_000 => Self::Normal,
            _ => Self::Double,
        }
    }

    #[must_use]
    pub const fn is_normal(self) -> bool {
        matches!(self, Self::Normal)
    }

    /// The next slower one, or the slowest.
    #[must_use]
    pub const fn slower(self) -> Self {
        match self {
            Self::Double => Self::Normal,
            Self::Normal | Self::Half => Self::Half,
        }
    }

    /// The next faster one, or the fastest.
    #[must_use]
    pub const fn faster(self) -> Self {
        match self {
            Self::Half => Self::Normal,
            Self::Normal | Self::Double => Self::Double,
        }
    }

    /// `half`, `normal` or `double`, as orders and the status have it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Half => "half",
            Self::Normal => "normal",
            Self::Double => "double",
        }
    }
}

/// As people type it: `half`, `double`, `1`, `0.5`, `50%`, `2x`.
impl FromStr for Speed {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim().to_lowercase();
        let number = text.trim_start_matches(['x', '×']).trim_end_matches(['x', '×']).trim();
        match number {
            "half" | "slow" | "0.5" | ".5" | "0,5" | "1/2" | "½" | "50%" | "50 %" => Ok(Self::Half),
            "normal" | "1" | "1.0" | "full" | "100%" | "100 %" => Ok(Self::Normal),
            "double" | "fast" | "2" | "2.0" | "twice" | "200%" | "200 %" => Ok(Self::Double),
            _ => Err("a speed is `half`, `normal` or `double`, or as a number `0.5`, `1` or `2`".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Speed; 3] = [Speed::Half, Speed::Normal, Speed::Double];

    #[test]
    fn each_step_is_a_neighbour_and_the_last_ones_stay() {
        assert_eq!(ALL.map(Speed::faster), [Speed::Normal, Speed::Double, Speed::Double]);
        assert_eq!(ALL.map(Speed::slower), [Speed::Half, Speed::Half, Speed::Normal]);
    }

    #[test]
    fn a_rate_belongs_to_its_speed_also_where_a_card_is_off() {
        for speed in ALL {
            for off in [-2_000_000, 0, 2_000_000] {
                assert_eq!(Speed::of_rate(speed.rate_ppb() + off), speed);
            }
        }
    }

    #[test]
    fn what_people_type_is_read_and_the_rest_is_told() {
        for (speed, words) in [
            (Speed::Half, "half HALF 0.5 0.5x x0.5 .5 1/2 50% 0,5"),
            (Speed::Normal, "normal 1 1x x1 1.0 100%"),
            (Speed::Double, "double 2 2x ×2 2.0 200% fast"),
        ] {
            for word in words.split(' ') {
                assert_eq!(word.parse(), Ok(speed), "{word}");
            }
            assert_eq!(speed.name().parse(), Ok(speed));
        }
        for word in ["", "x", "3", "-1", "0", "0.25", "1.5", "quick", "%", "2 2"] {
            assert!(word.parse::<Speed>().is_err(), "{word}");
        }
    }
}
