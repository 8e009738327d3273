//! Levels as they are written: `40 %`, `on`, `20 to 60 %`. Knows nothing of what takes them.

use crate::diagnosis::Help;
use crate::level::Level;
use crate::time;

use super::length::is_length_unit;
use super::words::{Mistake, SheetLine, Word};

/// The two levels that an effect moves between, whichever was written first.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Levels {
    pub low: Level,
    pub high: Level,
}

/// Whether the `%` may be left to the second of two levels.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Needed,
    MayFollowLater,
}

pub(super) fn levels(line: &mut SheetLine) -> Result<Levels, Mistake> {
    let first = line.expect("a level")?;
    let low = level_from(first, line, Unit::MayFollowLater)?;
    let to = line.expect("`to` and the second level")?;
    if is_length_unit(to.text) {
        let span = first.start..to.span().end;
        let every = format!("every {} {}", first.text, to.text);
        return Err(Mistake::new(span.clone(), "a pace needs `every`").help(Help::write(span, every)));
    }
    if to.text != "to" {
        let mistake = Mistake::new(to.span(), "an effect moves between two levels")
            .label("expected `to` and the second level");
        return Err(match is_number(to.text) {
            true => mistake.help(Help::write(to.span(), format!("to {}", to.text))),
            // `to` and a level are missing before the next option, or another word is in its place.
            false => match to.text {
                "every" | "for" | "lit" | "seed" => {
                    mistake.help(Help::write(to.start..to.start, "to 100 % "))
                }
                "Hz" | "hz" => mistake
                    .help_if_any(period(first).map(|every| Help::write(first.start..to.span().end, every))),
                _ if line.peek().is_some_and(|next| is_number(next.text)) => {
                    mistake.help(Help::write(to.span(), "to"))
                }
                _ => mistake,
            },
        });
    }
    let second = line.expect("the second level")?;
    let high = level_from(second, line, Unit::Needed)?;
    if low == high {
        return Err(Mistake::new(first.start..second.span().end, "the two levels are the same"));
    }
    Ok(Levels { low: low.min(high), high: low.max(high) })
}

/// `10 Hz` as `every 100 ms`.
fn period(hertz: Word) -> Option<String> {
    let millihertz = time::scaled_decimal(hertz.text, 1_000).filter(|millihertz| *millihertz > 0)?;
    (1_000_000 % millihertz == 0).then(|| format!("every {} ms", 1_000_000 / millihertz))
}

pub(super) fn is_number(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '.' | '-' | '+'))
}

pub(super) fn level_from(word: Word, line: &mut SheetLine, unit: Unit) -> Result<Level, Mistake> {
    match word.text {
        "on" => return Ok(Level::FULL),
        "off" => return Ok(Level::OFF),
        _ => {}
    }
    let is_percent = line.peek().is_some_and(|next| next.text == "%");
    let out_of_range = || {
        let mistake = Mistake::new(word.span(), "a level goes from 0 to 100 %").label("expected 0 to 100 %");
        // In other programs 255 is full.
        match word.text.parse::<u32>() {
            Ok(_) if is_percent => mistake.help(Help::write(word.span(), "100")),
            Ok(of_255 @ 101..=255) => mistake.help(
                Help::write(word.span(), format!("{} %", (of_255 * 100 + 127) / 255)).and(", if 255 is full"),
            ),
            _ => mistake,
        }
    };
    if word.text.starts_with('-') {
        return Err(out_of_range());
    }
    let hundredths = time::scaled_decimal(word.text, 100).ok_or_else(|| {
        Mistake::new(word.span(), format!("`{}` is not a level", word.text))
            .label("expected a level such as `40 %`, `on` or `off`")
    })?;
    let level = u16::try_from(hundredths).ok().filter(|hundredths| *hundredths <= Level::FULL.hundredths());
    let level = level.map(Level::from_hundredths).ok_or_else(out_of_range)?;
    if line.take("%").is_none() && unit == Unit::Needed {
        let mistake = Mistake::new(word.span(), "a level needs its unit").label("per cent?");
        let percent = format!("{} %", word.text);
        if let Some(named) = line.peek().filter(|next| matches!(next.text, "percent" | "pct" | "per")) {
            return Err(mistake.help(Help::write(word.start..named.span().end, percent)));
        }
        // In other programs 1 is full and 0.5 is half.
        let part = Some(level.hundredths()).filter(|hundredths| (1..=100).contains(hundredths));
        return Err(match part {
            Some(part) => mistake.help(Help::write_one_of(word.span(), [format!("{part} %"), percent])),
            None => mistake.help(Help::write(word.span(), percent)),
        });
    }
    Ok(level)
}
