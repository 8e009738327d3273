//! Reads dates as people write them: `Dec 24`, `Nov 28 to Jan 6`, `Dec 1 - Jan 6`, `2026-12-24`. Knows no days of the
//! week.

use jiff::civil::{Date, date};

use super::calendar::Dates;
use super::expected::Expected;

/// Any leap year.
const LEAP_YEAR: i16 = 2028;

const NAMES: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Reads `Dec 24`, `24 Dec`, `Nov 28 to Jan 6`, `Dec 1 - 6`, `2026-12-24`, `2026-12-24 to 2027-01-06`.
///
/// # Errors
/// What was expected.
pub(super) fn dates(text: &str) -> Result<Dates, Expected> {
    let read = match ends(text) {
        // The month of `Dec 1 to 6` is said once.
        Some((from, to)) => {
            point(from).and_then(|from| Ok((from, day_in(from, to).map_or_else(|| point(to), Ok)?)))
        }
        None => point(text).map(|point| (point, point)),
    };
    match read.map_err(|what| Expected::new(what).or_meant(meant(text)))? {
        (Point::Yearly(from), Point::Yearly(to)) => Ok(Dates::Yearly { from, to }),
        (Point::Once(from), Point::Once(to)) if from <= to => Ok(Dates::Once { from, to }),
        (Point::Once(_), Point::Once(_)) => Err(Expected::new("this ends before it begins")),
        _ => Err(Expected::new("write the year at both ends, or at neither for every year")),
    }
}

/// Both sides of `to` or of a dash.
fn ends(text: &str) -> Option<(&str, &str)> {
    let words =
        [" to ", " until ", " through ", " - ", "–", "—"].iter().find_map(|word| text.split_once(word));
    // `2026-12-24` has dashes of its own.
    words.or_else(|| text.split_once('-').filter(|_| !has_year_first(text)))
}

fn has_year_first(text: &str) -> bool {
    let digits = text.trim().bytes().take_while(u8::is_ascii_digit).count();
    digits >= 4
}

#[derive(Clone, Copy)]
enum Point {
    Yearly((i8, i8)),
    Once(Date),
}

fn point(text: &str) -> Result<Point, String> {
    let text = text.trim();
    if has_year_first(text) && text.contains('-') {
        let date = text.parse().map_err(|_| format!("`{text}` is not a date, such as `2026-12-24`"))?;
        return Ok(Point::Once(date));
    }
    let expected = || format!("`{text}` is not a date, such as `Dec 24`, or `2026-12-24` for one year only");
    let words: Vec<&str> = text.split_whitespace().collect();
    let [one, other] = words[..] else { return Err(expected()) };
    let (name, day) = if one.starts_with(|c: char| c.is_ascii_digit()) { (other, one) } else { (one, other) };
    let (month, day) = month(name).zip(day_of_month(day)).ok_or_else(expected)?;
    in_month(month, day).map(Point::Yearly)
}

/// A day alone, in the month of `from`.
fn day_in(from: Point, text: &str) -> Option<Point> {
    let Point::Yearly((month, _)) = from else { return None };
    let month = date(LEAP_YEAR, month, 1);
    in_month(month, day_of_month(text.trim())?).ok().map(Point::Yearly)
}

fn in_month(month: Date, day: i8) -> Result<(i8, i8), String> {
    match (1..=month.days_in_month()).contains(&day) {
        true => Ok((month.month(), day)),
        false => Err(format!("{} has {} days", month.strftime("%B"), month.days_in_month())),
    }
}

/// The month with this name, in full or shortened to three letters or more.
fn month(name: &str) -> Option<Date> {
    let name = name.trim_end_matches(['.', ',']).to_lowercase();
    let place = NAMES.iter().position(|month| name.len() >= 3 && month.to_lowercase().starts_with(&name))?;
    Some(date(LEAP_YEAR, i8::try_from(place + 1).ok()?, 1))
}

/// `24`, `24.` or `24th`.
fn day_of_month(text: &str) -> Option<i8> {
    let text = text.trim_end_matches([',', '.']);
    let number = ["st", "nd", "rd", "th"].iter().find_map(|ending| text.strip_suffix(ending)).unwrap_or(text);
    number.parse().ok()
}

/// What was probably meant by `text`, as `dates` reads it.
fn meant(text: &str) -> Vec<String> {
    let found: Vec<String> = match ends(text) {
        Some((from, to)) => {
            let (from, to) = (points_meant(from), points_meant(to));
            // Both ends are written alike: the day first, or the month first.
            let pairs = 0..if from.is_empty() || to.is_empty() { 0 } else { from.len().max(to.len()) };
            let end = |ends: &[String], at: usize| ends[at.min(ends.len() - 1)].clone();
            pairs.map(|at| format!("{} to {}", end(&from, at), end(&to, at))).collect()
        }
        None => match month(text.trim()) {
            Some(month) => {
                let name = month.strftime("%b");
                vec![format!("{name} 1 to {name} {}", month.days_in_month())]
            }
            None => points_meant(text),
        },
    };
    found.into_iter().filter(|found| found != text && dates(found).is_ok()).collect()
}

/// `24.12.` and `12/24` as `Dec 24`, `Dec 24, 2026` and `24.12.2026` as `2026-12-24`; `6/1` as `Jun 1` and `Jan 6`.
fn points_meant(text: &str) -> Vec<String> {
    let text = text.trim();
    if point(text).is_ok() {
        return vec![text.to_owned()];
    }
    let signs = |c: char| matches!(c, '.' | '/' | '-') || c.is_whitespace();
    let parts: Vec<&str> =
        text.split(signs).map(|part| part.trim_end_matches(',')).filter(|part| !part.is_empty()).collect();
    let number = |text: &str| day_of_month(text).filter(|number| *number > 0);
    let named = |first: &str, second: &str| -> Vec<(i8, i8)> {
        match (month(first), month(second)) {
            (Some(month), _) => number(second).map(|day| (month.month(), day)).into_iter().collect(),
            (_, Some(month)) => number(first).map(|day| (month.month(), day)).into_iter().collect(),
            (None, None) => {
                let Some((first, second)) = number(first).zip(number(second)) else { return Vec::new() };
                let day_first = [(second, first)];
                if text.contains('.') || first == second {
                    day_first.to_vec()
                } else {
                    vec![(first, second), (second, first)]
                }
            }
        }
    };
    let is_year = |part: &str| part.len() == 4 && part.bytes().all(|b| b.is_ascii_digit());
    let (year, days) = match parts[..] {
        [year, month, day] if is_year(year) => (Some(year), named(month, day)),
        [first, second, year] if is_year(year) => (Some(year), named(first, second)),
        [first, second] => (None, named(first, second)),
        _ => return Vec::new(),
    };
    let valid = days.into_iter().filter(|(month, day)| {
        (1..=12).contains(month) && in_month(date(LEAP_YEAR, *month, 1), *day).is_ok()
    });
    valid
        .map(|(month, day)| match year {
            Some(year) => format!("{year}-{month:02}-{day:02}"),
            None => format!("{} {day}", date(LEAP_YEAR, month, 1).strftime("%b")),
        })
        .collect()
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
        check("December 24th", &[date(2026, 12, 24)], &[]);
        let winter = [date(2026, 11, 28), date(2026, 12, 31), date(2027, 1, 1), date(2027, 1, 6)];
        for text in
            ["Nov 28 to Jan 6", "Nov 28 - Jan 6", "28 Nov – 6 Jan", "Nov 28-Jan 6", "Nov 28th until Jan 6th"]
        {
            check(text, &winter, &[date(2026, 11, 27), date(2027, 1, 7)]);
        }
        for text in ["Dec 1 to 6", "Dec 1-6"] {
            check(text, &[date(2026, 12, 1), date(2026, 12, 6)], &[date(2026, 12, 7)]);
        }
        check("Feb 29", &[date(2028, 2, 29)], &[date(2027, 2, 28), date(2027, 3, 1)]);
    }

    #[test]
    fn a_date_with_a_year_comes_once() {
        check("2026-12-24", &[date(2026, 12, 24)], &[date(2027, 12, 24)]);
        check("2026-12-24 to 2027-01-02", &[date(2027, 1, 2)], &[date(2026, 1, 2)]);
        check("2026-12-24 - 2027-01-02", &[date(2027, 1, 2)], &[date(2026, 1, 2)]);
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
            ("", "not a date"),
        ] {
            let told = dates(text).unwrap_err().what;
            assert!(told.contains(words), "{text}: {told}");
        }
    }

    #[test]
    fn other_ways_to_write_a_date_are_understood_and_told() {
        for (text, meant) in [
            ("December", &["Dec 1 to Dec 31"][..]),
            ("24.12.", &["Dec 24"]),
            ("1.12. - 6.1.", &["Dec 1 to Jan 6"]),
            ("12/24", &["Dec 24"]),
            ("6/1", &["Jun 1", "Jan 6"]),
            ("Dec 24, 2026", &["2026-12-24"]),
            ("24.12.2026", &["2026-12-24"]),
            ("2026/12/24", &["2026-12-24"]),
            ("Smarch 3", &[]),
        ] {
            assert_eq!(dates(text).unwrap_err().meant, meant, "{text}");
        }
    }
}
