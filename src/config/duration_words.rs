//! Reads durations that are written in words or as fractions: `half an hour`, `1/2 h`, `two minutes`. For hints: a file
//! has digits and a unit. Knows no keys.

use crate::time::unit_meant;

const NUMBERS: [&str; 12] =
    ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
/// Each in milliseconds.
const UNITS: [(&str, u64); 3] = [("h", 3_600_000), ("min", 60_000), ("s", 1_000)];

/// `text` in digits, with the largest unit in which it is a whole number: `30 min` for `half an hour`.
pub(crate) fn duration_meant(text: &str) -> Option<String> {
    let text = text.trim().to_lowercase().replace('½', " 1/2").replace('¼', " 1/4");
    // `-5 min` is not `5 min`.
    let words: Vec<&str> = text.strip_prefix('-').is_none().then(|| text.split([' ', '-']))?.collect();
    let (word, before) = words.split_last()?;
    let (_, unit) = UNITS.into_iter().find(|(name, _)| *name == *word || unit_meant(word) == Some(name))?;
    let numbers = before.iter().filter(|word| !matches!(**word, "" | "a" | "an" | "of" | "and" | "about"));
    let quarters: Vec<u64> = numbers.map(|word| quarters(word)).collect::<Option<_>>()?;
    // `an hour`
    let is_one = quarters.is_empty() && before.iter().any(|word| matches!(*word, "a" | "an"));
    let quarters = if is_one { 4 } else { quarters.iter().sum() };
    let time = (quarters > 0).then_some(quarters * unit / 4)?;
    let (name, unit) = UNITS.into_iter().find(|(_, unit)| time % unit == 0)?;
    Some(format!("{} {name}", time / unit))
}

/// How many quarters of a unit `word` says.
fn quarters(word: &str) -> Option<u64> {
    let number = || {
        let by_word = NUMBERS.iter().position(|number| *number == word).map(|number| number as u64 + 1);
        by_word.or_else(|| word.parse().ok()).filter(|number| (1..=1_000).contains(number))
    };
    match word {
        "quarter" | "1/4" => Some(1),
        "half" | "1/2" => Some(2),
        "3/4" => Some(3),
        _ => Some(4 * number()?),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_fractions_are_whole_numbers_of_a_unit() {
        for (text, expected) in [
            ("half an hour", Some("30 min")),
            ("half hour", Some("30 min")),
            ("1/2 h", Some("30 min")),
            ("½ h", Some("30 min")),
            ("1 1/2 hours", Some("90 min")),
            ("one and a half hours", Some("90 min")),
            ("a quarter of an hour", Some("15 min")),
            ("an hour", Some("1 h")),
            ("two minutes", Some("2 min")),
            ("half a minute", Some("30 s")),
            ("1/4 s", None),
            ("hour", None),
            ("half", None),
            ("a while", None),
            ("99999999999999999999 hours", None),
        ] {
            assert_eq!(duration_meant(text).as_deref(), expected, "{text}");
        }
    }
}
