//! The units of durations, as starcourt has them and as people write them elsewhere. Pure.

/// Microseconds in a unit that a duration may be written in.
#[must_use]
pub fn micros_per_unit(unit: &str) -> Option<u64> {
    Some(match unit {
        "us" | "µs" => 1,
        "ms" => 1_000,
        "s" => 1_000_000,
        "min" => 60_000_000,
        "h" => 3_600_000_000,
        _ => return None,
    })
}

/// The unit that people mean by a longer word: `s` by `seconds`.
#[must_use]
pub fn unit_meant(text: &str) -> Option<&'static str> {
    Some(match text.to_lowercase().as_str() {
        "sec" | "secs" | "second" | "seconds" => "s",
        "minute" | "minutes" | "mins" => "min",
        "hour" | "hours" => "h",
        "msec" | "msecs" | "milli" | "millis" | "millisecond" | "milliseconds" => "ms",
        _ => return None,
    })
}
