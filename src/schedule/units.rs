//! How the values of a schedule are written: each with its unit, its bounds and an example. Knows no keys.

use std::time::Duration;

use super::loudness::Loudness;
use crate::config::quantity::{Quantity, level};
use crate::time::scaled_decimal;

pub(super) const VOLUME: Quantity<Loudness> = Quantity {
    noun: "a volume",
    example: "60 %",
    read: loudness,
    range: Loudness::from_percent(0)..=Loudness::FULL,
    bounds: "0 to 100 %",
};

pub(super) const LATITUDE: Quantity<f64> = Quantity {
    noun: "a latitude",
    example: "49.45 N",
    read: |text| degrees(text, ["N", "S"], "49.45 N"),
    range: -90.0..=90.0,
    bounds: "90 S to 90 N",
};

pub(super) const LONGITUDE: Quantity<f64> = Quantity {
    noun: "a longitude",
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

fn loudness(text: &str) -> Result<Loudness, String> {
    let whole = level(text)?.hundredths();
    match u8::try_from(whole / 100) {
        Ok(percent) if whole.is_multiple_of(100) => Ok(Loudness::from_percent(percent)),
        _ => Err("expected a whole percentage from 0 to 100, such as `60 %`".to_owned()),
    }
}

/// `49.45 N`, `11.08° E`; the second of `sides` is negative.
fn degrees(text: &str, sides: [&str; 2], example: &str) -> Result<f64, String> {
    let expected = || format!("expected degrees and {} or {}, such as `{example}`", sides[0], sides[1]);
    let text = text.trim().to_uppercase();
    let (sign, number) = match (text.strip_suffix(sides[0]), text.strip_suffix(sides[1])) {
        (Some(number), _) => (1.0, number),
        (None, Some(number)) => (-1.0, number),
        (None, None) => return Err(expected()),
    };
    let number = number.trim().trim_end_matches('°').trim();
    let micro = scaled_decimal(number, 1_000_000).ok_or_else(expected)?;
    Ok(sign * micro as f64 / 1e6)
}
