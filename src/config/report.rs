//! Collects the mistakes in a file, and leaves out those that follow from broken TOML. Knows no keys.

use std::cell::RefCell;
use std::sync::Arc;

use crate::diagnosis::{Diagnoses, Diagnosis, Help, Source};

use super::document::{KeyValue, Span, SyntaxError, Value};
use super::syntax::slips;

/// The title of what is not TOML, and no common slip.
pub(super) const CANNOT_BE_READ: &str = "this cannot be read";

pub(crate) struct Report<'s> {
    source: &'s Arc<Source>,
    /// Keys that stand at the top of the file. Below a `[table]` they belong to that table.
    pub(crate) top_keys: &'static [&'static str],
    /// Lines that are not TOML.
    broken: Vec<Span>,
    diagnoses: RefCell<Diagnoses>,
}

impl<'s> Report<'s> {
    pub(crate) fn new(
        source: &'s Arc<Source>,
        top_keys: &'static [&'static str],
        errors: Vec<SyntaxError>,
    ) -> Self {
        let (mut diagnoses, mut broken) = (Diagnoses::default(), Vec::new());
        for slip in if errors.is_empty() { Vec::new() } else { slips(source.text()) } {
            let Span { start, end } = whole_lines(source.text(), &slip.span);
            broken.push(start..if slip.is_open { source.text().len() } else { end });
            diagnoses.push(Diagnosis::error(source, slip.title).at(slip.span, "").help(slip.help));
        }
        for error in errors {
            if !touches_any(&broken, &error.span) {
                broken.push(whole_lines(source.text(), &error.span));
                diagnoses.push(syntax(source, error));
            }
        }
        Self { source, top_keys, broken, diagnoses: RefCell::new(diagnoses) }
    }

    /// What to do about `key` in a table, if it belongs to the top of the file.
    pub(crate) fn to_the_top(&self, key: &str) -> Option<Help> {
        let belongs_there = self.top_keys.contains(&key);
        belongs_there
            .then(|| Help::advise(format!("move `{key}` to the top of the file, above the first `[…]`")))
    }

    /// The text at `span`.
    pub(crate) fn written(&self, span: &Span) -> &str {
        self.source.text().get(span.clone()).unwrap_or_default()
    }

    pub(crate) fn error(&self, title: impl Into<String>) -> Diagnosis {
        Diagnosis::error(self.source, title)
    }

    pub(crate) fn warning(&self, title: impl Into<String>) -> Diagnosis {
        Diagnosis::warning(self.source, title)
    }

    /// Keeps `diagnosis`, unless it may only follow from a line that is not TOML. If there is such a line, a
    /// diagnosis of the whole file is left out too.
    pub(crate) fn push(&self, diagnosis: Diagnosis) {
        let doubtful = match diagnosis.span() {
            Some(span) => touches_any(&self.broken, &span),
            None => !self.broken.is_empty(),
        };
        if !doubtful {
            self.diagnoses.borrow_mut().push(diagnosis);
        }
    }

    /// Whether there is a mistake so far.
    pub(crate) fn has_mistakes(&self) -> bool {
        self.diagnoses.borrow().errors() > 0
    }

    /// Whether there are [very many](Diagnoses::are_many) already.
    pub(crate) fn are_many(&self) -> bool {
        self.diagnoses.borrow().are_many()
    }

    /// Whether a line is not TOML, so that what it says is missing.
    pub(crate) fn has_broken_lines(&self) -> bool {
        !self.broken.is_empty()
    }

    /// The place of `entry`, with one comma beside it: where it is to be taken out.
    pub(crate) fn all_of(&self, entry: &KeyValue) -> Span {
        self.with_comma(&(entry.key_span.start..entry.value.span.end))
    }

    /// `span` with one comma beside it, if there is one.
    pub(crate) fn with_comma(&self, span: &Span) -> Span {
        let (text, Span { start, end }) = (self.source.text(), span.clone());
        let (before, after) = (text[..start].trim_end(), text[end..].trim_start());
        match (before.strip_suffix(','), after.strip_prefix(',')) {
            (Some(before), _) => before.len()..end,
            (None, Some(after)) => start..text.len() - after.trim_start().len(),
            (None, None) => start..end,
        }
    }

    /// Where a further key of the table `value` goes, and what must be before it there.
    pub(crate) fn room_in(&self, value: &Value) -> (Span, &'static str) {
        let written = self.written(&value.span);
        match written.strip_suffix('}').map(str::trim_end) {
            Some(inside) => {
                let end = value.span.start + inside.len();
                (end..end, if inside.ends_with(['{', ',']) { " " } else { ", " })
            }
            None => (value.span.end..value.span.end, "\n"),
        }
    }

    pub(crate) fn finish(self) -> Diagnoses {
        self.diagnoses.into_inner()
    }
}

fn whole_lines(text: &str, span: &Span) -> Span {
    let bytes = text.as_bytes();
    let (start, end) = (span.start.min(bytes.len()), span.end.min(bytes.len()));
    let start = bytes[..start].iter().rposition(|b| *b == b'\n').map_or(0, |newline| newline + 1);
    let end = bytes[end..].iter().position(|b| *b == b'\n').map_or(bytes.len(), |newline| end + newline);
    start..end
}

fn touches_any(lines: &[Span], span: &Span) -> bool {
    lines.iter().any(|line| span.start <= line.end && line.start <= span.end)
}

fn syntax(source: &Arc<Source>, error: SyntaxError) -> Diagnosis {
    let SyntaxError { message, span } = error;
    match message.as_str() {
        "duplicate key" => {
            let key = source.text().get(span.clone()).unwrap_or_default();
            let title = format!("`{key}` is here twice");
            let words = match source.text()[..span.start].ends_with('[') {
                true => "put all its lines below the first one",
                false => "keep one of them",
            };
            Diagnosis::error(source, title).at(span, "again").help(Help::advise(words))
        }
        _ => Diagnosis::error(source, CANNOT_BE_READ).at(span, message),
    }
}
