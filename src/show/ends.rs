//! Checks that each cue has the end that it needs, and only one. Knows no times by the clock.

use crate::diagnosis::Help;

use super::length::LengthAt;
use super::what::What;
use super::when::{Start, When, some_end};
use super::words::{Mistake, Word};

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
