//! What a line of a schedule is probably meant to be, if it is not written as an entry: `demo: 17:00 - 22:00`. Knows no
//! file.

use crate::rig::nearest_name;

use super::hour_text::hour;
use super::weekday_text::weekdays;

/// Words that say nothing more than the others. Some are keys of an entry.
const FILLERS: [&str; 30] = [
    "play",
    "plays",
    "show",
    "shows",
    "playlist",
    "start",
    "starts",
    "end",
    "begin",
    "time",
    "times",
    "hours",
    "when",
    "days",
    "day",
    "at",
    "the",
    "a",
    "it",
    "on",
    "o'clock",
    "uhr",
    "h",
    "run",
    "runs",
    "and",
    "starcourt",
    "name",
    "song",
    "daily",
];

/// Parts of a day, and from when until when they are. Without hours a show would play day and night.
const PARTS: [(&str, [&str; 2]); 4] = [
    ("evening", ["18:00", "22:00"]),
    ("night", ["18:00", "22:00"]),
    ("morning", ["6:00", "9:00"]),
    ("afternoon", ["14:00", "18:00"]),
];

/// A number alone is an hour behind one of these.
const KEYS: [&str; 9] = ["at", "from", "to", "until", "till", "time", "when", "bis", "von"];

/// One time of day, with the word before it.
struct TypedHour {
    text: String,
    before: String,
}

/// The entry that `text` is meant to be; `show` finds what can be played under a name.
pub(super) fn entry_meant(text: &str, show: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    let text = text.split('#').next().unwrap_or_default();
    let words = words(text);
    let (mut name, mut play, mut days, mut hours) =
        (Vec::new(), None, Vec::<String>::new(), Vec::<TypedHour>::new());
    // The part of the day that is named, and whether it stands where a time does.
    let (mut part, mut is_time) = (None, false);
    let mut at = 0;
    // `weekend = { … }` has its name: it says nothing of its days.
    if let Some((first, _)) =
        words.first().zip(text.split_once('=')).filter(|(_, (_, value))| value.trim_start().starts_with('{'))
    {
        name.push(first.to_lowercase());
        at = 1;
    }
    while let Some(word) = words.get(at) {
        let small = word.to_lowercase();
        let before = at.checked_sub(1).map_or(String::new(), |before| words[before].to_lowercase());
        let range = |many: usize| words.get(at..at + many).map(|words| words.join(" ").to_lowercase());
        let is_after_key = KEYS.contains(&&*before);
        let time = |many: usize| time_of_day(&range(many)?, many == 1 && is_after_key);
        if let Some((many, hour)) = [2, 1].into_iter().find_map(|many| Some((many, time(many)?))) {
            hours.push(TypedHour { text: hour, before });
            at += many;
        } else if let Some((many, found)) =
            [3, 1].into_iter().find_map(|many| days_in(&range(many)?).map(|days| (many, days)))
        {
            days.push(found);
            at += many;
        } else {
            match (show(word), &play) {
                (Some(found), None) => play = Some(found),
                // Which of two shows is meant cannot be told.
                (Some(found), Some(first)) if found != *first => return None,
                (Some(_), Some(_)) => {}
                _ if part_of_day(&small).is_some() => {
                    // The first word is the name of the entry.
                    if at > 0 || part.is_none() {
                        part = part_of_day(&small).map(|hours| (at, hours));
                    }
                    is_time |= is_after_key || matches!(&*before, "end" | "start" | "begin");
                }
                _ if FILLERS.contains(&&*small) || is_sign(&small) => {}
                _ => name.push(small),
            }
            at += 1;
        }
    }
    let play = play?;
    // `weekdays` may be meant as a key.
    if days.len() > 1 && days.iter().any(|days| days.starts_with("weekday")) {
        return None;
    }
    // What is not understood must be its name, in front.
    let key = text.split(['=', ':']).next().unwrap_or_default().trim().trim_matches('"');
    let is_key = |name: &str| nearest_name(key, "entry").is_some_and(|key| key == name);
    let name = match nearest_name(&name.join("_"), "entry") {
        Some(name) if is_key(&name) => name,
        Some(_) => return None,
        None if name.is_empty() => nearest_name(key, "entry")
            .filter(|key| {
                !key.contains('_') && (FILLERS[20..].contains(&&**key) || part_of_day(key).is_some())
            })
            .unwrap_or_else(|| "evening".to_owned()),
        None => return None,
    };
    let days = if days.is_empty() { String::new() } else { format!(", days = \"{}\"", days.join(", ")) };
    let times = match part {
        // Which of the hours is meant beside `to = "evening"` cannot be told.
        _ if !hours.is_empty() && is_time => return None,
        _ if !hours.is_empty() => times(&hours)?,
        // An entry may play day and night, if it names no part of the day but in its name.
        part if text.contains('{') && part.is_none_or(|(at, _)| at == 0) => String::new(),
        part => {
            let [from, to] = part.map_or(PARTS[0].1, |(_, hours)| hours);
            format!(", from = \"{from}\", to = \"{to}\"")
        }
    };
    Some(format!("{name} = {{ play = \"{play}\"{days}{times} }}"))
}

fn part_of_day(word: &str) -> Option<[&'static str; 2]> {
    PARTS.iter().find(|(part, _)| *part == word).map(|(_, hours)| *hours)
}

/// The keys of an entry for its `hours`.
fn times(hours: &[TypedHour]) -> Option<String> {
    let is_end =
        |hour: &TypedHour| matches!(hour.before.as_str(), "to" | "-" | "until" | "till" | "bis" | "end");
    let is_start = |hour: &TypedHour| matches!(hour.before.as_str(), "from" | "after" | "start" | "von");
    Some(match hours {
        [one] if is_end(one) => format!(", to = \"{}\"", one.text),
        [one] if is_start(one) => format!(", from = \"{}\"", one.text),
        [one] => format!(", at = \"{}\"", one.text),
        [from, to] if is_end(to) => format!(", from = \"{}\", to = \"{}\"", from.text, to.text),
        several if several.iter().any(|hour| is_end(hour) || is_start(hour)) => return None,
        [first, ..] if !KEYS.contains(&&*first.before) && first.before != "times" => return None,
        several => {
            let texts: Vec<String> = several.iter().map(|hour| format!("\"{}\"", hour.text)).collect();
            format!(", at = [{}]", texts.join(", "))
        }
    })
}

/// The words of `text`; `17:00-22:00` are three, and brackets, quotes and the signs between keys and values are none.
fn words(text: &str) -> Vec<String> {
    let is_mark = |c: char| {
        c.is_whitespace()
            || matches!(c, '=' | '{' | '}' | '[' | ']' | '(' | ')' | ',' | ';' | '"' | '“' | '”' | '„')
    };
    let mut words = Vec::new();
    for word in text.replace(['–', '—'], "-").split(is_mark) {
        let word = word.trim_end_matches([':', '.', '!']);
        match word
            .split_once('-')
            .filter(|(from, to)| time_of_day(from, false).is_some() && time_of_day(to, false).is_some())
        {
            Some((from, to)) => words.extend([from, "-", to].map(str::to_owned)),
            None if word.is_empty() => {}
            None => words.push(word.to_owned()),
        }
    }
    words
}

/// `17:00` and `5 pm` as they are, and `17h` as `17:00`.
fn time_of_day(text: &str, may_be_number: bool) -> Option<String> {
    let is_time = text.starts_with(|c: char| c.is_ascii_digit())
        || matches!(text, "sunset" | "sunrise" | "noon" | "midnight" | "dusk" | "dawn");
    if !is_time {
        return None;
    }
    match hour(text) {
        Ok(_) => Some(text.to_owned()),
        Err(_) if !may_be_number && !text.contains([':', 'h']) => None,
        Err(_) if text.contains(' ') => None,
        Err(expected) => expected.meant.into_iter().next(),
    }
}

fn days_in(text: &str) -> Option<String> {
    let is_day = text.starts_with(|c: char| c.is_ascii_alphabetic()) && !matches!(text, "daily" | "all");
    (is_day && weekdays(text).is_ok()).then(|| text.to_owned())
}

fn is_sign(word: &str) -> bool {
    matches!(word, "to" | "-" | "until" | "till" | "from" | "after" | "every" | "bis" | "von")
}
