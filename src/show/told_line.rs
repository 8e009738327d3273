//! A mistake in a line as a person is told of it: with a hint that was tried. Knows no grammar.

use std::collections::HashSet;
use std::ops::Range;

use crate::diagnosis::TryResult;

use super::slip::explained;
use super::words::{Mistake, SheetLine};

/// The hints for a longer line are not tried: each try reads the line.
const LONGEST: usize = 400;

/// What the whole sheet says.
pub(super) struct SheetFacts<'a> {
    /// The names of its sections.
    pub(super) sections: &'a HashSet<&'a str>,
    pub(super) says_tempo: bool,
}

/// Reads the sheet with a changed line: the first mistake in it, and where the line is.
pub(super) type Again<'a> = dyn Fn(&str) -> Option<(Mistake, Range<usize>)> + 'a;

/// `mistake` in `line` of `source`, explained. `again` reads a changed line, and finds the first mistake in it.
pub(super) fn told(
    mistake: Mistake,
    source: &str,
    line: Range<usize>,
    known: &SheetFacts<'_>,
    again: &Again<'_>,
) -> Mistake {
    let help_of = |mistake: Mistake, text: &str, line: Range<usize>| {
        let words = SheetLine::new(&text[line.clone()], line.start).map(|words| words.span());
        let mistake = match words {
            Some(words) => explained(mistake, text, words, known.sections),
            None => mistake,
        };
        if known.says_tempo { mistake } else { mistake.by_clock() }
    };
    let mut mistake = help_of(mistake, source, line.clone());
    let text = &source[line.clone()];
    if text.len() > LONGEST {
        return mistake;
    }
    let Some(help) = mistake.help.take() else { return mistake };
    let moved = |span: &Range<usize>| {
        let is_here = span.start >= line.start && span.end <= line.end;
        is_here.then(|| span.start - line.start..span.end - line.start)
    };
    let (Some(here), Some(span)) = (help.clone().moved(&moved), moved(&mistake.span)) else {
        return mistake.help(*help);
    };
    let rest = |changed: &str, _| match again(changed) {
        None => TryResult::Mended,
        Some((mistake, line)) => {
            let help = help_of(mistake, changed, line).help;
            TryResult::Mistake(help.map(|help| help.own_mends().to_vec()).unwrap_or_default())
        }
    };
    let back = |span: &Range<usize>| Some(span.start + line.start..span.end + line.start);
    let tried = here.tried((text, span), &rest).and_then(|help| help.moved(&back));
    mistake.help_if_any(tried)
}
