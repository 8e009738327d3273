//! A mistake in a line as a person is told of it: with a hint that was tried. Knows no grammar.

use std::ops::Range;

use crate::diagnosis::TryResult;

use super::meant_line::{LineFacts, meant_line};
use super::slip::explained;
use super::words::{Mistake, SheetLine};

/// The hints for a longer line are not tried: each try reads the line.
const LONGEST: usize = 400;

/// Reads the sheet with a changed line: the first mistake in it, and where the line is.
pub(super) type Again<'a> = dyn Fn(&str) -> Option<(Mistake, Range<usize>)> + 'a;

/// `mistake` in `line` of `source`, explained. `again` reads a changed line, and finds the first mistake in it.
pub(super) fn told(
    mistake: Mistake,
    source: &str,
    line: Range<usize>,
    known: &LineFacts<'_>,
    again: &Again<'_>,
) -> Mistake {
    let help_of = |mistake: Mistake, text: &str, line: Range<usize>| {
        let words = SheetLine::new(&text[line.clone()], line.start).map(|words| words.span());
        let mistake = match words {
            Some(words) => explained(mistake, text, words, known.words.sections, known.length),
            None => mistake,
        };
        if known.says_tempo { mistake } else { mistake.by_clock() }
    };
    let mut mistake = help_of(mistake, source, line.clone());
    let text = &source[line.clone()];
    if text.len() > LONGEST {
        return mistake;
    }
    let moved = |span: &Range<usize>| {
        let is_here = span.start >= line.start && span.end <= line.end;
        is_here.then(|| span.start - line.start..span.end - line.start)
    };
    let Some(span) = moved(&mistake.span) else { return mistake };
    let rest = |changed: &str, _| match again(changed) {
        None => TryResult::Mended,
        Some((mistake, line)) => {
            let help = help_of(mistake, changed, line).help;
            TryResult::Mistake(help.map(|help| help.own_mends().to_vec()).unwrap_or_default())
        }
    };
    let back = |span: &Range<usize>| Some(span.start + line.start..span.end + line.start);
    let tried = match mistake.help.take() {
        Some(help) => match help.clone().moved(&moved) {
            Some(here) => here.tried((text, span), &rest).and_then(|help| help.moved(&back)),
            None => return mistake.help(*help),
        },
        None => None,
    };
    if tried.as_ref().is_some_and(|help| !help.own_mends().is_empty()) {
        return mistake.help_if_any(tried);
    }
    let meant = meant_line(text, known, &rest).and_then(|help| help.moved(&back));
    mistake.help_if_any(meant.or(tried))
}
