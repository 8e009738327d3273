//! Why a text of a schedule cannot be read. Knows no grammar.

/// What was expected in the place of a text, and what was probably meant by it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Expected {
    pub(super) what: String,
    /// Each can be written instead.
    pub(super) meant: Vec<String>,
}

impl Expected {
    pub(super) fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), meant: Vec::new() }
    }

    pub(super) fn or_meant(self, meant: Vec<String>) -> Self {
        Self { meant, ..self }
    }
}
