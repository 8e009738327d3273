//! Reads the options of an effect, in any order. Knows not what an effect makes of them.

use std::ops::Range;

use crate::diagnosis::Help;
use crate::envelope::SoundBand;
use crate::rig::Rig;

use super::length::{LengthAt, length, some_length};
use super::levels::{Levels, is_number, levels};
use super::slip::duration_first;
use super::sound_band::sound_band;
use super::words::{Mistake, SheetLine, Word};

/// Which direction a chase runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum ChaseDirection {
    #[default]
    Forward,
    Reverse,
    /// There and back again.
    Bounce,
}

/// The options of an effect, in any order.
#[derive(Default)]
pub(super) struct Options {
    pub(super) levels: Option<Levels>,
    pub(super) every: Option<LengthAt>,
    pub(super) lit: Option<Box<LengthAt>>,
    pub(super) direction: Option<ChaseDirection>,
    pub(super) wide: Option<usize>,
    pub(super) seed: Option<u64>,
    pub(super) band: Option<SoundBand>,
    pub(super) rise: Option<Box<LengthAt>>,
    pub(super) fall: Option<Box<LengthAt>>,
}

/// Those of `verb`, up to the end of the effect.
pub(super) fn options(verb: Word, line: &mut SheetLine) -> Result<Options, Mistake> {
    let mut options = Options::default();
    while let Some(word) = line.peek().filter(|word| !matches!(word.text, "for" | "until" | "till")) {
        if word.text == "to" && is_end_time(line) {
            break;
        }
        let span = word.span();
        match (verb.text, word.text) {
            ("follow", "rise" | "fall") => {
                let time = if word.text == "rise" { &mut options.rise } else { &mut options.fall };
                once(time, span)?;
                line.next();
                *time = Some(Box::new(time_to_follow(line)?));
            }
            (verb, "every") if verb != "follow" => {
                once(&options.every, span)?;
                line.next();
                options.every = Some(some_length(line)?);
            }
            ("strobe", "lit") => {
                once(&options.lit, span)?;
                line.next();
                options.lit = Some(Box::new(some_length(line)?));
            }
            ("chase", "reverse" | "bounce") => {
                once(&options.direction, span)?;
                line.next();
                options.direction = Some(if word.text == "reverse" {
                    ChaseDirection::Reverse
                } else {
                    ChaseDirection::Bounce
                });
            }
            ("twinkle", "seed") => {
                once(&options.seed, span)?;
                line.next();
                options.seed = Some(whole(line.expect("a whole number")?)?);
            }
            ("chase", count) if is_number(count) && is_before(line, "wide") => {
                once(&options.wide, span)?;
                options.wide = Some(width(word)?);
                line.next();
                line.next();
            }
            (_, level) if is_number(level) || matches!(level, "on" | "off") => {
                once(&options.levels, span)?;
                options.levels = Some(levels(line)?);
            }
            ("follow", _) if options.band.is_none() => {
                options.band = Some(sound_band(word)?);
                line.next();
            }
            _ => return Err(unknown_option(verb, word)),
        }
    }
    end_is_last(line)?;
    Ok(options)
}

/// Of `rise` and `fall`. Without its unit, a number of more than a few is one of milliseconds.
fn time_to_follow(line: &mut SheetLine) -> Result<LengthAt, Mistake> {
    const FEW_SECONDS: u64 = 10;
    let number = line.peek();
    length(line).map_err(|mistake| {
        let whole = number.and_then(|word| Some((word, word.text.parse::<u64>().ok()?)));
        match whole {
            Some((word, count)) => {
                let unit = if count > FEW_SECONDS { "ms" } else { "s" };
                Mistake::new(word.span(), "a duration needs its unit")
                    .label("milliseconds or seconds?")
                    .help(Help::write(word.span(), format!("{count} {unit}")))
            }
            // The next option, or the end.
            None => match number.filter(|word| matches!(word.text, "for" | "rise" | "fall" | "to")) {
                Some(next) => mistake.help(Help::write(next.start..next.start, "50 ms ")),
                None => mistake,
            },
        }
    })
}

/// The options go before the end: `for 4 bars every 1 beat` has them the other way round.
fn end_is_last(line: &SheetLine) -> Result<(), Mistake> {
    let ahead = &mut line.clone();
    let Some(end) = ahead.take("for") else { return Ok(()) };
    let mut behind = ahead.clone();
    let is_option = |word: &Word| {
        matches!(word.text, "every" | "lit" | "reverse" | "bounce" | "seed" | "rise" | "fall")
            || is_number(word.text)
    };
    if some_length(&mut behind).is_err() || !behind.peek().is_some_and(|next| is_option(&next)) {
        return Ok(());
    }
    let mistake = Mistake::new(end.span(), "the length of an effect comes last").label("too early");
    Err(mistake.help_if_any(duration_first(end, ahead)).exact())
}

fn width(word: Word) -> Result<usize, Mistake> {
    match whole(word)? {
        wide if (1..=Rig::MOST_CHANNELS as u64).contains(&wide) => Ok(wide as usize),
        _ => {
            let why = format!("a chase is from 1 to {} channels wide", Rig::MOST_CHANNELS);
            Err(Mistake::new(word.span(), why))
        }
    }
}

/// Whether `to 9.1` or `to 0:30` is next, and no level.
fn is_end_time(line: &SheetLine) -> bool {
    let ahead = &mut line.clone();
    ahead.next();
    ahead.next().is_some_and(|time| time.text.contains(['.', ':'])) && ahead.take("%").is_none()
}

fn is_before(line: &SheetLine, text: &str) -> bool {
    let mut ahead = line.clone();
    ahead.next();
    ahead.next().is_some_and(|word| word.text == text)
}

fn unknown_option(verb: Word, word: Word) -> Mistake {
    let known: &[&str] = match verb.text {
        "strobe" => &["every", "lit", "for"],
        "chase" => &["every", "reverse", "bounce", "wide", "for"],
        "twinkle" => &["every", "seed", "for"],
        "follow" => &["rise", "fall", "for"],
        _ => &["every", "for"],
    };
    Mistake::new(word.span(), format!("`{}` is not an option of `{}`", word.text, verb.text))
        .label(format!("expected two levels, or one of {}", known.join(", ")))
        // `for8` is more than `for`.
        .help_if_any(match word.text.contains(|c: char| c.is_ascii_digit()) {
            true => None,
            false => Help::meant(word.span(), word.text, known.iter().copied()),
        })
}

pub(super) fn once<T>(so_far: &Option<T>, span: Range<usize>) -> Result<(), Mistake> {
    match so_far {
        None => Ok(()),
        Some(_) => Err(Mistake::said_twice(span)),
    }
}

fn whole(word: Word) -> Result<u64, Mistake> {
    word.text.parse().map_err(|_| {
        Mistake::new(word.span(), format!("`{}` is not a whole number", word.text))
            .label("expected a whole number")
    })
}
