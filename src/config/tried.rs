//! Tries the hints for the mistakes in a configuration file. A line from which a person's wish can be told gets a hint
//! that gives all of it. Knows no keys.

use std::ops::Range;
use std::sync::Arc;

use crate::diagnosis::{Diagnoses, Diagnosis, Help, Severity, Source, TryResult};

use super::lists::list_meant;
use super::report::CANNOT_BE_READ;

/// The hints of a larger file are not tried: each try reads all of it.
const LARGEST: usize = 64 * 1024;
/// A person mends the first mistakes and asks again.
const MOST: usize = 40;

/// What a reader knows of the lines of its file.
pub(crate) struct LineKnowledge<'a> {
    /// What the lines `text` below `[table]` are probably meant to be; `table` is empty at the top of the file.
    pub(crate) meant: &'a dyn Fn(&str, &str) -> Option<String>,
    /// An example of a line below `[table]`.
    pub(crate) example: &'a dyn Fn(&str) -> Option<String>,
    /// Reads a changed text.
    pub(crate) again: &'a dyn Fn(&Arc<Source>) -> Diagnoses,
}

/// `told` of `source`, with hints that were tried.
pub(crate) fn tried(told: Diagnoses, source: &Arc<Source>, lines: &LineKnowledge<'_>) -> Diagnoses {
    let text = source.text();
    let errors = told.errors();
    if text.len() > LARGEST || errors == 0 {
        return told;
    }
    // Whether the mistake with this title is gone from the changed lines, and no other has come.
    let rest = |title: &str, changed: &str, at: Range<usize>| {
        let after = (lines.again)(&Source::new(source.path(), changed));
        let at = whole_lines(changed, &at);
        let is_there = |told: &&Diagnosis| {
            told.severity() == Severity::Error
                && told.span().is_some_and(|span| span.start <= at.end && at.start <= span.end)
        };
        let is_same = |told: &Diagnosis| told.title() == title;
        match after.errors() < errors && !after.iter().filter(is_there).any(is_same) {
            true => TryResult::Mended,
            false => TryResult::Mistake(after.iter().find(is_there).map_or(Vec::new(), Diagnosis::own_mends)),
        }
    };
    let mut done: Vec<Range<usize>> = Vec::new();
    let mut kept = Diagnoses::default();
    for (place, mut diagnosis) in told.into_each().enumerate() {
        let span = diagnosis.span().filter(|_| diagnosis.severity() == Severity::Error && place < MOST);
        let Some(span) = span else {
            kept.push(diagnosis);
            continue;
        };
        // All of these lines are written anew already.
        if done.iter().any(|lines| lines.start <= span.start && span.end <= lines.end) {
            continue;
        }
        let help = diagnosis.take_help();
        let title = diagnosis.title().to_owned();
        let rest = |changed: &str, at: Range<usize>| rest(&title, changed, at);
        let is_told = help.is_some() || diagnosis.title() == CANNOT_BE_READ;
        let tried = help.and_then(|help| help.tried((text, span.clone()), &rest));
        let block = block(text, &span);
        let table = table_of(text, block.start);
        let is_sure = tried.as_ref().is_some_and(|help| !help.is_example());
        let whole = (lines.meant)(table, &text[block.clone()])
            .or_else(|| list_meant(&text[block.clone()]))
            .filter(|_| !is_sure || block.len() > whole_lines(text, &span).len())
            .and_then(|meant| {
                Help::write_lines_of(block.clone(), vec![meant]).tried((text, block.clone()), &rest)
            });
        let help = match (whole, tried) {
            (Some(whole), _) => {
                done.push(block);
                Some(whole)
            }
            (None, Some(tried)) => Some(tried),
            (None, None) => (lines.example)(table)
                .filter(|_| is_told)
                .map(|example| Help::advise(format!("a line of `[{table}]` looks like `{example}`"))),
        };
        kept.push(diagnosis.help_if_any(help));
    }
    kept
}

/// The table that the line at byte `at` belongs to; empty at the top of the file.
fn table_of(text: &str, at: usize) -> &str {
    let header = text[..at].lines().rev().find(|line| line.trim_start().starts_with('['));
    header.map_or("", |header| header.trim().trim_matches(['[', ']']))
}

/// The lines at `span`: with the indented lines below a name alone, as in YAML, or only its line. Without margins.
fn block(text: &str, span: &Range<usize>) -> Range<usize> {
    let is_indented = |line: &str| line.starts_with([' ', '\t']) && !line.trim().is_empty();
    let line = whole_lines(text, span);
    let mut start = line.start;
    let mut first = &text[line.clone()];
    while is_indented(first) && start > 0 {
        start = text[..start - 1].rfind('\n').map_or(0, |newline| newline + 1);
        first = text[start..].lines().next().unwrap_or_default();
    }
    let is_name = first.trim_end().ends_with(':') && !first.contains(['=', '{', '[']);
    let (mut end, start) = if is_name { (start + first.len(), start) } else { (line.end, line.start) };
    while is_name
        && text[end..]
            .strip_prefix('\n')
            .is_some_and(|below| is_indented(below.lines().next().unwrap_or_default()))
    {
        end = whole_lines(text, &(end + 1..end + 1)).end;
    }
    let lines = &text[start..end];
    let start = end - lines.trim_start().len();
    start..start + lines.trim().len()
}

fn whole_lines(text: &str, span: &Range<usize>) -> Range<usize> {
    let (start, end) = (span.start.min(text.len()), span.end.min(text.len()));
    let start = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
    let end = text[end..].find('\n').map_or(text.len(), |newline| end + newline);
    start..end
}
