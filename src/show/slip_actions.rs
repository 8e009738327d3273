//! What a channel does, in the words that people use elsewhere, and how a cue sheet says it. Knows no grammar.

use crate::diagnosis::Help;
use crate::time;

use super::length::{is_length_unit, parts, split_glued, unit_meant};
use super::words::{Word, is_digits};

const EFFECTS: [&str; 5] = ["pulse", "strobe", "chase", "twinkle", "follow"];
const DURATION_WORDS: [&str; 5] = ["for", "over", "every", "lit", "in"];

/// What to write instead of the phrase that has the word `at` this place of a line.
pub(super) fn mend(words: &[Word], at: usize) -> Option<Help> {
    let word = words[at];
    let after = words.get(at + 1).copied();
    let before = at.checked_sub(1).map(|before| words[before]);
    let has = |text: &str| words.iter().any(|word| word.text == text);
    let follows = |texts: &[&str]| before.is_some_and(|before| texts.contains(&before.text));
    let write = |last: Word, text: String| Some(Help::write(word.start..last.span().end, text));
    if let Some(help) = times(words, at).or_else(|| part(words, at)) {
        return Some(help);
    }
    match word.text {
        "->" | "=>" | "→"
            // Between two times it means `to`.
            if at > 0 && !before.zip(after).is_some_and(|(before, after)| is_count(before) && is_count(after)) =>
        {
            Some(take_out(words, at, ": only spaces go between the columns"))
        }
        "is" | "are" | "goes" | "turns" | "others" | "other" | "rest" => Some(take_out(words, at, "")),
        // `on at 50 %`
        "at" if follows(&["on"]) && after.is_some_and(is_level) => {
            Some(Help::take_out(before?.start..after?.start, "take `on at` out: a level is enough"))
        }
        "to" if at > 1
            && after.is_some_and(is_level)
            && !follows(&["fade", "from", "%", ","])
            && !is_level(before?) =>
        {
            Some(take_out(words, at, ": a level is enough"))
        }
        "blackout" if at == 1 && after.is_none() => Some(Help::write(word.span(), "all off")),
        "blackout" if at > 1 => Some(Help::write(word.span(), "off")),
        "high" | "lit" | "up" | "down" | "low" if at > 1 && !has("fade") && !has("strobe") => {
            let level = if matches!(word.text, "down" | "low") { "off" } else { "on" };
            let is_slow = has("over") || has("in") || has("slowly");
            Some(Help::write(
                word.span(),
                if is_slow { format!("fade to {level}") } else { level.to_owned() },
            ))
        }
        "slowly" | "slow" if follows(&["on", "off"]) && !has("fade") => {
            let before = before?;
            let fade = format!("fade to {} over 2 s", before.text);
            Some(Help::write(before.start..word.span().end, fade))
        }
        "slowly" | "slow" if after.is_some_and(|after| matches!(after.text, "on" | "off")) => {
            write(after?, format!("fade to {} over 2 s", after?.text))
        }
        "alternate" | "alternating" => Some(Help::write(word.span(), "chase")),
        "left" | "right" if has("chase") => {
            let [_, to, other] = words.get(at..at + 3)? else { return None };
            let is_way = to.text == "to" && matches!(other.text, "left" | "right");
            let reverse = || write(*other, "reverse".to_owned());
            match is_way && word.text == "left" {
                true => {
                    let end = words.get(at + 3).map_or(other.span().end, |next| next.start);
                    Some(Help::take_out(
                        word.start..end,
                        "take it out: a chase runs in the order of the names",
                    ))
                }
                false => is_way.then(reverse)?,
            }
        }
        _ if is_digits(word.text) => number(words, at),
        text => {
            let (name, action) = text.split_once(['=', ':'])?;
            let is_name = name.starts_with(char::is_alphabetic) && !action.is_empty();
            is_name.then(|| Help::write(word.span(), format!("{name} {action}")))
        }
    }
}

/// A number without a unit, or with one where none is expected.
fn number(words: &[Word], at: usize) -> Option<Help> {
    let word = words[at];
    let after = words.get(at + 1).copied();
    let before = words[at.checked_sub(1)?];
    let has = |text: &str| words.iter().any(|word| word.text == text);
    let after_is = |text: &str| after.is_some_and(|after| after.text == text);
    let is_fade = has("fade");
    if let Some(unit) = after.and_then(|after| unit_meant(after.text)) {
        let word_of_time = if is_fade { "over" } else { "for" };
        let follows_level = matches!(before.text, "on" | "off" | "%");
        let span = word.start..after?.span().end;
        return follows_level.then(|| Help::write(span, format!("{word_of_time} {} {unit}", word.text)));
    }
    // `20 to 60 %` without an effect.
    if at > 1 && after_is("to") && !is_fade && !EFFECTS.iter().any(|effect| has(effect)) {
        return Some(Help::write(word.span(), format!("fade from {}", word.text)));
    }
    let (level, lasts) = (format!("{} %", word.text), format!("{} for {} s", before.text, word.text));
    let span = before.start..word.span().end;
    match before.text {
        "on" if after.is_none() => Some(Help::write_one_of(span, [lasts, level])),
        "off" if after.is_none() => Some(Help::write(span, lasts)),
        _ => None,
    }
}

/// `half`, `1/2`, `half a second`: a part of a level, a second, a beat or a bar.
fn part(words: &[Word], at: usize) -> Option<Help> {
    let word = words[at];
    let before = words[at.checked_sub(1)?];
    let mut last = at;
    let mut skip = |texts: &[&str]| {
        let found = words.get(last + 1).is_some_and(|next| texts.contains(&next.text));
        last += usize::from(found);
        found
    };
    // `a half beat`
    let word = match word.text {
        "a" | "an" if skip(&["half", "quarter"]) => words[at + 1],
        _ => word,
    };
    let (percent, share, millis) = match word.text {
        "half" => ("50 %", "1/2", "500 ms"),
        "quarter" => ("25 %", "1/4", "250 ms"),
        fraction => {
            let (count, of) = parts(fraction)?;
            let is_level = count <= of && (100 * count).is_multiple_of(of) && !EFFECTS.contains(&before.text);
            let is_alone = words.get(at + 1).is_none();
            return (is_level && is_alone && at > 1 && !DURATION_WORDS.contains(&before.text))
                .then(|| Help::write(word.span(), format!("{} %", 100 * count / of)));
        }
    };
    if !DURATION_WORDS.contains(&before.text) {
        return Some(Help::write(word.span(), percent));
    }
    skip(&["a", "an", "of"]);
    let start = words[at].start;
    let length = match words.get(last + 1)?.text {
        "beat" | "bar" => format!("{share} {}", words[last + 1].text),
        "second" | "sec" | "s" => millis.to_owned(),
        _ => return None,
    };
    Some(Help::write(start..words[last + 1].span().end, length))
}

/// `4 times`, `4x`, `x4`, `repeat 4`, as an end of the effect.
fn times(words: &[Word], at: usize) -> Option<Help> {
    let is_times = |text: &str| matches!(text, "times" | "x" | "×");
    let text = words[at].text;
    let next = words.get(at + 1).filter(|next| is_digits(next.text));
    let follows = |place: usize| words.get(place).is_some_and(|word| is_times(word.text));
    let (first, last, count) = match text {
        "repeat" | "x" if next.is_some() && !is_digits(words[at.saturating_sub(1)].text) => {
            (at, at + 1 + usize::from(follows(at + 2)), next?.text)
        }
        _ if is_times(text) && at > 0 && next.is_none() => (at - 1, at, words[at - 1].text),
        _ if is_digits(text) && follows(at + 1) => (at, at + 1, text),
        glued => (at, at, glued.trim_matches(['x', '×'])),
    };
    let is_alone = first == last && count == text;
    let count: u32 = count.parse().ok().filter(|count| (1..=1_000).contains(count) && !is_alone)?;
    words.iter().find(|word| EFFECTS.contains(&word.text))?;
    let end = match words.iter().position(|word| word.text == "every") {
        Some(every) => format!("for {}", multiplied(words, every + 1, count)?),
        None => format!("every 1 s for {count} s"),
    };
    Some(Help::write(words[first].start..words[last].span().end, end))
}

/// The duration at this place of a line, `count` times as long.
fn multiplied(words: &[Word], at: usize, count: u32) -> Option<String> {
    let number = words.get(at)?.text;
    let (number, unit) = match split_glued(number) {
        Some(parts) => parts,
        None => (number, words.get(at + 1).map(|unit| unit.text).filter(|unit| is_length_unit(unit))?),
    };
    let one = unit.trim_end_matches('s');
    let unit = if count > 1 && matches!(one, "beat" | "bar") { format!("{one}s") } else { unit.to_owned() };
    if let Some((part, of)) = parts(number) {
        return Some(format!("{}/{of} {unit}", part * count));
    }
    let thousandths = time::scaled_decimal(number, 1_000)? * u64::from(count);
    let (thousandths, unit) = match unit.as_str() {
        "ms" if thousandths.is_multiple_of(1_000_000) => (thousandths / 1_000, "s".to_owned()),
        _ => (thousandths, unit),
    };
    let (whole, rest) = (thousandths / 1_000, thousandths % 1_000);
    let rest = if rest == 0 { String::new() } else { format!(".{rest:03}") };
    Some(format!("{whole}{} {unit}", rest.trim_end_matches('0')))
}

/// Takes the word out, with the space behind it.
pub(super) fn take_out(words: &[Word], at: usize, why: &str) -> Help {
    let word = words[at];
    let is_apart = at == 0 || words[at - 1].span().end < word.start;
    let end = words.get(at + 1).filter(|_| is_apart).map_or(word.span().end, |next| next.start);
    Help::take_out(word.start..end, format!("take `{}` out{why}", word.text))
}

fn is_count(word: Word) -> bool {
    word.text.starts_with(|c: char| c.is_ascii_digit())
}

fn is_level(word: Word) -> bool {
    word.text.starts_with(|c: char| c.is_ascii_digit()) || matches!(word.text, "on" | "off" | "half" | "full")
}
