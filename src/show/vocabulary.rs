//! The words that a line of a cue sheet may have. Knows nothing of their order.

use std::collections::HashSet;

use crate::diagnosis::near_ones;
use crate::rig::Rig;

use super::head::HEAD_WORDS;
use super::length::is_length_unit;
use super::map_line::numbers;
use super::what::VERBS;
use super::words::Word;

#[rustfmt::skip]
const OTHER_WORDS: [&str; 38] = [
    "all", "but", "play", "to", "from", "over", "for", "every", "lit", "by", "at", "beat", "beats", "bar", "bars",
    "s", "ms", "us", "min", "h", "reverse", "bounce", "wide", "seed", "ease", "ease-in", "ease-out", "bpm", "map",
    "first", "section", "steps", "loudness", "bass", "middle", "treble", "rise", "fall",
];
/// More words than this are not tried in the place of one.
const MOST_NEAR: usize = 5;

/// The words of the language, and the names of this rig and this sheet.
pub(super) struct Vocabulary<'a> {
    pub(super) rig: &'a Rig,
    /// The names of the sections.
    pub(super) sections: &'a HashSet<&'a str>,
}

impl Vocabulary<'_> {
    /// Whether `word` is one of them, or a number as a sheet has it.
    pub(super) fn knows(&self, word: &str) -> bool {
        is_number(word)
            || is_range(word)
            || self.words().any(|known| known == word)
            || self.sections.contains(word)
    }

    /// Whether `word` is `all` or a name of the rig.
    pub(super) fn is_name(&self, word: &str) -> bool {
        word == "all" || self.rig.names().any(|name| name == word)
    }

    /// What may be meant by `word`, the nearest first.
    pub(super) fn near(&self, word: &str) -> Vec<&str> {
        let mut near = near_ones(word, self.words().chain(self.sections.iter().copied()));
        near.truncate(MOST_NEAR);
        near
    }

    fn words(&self) -> impl Iterator<Item = &str> {
        HEAD_WORDS.into_iter().chain(VERBS).chain(OTHER_WORDS).chain(self.rig.names())
    }
}

/// `4-6`, as a `map` line has it.
fn is_range(word: &str) -> bool {
    numbers(Word { text: word, start: 0 }).is_some()
}

/// `5.1`, `0:10`, `9.2&`, `+2`, `1/8`, `2s`.
pub(super) fn is_number(word: &str) -> bool {
    let digits = word.strip_prefix('+').unwrap_or(word);
    let end = digits
        .find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ':' | '/' | '+')))
        .unwrap_or(digits.len());
    let (number, unit) = digits.split_at(end);
    let is_number = number.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && number.ends_with(|c: char| c.is_ascii_digit());
    is_number && (matches!(unit, "" | "e" | "&" | "a") || is_length_unit(unit))
}
