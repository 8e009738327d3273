//! The text of a file, in which mistakes have their places. Knows no mistakes.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

const BYTE_ORDER_MARK: char = '\u{feff}';

/// The text of a file, in which mistakes have their places.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Source {
    path: PathBuf,
    text: String,
}

impl Source {
    /// `text` without the byte order mark that some editors put before it.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>, text: impl Into<String>) -> Arc<Self> {
        let mut text = text.into();
        if text.starts_with(BYTE_ORDER_MARK) {
            text.drain(..BYTE_ORDER_MARK.len_utf8());
        }
        Arc::new(Self { path: path.into(), text })
    }

    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The number of the line that the byte `at` lies in; the first is 1.
    #[must_use]
    pub fn line_number(&self, at: usize) -> usize {
        self.text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
    }

    /// The line and the character in it that byte `at` belongs to, both counted from 1.
    pub(super) fn place(&self, at: usize) -> (usize, usize) {
        let start = self.text[..at].rfind('\n').map_or(0, |newline| newline + 1);
        (self.line_number(at), self.text[start..at].chars().count() + 1)
    }

    /// `span`, widened or moved to the boundaries of characters.
    pub(super) fn clamp(&self, span: Range<usize>) -> Range<usize> {
        let end = floor_to_char(&self.text, span.end.min(self.text.len()));
        floor_to_char(&self.text, span.start.min(end))..end
    }

    /// The lines that `span` touches, the byte at which they begin, and the number of the first.
    pub(super) fn lines_around(&self, span: &Range<usize>) -> (&str, usize, usize) {
        let start = self.text[..span.start].rfind('\n').map_or(0, |newline| newline + 1);
        let end = self.text[span.end..].find('\n').map_or(self.text.len(), |newline| span.end + newline);
        // A carriage return is part of the line end, and would be shown as a character.
        let end = self.text[..end].trim_end_matches('\r').len().max(span.end);
        (&self.text[start..end], start, self.text[..start].matches('\n').count() + 1)
    }
}

fn floor_to_char(text: &str, index: usize) -> usize {
    (0..=index).rev().find(|index| text.is_char_boundary(*index)).unwrap_or(0)
}
