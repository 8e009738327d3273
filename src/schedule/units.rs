//! How the values of a schedule are written: each with its unit, its bounds and an example. Knows no keys.

use std::time::Duration;

use super::loudness::Loudness;
use crate::config::quantity::{Quantity, level};
use crate::level::Level;
use crate::time::scaled_decimal;

pub(super) const VOLUME: Quantity<Loudness> = Quantity {
    noun: "a percentage",
    example: "60 %",
    read: loudness,
    range: Loudness::from_percent(0)..=Loudness::FULL,
    bounds: "0 to 100 %",
};

pub(super) const LATITUDE: Quantity<f64> = Quantity {
    noun: "degrees north or south",
    example: "49.45 N",
    read: |text| degrees(text, ["N", "S"], "49.45 N"),
    range: -90.0..=90.0,
    bounds: "90 S to 90 N",
};

pub(super) const LONGITUDE: Quantity<f64> = Quantity {
    noun: "degrees east or west",
    example: "11.08 E",
    read: |text| degrees(text, ["E", "W"], "11.08 E"),
    range: -180.0..=180.0,
    bounds: "180 W to 180 E",
};

pub(super) const EVERY: Quantity<Duration> =
    Quantity::duration("30 min", (Duration::from_secs(60), Duration::from_secs(24 * 3600)), "1 min to 24 h");

pub(super) const PAUSE: Quantity<Duration> =
    Quantity::duration("2 min", (Duration::ZERO, Duration::from_secs(24 * 3600)), "0 to 24 h");

pub(super) const TIMEOUT: Quantity<Duration> =
    Quantity::duration("10 s", (Duration::from_millis(100), Duration::from_secs(600)), "100 ms to 10 min");

/// A channel's level in a look.
pub(super) const LOOK_LEVEL: Quantity<Level> = Quantity {
    noun: "a level",
    example: "20 %",
    read: level,
    range: Level::OFF..=Level::FULL,
    bounds: "0 to 100 %",
};

fn loudness(text: &str) -> Result<Loudness, String> {
    let whole = level(text)?.hundredths();
    match u8::try_from(whole / 100) {
        Ok(percent) if whole.is_multiple_of(100) => Ok(Loudness::from_percent(percent)),
        _ => Err("expected a whole percentage from 0 to 100, such as `60 %`".to_owned()),
    }
}

/// `49.45 N`, `11.08° E`, `51°30′ N`; the second of `sides` is negative.
fn degrees(text: &str, sides: [&str; 2], example: &str) -> Result<f64, String> {
    let expected = || format!("expected degrees and {} or {}, such as `{example}`", sides[0], sides[1]);
    let text = text.trim().to_uppercase();
    let (sign, number) = match (text.strip_suffix(sides[0]), text.strip_suffix(sides[1])) {
        (Some(number), _) => (1.0, number),
        (None, Some(number)) => (-1.0, number),
        (None, None) => return Err(expected()),
    };
    // Degrees, minutes and seconds, each a sixtieth of the one before: 51°30′26″.
    let parts: Vec<&str> =
        number.split(['°', '\'', '′', '"', '″']).map(str::trim).filter(|part| !part.is_empty()).collect();
    let micros: Option<Vec<u64>> = parts.iter().map(|part| scaled_decimal(part, 1_000_000)).collect();
    let degrees = match micros.as_deref() {
        Some([degrees]) => *degrees as f64,
        Some([degrees, minutes @ ..])
            if minutes.len() <= 2 && minutes.iter().all(|part| *part < 60_000_000) =>
        {
            minutes.iter().rev().fold(0.0, |sum, part| (sum + *part as f64) / 60.0) + *degrees as f64
        }
        _ => return Err(expected()),
    };
    Ok(sign * degrees / 1e6)
}
