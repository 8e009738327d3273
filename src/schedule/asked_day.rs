//! A day as a person asks for it: `today`, `friday`, `Dec 24`, `2026-12-24`. Knows no clock: the day of today is an
//! argument.

use std::str::FromStr;

use jiff::civil::Date;

use super::calendar::{Dates, Weekdays};
use super::date_text::dates;
use super::weekday_text::weekdays;

const EXPECTED: &str = "write a day as `tomorrow`, `friday`, `Dec 24` or `2026-12-24`";

/// A day as it was asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AskedDay {
    /// So many days from today.
    Ahead(i8),
    /// The next of these, today included.
    Next(Weekdays),
    /// Month and day, the next time.
    Yearly((i8, i8)),
    On(Date),
}

impl AskedDay {
    /// The day that is meant on `today`; nothing if the calendar has no such day.
    #[must_use]
    pub fn seen_from(self, today: Date) -> Option<Date> {
        match self {
            Self::Ahead(days) => today.checked_add(jiff::Span::new().days(days)).ok(),
            Self::Next(weekdays) => {
                let week = today.series(jiff::Span::new().days(1)).take(7);
                week.into_iter().find(|day| weekdays.contains(day.weekday()))
            }
            Self::Yearly((month, day)) => {
                // A leap day is at most eight years away.
                let years = (0..9).map_while(|ahead| today.year().checked_add(ahead));
                let mut days = years.filter_map(|year| Date::new(year, month, day).ok());
                days.find(|day| *day >= today)
            }
            Self::On(date) => Some(date),
        }
    }
}

impl FromStr for AskedDay {
    type Err = String;

    /// # Errors
    /// How a day is written.
    fn from_str(text: &str) -> Result<Self, String> {
        let small = text.trim().to_lowercase();
        match small.as_str() {
            "today" | "now" | "tonight" => return Ok(Self::Ahead(0)),
            "tomorrow" => return Ok(Self::Ahead(1)),
            "yesterday" => return Ok(Self::Ahead(-1)),
            _ => {}
        }
        if let Some((day, time)) = small.rsplit_once([' ', 't']).or(Some(("", &small)))
            && time.contains(':')
        {
            let day = if day.is_empty() { "today" } else { day };
            return Err(match day.parse::<Self>() {
                Ok(_) => format!("all of a day is shown: write `{day}` without a time"),
                Err(_) => EXPECTED.to_owned(),
            });
        }
        let name = ["next ", "this ", "on "].into_iter().find_map(|word| small.strip_prefix(word));
        if let Ok(days) = weekdays(name.unwrap_or(&small)) {
            return Ok(Self::Next(days));
        }
        match dates(text) {
            Ok(Dates::Yearly { from, .. }) => Ok(Self::Yearly(from)),
            Ok(Dates::Once { from, .. }) if (2000..3000).contains(&from.year()) => Ok(Self::On(from)),
            Ok(Dates::Once { .. }) => Err("write a year from 2000 to 2999".to_owned()),
            Err(expected) => match expected.meant.as_slice() {
                [] => Err(EXPECTED.to_owned()),
                [one] => one.parse(),
                several => {
                    let several: Vec<String> = several.iter().map(|day| format!("`{day}`")).collect();
                    Err(format!("write {}", several.join(" or ")))
                }
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_day_is_the_next_one_that_is_called_so() {
        let sunday = date(2026, 11, 29);
        for (text, expected) in [
            ("today", date(2026, 11, 29)),
            ("Tomorrow", date(2026, 11, 30)),
            ("friday", date(2026, 12, 4)),
            ("next fri", date(2026, 12, 4)),
            ("sunday", date(2026, 11, 29)),
            ("weekend", date(2026, 11, 29)),
            ("Dec 24", date(2026, 12, 24)),
            ("24 December", date(2026, 12, 24)),
            ("24.12.", date(2026, 12, 24)),
            ("12/24", date(2026, 12, 24)),
            ("Nov 28", date(2027, 11, 28)),
            ("Feb 29", date(2028, 2, 29)),
            ("2026-12-24", date(2026, 12, 24)),
        ] {
            let day = text.parse::<AskedDay>().unwrap_or_else(|why| panic!("{text}: {why}"));
            assert_eq!(day.seen_from(sunday), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_day_is_told_with_one() {
        for (text, told) in [
            ("18:00", "write `today` without a time"),
            ("2026-12-24 18:00", "write `2026-12-24` without a time"),
            ("2026-12-24T18:00", "write `2026-12-24` without a time"),
            ("friday 18:00", "write `friday` without a time"),
            ("christmas", "`Dec 24`"),
            ("1.2.", "`"),
            ("1999-01-01", "2000"),
            ("", "`tomorrow`"),
        ] {
            match text.parse::<AskedDay>() {
                Err(why) => assert!(why.contains(told), "{text}: {why}"),
                // The European way to write a date has one meaning.
                Ok(day) => assert_eq!((text, day), ("1.2.", AskedDay::Yearly((2, 1)))),
            }
        }
    }
}
