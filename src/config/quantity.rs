//! How a value with a unit is written in a file: its form, its bounds and an example. Knows no keys.

use std::ops::RangeInclusive;
use std::time::Duration;

use super::duration_words::duration_meant;
use crate::level::Level;
use crate::time::{parse_duration, scaled_decimal, unit_meant};

/// The meaning of a string to the right of a key.
pub(crate) struct Quantity<T> {
    /// As in "must be a duration".
    pub(crate) noun: &'static str,
    pub(crate) example: &'static str,
    /// Reads the text, or says what was expected of it.
    pub(crate) read: fn(&str) -> Result<T, String>,
    pub(crate) range: RangeInclusive<T>,
    /// The range, as in "it goes from 0 to 30 s".
    pub(crate) bounds: &'static str,
}

impl Quantity<Duration> {
    /// A duration from `least` to `most`.
    pub(crate) const fn duration(
        example: &'static str,
        (least, most): (Duration, Duration),
        bounds: &'static str,
    ) -> Self {
        let range = RangeInclusive::new(least, most);
        Self { noun: "a duration", example, read: duration, range, bounds }
    }
}

impl<T: PartialOrd> Quantity<T> {
    /// What `written` may mean, each with its unit and within the bounds: `100` as `100 ms` and `100 s`, `0.5` as
    /// `50 %` and `0.5 %`, `-0.12` as `0.12 W`.
    pub(crate) fn meant(&self, written: &str) -> Vec<String> {
        let text = written.trim().trim_matches(['"', '\'']).trim().replace(',', ".");
        let unit = self.example.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ' '));
        let (number, is_negative) = match text.strip_prefix('-') {
            Some(number) => (number, true),
            None => (text.as_str(), false),
        };
        let units: &[&str] = match (unit, is_negative) {
            ("us" | "ms", _) => &["ms", "s"],
            ("s", _) => &["s", "ms", "min"],
            ("min" | "h", _) => &["min", "s", "h"],
            ("N", false) => &["N", "S"],
            ("N", true) => &["S"],
            ("E", false) => &["E", "W"],
            ("E", true) => &["W"],
            (unit, _) => &[unit],
        };
        // Degrees have a side instead of a sign.
        let number = if matches!(unit, "N" | "E") { number } else { &text };
        let is_number = number.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '.' | '-'));
        let percent = part_of_one(number).filter(|_| unit == "%");
        let with_units = units.iter().filter(|_| is_number).map(|unit| format!("{number} {unit}"));
        // `3 minutes`, `3sec`
        let word = text.find(char::is_alphabetic).map(|at| text.split_at(at));
        let with_unit =
            word.and_then(|(number, word)| Some(format!("{} {}", number.trim(), unit_meant(word)?)));
        let fits = |text: &String| (self.read)(text).is_ok_and(|value| self.range.contains(&value));
        let in_words = duration_meant(written.trim().trim_matches(['"', '\'']));
        std::iter::once(text.clone())
            .chain(with_unit)
            .chain(in_words)
            .chain(percent)
            .chain(with_units)
            .filter(fits)
            .collect()
    }
}

/// In other programs 1 is full and 0.5 is half: `0.5` as `50 %`.
fn part_of_one(number: &str) -> Option<String> {
    let percent = scaled_decimal(number, 100).filter(|percent| (1..=100).contains(percent))?;
    (number == "1" || number.contains('.')).then(|| format!("{percent} %"))
}

fn duration(text: &str) -> Result<Duration, String> {
    parse_duration(text).map_err(|error| error.to_string())
}

pub(crate) fn level(text: &str) -> Result<Level, String> {
    let expected = || "expected a percentage from 0 to 100, such as `5 %`".to_owned();
    let number = text.trim().strip_suffix('%').ok_or_else(expected)?;
    scaled_decimal(number.trim(), 100)
        .and_then(|hundredths| u16::try_from(hundredths).ok())
        .filter(|hundredths| *hundredths <= Level::FULL.hundredths())
        .map(Level::from_hundredths)
        .ok_or_else(expected)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_percentages_up_to_100() {
        for (text, expected) in [
            ("5 %", Some(500)),
            ("0.5%", Some(50)),
            ("100 %", Some(10_000)),
            ("100.01 %", None),
            ("-1 %", None),
            ("5", None),
            ("inf %", None),
        ] {
            assert_eq!(level(text).ok().map(Level::hundredths), expected, "{text}");
        }
    }
}
