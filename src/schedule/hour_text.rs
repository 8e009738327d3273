//! Reads a time of day as people write it: `17:30`, `5:30 pm`, `sunset`, `10 min before sunset`. Knows no days.

use super::expected::Expected;
use super::hour::{DAY, Hour};
use crate::diagnosis::nearest;
use crate::time::parse_duration;

/// The farthest from sunrise or sunset, in seconds. Beyond it a clock time is what a person means.
const FARTHEST: i64 = 6 * 3600;
const NOON: u32 = DAY / 2;

/// Reads `17:30`, `5:30pm`, `5 pm`, `noon`, `midnight`, `sunset`, `sunset + 10 min`, `10 min before sunset`.
///
/// # Errors
/// What was expected.
pub(super) fn hour(text: &str) -> Result<Hour, Expected> {
    let text = text.trim().to_lowercase();
    read(&text).map_err(|what| Expected::new(what).or_meant(meant(&text)))
}

/// Reads a `text` in small letters.
fn read(text: &str) -> Result<Hour, String> {
    let expected = || {
        "expected a time of day, such as `17:30`, `5:30 pm`, `sunset` or `10 min before sunrise`".to_owned()
    };
    match text {
        "noon" => return Ok(Hour::Clock(NOON)),
        "midnight" => return Ok(Hour::MIDNIGHT),
        _ => {}
    }
    if let Some((time, half)) = half_of_day(text) {
        let (hours, minutes) =
            clock(time, "00").filter(|(hours, _)| (1..=12).contains(hours)).ok_or_else(expected)?;
        return Ok(Hour::Clock((hours % 12) * 60 + minutes + half));
    }
    if text.contains(':') {
        let (hours, minutes) = clock(text, "").ok_or_else(expected)?;
        if minutes > 59 || hours * 60 + minutes > DAY {
            return Err("a day goes from `0:00` to `24:00`".to_owned());
        }
        return Ok(Hour::Clock(hours * 60 + minutes));
    }
    by_sun(text).ok_or_else(expected)?
}

/// `5:30 pm` as `5:30` and the minutes before that half of the day.
fn half_of_day(text: &str) -> Option<(&str, u32)> {
    let half = |endings: [&str; 2], minutes: u32| {
        endings.iter().find_map(|ending| text.strip_suffix(ending)).map(|time| (time.trim(), minutes))
    };
    half(["am", "a.m."], 0).or_else(|| half(["pm", "p.m."], NOON))
}

/// What `to` means after `from`, which has pm, if `to` has neither am nor pm and so is the next morning: `9:30pm` for
/// `9:30` after `5pm`.
pub(super) fn half_meant(from: &str, to: &str) -> Option<String> {
    let (from, to) = (from.trim().to_lowercase(), to.trim());
    let Some((start, NOON)) = half_of_day(&from) else { return None };
    let (hours, _) = clock(to, "").filter(|(hours, minutes)| (1..=12).contains(hours) && *minutes <= 59)?;
    let suffix = &from[start.len()..];
    // After an evening, 12:30 is half an hour after midnight.
    let suffix = if hours == 12 { suffix.replace('p', "a") } else { suffix.to_owned() };
    let meant = format!("{to}{suffix}");
    let is_later =
        matches!((read(&from), read(&meant)), (Ok(Hour::Clock(from)), Ok(Hour::Clock(to))) if from < to);
    (is_later || hours == 12).then_some(meant)
}

/// Hours and minutes; an hour alone has the minutes `alone`.
fn clock(text: &str, alone: &str) -> Option<(u32, u32)> {
    let number = |digits: &str, lengths: std::ops::RangeInclusive<usize>| {
        let is_number = lengths.contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
        is_number.then(|| digits.parse::<u32>().ok())?
    };
    let (hours, minutes) = text.split_once(':').unwrap_or((text, alone));
    let (hours, minutes) = number(hours, 1..=2).zip(number(minutes, 2..=2))?;
    // Without am or pm the reader tells which hours a day has.
    (minutes <= 59 || alone.is_empty()).then_some((hours, minutes))
}

/// `None` if `text` has not this form.
fn by_sun(text: &str) -> Option<Result<Hour, String>> {
    let (sun, of_sun): (_, fn(i64) -> Hour) =
        if text.contains("sunrise") { ("sunrise", Hour::Sunrise) } else { ("sunset", Hour::Sunset) };
    let (before, after) = text.split_once(sun)?;
    let (sign, length) = match (before.trim(), after.trim()) {
        ("", "") => return Some(Ok(of_sun(0))),
        ("", after) => match (after.strip_prefix('+'), after.strip_prefix('-')) {
            (Some(length), _) => (1, length),
            (_, Some(length)) => (-1, length),
            (None, None) => return None,
        },
        (before, "") => match (before.strip_suffix(" after"), before.strip_suffix(" before")) {
            (Some(length), _) => (1, length),
            (_, Some(length)) => (-1, length),
            (None, None) => return None,
        },
        _ => return None,
    };
    let seconds = parse_duration(length).map_err(|error| error.to_string());
    Some(seconds.and_then(
        |length| match i64::try_from(length.as_secs()).expect("a duration is at most a day") {
            seconds @ 0..=FARTHEST => Ok(of_sun(sign * seconds)),
            _ => Err(format!("at most 6 h from {sun}")),
        },
    ))
}

/// What was probably meant by `text`, which is in small letters.
fn meant(text: &str) -> Vec<String> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let (hours, minutes) = digits.split_at(digits.len().saturating_sub(2));
    let by_word = match text {
        "dusk" | "evening" | "twilight" => vec!["sunset", "30 min after sunset"],
        "dawn" | "morning" | "daybreak" => vec!["sunrise", "30 min before sunrise"],
        "sundown" | "after sunset" | "nightfall" => vec!["sunset"],
        "sunup" | "after sunrise" => vec!["sunrise"],
        "midday" => vec!["noon"],
        // With more words the number is what is wrong.
        _ if text.contains(|c: char| c.is_ascii_digit()) => Vec::new(),
        _ => nearest(text, ["sunset", "sunrise", "noon", "midnight"]).into_iter().collect(),
    };
    let mut found: Vec<String> = by_word.into_iter().map(str::to_owned).collect();
    if text.contains("sun") {
        // The unit is missing: `sunset + 30`.
        let number = text.split(|c: char| !c.is_ascii_digit()).find(|part| !part.is_empty());
        found.extend(number.map(|number| text.replacen(number, &format!("{number} min"), 1)));
        let units = [("minutes", "min"), ("minute", "min"), ("hours", "h"), ("hour", "h")];
        found.push(units.iter().fold(text.to_owned(), |text, (long, short)| text.replace(long, short)));
    } else if text.starts_with(|c: char| c.is_ascii_digit()) {
        // `17`, `17h`, `17.30`, `17h30`, `1730`, `17:30 h`, `5.30pm`
        let half = half_of_day(text).map_or("", |(_, minutes)| if minutes == 0 { " am" } else { " pm" });
        found.push(match (digits.len() <= 2, half) {
            (true, "") => format!("{digits}:00"),
            (true, half) => format!("{digits}{half}"),
            (false, half) => format!("{hours}:{minutes}{half}"),
        });
        if digits.len() <= 2 && half.is_empty() {
            found.push(format!("{digits} pm"));
        }
    }
    found.retain(|found| found != text && read(found).is_ok());
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_day_are_read() {
        for (text, expected) in [
            ("17:30", Hour::Clock(1_050)),
            ("7:05", Hour::Clock(425)),
            ("24:00", Hour::END_OF_DAY),
            ("5:30pm", Hour::Clock(1_050)),
            ("5:00 PM", Hour::Clock(1_020)),
            ("11pm", Hour::Clock(1_380)),
            ("12am", Hour::Clock(0)),
            ("12:30 p.m.", Hour::Clock(750)),
            ("noon", Hour::Clock(720)),
            ("Sunset", Hour::Sunset(0)),
            ("sunset + 10 min", Hour::Sunset(600)),
            ("sunrise - 1 h", Hour::Sunrise(-3_600)),
            ("10 min before sunset", Hour::Sunset(-600)),
            ("1.5 h after sunrise", Hour::Sunrise(5_400)),
        ] {
            assert_eq!(hour(text), Ok(expected), "{text}");
        }
        for text in
            ["", "25:00", "24:01", "7:5", "-1:00", "13pm", "0am", "5:60pm", "sunset 5", "7 h before sunset"]
        {
            assert!(hour(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_time_without_pm_after_one_with_it_is_doubtful() {
        for (from, to, meant) in [
            ("5pm", "9:30", Some("9:30pm")),
            ("5 PM", "9:30", Some("9:30 pm")),
            ("5:00 p.m.", "11:00", Some("11:00 p.m.")),
            ("8pm", "12:30", Some("12:30am")),
            ("8pm", "4:30", None),
            ("5pm", "21:30", None),
            ("5pm", "9:30pm", None),
            ("17:00", "9:30", None),
            ("9am", "5:00", None),
            ("sunset", "9:30", None),
            ("5pm", "sunrise", None),
        ] {
            assert_eq!(half_meant(from, to).as_deref(), meant, "{from} to {to}");
        }
    }

    #[test]
    fn other_ways_to_write_a_time_are_understood_and_told() {
        for (text, meant) in [
            ("17", &["17:00"][..]),
            ("17.30", &["17:30"]),
            ("17h30", &["17:30"]),
            ("1730", &["17:30"]),
            ("17:30 h", &["17:30"]),
            ("dusk", &["sunset", "30 min after sunset"]),
            ("sundown", &["sunset"]),
            ("sunset+30", &["sunset+30 min"]),
            ("5 before sunset", &["5 min before sunset"]),
            ("30 minutes after sunset", &["30 min after sunset"]),
            ("sunst", &["sunset"]),
            ("teatime", &[]),
            ("25:00", &[]),
        ] {
            assert_eq!(hour(text).unwrap_err().meant, meant, "{text}");
        }
    }
}
