//! What a stretch of time is probably meant to be that is written where one time of day belongs: `18:00-22:00`, `all
//! night`, `evening`. Knows no keys.

use super::hour_text::hour;

const ALWAYS: [&str; 10] = [
    "always",
    "all day",
    "all the time",
    "day and night",
    "24/7",
    "24h",
    "24 h",
    "all hours",
    "forever",
    "permanent",
];
const NIGHT: [&str; 6] = ["night", "nights", "overnight", "dark", "darkness", "nighttime"];
/// Words before a part of the day that change nothing.
const FILLERS: [&str; 10] = ["all", "in", "the", "at", "during", "after", "every", "each", "whole", "when"];
/// What stands between two times.
const BETWEEN: [&str; 9] = [" to ", " until ", " till ", " - ", " bis ", " and ", "-", "–", "—"];

/// The first and the last time of the stretch that `text` names. Evenings and nights follow the sun if `has_place`.
pub(super) fn stretch_meant(text: &str, has_place: bool) -> Option<[String; 2]> {
    let text = text.trim().to_lowercase();
    let pair = |from: &str, to: &str| Some([from.to_owned(), to.to_owned()]);
    if ALWAYS.contains(&&*text) {
        return pair("0:00", "24:00");
    }
    let words: Vec<&str> = text.split_whitespace().filter(|word| !FILLERS.contains(word)).collect();
    match words.join(" ").as_str() {
        part if NIGHT.contains(&part) && has_place => pair("sunset", "sunrise"),
        part if NIGHT.contains(&part) => pair("18:00", "6:00"),
        "evening" | "evenings" if has_place => pair("sunset", "22:00"),
        "evening" | "evenings" => pair("18:00", "22:00"),
        "late" | "late evening" | "late night" => pair("21:00", "24:00"),
        "morning" | "mornings" => pair("6:00", "9:00"),
        "afternoon" | "afternoons" => pair("14:00", "18:00"),
        "day" | "daytime" | "daylight" => pair("8:00", "18:00"),
        _ => between(text.strip_prefix("from ").unwrap_or(&text)),
    }
}

/// `18-22`, `6 to 10 pm`, `18:00 - 1:00`.
fn between(text: &str) -> Option<[String; 2]> {
    BETWEEN.into_iter().find_map(|word| {
        let (from, to) = text.split_once(word)?;
        // `6 to 10 pm`: both are pm.
        let half = ["am", "pm", "a.m.", "p.m."].into_iter().find(|half| to.ends_with(half)).unwrap_or("");
        Some([time(from.trim(), half)?, time(to.trim(), "")?])
    })
}

/// A time of day; a number alone is an hour, in this `half` of the day.
fn time(text: &str, half: &str) -> Option<String> {
    let is_number = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let text = match (is_number, half) {
        (true, "") => format!("{text}:00"),
        (true, half) => format!("{text} {half}"),
        (false, _) => text.to_owned(),
    };
    hour(&text).is_ok().then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stretch_is_told_by_its_ends() {
        for (text, with_place, expected) in [
            ("18-22", false, Some(["18:00", "22:00"])),
            ("18:00-1:30", false, Some(["18:00", "1:30"])),
            ("6 to 10 pm", false, Some(["6 pm", "10 pm"])),
            ("from 18:00 until 22", false, Some(["18:00", "22:00"])),
            ("sunset to 23:00", true, Some(["sunset", "23:00"])),
            ("All night", false, Some(["18:00", "6:00"])),
            ("after dark", true, Some(["sunset", "sunrise"])),
            ("in the evening", false, Some(["18:00", "22:00"])),
            ("evening", true, Some(["sunset", "22:00"])),
            ("24/7", false, Some(["0:00", "24:00"])),
            ("late", false, Some(["21:00", "24:00"])),
            ("17:30", false, None),
            ("2026-12-24", false, None),
            ("dusk", true, None),
            ("sunset - 10 min", true, None),
            ("whenever", true, None),
        ] {
            let found = stretch_meant(text, with_place);
            assert_eq!(found, expected.map(|ends| ends.map(str::to_owned)), "{text}");
        }
    }
}
