//! A change of volume, as orders carry it. Knows no sound and nobody who orders it.

use serde::{Deserialize, Deserializer, Serialize};

/// What an order makes of the volume, in per cent of full.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(
    untagged,
    deny_unknown_fields,
    expecting = "a volume is \"percent\": 0 to 100, or \"change\": -100 to 100"
)]
pub enum VolumeChange {
    To {
        #[serde(deserialize_with = "percent")]
        percent: u8,
    },
    By {
        #[serde(deserialize_with = "change")]
        change: i8,
    },
}

impl VolumeChange {
    /// Reads `60`, `60%`, `+10` or `-10`, as people write it.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let text = text.strip_suffix('%').unwrap_or(text).trim_end();
        let digits = text.trim_start_matches(['+', '-']);
        let is_number = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
        let percent: u8 = digits.parse().ok().filter(|percent| is_number && *percent <= 100)?;
        let change = i8::try_from(percent).expect("100 fits");
        match text.strip_suffix(digits)? {
            "" => Some(Self::To { percent }),
            "+" => Some(Self::By { change }),
            "-" => Some(Self::By { change: -change }),
            _ => None,
        }
    }

    /// The volume that this makes of `percent`.
    #[must_use]
    pub fn apply_to(self, percent: u8) -> u8 {
        match self {
            Self::To { percent } => percent,
            Self::By { change } => percent.saturating_add_signed(change).min(100),
        }
    }
}

/// For `deserialize_with`: 0 to 100.
pub(crate) fn percent<'de, D: Deserializer<'de>>(from: D) -> Result<u8, D::Error> {
    within(i64::deserialize(from)?, 0, 100)
}

/// For `deserialize_with`: 0 to 100, or nothing.
pub(crate) fn some_percent<'de, D: Deserializer<'de>>(from: D) -> Result<Option<u8>, D::Error> {
    Option::<i64>::deserialize(from)?.map(|number| within(number, 0, 100)).transpose()
}

fn change<'de, D: Deserializer<'de>>(from: D) -> Result<i8, D::Error> {
    within(i64::deserialize(from)?, -100, 100)
}

fn within<T: TryFrom<i64>, E: serde::de::Error>(number: i64, least: i64, most: i64) -> Result<T, E> {
    let fitting = Some(number).filter(|number| (least..=most).contains(number));
    fitting
        .and_then(|number| T::try_from(number).ok())
        .ok_or_else(|| E::custom(format!("{number} is not within {least} to {most}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_of_volume_stays_within_its_range() {
        for (change, from, to) in [
            (VolumeChange::To { percent: 40 }, 90, 40),
            (VolumeChange::By { change: 5 }, 90, 95),
            (VolumeChange::By { change: 5 }, 98, 100),
            (VolumeChange::By { change: -10 }, 5, 0),
        ] {
            assert_eq!(change.apply_to(from), to);
        }
    }
}
