//! What a line of a rig is probably meant to be, if it is not written as a rig has it: `tree: pin 4, relay`. Knows no
//! file.

use super::channel::kind_meant;
use super::words::nearest_name;

/// Words that say nothing more than the others.
const FILLERS: [&str; 22] = [
    "is",
    "are",
    "on",
    "the",
    "a",
    "an",
    "at",
    "of",
    "to",
    "in",
    "with",
    "and",
    "hangs",
    "connected",
    "wired",
    "port",
    "channel",
    "type",
    "kind",
    "number",
    "light",
    "uses",
];

/// The line of `[channels]` that `text` is meant to be.
pub(super) fn channel_meant(text: &str) -> Option<String> {
    let (mut name, mut pins, mut kinds) = (Vec::new(), Vec::new(), Vec::new());
    let mut key = "pin";
    let mut active = None;
    let mut words = words(text).peekable();
    while let Some(word) = words.next() {
        let small = word.to_lowercase();
        match small.as_str() {
            "pin" | "gpio" | "bcm" => {}
            "header" | "sim" => key = if small == "sim" { "sim" } else { "header" },
            "active" => active = Some(words.next_if(|level| matches!(&**level, "low" | "high"))?),
            filler if FILLERS.contains(&filler) => {}
            _ if number(&small).is_some() => pins.extend(number(&small)),
            // A thing may be called as a kind is: `strip = 18, pwm`.
            _ if kind_meant(&small).is_some()
                && !(name.is_empty() && pins.is_empty() && kinds.is_empty() && is_first(text, &word)) =>
            {
                kinds.extend(kind_meant(&small));
            }
            _ => name.push(word),
        }
    }
    let [pin] = pins[..] else { return None };
    let kind = match kinds[..] {
        [] => "relay",
        [kind] => kind,
        _ => return None,
    };
    let name = nearest_name(&name.join("_"), "channel")?;
    let is_together =
        text.to_lowercase().replace('_', " ").contains(&name.replace('_', " ")) || !name.contains('_');
    let active = active.map_or(String::new(), |level| format!(", active = \"{level}\""));
    is_together.then(|| format!("{name} = {{ {key} = {pin}, kind = \"{kind}\"{active} }}"))
}

/// The words of `text`, without its signs and its comment.
fn words(text: &str) -> impl Iterator<Item = String> {
    let is_sign = |c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-'));
    let text = text.split('#').next().unwrap_or_default();
    text.split(is_sign).map(|word| word.trim_matches('-')).filter(|word| !word.is_empty()).map(str::to_owned)
}

fn is_first(text: &str, word: &str) -> bool {
    text.trim_start_matches(|c: char| !c.is_alphanumeric()).starts_with(word)
}

/// `4`, `GPIO4` or `pin4` as 4.
fn number(word: &str) -> Option<u16> {
    let number = word.trim_start_matches("gpio").trim_start_matches("bcm").trim_start_matches("pin");
    number.parse().ok()
}
