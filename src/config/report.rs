//! Collects the mistakes in a file, and leaves out those that follow from broken TOML. Knows no keys.

use std::cell::RefCell;
use std::sync::Arc;

use crate::diagnosis::{Diagnoses, Diagnosis, Source};

use super::document::{Span, SyntaxError};

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
        let mut diagnoses = Diagnoses::default();
        let broken = errors.iter().map(|error| whole_lines(source.text(), &error.span)).collect();
        for error in errors {
            diagnoses.push(syntax(source, error));
        }
        Self { source, top_keys, broken, diagnoses: RefCell::new(diagnoses) }
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
            Some(span) => self.broken.iter().any(|line| span.start <= line.end && line.start <= span.end),
            None => !self.broken.is_empty(),
        };
        if !doubtful {
            self.diagnoses.borrow_mut().push(diagnosis);
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

fn syntax(source: &Arc<Source>, error: SyntaxError) -> Diagnosis {
    let SyntaxError { message, span } = error;
    match message.as_str() {
        "duplicate key" => {
            let key = source.text().get(span.clone()).unwrap_or_default();
            let mend = "keep one of them";
            Diagnosis::error(source, format!("`{key}` stands here twice")).at(span, "again").help(mend)
        }
        _ => Diagnosis::error(source, "this cannot be read").at(span, message),
    }
}
