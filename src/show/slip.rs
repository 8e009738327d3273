//! Common slips in cue sheets, and what to write instead. Only explains mistakes that were found already. Knows no
//! grammar.

use std::ops::Range;

use crate::diagnosis::Help;

use super::length::some_length;
use super::words::{Mistake, SheetLine, Word};

/// `mistake` in `line` of `source`, with help if its underlined word is a common slip. If an invisible character
/// or a decimal comma is the cause, that mistake instead.
pub(super) fn explained(mistake: Mistake, source: &str, line: Range<usize>) -> Mistake {
    let (start, text) = (line.start, &source[line]);
    if let Some((at, unseen)) = text.char_indices().find(|(_, character)| is_unseen(*character)) {
        let at = start + at;
        return Mistake::new(at..at + unseen.len_utf8(), "an invisible character stands here")
            .label(format!("U+{:04X}", unseen as u32))
            .help("delete it, or type the line anew");
    }
    if let Some((at, number)) = decimal_comma(text) {
        let comma = start + at;
        let before = number.find('.').unwrap_or(0);
        let span = comma - before..comma - before + number.len();
        return Mistake::new(comma..comma + 1, "decimals have a point")
            .label("not a comma")
            .help(Help::write(span, number));
    }
    if let Some((span, fade)) = slow_change(source, &mistake.span, start) {
        return mistake.help(Help::write(span, fade));
    }
    match source.get(mistake.span.clone()).and_then(mend) {
        Some(mend) => mistake.help(mend),
        None => mistake,
    }
}

/// As [`SheetLine::finish`] behind a cue, with help for what people often put there.
pub(super) fn finish_cue(line: &mut SheetLine) -> Result<(), Mistake> {
    let next = line.peek();
    line.finish("the cue").map_err(|mistake| match next {
        Some(Word { text: "to", .. }) => {
            mistake.help("an end stands behind the first time: `5.1 to 9.1  neon  on`")
        }
        Some(Word { text: "every", .. }) => {
            mistake.help("a repeat stands behind the time: `5.1 to 9.1 every 1 bar  neon  on`")
        }
        Some(word) if word.text.starts_with(|c: char| c.is_ascii_digit()) => {
            mistake.help("how long a cue lasts is `for 2 s`, and how long a fade takes is `over 2 s`")
        }
        _ => mistake,
    })
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

/// What to write instead of `word`.
fn mend(word: &str) -> Option<&'static str> {
    Some(match word {
        "-" | "–" | "—" | "until" | "till" => {
            "between two times or levels stands `to`: `5.1 to 9.1`, `20 to 60 %`"
        }
        "=" | ":" => "a space is enough, without a sign",
        "&" | "e" | "a" => "it stands right behind its beat: `9.2&`",
        "+" => {
            "a part of a beat stands right behind it, `9.2+1/3`, and several channels with commas, `neon, sign`"
        }
        "," => "only spaces stand between the columns",
        "and" => "several stand with commas: `neon, sign`",
        "except" | "without" | "not" => "`but` leaves some out: `all but neon`",
        "blink" | "flash" => "on and off, again and again, is `strobe every 500 ms`",
        "flicker" | "sparkle" => "`twinkle 20 to 60 %` looks like chance",
        "dim" => "a level is `40 %`, and `fade to 40 % over 2 s` goes there",
        "in" | "up" | "out" | "down" => {
            "`fade to on over 2 s` goes to full, and `fade to off over 2 s` to dark"
        }
        "turn" | "switch" | "set" => "`on`, `off` or a level is enough: `5.1  neon  on`",
        "at" => "a cue begins with the time itself: `5.1  neon  on`",
        "play" => "it stands behind its time alone: `9.1  play  chorus`",
        "//" | ";" | "--" => "a remark begins with `#`",
        "loop" | "repeat" => {
            "`5.1 to 9.1 every 1 bar` repeats a cue, and `starcourt play --loop` the whole show"
        }
        "end" => "a section ends where lines are no longer indented, and a show with its music or `length`",
        "music" | "song" | "sound" | "file" => "the music is `audio porch.ogg`",
        "name" => "what the show is called is its `title`",
        "bpm" => "how fast the music is stands in the head, as in `tempo 112 bpm, 4/4`",
        _ if is_dashed(word) => "between two times stands `to`: `5.1 to 9.1`",
        _ => return None,
    })
}

/// `5.1-9.1`.
fn is_dashed(word: &str) -> bool {
    let is_time = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
    word.split_once(['-', '–']).is_some_and(|(start, end)| is_time(start) && is_time(end))
}
