//! Why an FSEQ file cannot be read: what is wrong, where, and what to do. Knows no format.

use std::fmt;
use std::io;

/// A file that was written wholly is read; one that was cut short or damaged on its way is not.
const AGAIN: &str = "copy the file again, or save it again in the program that made it";

/// Why an FSEQ file cannot be read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FseqError {
    what: String,
    /// A byte of the file, from 0.
    byte: Option<u64>,
    advice: &'static str,
}

impl FseqError {
    /// What is wrong at `byte` of the file.
    pub(super) fn at(byte: u64, what: impl Into<String>) -> Self {
        Self { what: what.into(), byte: Some(byte), advice: AGAIN }
    }

    /// What is wrong with the whole file.
    pub(super) fn whole(what: impl Into<String>) -> Self {
        Self { what: what.into(), byte: None, advice: AGAIN }
    }

    pub(super) fn advice(self, advice: &'static str) -> Self {
        Self { advice, ..self }
    }

    /// The file cannot be read at all.
    pub(super) fn unreadable(error: &io::Error) -> Self {
        Self::whole(format!("it cannot be read: {error}")).advice("look whether its disk is well")
    }
}

impl FseqError {
    /// One clause.
    #[must_use]
    pub fn what(&self) -> &str {
        &self.what
    }

    /// Where, in bytes from the beginning of the file; `None` for all of it.
    #[must_use]
    pub fn byte(&self) -> Option<u64> {
        self.byte
    }

    /// What a person can do.
    #[must_use]
    pub fn what_to_do(&self) -> &str {
        self.advice
    }
}

impl fmt::Display for FseqError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.byte {
            Some(byte) => write!(f, "{} (at byte {byte}); {}", self.what, self.advice),
            None => write!(f, "{}; {}", self.what, self.advice),
        }
    }
}

impl std::error::Error for FseqError {}
