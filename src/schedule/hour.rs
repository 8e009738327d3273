//! A time of day as a schedule writes it, `17:30` or `10 min after sunset`, and its instant on a given day. Knows
//! no entries.

use jiff::civil::Date;
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{SignedDuration, Timestamp};

use crate::time::parse_duration;

use super::sun::Place;

/// The farthest from sunrise or sunset, in seconds. Beyond it a clock time is what a person means.
const FARTHEST: i64 = 6 * 3600;
const DAY: u32 = 24 * 60;
const NOON: u32 = DAY / 2;

/// A time of day.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Hour {
    /// Minutes since midnight by the local clock, 0 to 24 hours.
    Clock(u32),
    /// Seconds after sunrise; negative before it.
    Sunrise(i64),
    Sunset(i64),
}

/// The time zone and the place on Earth, which turn a time of day into an instant.
pub(super) struct Locality<'a> {
    pub(super) zone: &'a TimeZone,
    pub(super) place: Option<Place>,
}

/// Whether a time of day begins or ends a period.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Start,
    End,
}

impl Hour {
    pub(super) const MIDNIGHT: Self = Self::Clock(0);
    pub(super) const END_OF_DAY: Self = Self::Clock(DAY);

    #[must_use]
    pub const fn needs_place(self) -> bool {
        !matches!(self, Self::Clock(_))
    }

    /// Whether a period from `self` to `to` ends on the next day; `None` if that depends on when the sun rises
    /// and sets.
    pub(super) const fn ends_tomorrow(self, to: Self) -> Option<bool> {
        match (self, to) {
            (Self::Clock(from), Self::Clock(to)) => Some(to <= from),
            // On a polar day or night both are at the same instant, and the period has no length.
            (Self::Sunset(_), Self::Sunrise(_)) => Some(true),
            (Self::Sunrise(_), Self::Sunset(_)) => Some(false),
            (Self::Sunrise(from), Self::Sunrise(to)) | (Self::Sunset(from), Self::Sunset(to)) => {
                Some(to <= from)
            }
            (Self::Sunrise(_) | Self::Sunset(_), Self::Clock(_))
            | (Self::Clock(_), Self::Sunrise(_) | Self::Sunset(_)) => None,
        }
    }

    /// The instant on `day`. Without a place the sun rises at 6:00 and sets at 18:00; the reader makes sure that
    /// there is a place.
    ///
    /// If the clocks are put forward over this time, a start is the moment of the change, and an end is as much
    /// later as the skipped time. If an autumn night has this time twice, the first counts. So a period that has a
    /// length by the clock always has one.
    pub(super) fn on(self, day: Date, side: Side, locality: &Locality<'_>) -> Option<Timestamp> {
        let by_sun = |after: i64, pick: fn(super::sun::Sun) -> Timestamp, instead: u32| match locality.place {
            Some(place) => {
                pick(place.sun(day, locality.zone)).checked_add(SignedDuration::from_secs(after)).ok()
            }
            None => on_clock(day, instead, side, locality.zone),
        };
        match self {
            Self::Clock(minutes) => on_clock(day, minutes, side, locality.zone),
            Self::Sunrise(after) => by_sun(after, |sun| sun.rises, DAY / 4),
            Self::Sunset(after) => by_sun(after, |sun| sun.sets, DAY * 3 / 4),
        }
    }
}

fn on_clock(day: Date, minutes: u32, side: Side, zone: &TimeZone) -> Option<Timestamp> {
    let (day, minutes) = if minutes >= DAY { (day.tomorrow().ok()?, minutes - DAY) } else { (day, minutes) };
    let (hour, minute) = (i8::try_from(minutes / 60).ok()?, i8::try_from(minutes % 60).ok()?);
    let ambiguous = zone.to_ambiguous_timestamp(day.at(hour, minute, 0, 0));
    if side == Side::Start && matches!(ambiguous.offset(), AmbiguousOffset::Gap { .. }) {
        let before = ambiguous.earlier().ok()?;
        return zone.following(before).next().map(|change| change.timestamp());
    }
    ambiguous.compatible().ok()
}

/// Reads `17:30`, `noon`, `midnight`, `sunset`, `sunset + 10 min`, `10 min before sunset`.
///
/// # Errors
/// What was expected.
pub(super) fn hour(text: &str) -> Result<Hour, String> {
    let text = text.trim().to_lowercase();
    let expected =
        || "expected a time of day, such as `17:30`, `sunset` or `10 min before sunrise`".to_owned();
    match text.as_str() {
        "noon" => return Ok(Hour::Clock(NOON)),
        "midnight" => return Ok(Hour::MIDNIGHT),
        _ => {}
    }
    if let Some((hours, minutes)) = text.split_once(':') {
        let number = |digits: &str, most: usize| {
            let is_number = (1..=most).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
            is_number.then(|| digits.parse::<u32>().ok())?
        };
        let minutes = Some(minutes).filter(|minutes| minutes.len() == 2).and_then(|digits| number(digits, 2));
        let (hours, minutes) = number(hours, 2).zip(minutes).ok_or_else(expected)?;
        if minutes > 59 || hours * 60 + minutes > DAY {
            return Err("a day goes from `0:00` to `24:00`".to_owned());
        }
        return Ok(Hour::Clock(hours * 60 + minutes));
    }
    let (sun, of_sun): (_, fn(i64) -> Hour) =
        if text.contains("sunrise") { ("sunrise", Hour::Sunrise) } else { ("sunset", Hour::Sunset) };
    let (before, after) = text.split_once(sun).ok_or_else(expected)?;
    let (sign, length) = match (before.trim(), after.trim()) {
        ("", "") => return Ok(of_sun(0)),
        ("", after) => match (after.strip_prefix('+'), after.strip_prefix('-')) {
            (Some(length), _) => (1, length),
            (_, Some(length)) => (-1, length),
            (None, None) => return Err(expected()),
        },
        (before, "") => match (before.strip_suffix(" after"), before.strip_suffix(" before")) {
            (Some(length), _) => (1, length),
            (_, Some(length)) => (-1, length),
            (None, None) => return Err(expected()),
        },
        _ => return Err(expected()),
    };
    let length = parse_duration(length).map_err(|error| error.to_string())?;
    let seconds = i64::try_from(length.as_secs()).expect("a duration is at most a day");
    match seconds {
        0..=FARTHEST => Ok(of_sun(sign * seconds)),
        _ => Err(format!("at most 6 h from {sun}")),
    }
}

/// As a person reads it.
impl std::fmt::Display for Hour {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (word, after) = match self {
            Self::Clock(minutes) => return write!(f, "{}:{:02}", minutes / 60, minutes % 60),
            Self::Sunrise(after) => ("sunrise", *after),
            Self::Sunset(after) => ("sunset", *after),
        };
        match after {
            0 => f.write_str(word),
            _ => {
                let side = if after < 0 { "before" } else { "after" };
                write!(f, "{} min {side} {word}", after.abs() / 60)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn times_of_day_are_read() {
        for (text, expected) in [
            ("17:30", Hour::Clock(1_050)),
            ("7:05", Hour::Clock(425)),
            ("24:00", Hour::END_OF_DAY),
            ("noon", Hour::Clock(720)),
            ("Sunset", Hour::Sunset(0)),
            ("sunset + 10 min", Hour::Sunset(600)),
            ("sunrise - 1 h", Hour::Sunrise(-3_600)),
            ("10 min before sunset", Hour::Sunset(-600)),
            ("1.5 h after sunrise", Hour::Sunrise(5_400)),
        ] {
            assert_eq!(hour(text), Ok(expected), "{text}");
        }
        for text in [
            "",
            "17",
            "25:00",
            "24:01",
            "7:5",
            "-1:00",
            "sundown",
            "sunset 5",
            "7 h before sunset",
            "5 before sunset",
        ] {
            assert!(hour(text).is_err(), "{text}");
        }
    }

    #[track_caller]
    fn check(day: Date, minutes: u32, side: Side, expected: &str) {
        let zone = TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap();
        let locality = Locality { zone: &zone, place: None };
        let instant = Hour::Clock(minutes).on(day, side, &locality).unwrap();
        assert_eq!(instant, expected.parse().unwrap());
    }

    #[test]
    fn a_time_that_a_spring_night_leaves_out_is_still_an_instant() {
        let night = date(2027, 3, 28);
        check(night, 150, Side::Start, "2027-03-28T01:00Z"); // 2:30 is the moment of the change
        check(night, 120, Side::Start, "2027-03-28T01:00Z");
        check(night, 150, Side::End, "2027-03-28T01:30Z"); // 3:30 by the new time
        check(night, 180, Side::Start, "2027-03-28T01:00Z");
    }

    #[test]
    fn of_a_time_that_an_autumn_night_has_twice_the_first_counts() {
        let night = date(2026, 10, 25);
        check(night, 150, Side::Start, "2026-10-25T00:30Z");
        check(night, 150, Side::End, "2026-10-25T00:30Z");
        check(night, 180, Side::End, "2026-10-25T02:00Z");
    }

    #[test]
    fn a_stretch_ends_tomorrow_where_its_end_comes_first_in_the_day() {
        for (from, to, tomorrow) in [
            ("20:00", "2:00", Some(true)),
            ("17:00", "22:00", Some(false)),
            ("12:00", "12:00", Some(true)),
            ("sunset", "sunrise", Some(true)),
            ("sunrise", "sunset", Some(false)),
            ("sunset", "1 h after sunset", Some(false)),
            ("sunset", "1 h before sunset", Some(true)),
            ("sunset", "17:00", None),
            ("22:00", "sunrise", None),
            ("20:00", "sunset", None),
            ("sunrise", "8:00", None),
        ] {
            assert_eq!(hour(from).unwrap().ends_tomorrow(hour(to).unwrap()), tomorrow, "{from} to {to}");
        }
    }
}
