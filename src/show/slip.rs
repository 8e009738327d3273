//! Common slips in cue sheets, and what to write instead. Only explains mistakes that were found already. Knows no
//! grammar.

use std::ops::Range;

use crate::diagnosis::Help;
use crate::rig::Rig;

use super::length::some_length;
use super::slip_words::mend;
use super::words::{Mistake, SheetLine, Word};

/// `mistake` in `line` of `source`, with help if its underlined word is a common slip. If an invisible character
/// or a decimal comma is the cause, that mistake instead.
pub(super) fn explained(mistake: Mistake, source: &str, line: Range<usize>) -> Mistake {
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
    let underlined = words.iter().position(|word| word.span() == mistake.span);
    if let Some(help) = underlined.and_then(|at| mend(&words, at)) {
        return mistake.help(help);
    }
    match slow_change(source, &mistake.span, start) {
        Some((span, fade)) => mistake.help(Help::write(span, fade)),
        None => mistake,
    }
}

/// As [`SheetLine::finish`] behind a cue whose first column ends at `when_end`, with help for what people often put
/// there.
pub(super) fn finish_cue(line: &mut SheetLine, when_end: usize, rig: &Rig) -> Result<(), Mistake> {
    let (next, all) = (line.peek(), line.span());
    let moved = |word: Word| {
        let (when, rest) = (line.between(all.start, when_end), line.between(when_end, word.start));
        let moved = line.between(word.start, all.end);
        let moved = moved.replacen("until", "to", 1).replacen("till", "to", 1);
        format!("{} {moved}  {}", when.trim(), rest.trim())
    };
    let moved = next.filter(|next| matches!(next.text, "to" | "until" | "till" | "every")).map(moved);
    let lasts = next.and_then(|next| {
        let mut ahead = line.clone();
        let length = some_length(&mut ahead).ok()?;
        Some((
            next.start..length.span.range().end,
            line.between(next.start, length.span.range().end).to_owned(),
        ))
    });
    let second = next.filter(|next| matches!(next.text, "and" | "," | "&" | "then")).map(|next| {
        let when = line.between(all.start, when_end).trim();
        let rest = line.between(next.span().end, all.end).trim();
        (when, rest.strip_prefix("then").unwrap_or(rest).trim())
    });
    let is_cue = |rest: &str| {
        let name = rest.split([' ', ',']).next().unwrap_or_default();
        rig.channels_named(name).is_some()
    };
    let is_fade = line.clone_from_start().any(|word| word.text == "fade");
    line.finish("the cue").map_err(|mistake| match (next, moved) {
        // A second cue goes on its own line.
        (Some(next), _) if second.is_some_and(|(_, rest)| is_cue(rest)) => {
            let cue = second.map_or(String::new(), |(when, rest)| format!("{when}  {rest}"));
            let words = format!("put the second cue on its own line: `{cue}`");
            mistake.help(Help::write(next.start..all.end, format!("\n{cue}")).said(words)).exact()
        }
        (Some(Word { text: "every", .. }), Some(moved)) if line_has_end(&moved) => {
            mistake.help(Help::write(all, moved))
        }
        // An end goes after the first time, and a repeat after the end.
        (Some(Word { text: "to" | "until" | "till", .. }), Some(moved)) => {
            mistake.help(Help::write(all, moved)).exact()
        }
        (Some(Word { text: "every", .. }), _) => mistake.help(Help::advise(
            "to repeat a cue, say until when and how often after its time, as in `5.1 to 9.1 every 1 bar`",
        )),
        _ if let Some((span, lasts)) = lasts => {
            mistake.help(Help::write(span, format!("{} {lasts}", if is_fade { "over" } else { "for" })))
        }
        _ => mistake,
    })
}

fn line_has_end(line: &str) -> bool {
    line.split_once("every").is_some_and(|(before, _)| before.contains(" to "))
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

/// Whether a person cannot see the character.
fn is_unseen(character: char) -> bool {
    let formats = ['\u{ad}', '\u{feff}'].contains(&character)
        || ('\u{200b}'..='\u{200f}').contains(&character)
        || ('\u{202a}'..='\u{202e}').contains(&character)
        || ('\u{2060}'..='\u{2064}').contains(&character);
    formats || (character.is_control() && character != '\t')
}

/// The place of a comma that is meant as a decimal point, and the number with a point.
fn decimal_comma(line: &str) -> Option<(usize, String)> {
    line.match_indices(',').find_map(|(at, _)| {
        let (before, after) = (&line[..at], &line[at + 1..]);
        let before = before.rsplit(char::is_whitespace).next()?;
        let after = &after[..after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len())];
        let is_number = before.ends_with(|c: char| c.is_ascii_digit())
            && before.chars().all(|c| c.is_ascii_digit() || matches!(c, ':' | '+'));
        (is_number && !after.is_empty()).then(|| (at, format!("{before}.{after}")))
    })
}
