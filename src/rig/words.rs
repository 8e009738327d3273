//! Which names a channel or group may have. Knows no channels.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::diagnosis::{Diagnosis, Help};

use super::document::Span;
use super::report::Report;

/// A longer name would not fit beside its light on a screen of 80 columns.
const LONGEST: usize = 32;

/// Words of the cue sheet. No channel or group has one of these names, so that every line of a sheet has one
/// meaning.
#[rustfmt::skip]
pub const RESERVED_WORDS: &[&str] = &[
    "all", "but",
    "at", "by", "every", "for", "from", "over", "to",
    "on", "off", "level", "fade", "ease", "ease-in", "ease-out",
    "pulse", "strobe", "chase", "twinkle", "lit", "reverse", "bounce", "wide", "seed",
    "follow", "rise", "fall",
    "play", "section", "steps",
    "title", "audio", "length", "tempo", "bpm", "map", "first", "frames",
    "us", "ms", "s", "min", "h", "beat", "beats", "bar", "bars",
];

/// Whether `text` has small letters, digits, `_` and `-` only, and at least one of them.
#[must_use]
pub fn is_plain_name(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'_' | b'-'))
}

/// Whether `text` has the form of a name: small letters, digits, `_` and `-`, a letter first, at most
/// 32 of them. A [reserved word](RESERVED_WORDS) has it too.
#[must_use]
pub fn is_name(text: &str) -> bool {
    text.len() <= LONGEST && text.starts_with(|c: char| c.is_ascii_lowercase()) && is_plain_name(text)
}

/// Reports a name that is not allowed; `whose` is "channel" or "group".
pub(super) fn check_name(name: &str, span: &Span, whose: &str, report: &Report<'_>) {
    let fault = |label: &str| -> Diagnosis {
        report
            .error(format!(
                "`{name}` cannot be the name of {} {whose}",
                if whose == "expander" { "an" } else { "a" }
            ))
            .at(span.clone(), label)
    };
    if !is_name(name) {
        let rule = "only small letters, digits, `_` and `-`, a letter first, at most 32 of them";
        report.push(
            fault(rule).help_if_any(nearest_name(name, whose).map(|near| Help::write(span.clone(), near))),
        );
    } else if RESERVED_WORDS.contains(&name) {
        let other = format!("{name}_light");
        let mend = Help::write(span.clone(), &*other).said(format!("choose another, such as `{other}`"));
        report.push(fault("this word means something else in a cue sheet").help(mend));
    }
}

/// Whether a file means `key` by `name`: it is `name`, or a wrong name for which `name` is proposed.
pub(crate) fn is_called(key: &str, name: &str) -> bool {
    key == name || (!is_name(key) && nearest_name(key, "channel").is_some_and(|near| near == name))
}

/// The most similar name that a channel or group can have; a number alone follows `whose`.
pub(crate) fn nearest_name(name: &str, whose: &str) -> Option<String> {
    let letters = name.to_lowercase();
    let letters = letters.trim().nfkd().filter(|letter| !is_combining_mark(*letter));
    let near: String =
        letters.map(|c| if c.is_ascii_alphanumeric() || matches!(c, '_' | '-') { c } else { '_' }).collect();
    let near = near.trim_matches(['_', '-']);
    let near = if near.starts_with(|c: char| c.is_ascii_digit()) {
        format!("{whose}_{near}")
    } else {
        near.to_owned()
    };
    let near: String = near.chars().take(LONGEST).collect();
    (is_name(&near) && !RESERVED_WORDS.contains(&near.as_str())).then_some(near)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_small_letters_digits_and_dashes() {
        for name in ["neon", "food_court", "star-2", "a", "x9"] {
            assert!(is_name(name), "{name}");
        }
        for name in ["", "Neon", "9lives", "_x", "neön", "a b", "a.b", &"a".repeat(33)] {
            assert!(!is_name(name), "{name}");
        }
    }

    #[test]
    fn every_reserved_word_could_be_taken_for_a_name() {
        assert!(RESERVED_WORDS.iter().all(|word| is_name(word)));
    }

    #[test]
    fn a_wrong_name_is_bent_into_the_nearest_right_one() {
        assert_eq!(nearest_name("Food Court", "channel"), Some("food_court".into()));
        assert_eq!(nearest_name("Bäume", "channel"), Some("baume".into()));
        assert_eq!(nearest_name("2nd", "channel"), Some("channel_2nd".into()));
        assert_eq!(nearest_name("All", "channel"), None);
        assert_eq!(nearest_name("!", "channel"), None);
    }
}
