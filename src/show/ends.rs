//! Checks that each cue has the end that it needs, and only one. Knows no times by the clock.

use std::time::Duration;

use crate::diagnosis::Help;

use super::length::LengthAt;
use super::what::What;
use super::when::{Start, TimePlace, When, some_end};
use super::words::{Mistake, SheetLine, Word};

/// Only one of `to` and `for` may give the end.
pub(super) fn ends_once(when: &When, lasts: Option<&LengthAt>) -> Result<(), Mistake> {
    match (lasts, &when.end, &when.every) {
        (Some(lasts), Some(_), None) => {
            Err(Mistake::new(lasts.span, "this gives the end a second time")
                .label("`to` has given it already"))
        }
        _ => Ok(()),
    }
}

/// Only once is a section played by a cue without `every`: `play chorus 2` or `twice`, at the end of `line`.
pub(super) fn plays_once(when: &When, section: Word, line: &SheetLine) -> Result<(), Mistake> {
    let words: Vec<Word> = line.clone().collect();
    let Some(first) = words.first() else { return Ok(()) };
    let count: u32 = match words[..] {
        [Word { text: "twice", .. }] => 2,
        [count] => count.text.trim_matches(['x', '×']).parse().unwrap_or(0),
        [Word { text: "x" | "×", .. }, count] | [count, Word { text: "times" | "x" | "×", .. }] => {
            count.text.parse().unwrap_or(0)
        }
        _ => 0,
    };
    let (Start::At(start), None, 2..=1_000) = (&when.start, &when.end, count) else { return Ok(()) };
    let (start, end, every) = match &start.place {
        TimePlace::Music(music) => {
            let end = music.bar.saturating_add(count.saturating_mul(8));
            (line.between(start.span.range().start, start.span.range().end), format!("{end}.1"), "8 bars")
        }
        TimePlace::Clock(time) => {
            let end = *time + Duration::from_secs(u64::from(count) * 8);
            (line.between(start.span.range().start, start.span.range().end), end.to_minutes(), "8 s")
        }
    };
    let played = format!("{start} to {end} every {every}  play  {}", section.text);
    let help = Help::write(line.span(), &*played)
        .said(format!("to play it {count} times, write `{played}` if the section lasts {every}"));
    let mistake =
        Mistake::new(first.span(), "a cue without `every` plays a section once").label("how often?");
    Err(mistake.help(help).exact())
}

/// Checks that an action has the end that it needs, and only one. `start` and `text` are how the first time and the
/// action are written.
pub(super) fn fits(
    when: &When,
    what: &What,
    lasts: Option<&LengthAt>,
    start: &str,
    text: Word,
) -> Result<(), Mistake> {
    let span = text.span();
    ends_once(when, lasts)?;
    let or_by_time = match when {
        When { start: Start::At(_), every: None, .. } => {
            format!(", or give the time an end: `{start} to {}`", some_end(&when.start))
        }
        _ => String::new(),
    };
    let ends_by_time = when.end.is_some() && when.every.is_none();
    match what {
        What::Fade { over, .. } => match (over, ends_by_time, lasts) {
            (_, _, Some(lasts)) => {
                let mistake = Mistake::new(lasts.span, "the length of a fade is given with `over`");
                let behind = span.end..lasts.span.range().start;
                Err(match over {
                    None if !ends_by_time => {
                        mistake.help(Help::write(behind, " over ").said("write `over` instead of `for`"))
                    }
                    _ => mistake.label("it is given already"),
                })
            }
            (Some(over), true, _) => {
                Err(Mistake::new(over.span, "this gives the length of the fade a second time")
                    .label("`to` has given it already"))
            }
            (None, false, _) => Err(Mistake::new(span.clone(), "how long is this fade?")
                .label("`over` is missing")
                .help(Help::write(span.clone(), format!("{} over 2 s", text.text)).and(&or_by_time))),
            _ => Ok(()),
        },
        _ if what.is_effect() && !ends_by_time && lasts.is_none() => {
            Err(Mistake::new(span.clone(), "when does this end?")
                .label("an effect needs an end")
                .help(Help::write(span, format!("{} for 8 s", text.text)).and(&or_by_time)))
        }
        _ => Ok(()),
    }
}
