//! Reads days of the week as people write them: `fri`, `mon to thu`, `Mon-Fri`, `weekdays`. Knows no dates.

use jiff::civil::{Date, Weekday, date};

use super::calendar::Weekdays;
use super::expected::Expected;
use crate::diagnosis::nearest;

const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// Reads `fri`, `mon to thu`, `mon-thu`, `weekdays`, `weekends`, several with commas or `and` between.
///
/// # Errors
/// What was expected.
pub(super) fn weekdays(text: &str) -> Result<Weekdays, Expected> {
    let small = text.to_lowercase().replace(['–', '—'], "-").replace(" and ", ",").replace('&', ",");
    let mut days = Weekdays::NONE;
    for part in small.split(',').map(str::trim) {
        days = days.and(match part {
            "weekend" | "weekends" => Weekdays::run(Weekday::Saturday, Weekday::Sunday),
            "weekday" | "weekdays" | "workdays" => Weekdays::run(Weekday::Monday, Weekday::Friday),
            "every day" | "everyday" | "daily" | "all" => Weekdays::ALL,
            part => match ends(part) {
                Some((first, last)) => Weekdays::run(weekday(first, text)?, weekday(last, text)?),
                None => weekday(part, text).map(|day| Weekdays::run(day, day))?,
            },
        });
    }
    Ok(days)
}

fn ends(part: &str) -> Option<(&str, &str)> {
    part.split_once(" to ").or_else(|| part.split_once('-'))
}

/// The day with this name, in full or shortened to two letters or more.
fn weekday(name: &str, text: &str) -> Result<Weekday, Expected> {
    let name = name.trim().trim_end_matches('.');
    let is_name = |day: &&str| name.len() >= 2 && (day.starts_with(name) || format!("{day}s") == name);
    match DAYS.iter().position(is_name) {
        Some(place) => Ok(in_week(place).weekday()),
        None => {
            let what = format!(
                "`{name}` is not a day of the week; days are `fri`, `mon to thu`, `weekdays`, `weekends`"
            );
            let near = nearest(name.trim_end_matches('s'), DAYS).filter(|_| !name.is_empty());
            // Only where the rest can be read as well.
            let meant = near.map(|near| text.to_lowercase().replacen(name, near, 1));
            let meant = meant.filter(|meant| meant != text && weekdays(meant).is_ok());
            Err(Expected::new(what).or_meant(meant.into_iter().collect()))
        }
    }
}

/// Any week.
fn in_week(place: usize) -> Date {
    date(2029, 1, 1 + i8::try_from(place).expect("a week has seven days"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_of_the_week_are_single_or_a_run() {
        for (text, expected) in [
            ("fri", "....F.."),
            ("Mon to Fri", "MTWTF.."),
            ("Mon-Fri", "MTWTF.."),
            ("Mo–Fr", "MTWTF.."),
            ("mon - thu, sun", "MTWT..S"),
            ("weekdays", "MTWTF.."),
            ("sat to mon", "M....SS"),
            ("weekends", ".....SS"),
            ("Sat & Sun", ".....SS"),
            ("fridays and Saturdays", "....FS."),
            ("tue, thursday", ".T.T..."),
            ("every day", "MTWTFSS"),
        ] {
            let days = weekdays(text).unwrap();
            let week = (0..7).map(|place| in_week(place).weekday()).zip("MTWTFSS".chars());
            let shown: String =
                week.map(|(day, initial)| if days.contains(day) { initial } else { '.' }).collect();
            assert_eq!(shown, expected, "{text}");
        }
        for text in ["fryday", "", "m", "mon to", "fri to day"] {
            assert!(weekdays(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_mistyped_day_is_told_with_the_one_that_is_meant() {
        assert_eq!(weekdays("mon to fryday").unwrap_err().meant, ["mon to friday"]);
        assert_eq!(weekdays("someday").unwrap_err().meant, [""; 0]);
    }
}
