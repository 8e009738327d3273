//! Days of the week and of the year, as a schedule names them: `mon to fri`, `Nov 28 to Jan 6`,
//! `2026-12-24`. Knows no times of day.

use jiff::civil::{Date, Weekday, date};

/// Any leap year.
const LEAP_YEAR: i16 = 2028;

/// Some days of the week.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Weekdays([bool; 7]);

impl Weekdays {
    pub const ALL: Self = Self([true; 7]);
    pub const NONE: Self = Self([false; 7]);

    #[must_use]
    pub fn contains(self, day: Weekday) -> bool {
        self.0[place(day)]
    }

    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(std::array::from_fn(|day| self.0[day] || other.0[day]))
    }
}

fn place(day: Weekday) -> usize {
    usize::try_from(day.to_monday_zero_offset()).expect("Monday is 0")
}

/// Days of every year, or of one year. Both ends are included.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Dates {
    /// From one month and day to another; if the second is earlier in the year, across the new year.
    Yearly {
        from: (i8, i8),
        to: (i8, i8),
    },
    Once {
        from: Date,
        to: Date,
    },
}

impl Dates {
    #[must_use]
    pub fn contains(self, day: Date) -> bool {
        match self {
            Self::Once { from, to } => (from..=to).contains(&day),
            Self::Yearly { from, to } => {
                let day = (day.month(), day.day());
                if from <= to { from <= day && day <= to } else { day >= from || day <= to }
            }
        }
    }
}

/// Reads `fri`, `mon to thu`, `weekends`, several with commas between.
///
/// # Errors
/// What was expected.
pub(super) fn weekdays(text: &str) -> Result<Weekdays, String> {
    let mut days = Weekdays::NONE;
    for part in text.split(',').map(str::trim) {
        days = days.and(match part.to_lowercase().as_str() {
            "weekend" | "weekends" => run(Weekday::Saturday, Weekday::Sunday),
            "every day" | "daily" => Weekdays::ALL,
            part => match part.split_once(" to ") {
                Some((first, last)) => run(weekday(first)?, weekday(last)?),
                None => weekday(part).map(|day| run(day, day))?,
            },
        });
    }
    Ok(days)
}

fn run(first: Weekday, last: Weekday) -> Weekdays {
    let mut days = Weekdays::NONE;
    let mut day = first;
    loop {
        days.0[place(day)] = true;
        if day == last {
            return days;
        }
        day = day.next();
    }
}

fn weekday(text: &str) -> Result<Weekday, String> {
    let week = (1..=7).map(|day| date(LEAP_YEAR, 1, day));
    by_name(text, week, "%A").map(Date::weekday).ok_or_else(|| {
        format!("`{}` is no day of the week; days are `fri`, `mon to thu`, `weekends`", text.trim())
    })
}

/// The one of `days` whose name in this `format` is `text`, in full or shortened to three letters or more.
fn by_name(text: &str, mut days: impl Iterator<Item = Date>, format: &str) -> Option<Date> {
    let text = text.trim().trim_end_matches('.').to_lowercase();
    let is_name = |day: &Date| day.strftime(format).to_string().to_lowercase().starts_with(&text);
    days.find(is_name).filter(|_| text.len() >= 3)
}

/// Reads `Dec 24`, `24 Dec`, `Nov 28 to Jan 6`, `2026-12-24`, `2026-12-24 to 2027-01-06`.
///
/// # Errors
/// What was expected.
pub(super) fn dates(text: &str) -> Result<Dates, String> {
    let (from, to) = text.split_once(" to ").unwrap_or((text, text));
    match (point(from)?, point(to)?) {
        (Point::Yearly(from), Point::Yearly(to)) => Ok(Dates::Yearly { from, to }),
        (Point::Once(from), Point::Once(to)) if from <= to => Ok(Dates::Once { from, to }),
        (Point::Once(_), Point::Once(_)) => Err("this ends before it begins".to_owned()),
        _ => Err("write the year at both ends, or at neither for every year".to_owned()),
    }
}

enum Point {
    Yearly((i8, i8)),
    Once(Date),
}

fn point(text: &str) -> Result<Point, String> {
    let text = text.trim();
    if text.starts_with(|c: char| c.is_ascii_digit()) && text.contains('-') {
        let date = text.parse().map_err(|_| format!("`{text}` is no date, such as `2026-12-24`"))?;
        return Ok(Point::Once(date));
    }
    let expected = || format!("`{text}` is no date, such as `Dec 24`, or `2026-12-24` for one year only");
    let words: Vec<&str> = text.split_whitespace().collect();
    let [one, other] = words[..] else { return Err(expected()) };
    let (name, day) = if one.starts_with(|c: char| c.is_ascii_digit()) { (other, one) } else { (one, other) };
    let months = (1..=12).map(|month| date(LEAP_YEAR, month, 1));
    let month = by_name(name, months, "%B").ok_or_else(expected)?;
    let day: i8 = day.trim_end_matches('.').parse().map_err(|_| expected())?;
    if !(1..=month.days_in_month()).contains(&day) {
        return Err(format!("{} has {} days", month.strftime("%B"), month.days_in_month()));
    }
    Ok(Point::Yearly((month.month(), day)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, within: &[Date], without: &[Date]) {
        let dates = dates(text).unwrap();
        assert!(within.iter().all(|day| dates.contains(*day)), "{text}");
        assert!(!without.iter().any(|day| dates.contains(*day)), "{text}");
    }

    #[test]
    fn dates_come_every_year_and_may_go_across_the_new_year() {
        check("Dec 24", &[date(2026, 12, 24), date(1999, 12, 24)], &[date(2026, 12, 25)]);
        check("24. december", &[date(2026, 12, 24)], &[]);
        let winter = [date(2026, 11, 28), date(2026, 12, 31), date(2027, 1, 1), date(2027, 1, 6)];
        check("Nov 28 to Jan 6", &winter, &[date(2026, 11, 27), date(2027, 1, 7)]);
        check("Feb 29", &[date(2028, 2, 29)], &[date(2027, 2, 28), date(2027, 3, 1)]);
    }

    #[test]
    fn a_date_with_a_year_comes_once() {
        check("2026-12-24", &[date(2026, 12, 24)], &[date(2027, 12, 24)]);
        check("2026-12-24 to 2027-01-02", &[date(2027, 1, 2)], &[date(2026, 1, 2)]);
    }

    #[test]
    fn what_is_no_date_says_what_was_expected() {
        for (text, words) in [
            ("Feb 30", "February has 29 days"),
            ("Dec", "such as `Dec 24`"),
            ("Foo 3", "such as `Dec 24`"),
            ("2026-13-01", "such as `2026-12-24`"),
            ("2027-01-02 to 2026-12-24", "ends before"),
            ("Dec 24 to 2027-01-02", "at both ends"),
            ("", "no date"),
        ] {
            let told = dates(text).unwrap_err();
            assert!(told.contains(words), "{text}: {told}");
        }
    }

    #[test]
    fn days_of_the_week_are_single_or_a_run() {
        for (text, expected) in [
            ("fri", "....F.."),
            ("Mon to Fri", "MTWTF.."),
            ("sat to mon", "M....SS"),
            ("weekends", ".....SS"),
            ("tue, thursday", ".T.T..."),
            ("every day", "MTWTFSS"),
        ] {
            let days = weekdays(text).unwrap();
            let initials = days.0.iter().zip("MTWTFSS".chars());
            let shown: String = initials.map(|(is_in, day)| if *is_in { day } else { '.' }).collect();
            assert_eq!(shown, expected, "{text}");
        }
        for text in ["fryday", "", "mo", "mon to", "fri to day"] {
            assert!(weekdays(text).is_err(), "{text}");
        }
    }
}
