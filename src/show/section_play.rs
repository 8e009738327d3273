//! A place in the show at which a section plays. Knows nothing of what is in the section.

use std::ops::Range;

use crate::diagnosis::Source;
use crate::time::ShowTime;

/// A section that the sheet plays; sections within sections are left out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SectionPlay {
    pub start: ShowTime,
    /// When its last cue has ended.
    pub end: ShowTime,
    /// Where the sheet names it, in bytes.
    pub(super) name: Range<usize>,
}

impl SectionPlay {
    /// Where the sheet names it, in bytes.
    #[must_use]
    pub fn span(&self) -> Range<usize> {
        self.name.clone()
    }

    /// The name of the section, as `source` has it, the sheet that it was read from.
    #[must_use]
    pub fn name<'a>(&self, source: &'a Source) -> &'a str {
        source.text().get(self.name.clone()).unwrap_or_default()
    }
}
