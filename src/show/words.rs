//! Splits a line of a cue sheet into words, and describes mistakes in it. Knows no grammar.

use std::ops::Range;
use std::sync::Arc;

use crate::diagnosis::{Diagnosis, Help, Source};

/// Columns from one tab stop to the next, as in a terminal.
const TAB: usize = 8;

/// A word, a `,` or a `%`, with its place in the source.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Word<'a> {
    pub(super) text: &'a str,
    pub(super) start: usize,
}

impl Word<'_> {
    pub(super) fn span(&self) -> Range<usize> {
        self.start..self.start + self.text.len()
    }
}

/// A range of bytes of the source, half as large as a range of `usize`: there is one for each line of a sheet.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Bytes {
    start: u32,
    end: u32,
}

impl Bytes {
    pub(super) fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

impl From<Bytes> for Range<usize> {
    fn from(bytes: Bytes) -> Self {
        bytes.range()
    }
}

/// A sheet is far smaller than 4 GiB. Past that, the largest number is kept.
impl From<Range<usize>> for Bytes {
    fn from(range: Range<usize>) -> Self {
        let kept = |byte: usize| u32::try_from(byte).unwrap_or(u32::MAX);
        Self { start: kept(range.start), end: kept(range.end) }
    }
}

/// A mistake in a line, without its file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Mistake {
    pub(super) span: Range<usize>,
    pub(super) title: String,
    pub(super) label: String,
    pub(super) help: Option<Box<Help>>,
    /// Replaces `help` in a sheet without a tempo.
    pub(super) help_by_clock: Option<Box<Help>>,
    /// Many lines of the sheet may have it. It is reported once.
    pub(super) of_the_sheet: bool,
    /// It is no common slip of words: its help is right.
    pub(super) is_exact: bool,
}

impl Mistake {
    pub(super) fn new(span: impl Into<Range<usize>>, title: impl Into<String>) -> Self {
        Self {
            span: span.into(),
            title: title.into(),
            label: String::new(),
            help: None,
            help_by_clock: None,
            of_the_sheet: false,
            is_exact: false,
        }
    }

    /// The word at `span` says something again that its line has said before.
    pub(super) fn said_twice(span: Range<usize>) -> Self {
        Self::new(span, "this is here twice").label("it is further left already")
    }

    /// `word` does not belong where it is.
    pub(super) fn unexpected(word: Word) -> Self {
        Self::new(word.span(), format!("`{}` is not expected here", word.text))
    }

    pub(super) fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    pub(super) fn help(mut self, help: Help) -> Self {
        self.help = Some(Box::new(help));
        self
    }

    pub(super) fn help_if_any(mut self, help: Option<Help>) -> Self {
        self.help = help.map(Box::new);
        self
    }

    /// The help for a sheet without a tempo, in which bars and beats cannot be used.
    pub(super) fn help_by_clock(mut self, help: Help) -> Self {
        self.help_by_clock = Some(Box::new(help));
        self
    }

    /// The mistake as it is reported in a sheet without a tempo.
    pub(super) fn by_clock(mut self) -> Self {
        if let Some(help) = self.help_by_clock.take() {
            self.help = Some(help);
        }
        self
    }

    /// Reported only at the first line that has it.
    pub(super) fn of_the_sheet(mut self) -> Self {
        self.of_the_sheet = true;
        self
    }

    /// The help is right, whatever its underlined word usually means.
    pub(super) fn exact(mut self) -> Self {
        self.is_exact = true;
        self
    }

    pub(super) fn into_error(self, source: &Arc<Source>) -> Diagnosis {
        self.told_by(Diagnosis::error, source)
    }

    pub(super) fn into_warning(self, source: &Arc<Source>) -> Diagnosis {
        self.told_by(Diagnosis::warning, source)
    }

    fn told_by(self, tell: fn(&Arc<Source>, String) -> Diagnosis, source: &Arc<Source>) -> Diagnosis {
        tell(source, self.title).at(self.span, self.label).help_if_any(self.help.map(|help| *help))
    }
}

/// One line without its remark, read word by word.
#[derive(Clone, Debug)]
pub(super) struct SheetLine<'a> {
    /// The line from its first word on, without remark and trailing space.
    text: &'a str,
    /// The same with its remark.
    whole: &'a str,
    start: usize,
    /// The bytes before the first word.
    pub(super) margin: Range<usize>,
    /// The columns before the first word.
    pub(super) indent: usize,
    /// The byte of `text` at which reading goes on.
    at: usize,
}

impl<'a> SheetLine<'a> {
    /// The line `text`, which begins at byte `start` of the source; `None` if it has no words.
    pub(super) fn new(text: &'a str, start: usize) -> Option<Self> {
        let whole = text.trim();
        let text = without_remark(text).trim_end();
        let body = text.trim_start();
        let margin = text.len() - body.len();
        let indent = text[..margin].chars().fold(0, |column, character| match character {
            '\t' => (column / TAB + 1) * TAB,
            _ => column + 1,
        });
        let margin = start..start + margin;
        (!body.is_empty()).then_some(Self { text: body, whole, start: margin.end, margin, indent, at: 0 })
    }

    /// All of the line.
    pub(super) fn span(&self) -> Range<usize> {
        self.start..self.start + self.text.len()
    }

    /// All of the line and its remark.
    pub(super) fn whole_span(&self) -> Range<usize> {
        self.start..self.start + self.whole.len()
    }

    pub(super) fn peek(&self) -> Option<Word<'a>> {
        self.clone().next()
    }

    /// All of its words, also those that were read.
    pub(super) fn clone_from_start(&self) -> Self {
        Self { at: 0, ..self.clone() }
    }

    /// The line from `word` on, which is one of its words.
    pub(super) fn clone_from_word(&self, word: Word) -> Self {
        Self { at: word.start - self.start, ..self.clone() }
    }

    /// Takes the next word if it is `text`.
    pub(super) fn take(&mut self, text: &str) -> Option<Word<'a>> {
        let word = self.peek().filter(|word| word.text == text)?;
        self.next();
        Some(word)
    }

    /// The next word, or a mistake at the end of the line that says what was expected there.
    pub(super) fn expect(&mut self, expected: &str) -> Result<Word<'a>, Mistake> {
        self.next().ok_or_else(|| {
            let end = self.start + self.text.len();
            Mistake::new(end.saturating_sub(1)..end, format!("the line ends where {expected} is expected"))
                .label(format!("after this, {expected}"))
        })
    }

    /// The rest of the line as it stands, for titles, file names and strips; may be empty.
    pub(super) fn rest(&mut self) -> Word<'a> {
        let rest = self.text[self.at..].trim_start();
        let word = Word { text: rest, start: self.start + self.text.len() - rest.len() };
        self.at = self.text.len();
        word
    }

    /// A text in double quotes, if one begins here and closes before a space or the end of the line: what is
    /// between the quotes. It may contain ` #`.
    pub(super) fn quoted(&mut self) -> Result<Option<Word<'a>>, Mistake> {
        let rest = self.whole[self.at..].trim_start();
        let open = self.whole.len() - rest.len();
        let Some(inside) = rest.strip_prefix('"') else { return Ok(None) };
        let Some(length) = inside.find('"') else {
            let word = self.clone().rest();
            let help = Help::write(word.span(), format!("\"{}\"", word.text[1..].trim_end()));
            return Err(Mistake::new(self.start + open..self.start + open + 1, "this quote is never closed")
                .label("a `\"` is missing after the text")
                .help(help));
        };
        let close = open + 1 + length + 1;
        let behind = &self.whole[close..];
        if !(behind.is_empty() || behind.starts_with(char::is_whitespace) || behind.starts_with(',')) {
            return Ok(None);
        }
        let kept = without_remark(behind).trim_end().len();
        self.text = &self.whole[..close + kept];
        self.at = close;
        Ok(Some(Word { text: &inside[..length], start: self.start + open + 1 }))
    }

    /// The remark, with its place; `None` if there is none.
    pub(super) fn remark(&self) -> Option<Word<'a>> {
        let rest = self.whole[self.text.len()..].trim_start();
        let start = self.start + self.whole.len() - rest.len();
        (!rest.is_empty()).then_some(Word { text: rest, start })
    }

    /// The text of the line between two bytes of the source, the remark included.
    pub(super) fn between(&self, start: usize, end: usize) -> &'a str {
        self.whole.get(start - self.start..end - self.start).unwrap_or_default()
    }

    /// A further word is a mistake: it comes after `what`.
    pub(super) fn finish(&mut self, after: &str) -> Result<(), Mistake> {
        match self.next() {
            None => Ok(()),
            Some(word) => Err(Mistake::unexpected(word).label(format!("{after} ends before this"))),
        }
    }
}

impl<'a> Iterator for SheetLine<'a> {
    type Item = Word<'a>;

    fn next(&mut self) -> Option<Word<'a>> {
        let rest = self.text[self.at..].trim_start();
        let start = self.text.len() - rest.len();
        let first = rest.chars().next()?;
        let length = match first {
            ',' | '%' => 1,
            _ => rest.find(|c: char| c.is_whitespace() || matches!(c, ',' | '%')).unwrap_or(rest.len()),
        };
        self.at = start + length;
        Some(Word { text: &rest[..length], start: self.start + start })
    }
}

/// A remark runs from a `#` at the beginning or after a space to the end of the line.
fn without_remark(text: &str) -> &str {
    let starts_remark =
        |(at, _): &(usize, &str)| text[..*at].chars().next_back().is_none_or(char::is_whitespace);
    text.match_indices('#').find(starts_remark).map_or(text, |(at, _)| &text[..at])
}

/// `name` as it is written in a sheet: in quotes, if a part of it has a meaning of its own.
pub(crate) fn as_name(name: &str) -> String {
    let is_plain = |c: char| !c.is_whitespace() && !matches!(c, ',' | '%' | '"');
    match (name.chars().all(is_plain) && !name.starts_with('#')) || name.contains('"') {
        true => name.to_owned(),
        false => format!("\"{name}\""),
    }
}

pub(super) fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<&str> {
        SheetLine::new(text, 0).into_iter().flatten().map(|word| word.text).collect()
    }

    #[test]
    fn commas_and_per_cent_signs_are_words_of_their_own() {
        assert_eq!(words("  5.2&  neon,sign\t80% "), ["5.2&", "neon", ",", "sign", "80", "%"]);
    }

    #[test]
    fn a_remark_begins_after_a_space() {
        assert_eq!(words("1.1 neon on # bright"), ["1.1", "neon", "on"]);
        assert_eq!(words("title C#"), ["title", "C#"]);
        assert_eq!(words("# nothing"), [""; 0]);
        assert_eq!(words("   "), [""; 0]);
    }

    #[test]
    fn words_know_their_place_in_the_source() {
        let line = SheetLine::new("  neon on", 100).unwrap();
        assert_eq!(line.indent, 2);
        assert_eq!(line.span(), 102..109);
        assert_eq!(line.clone().last().unwrap().span(), 107..109);
    }

    #[test]
    fn the_rest_of_a_line_keeps_its_spaces() {
        let mut line = SheetLine::new("title   A  b # c", 0).unwrap();
        line.next();
        assert_eq!(line.rest(), Word { text: "A  b", start: 8 });
    }
}
