//! Follows a hint as it is printed, and the hints for what is wrong then, until the mistake is gone. So a hint that
//! is shown is right, and gives all that there is to change. Knows no files.

use std::ops::Range;

use super::help::{Help, Mend};

/// A hint that leads to more tries than this is none.
const MOST_TRIES: usize = 12;
/// No more texts than this are offered.
const MOST_TEXTS: usize = 3;

/// What is wrong once a hint was followed.
pub(crate) enum TryResult {
    Mended,
    /// Another mistake, with what it says to write, in bytes of the changed text.
    Mistake(Vec<Mend>),
}

impl Help {
    /// The hint for the mistake at `span` of `text`, tried. `rest` reads a changed text; its second argument is where
    /// it was changed. If more has to be changed than the underlined `span`, the hint gives the whole line. `None` if
    /// the mistake remains, whatever is written.
    pub(crate) fn tried(
        self,
        (text, span): (&str, Range<usize>),
        rest: &dyn Fn(&str, Range<usize>) -> TryResult,
    ) -> Option<Self> {
        if self.mends.is_empty() {
            return Some(self);
        }
        let mut is_enough = true;
        let mut texts = Vec::new();
        let mut tries = MOST_TRIES;
        for mend in &self.mends {
            let (changed, at) = write(text, mend);
            match rest(&changed, at) {
                TryResult::Mended => texts.push(changed),
                TryResult::Mistake(mends) => {
                    is_enough = false;
                    follow(&changed, &mends, &mut tries, rest, &mut texts);
                }
            }
        }
        // Words of its own say what is changed.
        let is_plain = self.words.starts_with("write `");
        let is_all_underlined =
            span.is_empty() || self.mends.iter().all(|mend| mend.span == span || mend.span.is_empty());
        match texts.is_empty() {
            true => None,
            false if is_enough && (is_all_underlined || !is_plain) => Some(self),
            false => Some(self.in_full(text, texts)),
        }
    }

    /// Gives the whole lines that have to be changed in `text`, as they are in each of `texts`.
    fn in_full(self, text: &str, mut texts: Vec<String>) -> Self {
        texts.dedup();
        texts.truncate(MOST_TEXTS);
        let same_start = texts.iter().map(|other| same(text.chars(), other.chars())).min().unwrap_or(0);
        let longest = texts.iter().map(String::len).chain([text.len()]).min().unwrap_or(0) - same_start;
        let same_end = texts.iter().map(|other| same(text.chars().rev(), other.chars().rev())).min();
        let same_end = text.len() - same_end.unwrap_or(0).min(longest);
        let start = text[..same_start].rfind('\n').map_or(0, |newline| newline + 1);
        let end = text[same_end..].find('\n').map_or(text.len(), |newline| same_end + newline);
        let start = start + text[start..same_start].len() - text[start..same_start].trim_start().len();
        let end = same_end + text[same_end..end].trim_end().len();
        let behind = text.len() - end;
        let lines = texts.iter().map(|other| other[start..other.len() - behind].trim_end().to_owned());
        Self { site: self.site, ..Self::write_lines_of(start..end, lines.collect()) }
    }
}

/// Collects in `texts` what becomes of `text` when `mends` and the hints after them are followed to the end.
fn follow(
    text: &str,
    mends: &[Mend],
    tries: &mut usize,
    rest: &dyn Fn(&str, Range<usize>) -> TryResult,
    texts: &mut Vec<String>,
) {
    for mend in mends {
        if *tries == 0 {
            return;
        }
        *tries -= 1;
        let (changed, at) = write(text, mend);
        match rest(&changed, at) {
            _ if texts.len() == MOST_TEXTS => return,
            TryResult::Mended => texts.push(changed),
            TryResult::Mistake(mends) => follow(&changed, &mends, tries, rest, texts),
        }
    }
}

/// `text` as it is once `mend` was written, and where it was changed.
fn write(text: &str, mend: &Mend) -> (String, Range<usize>) {
    let mut changed = text.to_owned();
    changed.replace_range(mend.span.clone(), &mend.text);
    (changed, mend.span.start..mend.span.start + mend.text.len())
}

/// The bytes of the characters with which both begin.
fn same(one: impl Iterator<Item = char>, other: impl Iterator<Item = char>) -> usize {
    one.zip(other).take_while(|(one, other)| one == other).map(|(one, _)| one.len_utf8()).sum()
}
