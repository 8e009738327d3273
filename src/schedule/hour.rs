//! A time of day of a schedule, `17:30` or `10 min after sunset`, and its instant on a given day. Reads no text, knows
//! no entries.

use jiff::civil::Date;
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{SignedDuration, Timestamp};

use super::sun::Place;

/// The minutes of a day.
pub(super) const DAY: u32 = 24 * 60;

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
    use super::super::hour_text::hour;
    use super::*;
    use jiff::civil::date;

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
