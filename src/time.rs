//! Show time, the machine's monotonic time, and how a person writes durations and clock times.
//! Knows nothing of beats, clocks or files.

mod loop_range;
mod place;
mod step;
mod unit;

use std::fmt;
use std::ops::{Add, Sub};
use std::time::Duration;

use serde::{Deserialize, Serialize};

pub use loop_range::LoopRange;
pub use step::{StepSpan, TimeStep};
pub use unit::{micros_per_unit, unit_meant};

/// A point in a show, in whole microseconds since its start.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ShowTime(u64);

impl ShowTime {
    pub const ZERO: Self = Self(0);
    /// No show is longer than a day: it bounds every sum of times far from overflow.
    pub const MAX: Self = Self(24 * 3600 * 1_000_000);

    #[must_use]
    pub const fn from_micros(micros: u64) -> Self {
        Self(micros)
    }

    #[must_use]
    pub const fn micros(self) -> u64 {
        self.0
    }

    #[must_use]
    pub const fn as_duration(self) -> Duration {
        Duration::from_micros(self.0)
    }

    #[must_use]
    pub const fn saturating_sub(self, earlier: Duration) -> Self {
        Self(self.0.saturating_sub(micros_of(earlier)))
    }

    /// `1:12 of 3:00`, or `1:12` where the length is not known.
    #[must_use]
    pub fn progress(self, length: Option<Self>) -> String {
        match length {
            Some(length) => format!("{} of {}", self.to_minutes(), length.to_minutes()),
            None => self.to_minutes(),
        }
    }

    /// `1:23.450`: to the nearest millisecond, as messages show a place.
    #[must_use]
    pub fn to_millis(self) -> String {
        Self((self.0 + 500) / 1_000 * 1_000).to_string()
    }

    /// Minutes, seconds and bar-free: `1:23`, as refusals and the stage show positions.
    #[must_use]
    pub fn to_minutes(self) -> String {
        let seconds = self.0 / 1_000_000;
        format!("{}:{:02}", seconds / 60, seconds % 60)
    }
}

const fn micros_of(duration: Duration) -> u64 {
    // A day of microseconds fits u64 half a million times over.
    duration.as_micros() as u64
}

impl Add<Duration> for ShowTime {
    type Output = Self;

    fn add(self, later: Duration) -> Self {
        Self(self.0.saturating_add(micros_of(later)))
    }
}

/// How much later `self` is than `other`; zero when it is earlier.
impl Sub for ShowTime {
    type Output = Duration;

    fn sub(self, other: Self) -> Duration {
        Duration::from_micros(self.0.saturating_sub(other.0))
    }
}

/// `1:23.450`, with as many decimals as needed (three at least).
impl fmt::Display for ShowTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (seconds, micros) = (self.0 / 1_000_000, self.0 % 1_000_000);
        write!(f, "{}:{:02}.{:03}", seconds / 60, seconds % 60, micros / 1_000)?;
        match micros % 1_000 {
            0 => Ok(()),
            rest => write!(f, "{rest:03}"),
        }
    }
}

impl fmt::Debug for ShowTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Show time played since the start, in nanoseconds; it runs on across the passes of a loop.
///
/// It begins at the show time that playing began from (`--from`), and may be slightly below that
/// while the first sound is on its way to the speaker.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct Position(pub i64);

impl Position {
    /// Further than any show goes.
    pub const MAX: Self = Self(i64::MAX);

    #[must_use]
    pub const fn at(time: ShowTime) -> Self {
        Self((time.micros() * 1_000).cast_signed())
    }
}

/// An instant of `CLOCK_MONOTONIC`, in nanoseconds since an unspecified start.
///
/// Unlike [`std::time::Instant`] it can be written to a trace and compared with another process's.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Mono(u64);

impl Mono {
    #[must_use]
    pub const fn from_nanos(nanos: u64) -> Self {
        Self(nanos)
    }

    #[must_use]
    pub const fn nanos(self) -> u64 {
        self.0
    }

    /// Nanoseconds from `earlier` to `self`; negative when `earlier` is later.
    #[must_use]
    pub const fn since(self, earlier: Self) -> i64 {
        self.0.wrapping_sub(earlier.0).cast_signed()
    }

    /// This instant moved by `nanos`, never before the clock's own start.
    #[must_use]
    pub const fn offset(self, nanos: i64) -> Self {
        Self(self.0.saturating_add_signed(nanos))
    }
}

/// How far one thing is after (positive) or before (negative) another, in microseconds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct Offset(i64);

impl Offset {
    pub const ZERO: Self = Self(0);

    #[must_use]
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    #[must_use]
    pub const fn micros(self) -> i64 {
        self.0
    }
}

/// In milliseconds, as a rig writes it: `-1.5 ms`.
impl fmt::Display for Offset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let micros = self.0.unsigned_abs();
        write!(f, "{sign}{}", micros / 1_000)?;
        match micros % 1_000 {
            0 => {}
            rest => write!(f, ".{}", format!("{rest:03}").trim_end_matches('0'))?,
        }
        f.write_str(" ms")
    }
}

/// Why a text is not a time; the words stand after the text that was read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TimeError {
    /// Not `NUMBER UNIT` at all.
    NotADuration,
    /// Not `MINUTES:SECONDS` at all.
    NotAClockTime,
    UnknownUnit,
    Negative,
    TooLong,
    /// Seconds or minutes of 60 and more after a colon.
    PastSixty,
}

impl fmt::Display for TimeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotADuration => "expected a number and a unit, such as `250 ms` or `2 s`",
            Self::NotAClockTime => "expected minutes and two digits of seconds, such as `1:05` or `1:23.450`",
            Self::UnknownUnit => "the unit is one of `us`, `ms`, `s`, `min`, `h`",
            Self::Negative => "a time cannot be negative",
            Self::TooLong => "nothing in a show is longer than 24 hours",
            Self::PastSixty => "after a colon, seconds and minutes go from 00 to 59",
        })
    }
}

impl std::error::Error for TimeError {}

/// Reads `250 ms`, `2 s`, `1.5 min`: a plain decimal number and a unit, to the microsecond.
///
/// # Errors
/// [`TimeError`], whose text names what was expected.
pub fn parse_duration(text: &str) -> Result<Duration, TimeError> {
    let text = text.trim();
    let split = text
        .find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '-' | '+')))
        .ok_or(TimeError::NotADuration)?;
    let (number, unit) = (text[..split].trim(), text[split..].trim());
    if number.is_empty() {
        return Err(TimeError::NotADuration);
    }
    if number.starts_with('-') {
        return Err(TimeError::Negative);
    }
    let micros_per_unit = micros_per_unit(unit).ok_or(TimeError::UnknownUnit)?;
    let micros = scaled_decimal(number, micros_per_unit).ok_or(TimeError::NotADuration)?;
    if micros > ShowTime::MAX.0 {
        return Err(TimeError::TooLong);
    }
    Ok(Duration::from_micros(micros))
}

/// Reads a duration with an optional minus sign: `-20 ms`.
///
/// # Errors
/// [`TimeError`], whose text names what was expected.
pub fn parse_offset(text: &str) -> Result<Offset, TimeError> {
    let text = text.trim();
    let (sign, magnitude) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let micros = i64::try_from(parse_duration(magnitude)?.as_micros()).map_err(|_| TimeError::TooLong)?;
    Ok(Offset(sign * micros))
}

/// Reads `1:23.450` or `1:02:03.5`: clock time since the start of the show.
///
/// # Errors
/// [`TimeError`], whose text names what was expected.
pub fn parse_clock_time(text: &str) -> Result<ShowTime, TimeError> {
    if text.starts_with('-') {
        return Err(TimeError::Negative);
    }
    let parts: Vec<&str> = text.trim().split(':').collect();
    let (hours, minutes, seconds) = match parts[..] {
        [minutes, seconds] => ("0", minutes, seconds),
        [hours, minutes, seconds] => (hours, minutes, seconds),
        _ => return Err(TimeError::NotAClockTime),
    };
    let whole = |digits: &str| match digits.bytes().all(|b| b.is_ascii_digit()) && !digits.is_empty() {
        true => digits.parse::<u64>().map_err(|_| TimeError::TooLong),
        false => Err(TimeError::NotAClockTime),
    };
    let second_digits = seconds.split('.').next().unwrap_or_default().len();
    if second_digits != 2 {
        return Err(TimeError::NotAClockTime);
    }
    let (hours, minutes) = (whole(hours)?, whole(minutes)?);
    let seconds = scaled_decimal(seconds, 1_000_000).ok_or(TimeError::NotAClockTime)?;
    if seconds >= 60_000_000 || (parts.len() == 3 && minutes >= 60) {
        return Err(TimeError::PastSixty);
    }
    let micros = hours
        .checked_mul(60)
        .and_then(|m| m.checked_add(minutes))
        .and_then(|m| m.checked_mul(60_000_000))
        .and_then(|m| m.checked_add(seconds))
        .filter(|micros| *micros <= ShowTime::MAX.0)
        .ok_or(TimeError::TooLong)?;
    Ok(ShowTime(micros))
}

/// `number × scale` in exact decimal arithmetic, rounded half up; `None` unless `number` is plain
/// digits with at most one point before one of them (no sign, no exponent, no `nan`).
#[must_use]
pub fn scaled_decimal(number: &str, scale: u64) -> Option<u64> {
    /// More decimals than this cannot move a microsecond of a day.
    const DECIMALS: usize = 18;
    let (whole, fraction) = match number.split_once('.') {
        // `.5`
        Some(("", fraction)) => ("0", fraction),
        Some(parts) => parts,
        None => (number, "0"),
    };
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if !is_digits(whole) || !is_digits(fraction) {
        return None;
    }
    let fraction = &fraction[..fraction.len().min(DECIMALS)];
    let whole = whole.parse::<u64>().ok()?.checked_mul(scale)?;
    let divisor = 10_u128.pow(u32::try_from(fraction.len()).ok()?);
    let part = (fraction.parse::<u128>().ok()? * u128::from(scale) + divisor / 2) / divisor;
    whole.checked_add(u64::try_from(part).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offset_is_written_as_it_is_read() {
        for text in ["0 ms", "35 ms", "-1.5 ms", "-0.001 ms", "2000 ms"] {
            assert_eq!(parse_offset(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn durations_are_read_to_the_microsecond() {
        for (text, micros) in [
            ("250 ms", 250_000),
            ("2s", 2_000_000),
            ("1.5 min", 90_000_000),
            ("0.4205 s", 420_500),
            (".5 s", 500_000),
            ("7 us", 7),
            ("0 s", 0),
            ("0.0000005 s", 1),
        ] {
            assert_eq!(parse_duration(text), Ok(Duration::from_micros(micros)), "{text}");
        }
    }

    #[test]
    fn what_is_no_duration_says_what_was_expected() {
        for (text, error) in [
            ("", TimeError::NotADuration),
            ("12", TimeError::NotADuration),
            ("ms", TimeError::NotADuration),
            (". s", TimeError::NotADuration),
            ("1. s", TimeError::NotADuration),
            ("nan s", TimeError::NotADuration),
            ("1e3 s", TimeError::UnknownUnit),
            ("-1 s", TimeError::Negative),
            ("1 fortnight", TimeError::UnknownUnit),
            ("25 h", TimeError::TooLong),
            ("1.2.3 s", TimeError::NotADuration),
            ("99999999999999999999 s", TimeError::NotADuration),
        ] {
            assert_eq!(parse_duration(text), Err(error), "{text}");
        }
    }

    #[test]
    fn offsets_may_be_negative() {
        assert_eq!(parse_offset("-20 ms"), Ok(Offset(-20_000)));
        assert_eq!(parse_offset("+3 ms"), Ok(Offset(3_000)));
        assert_eq!(parse_offset("--3 ms"), Err(TimeError::Negative));
    }

    #[test]
    fn clock_times_are_read_and_printed_alike() {
        for (text, micros) in
            [("0:00.000", 0), ("1:23.450", 83_450_000), ("75:00.000", 4_500_000_000), ("0:00.000001", 1)]
        {
            assert_eq!(parse_clock_time(text), Ok(ShowTime(micros)), "{text}");
            assert_eq!(ShowTime(micros).to_string(), text);
        }
        assert_eq!(parse_clock_time("1:02:03"), Ok(ShowTime(3_723_000_000)));
    }

    #[test]
    fn what_is_no_clock_time_says_what_was_expected() {
        for (text, error) in [
            ("1:60", TimeError::PastSixty),
            ("1:2", TimeError::NotAClockTime),
            ("-0:01", TimeError::Negative),
            ("25:00:00", TimeError::TooLong),
            ("1:61:00", TimeError::PastSixty),
            (":30", TimeError::NotAClockTime),
            ("0:nan", TimeError::NotAClockTime),
        ] {
            assert_eq!(parse_clock_time(text), Err(error), "{text}");
        }
    }
}
