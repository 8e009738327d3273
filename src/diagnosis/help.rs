//! What to do about a mistake: words for a person, and the text to write for a program. `tests/hints` writes each
//! text and checks that the mistake is gone. Knows no files.

use std::ops::Range;
use std::panic::Location;

use super::clip::clipped;
use super::near::nearest;
use crate::printable::printable_lines;

/// One way to mend a mistake: `text` in the place of `span`, in bytes of the source.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mend {
    pub span: Range<usize>,
    pub text: String,
}

/// What to do about a mistake.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Help {
    pub(super) words: String,
    /// Each alone mends the mistake.
    pub(super) mends: Vec<Mend>,
    /// They have names or numbers that the person did not write.
    pub(super) is_example: bool,
    /// The line of this program that gives it, so that a test can see that each was tried.
    pub(super) site: &'static Location<'static>,
}

impl Help {
    /// "write `text`", in the place of `span`.
    #[must_use]
    #[track_caller]
    pub fn write(span: Range<usize>, text: impl Into<String>) -> Self {
        Self::write_one_of(span, [text])
    }

    /// "write `a`, `b` or `c`", in the place of `span`.
    #[must_use]
    #[track_caller]
    pub fn write_one_of<T: Into<String>>(span: Range<usize>, texts: impl IntoIterator<Item = T>) -> Self {
        let mends: Vec<Mend> =
            texts.into_iter().map(|text| Mend { span: span.clone(), text: text.into() }).collect();
        let words = format!("write {}", any_of(mends.iter().map(|mend| format!("`{}`", mend.text))));
        Self { words, mends, is_example: false, site: Location::caller() }
    }

    /// As [`write_one_of`](Self::write_one_of), of texts that may have several lines.
    #[track_caller]
    pub(crate) fn write_lines_of(span: Range<usize>, texts: Vec<String>) -> Self {
        let lines = |text: &String| {
            let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
            lines.map(|line| format!("`{line}`")).collect::<Vec<_>>().join(" and below it ")
        };
        let words = format!("write {}", any_of(texts.iter().map(lines)));
        Self::write_one_of(span, texts).said(words)
    }

    /// "did you mean `near`?" of the one of `candidates` that is [near](nearest) to the `word` at `span`.
    #[must_use]
    #[track_caller]
    pub fn meant<'a>(
        span: Range<usize>,
        word: &str,
        candidates: impl IntoIterator<Item = &'a str>,
    ) -> Option<Self> {
        let site = Location::caller();
        nearest(word, candidates).map(|near| Self { site, ..Self::meant_is(span, near, near) })
    }

    /// "did you mean `name`?", which is written as `text`.
    #[must_use]
    #[track_caller]
    pub fn meant_is(span: Range<usize>, name: &str, text: impl Into<String>) -> Self {
        Self {
            words: format!("did you mean `{name}`?"),
            mends: vec![Mend { span, text: text.into() }],
            is_example: false,
            site: Location::caller(),
        }
    }

    /// Take out what stands at `span`. `words` say so.
    #[must_use]
    #[track_caller]
    pub fn take_out(span: Range<usize>, words: impl Into<String>) -> Self {
        Self::write(span, "").said(words)
    }

    /// What a person must do or decide, where no text in one place mends it.
    #[must_use]
    #[track_caller]
    pub fn advise(words: impl Into<String>) -> Self {
        Self { words: words.into(), mends: Vec::new(), is_example: false, site: Location::caller() }
    }

    /// The same without what is not `right`; `None` if nothing of it is. What it says to do by hand stays.
    pub(crate) fn with_mends_that(self, right: &dyn Fn(&Mend) -> bool) -> Option<Self> {
        if self.mends.iter().all(right) {
            return Some(self);
        }
        let mends: Vec<Mend> = self.mends.into_iter().filter(right).collect();
        let span = mends.first()?.span.clone();
        let left = Self::write_one_of(span, mends.into_iter().map(|mend| mend.text));
        Some(Self { site: self.site, is_example: self.is_example, ..left })
    }

    /// Adds these words.
    #[must_use]
    pub fn and(mut self, words: &str) -> Self {
        self.words.push_str(words);
        self
    }

    /// It has names or numbers that the person did not write: no other hint may end with them.
    #[must_use]
    pub(crate) fn into_example(mut self) -> Self {
        self.is_example = true;
        self
    }

    /// What it says to write with the person's own names and numbers.
    pub(crate) fn own_mends(&self) -> &[Mend] {
        if self.is_example { &[] } else { &self.mends }
    }

    pub(crate) fn is_example(&self) -> bool {
        self.is_example
    }

    /// The same for another part of the text; `None` if `moved` has no place for one of its spans.
    pub(crate) fn moved(mut self, moved: &dyn Fn(&Range<usize>) -> Option<Range<usize>>) -> Option<Self> {
        for mend in &mut self.mends {
            mend.span = moved(&mend.span)?;
        }
        Some(self)
    }

    /// The words, made printable.
    pub(super) fn said_for_people(self) -> Self {
        Self { words: clipped(printable_lines(&self.words)), ..self }
    }

    /// Replaces the words; the text to write stays.
    #[must_use]
    pub fn said(mut self, words: impl Into<String>) -> Self {
        self.words = words.into();
        self
    }
}

/// "a, b or c".
pub(crate) fn any_of(words: impl Iterator<Item = String>) -> String {
    let mut words: Vec<String> = words.collect();
    match words.pop() {
        Some(last) if !words.is_empty() => format!("{} or {last}", words.join(", ")),
        last => last.unwrap_or_default(),
    }
}
