//! Common slips in cue sheets, and what to write instead. Only explains mistakes that were found already. Knows no
//! grammar.

use std::collections::HashSet;
use std::ops::Range;

use crate::diagnosis::Help;

use super::length::some_length;
use super::meant_signs::decimal_comma;
use super::slip_words::mend;
use super::words::{Mistake, SheetLine, Word};

/// `mistake` in `line` of `source`, with help if its underlined word is a common slip. If an invisible character
/// or a decimal comma is the cause, that mistake instead. `sections` are the names of the sheet's sections, and `length`
/// is when its show ends.
pub(super) fn explained(
    mistake: Mistake,
    source: &str,
    line: Range<usize>,
    sections: &HashSet<&str>,
    length: Option<&str>,
) -> Mistake {
    let (start, text) = (line.start, &source[line]);
    if let Some((at, unseen)) = text.char_indices().find(|(_, character)| is_unseen(*character)) {
        let span = start + at..start + at + unseen.len_utf8();
        return Mistake::new(span.clone(), "there is an invisible character here")
            .label(format!("U+{:04X}", unseen as u32))
            .help(Help::take_out(span, "delete it, or type the line again"));
    }
    if let Some((at, number)) = decimal_comma(text) {
        let comma = start + at;
        let before = number.find('.').unwrap_or(0);
        let span = comma - before..comma - before + number.len();
        return Mistake::new(comma..comma + 1, "decimals have a point")
            .label("not a comma")
            .help(Help::write(span, number));
    }
    if mistake.is_exact {
        return mistake;
    }
    let words: Vec<Word> = SheetLine::new(text, start).into_iter().flatten().collect();
    if is_to_the_end(&words, &mistake.span)
        && let Some(length) = length
    {
        let help = Help::write(mistake.span.clone(), length);
        return mistake.help(help);
    }
    let underlined = words.iter().position(|word| word.span() == mistake.span);
    if let Some(help) = underlined.and_then(|at| mend(&words, at, sections)) {
        return mistake.help(help);
    }
    match slow_change(source, &mistake.span, start) {
        Some((span, fade)) => mistake.help(Help::write(span, fade)),
        None => mistake,
    }
}

/// `5.1  for 2 s  neon  on`: how long goes to the end of the line. `line` goes on after `word`.
pub(super) fn duration_first(word: Word, line: &SheetLine) -> Option<Help> {
    let mut ahead = line.clone();
    let lasts = some_length(&mut ahead).ok()?;
    let (end, rest) = (line.span().end, ahead.rest().text);
    let lasts = line.between(word.start, lasts.span.range().end);
    (!rest.is_empty()).then(|| Help::write(word.start..end, format!("{rest} {lasts}")))
}

/// For `off in 2 s`: its place, and the fade that is meant. The mistake is at its `in`.
fn slow_change(source: &str, span: &Range<usize>, line: usize) -> Option<(Range<usize>, String)> {
    let word = source.get(span.clone())?;
    if !matches!(word, "in" | "over" | "within") {
        return None;
    }
    let before = source[line..span.start].trim_end();
    let level = ["on", "off", "%"].into_iter().find(|end| before.ends_with(end))?;
    let level = match level {
        "%" => before[..before.len() - 1].trim_end().rfind(char::is_whitespace)? + 1,
        word => before.len() - word.len(),
    };
    let verb = before[..level].trim_end();
    let level = if verb.ends_with("level") { verb.len() - "level".len() } else { level };
    let target = before[level..].trim_start_matches("level").trim_start();
    let after = &source[span.end..];
    let after = &after[..after.find('\n').unwrap_or(after.len())];
    let mut rest = SheetLine::new(after, span.end)?;
    let lasts = some_length(&mut rest).ok()?;
    rest.peek().is_none().then(|| {
        let fade = format!("fade to {} over {}", target, &source[lasts.span.range()]);
        (line + level..lasts.span.range().end, fade)
    })
}

/// Whether the word at `span` is the `end` of `1.1 to end`.
fn is_to_the_end(words: &[Word], span: &Range<usize>) -> bool {
    let at = words.iter().position(|word| word.span() == *span);
    at.is_some_and(|at| at > 0 && words[at - 1].text == "to" && matches!(words[at].text, "end" | "finish"))
}

/// What the head of `source` says after `length`.
pub(super) fn length_of(source: &str) -> Option<&str> {
    let line = source.lines().find_map(|line| line.strip_prefix("length"))?;
    let length = line.split('#').next().unwrap_or_default().trim();
    crate::time::parse_clock_time(length).is_ok().then_some(length)
}

/// Whether a person cannot see the character.
fn is_unseen(character: char) -> bool {
    let formats = ['\u{ad}', '\u{feff}'].contains(&character)
        || ('\u{200b}'..='\u{200f}').contains(&character)
        || ('\u{202a}'..='\u{202e}').contains(&character)
        || ('\u{2060}'..='\u{2064}').contains(&character);
    formats || (character.is_control() && character != '\t')
}
