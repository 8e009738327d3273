//! Why a file cannot be imported: what is wrong, where, and what to do. Knows no format.

use crate::printable::printable;

/// Longer texts of a file are cut in messages.
const LONGEST_QUOTE: usize = 40;

/// Where something is in a file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum FilePlace {
    Whole,
    /// Counted from 0.
    Byte(usize),
    /// Counted from 1.
    Line(usize),
    /// As a person finds it: "track 3, bar 9".
    Words(String),
}

/// Why a file cannot be imported.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{}{what}{}", before(.place), after(.advice))]
pub struct ImportFault {
    pub what: String,
    pub place: FilePlace,
    /// What a person can do; may be empty.
    pub advice: String,
}

impl ImportFault {
    /// `what` is wrong at `place`. Text of the file in it must be quoted first.
    pub fn new(place: FilePlace, what: impl Into<String>) -> Self {
        Self { what: what.into(), place, advice: String::new() }
    }

    #[must_use]
    pub fn advise(mut self, advice: impl Into<String>) -> Self {
        self.advice = advice.into();
        self
    }
}

impl ImportFault {
    /// The same in a file of several.
    pub(super) fn in_file(self, name: &str) -> Self {
        let within = before(&self.place);
        let place = format!("{} {}", quoted(name), within.trim_end_matches(": "));
        Self { place: FilePlace::Words(place.trim_end().to_owned()), ..self }
    }
}

fn before(place: &FilePlace) -> String {
    match place {
        FilePlace::Whole => String::new(),
        FilePlace::Byte(byte) => format!("byte {byte}: "),
        FilePlace::Line(line) => format!("line {line}: "),
        FilePlace::Words(words) => format!("{words}: "),
    }
}

fn after(advice: &str) -> String {
    if advice.is_empty() { String::new() } else { format!("\n  {advice}") }
}

/// Text of a file for a message: harmless, and not too long.
pub(super) fn quoted(text: &str) -> String {
    let text = text.trim();
    let mut cut: String = text.chars().take(LONGEST_QUOTE).collect();
    if cut.len() < text.len() {
        cut.push('…');
    }
    format!("`{}`", printable(&cut))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_says_where_what_and_what_to_do() {
        let fault = ImportFault::new(FilePlace::Line(3), "no time").advise("write one");
        assert_eq!(fault.to_string(), "line 3: no time\n  write one");
        assert_eq!(ImportFault::new(FilePlace::Byte(0), "no").to_string(), "byte 0: no");
        assert_eq!(quoted(" a\x1b\u{202e}b "), "`a␛\u{fffd}b`");
        assert_eq!(quoted(&"é".repeat(50)).chars().count(), 43);
    }
}
