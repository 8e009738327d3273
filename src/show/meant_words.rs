//! A line word by word, as it is written in a cue sheet: other capitals, other signs around words, words that are
//! glued or doubled, words that mean the same. Knows no grammar: who uses this reads the line again.

use super::length::{clock_time_meant, is_length_unit, parts, unit_meant};
use super::vocabulary::{Vocabulary, is_number};
use super::what::VERBS;
use super::words::{SheetLine, is_digits};

/// What may stand around a word.
const AROUND: &str = "\"'`()[]{}<>*;:.!?|\\=~-–—→…_^";
/// What people write between two words instead of a space.
const BETWEEN: [&str; 14] = [";", "|", "->", "=>", ":=", "=", "(", "/", "&", ":", "–", "+", ".", "-"];
/// What people write between two times.
const UNTIL: [&str; 12] = ["-", "–", "—", "->", "=>", "→", "..", "...", "…", "~", "/", ">"];
/// Words that say nothing in a cue.
#[rustfmt::skip]
const FILLERS: [&str; 21] = [
    "please", "then", "now", "will", "should", "shall", "be", "do", "make", "is", "are", "let", "the", "just", "it",
    "time", "get", "t", "whole", "single", "long",
];
/// Words of other people, and the word of a cue sheet.
const SAME: [(&[&str], &str); 15] = [
    (&["during", "lasting", "while", "in"], "for"),
    (&["through", "thru", "til", "till", "until", "into", "upto", "bis"], "to"),
    (&["rate", "repeating"], "every"),
    (&["minus", "excluding"], "but"),
    (&["any"], "all"),
    (&["slide"], "fade"),
    (&["ping-pong", "pingpong"], "bounce"),
    (&["speed"], "tempo"),
    (&["percent", "pct", "prozent", "o/o"], "%"),
    (&["out"], "off"),
    (&["1st"], "first"),
    (&["easein", "easin"], "ease-in"),
    (&["easeout"], "ease-out"),
    (&["bt", "bts", "count", "counts"], "beats"),
    (&["beats/min", "b.p.m"], "bpm"),
];

/// `line` in the words that `known` has. `length` is when the show ends, as its head says.
pub(super) fn meant_words(line: &str, known: &Vocabulary, length: Option<&str>) -> String {
    let Some(words) = SheetLine::new(line, 0) else { return line.to_owned() };
    let mut all: Vec<String> = Vec::new();
    let texts: Vec<&str> = words.clone().map(|word| word.text).collect();
    for (at, word) in texts.iter().enumerate() {
        let before = at.checked_sub(1).map(|before| texts[before]);
        let is_between =
            before.is_some_and(is_number) && texts.get(at + 1).is_some_and(|next| is_number(next));
        match meant(word, known) {
            _ if is_between && UNTIL.contains(word) => all.push("to".to_owned()),
            Some(word) => all.extend(word.split_whitespace().map(str::to_owned)),
            None => {}
        }
        // The rest is a name as a person likes it.
        if at == 0 && all.first().is_some_and(|first| matches!(first.as_str(), "title" | "audio")) {
            let rest = words.between(word.len(), line.len()).trim_start_matches([':', '=', ' ', '\t']);
            return format!("{}  {rest}", all[0]);
        }
    }
    all.dedup_by(|word, before| word == before && word != ",");
    phrases(&mut all, length);
    let is_tempo = all.first().is_some_and(|first| first == "tempo");
    let commas: Vec<bool> = (0..all.len())
        .map(|at| {
            let between = at.checked_sub(1).and_then(|before| Some((&all[before], all.get(at + 1)?)));
            let separates = between.is_some_and(|(before, after)| match is_tempo {
                true => after != "bpm" && before != "tempo",
                false => known.is_name(before) && known.is_name(after),
            });
            all[at] != "," || separates
        })
        .collect();
    let mut kept = commas.into_iter();
    all.retain(|_| kept.next().unwrap_or(true));
    let remark = words.remark().map_or(String::new(), |remark| format!("  {}", remark.text));
    all.join(" ").replace(" ,", ",") + &remark
}

/// One word, or several that were glued; `None` if it says nothing.
fn meant(word: &str, known: &Vocabulary) -> Option<String> {
    if matches!(word, "," | "%") || known.knows(word) {
        return Some(word.to_owned());
    }
    let bare = without_signs(word);
    if bare.is_empty() {
        return None;
    }
    let lower = bare.to_lowercase();
    if known.knows(&lower) {
        return Some(lower);
    }
    if FILLERS.contains(&lower.as_str()) {
        return None;
    }
    let same =
        SAME.iter().find(|(words, _)| words.contains(&lower.as_str())).map(|(_, same)| (*same).to_owned());
    same.or_else(|| unit_meant(&lower).map(str::to_owned))
        .or_else(|| bar(&lower))
        .or_else(|| number_with(&lower))
        .or_else(|| in_digits(bare))
        .or_else(|| glued(&lower, known))
        .or_else(|| Some(bare.to_owned()))
}

/// `word` without the signs around it; `.5` keeps its point.
fn without_signs(word: &str) -> &str {
    let end = word.trim_end_matches(|c| AROUND.contains(c));
    let bare = end.trim_start_matches(|c| AROUND.contains(c));
    let point = end.len() - bare.len();
    let is_part = bare.starts_with(|c: char| c.is_ascii_digit()) && end[..point].ends_with('.');
    if is_part { &end[point - 1..] } else { bare }
}

/// `l0:O5` as `10:05`.
fn in_digits(word: &str) -> Option<String> {
    let digits = word.replace(['O', 'o'], "0").replace(['l', 'I'], "1");
    is_number(&digits).then_some(digits)
}

/// `2x` as `2`, and `40percent` as `40 %`.
fn number_with(word: &str) -> Option<String> {
    let (number, sign) = word.split_at(word.find(char::is_alphabetic)?);
    let end = match sign {
        "x" => "",
        "percent" | "pct" => " %",
        _ => return None,
    };
    is_number(number).then(|| format!("{number}{end}"))
}

/// `bar9`, `m9`, `b9.1`, `t9` and `9b1` as `9.1`.
fn bar(word: &str) -> Option<String> {
    let digits = word.trim_start_matches(char::is_alphabetic);
    let is_bar = matches!(&word[..word.len() - digits.len()], "bar" | "m" | "b" | "t" | "takt" | "measure");
    let time = match digits.split_once('b') {
        Some((bar, beat)) if digits.len() == word.len() => format!("{bar}.{beat}"),
        _ if !is_bar => return None,
        _ if is_digits(digits) => format!("{digits}.1"),
        _ => digits.to_owned(),
    };
    time.split_once('.').filter(|(bar, beat)| is_digits(bar) && is_digits(beat))?;
    Some(time)
}

/// `for10`, `porch->on`, `butporch`: the words in it.
fn glued(word: &str, known: &Vocabulary) -> Option<String> {
    let is_meant = |part: &str| known.knows(part) || unit_meant(part).is_some();
    for sign in BETWEEN {
        let parts = word.split(sign).filter(|part| !part.is_empty() && !FILLERS.contains(part));
        let parts: Vec<&str> = parts.collect();
        if !parts.is_empty() && parts.iter().all(|part| is_meant(part)) {
            let are_names = parts.iter().all(|part| known.is_name(part));
            return Some(parts.join(if are_names { " , " } else { " " }));
        }
    }
    let splits = word.char_indices().skip(1).map(|(at, _)| word.split_at(at));
    let (first, second) = splits
        .filter(|(first, second)| is_meant(first) && is_meant(second))
        // `5.1s` is no `5.` and `1s`, and `mss` no `ms` and `s`.
        .find(|(first, second)| !(is_number(first) && is_number(second) || is_length_unit(first)))?;
    let unit = unit_meant(second).filter(|_| is_number(first)).unwrap_or(second);
    Some(format!("{first} {unit}"))
}

/// Phrases of several words, as a cue sheet says them.
fn phrases(words: &mut Vec<String>, length: Option<&str>) {
    let mut at = 0;
    while at < words.len() {
        let next = |ahead: usize| words.get(at + ahead).map_or("", String::as_str);
        let is_place = |word: &str| is_number(word) && word.contains([':', '.']) && !word.starts_with('+');
        let are_alike = |one: &str, other: &str| one.contains(':') == other.contains(':');
        let to_the_end = matches!(next(1), "end" | "finish").then_some(2);
        let phrase = match (next(0), next(1), next(2)) {
            ("per" | "every", "cent", _) => Some((2, "%".to_owned())),
            ("beats", "per" | "every", "minute" | "min") => Some((3, "bpm".to_owned())),
            ("starting", "at", _) => Some((2, "from".to_owned())),
            ("up" | "down", "to", _) => Some((2, "to".to_owned())),
            ("ease", "in" | "out", _) => Some((2, format!("ease-{}", next(1)))),
            ("%", number, _)
                if is_number(number) && !words[..at].last().is_some_and(|last| is_number(last)) =>
            {
                Some((2, format!("{number} %")))
            }
            ("forever", ..) => length.map(|length| (1, format!("to {length}"))),
            ("to", verb, _) if VERBS[3..].contains(&verb) || verb == "play" => Some((2, verb.to_owned())),
            ("to", ..) => to_the_end.zip(length).map(|(count, length)| (count, format!("to {length}"))),
            ("beat", beat, "of") if next(3) == "bar" && is_digits(beat) && is_digits(next(4)) => {
                Some((5, format!("{}.{beat}", next(4))))
            }
            (nth, "bar", _) if at == 0 => {
                let number = ["st", "nd", "rd", "th", "."].iter().find_map(|end| nth.strip_suffix(end));
                number.filter(|number| is_digits(number)).map(|number| (2, format!("{number}.1")))
            }
            // `1. 0:10`, a line with its number.
            (number, time, _) if at == 0 && is_digits(number) && is_place(time) => Some((2, time.to_owned())),
            (bar, "1" | "2" | "3" | "4", then) if at == 0 && is_digits(bar) && !is_length_unit(then) => {
                Some((2, format!("{bar}.{}", next(1))))
            }
            (minutes, seconds, then) if at == 0 && is_digits(minutes) && !is_length_unit(then) => {
                (is_digits(seconds) && seconds.len() == 2 && *seconds < *"60")
                    .then(|| (2, format!("{minutes}:{seconds}")))
            }
            (minutes, seconds, _) if at == 0 && minutes.ends_with('m') && seconds.ends_with('s') => {
                clock_time_meant(&format!("{minutes}{seconds}")).map(|time| (2, time))
            }
            ("first" | "start", _, "at") => Some((2, "first beat".to_owned())),
            (time, "m" | "min" | "s", _) if time.contains(':') && is_number(time) => {
                Some((2, time.to_owned()))
            }
            (start, end, _)
                if at == 0 && start != end && is_place(start) && is_place(end) && are_alike(start, end) =>
            {
                Some((2, format!("{start} to {end}")))
            }
            (end, number, unit)
                if at == 2 && words[1] == "to" && is_number(number) && is_length_unit(unit) =>
            {
                (is_place(end)).then(|| (2, format!("{end} every {number}")))
            }
            // `1 1/2 beats`
            (whole, fraction, _) if is_digits(whole) => mixed(whole, fraction).map(|number| (2, number)),
            _ => None,
        };
        if let Some((count, text)) = phrase {
            words.splice(at..at + count, text.split(' ').map(str::to_owned));
        }
        at += 1;
    }
}

/// `1 1/2` as `1.5`, and `2 1/3` as `7/3`.
fn mixed(whole: &str, fraction: &str) -> Option<String> {
    let (count, of) = parts(fraction)?;
    let whole: u32 = whole.parse().ok().filter(|whole| *whole < 1_000)?;
    let part = match (count, of) {
        (1, 2) => ".5",
        (1, 4) => ".25",
        (3, 4) => ".75",
        _ => return (count < of).then(|| format!("{}/{of}", whole * of + count)),
    };
    Some(format!("{whole}{part}"))
}
