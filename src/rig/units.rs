//! How the values of a rig file are written: each with its unit, its bounds and an example. Knows no keys.

use std::time::Duration;

use crate::config::quantity::{Quantity, level};
use crate::level::Level;
use crate::time::{Offset, parse_offset, scaled_decimal};

use super::I2cChip;

/// Below 50 Hz everybody sees LEDs flicker; above 1 kHz one core does little else.
pub(super) const PWM_FREQUENCY: Quantity<u32> = Quantity {
    noun: "a frequency",
    example: "200 Hz",
    read: hertz,
    range: 50..=1_000,
    bounds: "50 Hz to 1 kHz",
};

/// Of a PCA9685: what its prescaler can make of its own clock.
pub(super) const CHIP_FREQUENCY: Quantity<u32> = Quantity {
    noun: "a frequency",
    example: "1 kHz",
    read: hertz,
    range: I2cChip::FREQUENCIES,
    bounds: "24 Hz to 1526 Hz",
};

pub(super) const STOP_FADE: Quantity<Duration> =
    Quantity::duration("500 ms", (Duration::ZERO, Duration::from_secs(30)), "0 to 30 s");

pub(super) const LATENCY: Quantity<Offset> = Quantity {
    noun: "a duration",
    example: "120 ms",
    read: offset,
    range: Offset::from_micros(-2_000_000)..=Offset::from_micros(2_000_000),
    bounds: "-2 s to 2 s",
};

/// Silence before the music.
pub(super) const LEAD_IN: Quantity<Duration> =
    Quantity::duration("2 s", (Duration::ZERO, Duration::from_secs(10)), "0 to 10 s");

/// Of a button. Contacts bounce for up to 5 ms at least.
pub(super) const DEBOUNCE: Quantity<Duration> =
    Quantity::duration("20 ms", (Duration::from_millis(5), Duration::from_millis(500)), "5 to 500 ms");

/// `hold_after`.
pub(super) const HOLD: Quantity<Duration> =
    Quantity::duration("1 s", (Duration::from_millis(500), Duration::from_secs(30)), "500 ms to 30 s");

/// `min_on` and `min_off`.
pub(super) const REST: Quantity<Duration> =
    Quantity::duration("100 ms", (Duration::ZERO, Duration::from_secs(60)), "0 to 60 s");

pub(super) const LEAD: Quantity<Duration> =
    Quantity::duration("8 ms", (Duration::ZERO, Duration::from_millis(100)), "0 to 100 ms");

/// `delay` of a receiver on the network: as long as a lead, because its channels have it as theirs.
pub(super) const DELAY: Quantity<Duration> =
    Quantity::duration("20 ms", (Duration::ZERO, Duration::from_millis(100)), "0 to 100 ms");

/// Frames a second.
pub(super) const RATE: Quantity<u32> =
    Quantity { noun: "a frequency", example: "40 Hz", read: hertz, range: 10..=60, bounds: "10 Hz to 60 Hz" };

/// `floor` and `ceiling`.
pub(super) const LEVEL: Quantity<Level> = Quantity {
    noun: "a level",
    example: "5 %",
    read: level,
    range: Level::OFF..=Level::FULL,
    bounds: "0 to 100 %",
};

pub(super) const SAFE: Quantity<Level> = Quantity {
    noun: "a level",
    example: "0 %",
    read: safe_level,
    range: Level::OFF..=Level::FULL,
    bounds: "0 % or 100 %",
};

/// `None` is "off".
pub(super) const FLASH: Quantity<Option<u32>> = Quantity {
    noun: "a frequency or \"off\"",
    example: "3 Hz",
    read: flash,
    range: None..=Some(50),
    bounds: "1 Hz to 50 Hz",
};

fn offset(text: &str) -> Result<Offset, String> {
    parse_offset(text).map_err(|error| error.to_string())
}

/// Whole hertz, written in Hz or kHz.
fn hertz(text: &str) -> Result<u32, String> {
    let expected = || "expected whole hertz, such as `200 Hz` or `1 kHz`".to_owned();
    let text = text.trim();
    let (number, scale) = match text.strip_suffix("kHz") {
        Some(number) => (number, 1_000),
        None => (text.strip_suffix("Hz").ok_or_else(expected)?, 1),
    };
    let millihertz = scaled_decimal(number.trim(), scale * 1_000).ok_or_else(expected)?;
    match u32::try_from(millihertz / 1_000) {
        Ok(hertz) if hertz > 0 && millihertz.is_multiple_of(1_000) => Ok(hertz),
        _ => Err(expected()),
    }
}

fn flash(text: &str) -> Result<Option<u32>, String> {
    match text.trim() {
        "off" => Ok(None),
        text => hertz(text).map(Some).map_err(|_| "expected `off` or whole hertz, such as `3 Hz`".to_owned()),
    }
}

fn safe_level(text: &str) -> Result<Level, String> {
    match text.trim() {
        "off" => Ok(Level::OFF),
        "on" => Ok(Level::FULL),
        text => match level(text)? {
            end @ (Level::OFF | Level::FULL) => Ok(end),
            _ => Err("expected `0 %` or `100 %`: only a running program can dim, and this level holds after a crash"
                .to_owned()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frequencies_are_whole_hertz() {
        for (text, expected) in [
            ("200 Hz", Some(200)),
            ("1kHz", Some(1_000)),
            ("0.25 kHz", Some(250)),
            ("62.5 Hz", None),
            ("0 Hz", None),
            ("-3 Hz", None),
            ("nan Hz", None),
            ("200", None),
            ("9999999999999 Hz", None),
        ] {
            assert_eq!(hertz(text).ok(), expected, "{text}");
        }
    }

    #[test]
    fn nothing_between_off_and_full_is_safe() {
        assert_eq!(safe_level("off"), Ok(Level::OFF));
        assert_eq!(safe_level("100 %"), Ok(Level::FULL));
        assert!(safe_level("50 %").is_err_and(|reason| reason.contains("crash")));
    }
}
