//! Reads the strip of a row of steps: one character is one step. Knows nothing of time.

use std::ops::Range;
use std::sync::Arc;

use crate::diagnosis::Help;
use crate::level::Level;

use super::words::{Mistake, Word};

/// The level of one step; `None` shows what lies below.
pub type Step = Option<Level>;

/// The steps of `strip`; never empty.
pub(super) fn steps(strip: Word) -> Result<Arc<[Step]>, Mistake> {
    let mut steps: Vec<Step> = Vec::new();
    for (at, character) in strip.text.char_indices() {
        let span = strip.start + at..strip.start + at + character.len_utf8();
        steps.push(match character {
            space if space.is_whitespace() => continue,
            '|' => continue,
            'x' | 'X' => Some(Level::FULL),
            '.' => Some(Level::OFF),
            '0'..='9' => Some(Level::from_percent((character as u16 - '0' as u16) * 10)),
            '_' => None,
            '-' => *steps.last().ok_or_else(|| {
                Mistake::new(span.clone(), "the first step has no step before it")
                    .label("`-` repeats the step before")
                    .help(
                        Help::write_one_of(span, [".", "_"])
                            .said("write `.` for dark, or `_` for what is below"),
                    )
                    .exact()
            })?,
            _ => return Err(no_step(character, span)),
        });
    }
    if steps.is_empty() {
        let end = strip.span().end;
        return Err(Mistake::new(strip.span(), "this row has no steps")
            .help(Help::write(end..end, "  x... x...").said("put them after the name, as in `x... x...`"))
            .exact());
    }
    Ok(steps.into())
}

fn no_step(character: char, span: Range<usize>) -> Mistake {
    let mistake = Mistake::new(span.clone(), format!("`{character}` is not a step"))
        .label("expected one of x . 0-9 - _")
        .exact();
    // What other programs and drummers write for it.
    match character {
        'o' | 'O' | '*' | '#' | '■' | '●' => mistake.help(Help::write(span, "x")),
        'l' | 'I' => mistake.help(Help::write(span, "1")),
        '·' | '○' | '□' | '~' => mistake.help(Help::write(span, ".")),
        _ => mistake,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<Option<u16>>, String> {
        let steps = steps(Word { text, start: 0 }).map_err(|mistake| mistake.title)?;
        Ok(steps.iter().map(|step| step.map(|level| level.hundredths() / 100)).collect())
    }

    #[test]
    fn one_character_is_one_step_and_spaces_are_for_the_eye() {
        assert_eq!(read("x.5- | _-"), Ok(vec![Some(100), Some(0), Some(50), Some(50), None, None]));
    }

    #[test]
    fn what_is_no_step_is_told() {
        assert_eq!(read("x?"), Err("`?` is not a step".into()));
        assert_eq!(read("-x"), Err("the first step has no step before it".into()));
        assert_eq!(read(" | "), Err("this row has no steps".into()));
    }
}
