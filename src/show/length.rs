//! Durations as they are written: `250 ms`, `2 beats`, `1/8`. Knows no tempo.

use std::time::Duration;

use crate::diagnosis::Help;
use crate::time::{self, ShowTime, TimeError};

use super::tempo::Ticks;
use super::words::{Bytes, Mistake, SheetLine, Word, is_digits};

/// No day of music has as many bars. A later position is reported as past the end.
pub(super) const LAST_BAR: u32 = 10_000_000;

/// A duration: by the clock, in beats, in bars, or as a note value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Length {
    Clock(Duration),
    Beats(Ticks),
    /// Bars, in parts of a bar as [`Ticks`] are parts of a beat.
    Bars(Ticks),
    /// A note value, such as 1/8.
    Note {
        count: u32,
        value: u32,
    },
}

impl Length {
    pub(super) fn is_zero(self) -> bool {
        match self {
            Self::Clock(duration) => duration.is_zero(),
            Self::Beats(ticks) | Self::Bars(ticks) => ticks.0 == 0,
            Self::Note { count, .. } => count == 0,
        }
    }
}

/// A duration as it stands in the sheet.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct LengthAt {
    pub(super) length: Length,
    pub(super) span: Bytes,
}

/// A duration that is not zero.
pub(super) fn some_length(line: &mut SheetLine) -> Result<LengthAt, Mistake> {
    let length = length(line)?;
    if length.length.is_zero() {
        return Err(Mistake::new(length.span, "this lasts no time at all").label("expected more than zero"));
    }
    Ok(length)
}

pub(super) fn length(line: &mut SheetLine) -> Result<LengthAt, Mistake> {
    let word = line.expect("a duration")?;
    length_from(word, line)
}

/// The duration that begins with `number`, its unit glued to it or the next word of `line`.
pub(super) fn length_from(number: Word, line: &mut SheetLine) -> Result<LengthAt, Mistake> {
    if number.text.starts_with('-') {
        return Err(Mistake::new(number.span(), TimeError::Negative.to_string()));
    }
    let (amount, unit) = match split_glued(number.text) {
        Some((amount, unit)) => (amount, Some(Word { text: unit, start: number.start + amount.len() })),
        None => {
            let unit = line.peek().filter(|next| is_length_unit(next.text));
            if unit.is_some() {
                line.next();
            }
            (number.text, unit)
        }
    };
    let span = number.start..unit.as_ref().map_or(number.span().end, |unit| unit.span().end);
    if let (None, Some((other, unit))) = (unit, foreign_unit(line)) {
        let (all, text) = (number.start..other.span().end, format!("{} {unit}", number.text));
        return Err(Mistake::new(all.clone(), format!("`{} {}` is not a duration", number.text, other.text))
            .help(Help::write(all, text)));
    }
    let Some(unit) = unit else {
        return match parts(amount) {
            Some((count, value)) if value.is_power_of_two() => {
                Ok(LengthAt { length: Length::Note { count, value }, span: span.into() })
            }
            _ => Err(not_a_length(number)),
        };
    };
    let unknown = |label: &str| {
        let title = format!("`{amount} {}` is not a duration", unit.text);
        let help =
            in_digits(amount).map(|number| Help::write(span.clone(), format!("{number} {}", unit.text)));
        Mistake::new(span.clone(), title).label(label).help_if_any(help)
    };
    let musical = || musical(amount).ok_or_else(|| unknown("expected a number such as `2`, `1.5` or `1/3`"));
    let length = match unit.text {
        "beat" | "beats" => Length::Beats(musical()?),
        "bar" | "bars" => Length::Bars(musical()?),
        clock => match part_of_a_unit(amount, clock)
            .unwrap_or_else(|| time::parse_duration(&format!("{amount} {clock}")))
        {
            Ok(duration) => Length::Clock(duration),
            Err(error) => return Err(unknown(&error.to_string())),
        },
    };
    Ok(LengthAt { length, span: span.into() })
}

/// The next word of `line` and the unit that it means, if it is a unit as people write it elsewhere.
pub(super) fn foreign_unit<'a>(line: &SheetLine<'a>) -> Option<(Word<'a>, &'static str)> {
    let word = line.peek()?;
    Some((word, unit_meant(word.text)?))
}

/// Whether the number `text` is a duration with the unit in it or in the word after it.
pub(super) fn foreign_or_own_unit(text: &str, next: Option<&Word>) -> bool {
    let is_unit = |text: &str| is_length_unit(text) || unit_meant(text).is_some();
    let glued = text.find(char::is_alphabetic).filter(|at| *at > 0);
    glued.map_or_else(|| next.is_some_and(|next| is_unit(next.text)), |at| is_unit(&text[at..]))
}

pub(super) fn unit_meant(text: &str) -> Option<&'static str> {
    let is_measure = matches!(text.to_lowercase().as_str(), "measure" | "measures");
    time::unit_meant(text).or_else(|| is_measure.then_some("bars"))
}

/// `10sec` as `10 s`.
pub(super) fn with_unit(text: &str) -> Option<String> {
    let (number, unit) = text.split_at(text.find(char::is_alphabetic)?);
    let number = number.trim_end();
    let is_number = time::scaled_decimal(number, 1).is_some();
    unit_meant(unit).filter(|_| is_number).map(|unit| format!("{number} {unit}"))
}

/// `two` as `2`.
fn in_digits(word: &str) -> Option<&'static str> {
    Some(match word {
        "a" | "an" | "one" | "each" => "1",
        "half" => "1/2",
        "two" => "2",
        "three" => "3",
        "four" => "4",
        "eight" => "8",
        _ => return None,
    })
}

/// `1 beat`, `2 beats`.
fn counted(number: &str, unit: &str) -> String {
    let ending = if number == "1" { "" } else { "s" };
    format!("{number} {unit}{ending}")
}

/// From here on a number without a unit may be meant as milliseconds.
const FEW_MILLIS: u64 = 100;

/// `word` has no unit where a duration is expected.
fn not_a_length(word: Word) -> Mistake {
    if let Some(unit) = unit_meant(word.text) {
        return Mistake::new(word.span(), "a duration needs its number").label("how many?").help(
            Help::write(word.span(), if unit == "bars" { "1 bar".to_owned() } else { format!("1 {unit}") }),
        );
    }
    if let Some(length) = with_unit(word.text) {
        return Mistake::new(word.span(), format!("`{}` is not a duration", word.text))
            .help(Help::write(word.span(), length));
    }
    if time::scaled_decimal(word.text, 1).is_some() {
        let number = word.text;
        let seconds = format!("{number} s");
        let mistake = Mistake::new(word.span(), "a duration needs its unit").label("seconds, beats or bars?");
        // What is longer than a day is no duration, whatever its unit.
        if time::parse_duration(&seconds).is_err() {
            return mistake;
        }
        let [beats, bars] = ["beat", "bar"].map(|unit| counted(number, unit));
        // Other programs count in thousandths.
        let millis =
            number.parse().is_ok_and(|number: u64| number >= FEW_MILLIS).then(|| format!("{number} ms"));
        let by_clock = || millis.clone().into_iter().chain([seconds.clone()]);
        let by_music = if millis.is_some() { vec![beats] } else { vec![beats, bars] };
        return mistake
            .help(Help::write_one_of(word.span(), by_clock().chain(by_music)))
            .help_by_clock(Help::write_one_of(word.span(), by_clock()));
    }
    if let Some(since) = clock_time_meant(word.text) {
        let seconds = time::parse_clock_time(&since).ok().map(seconds);
        return Mistake::new(word.span(), format!("`{}` is not a duration", word.text))
            .label("a duration has a unit")
            .help_if_any(seconds.map(|seconds| Help::write(word.span(), seconds)));
    }
    if is_length_unit(word.text) {
        return Mistake::new(word.span(), "a duration needs its number")
            .label("how many?")
            .help(Help::write(word.span(), format!("1 {}", word.text)));
    }
    if parts(word.text).is_some() {
        return Mistake::new(word.span(), format!("there is no note value `{}`", word.text))
            .label("a part of a beat or a bar?")
            .help(
                Help::write_one_of(word.span(), ["beat", "bar"].map(|unit| format!("{} {unit}", word.text)))
                    .and("; note values are `1/4`, `1/8`, `3/16`"),
            );
    }
    Mistake::new(word.span(), format!("`{}` is not a duration", word.text)).label("expected a duration").help(
        Help::write_one_of(word.span(), ["250 ms", "2 s"]).said(
            "a duration is `250 ms`, `2 s`, `1 beat`, `4 bars`, `1/2 beat`, or a note value such as `1/8`",
        ).into_example(),
    )
}

/// `1m30`, `1min30s`, `1'30"` and `1:30` as `1:30`.
pub(super) fn clock_time_meant(text: &str) -> Option<String> {
    let signs = ["min", "m", "'", ":"];
    let (minutes, rest) = signs.iter().find_map(|sign| text.trim_end_matches(['s', '"']).split_once(sign))?;
    let whole =
        rest.split('.').next().filter(|whole| is_digits(whole) && is_digits(minutes) && whole.len() <= 2)?;
    let time = format!("{minutes}:{}{rest}", "0".repeat(2 - whole.len()));
    time::parse_clock_time(&time).is_ok().then_some(time)
}

/// `0:01.500` as `1.5 s`.
fn seconds(time: ShowTime) -> String {
    let (whole, part) = (time.micros() / 1_000_000, format!("{:06}", time.micros() % 1_000_000));
    let part = part.trim_end_matches('0');
    if part.is_empty() { format!("{whole} s") } else { format!("{whole}.{part} s") }
}

/// `2s` as `2` and `s`.
pub(super) fn split_glued(text: &str) -> Option<(&str, &str)> {
    let split = text.find(|c: char| c.is_alphabetic())?;
    let (amount, unit) = text.split_at(split);
    (!amount.is_empty() && is_length_unit(unit)).then_some((amount, unit))
}

pub(super) fn is_length_unit(text: &str) -> bool {
    matches!(text, "beat" | "beats" | "bar" | "bars") || time::micros_per_unit(text).is_some()
}

/// `1/2` of a `s`; `None` if `amount` is no fraction.
fn part_of_a_unit(amount: &str, unit: &str) -> Option<Result<Duration, TimeError>> {
    let ((count, of), micros) = (parts(amount)?, time::micros_per_unit(unit)?);
    let (all, of) = (u64::from(count) * micros, u64::from(of));
    let duration = Duration::from_micros((all + of / 2) / of);
    Some(if duration > ShowTime::MAX.as_duration() { Err(TimeError::TooLong) } else { Ok(duration) })
}

/// `2`, `1.5` or `1/3` of a beat or bar; at most as many as a show can hold.
fn musical(amount: &str) -> Option<Ticks> {
    const MOST_BEATS: i64 = LAST_BAR as i64;
    let ticks = match parts(amount) {
        Some((count, of)) => part_of(count, of),
        None => time::scaled_decimal(amount, Ticks::PER_BEAT.cast_unsigned())?.try_into().ok()?,
    };
    (ticks <= MOST_BEATS * Ticks::PER_BEAT).then_some(Ticks(ticks))
}

/// `3/4` as 3 and 4. Each has at most four digits, and the second is not 0.
pub(super) fn parts(text: &str) -> Option<(u32, u32)> {
    let (count, of) = text.split_once('/')?;
    let small = |digits: &str| match digits.len() <= 4 && digits.bytes().all(|b| b.is_ascii_digit()) {
        true => digits.parse::<u32>().ok(),
        false => None,
    };
    Some((small(count)?, small(of).filter(|of| *of > 0)?))
}

pub(super) fn part_of(count: u32, of: u32) -> i64 {
    (i64::from(count) * Ticks::PER_BEAT + i64::from(of) / 2) / i64::from(of)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Length, String> {
        let mut line = SheetLine::new(text, 0).unwrap();
        let read = length(&mut line).map_err(|mistake| mistake.title)?;
        line.finish("it").map(|()| read.length).map_err(|mistake| mistake.title)
    }

    #[test]
    fn a_duration_has_a_unit_or_is_a_note_value() {
        for (text, length) in [
            ("250 ms", Length::Clock(Duration::from_millis(250))),
            ("2s", Length::Clock(Duration::from_secs(2))),
            ("1/2 s", Length::Clock(Duration::from_millis(500))),
            (".5 s", Length::Clock(Duration::from_millis(500))),
            ("1/3 s", Length::Clock(Duration::from_micros(333_333))),
            ("0/4 min", Length::Clock(Duration::ZERO)),
            ("4 bars", Length::Bars(Ticks::beats(4))),
            ("1.5 beats", Length::Beats(Ticks(Ticks::PER_BEAT * 3 / 2))),
            ("1/3 beat", Length::Beats(Ticks(Ticks::PER_BEAT / 3))),
            ("1/8", Length::Note { count: 1, value: 8 }),
        ] {
            assert_eq!(read(text), Ok(length), "{text}");
        }
    }

    #[test]
    fn what_is_no_duration_is_a_mistake() {
        for text in [
            "8",
            "1/3",
            "1/0",
            "1/0 s",
            "9999/1 h",
            "1/2/3 s",
            ". s",
            "-2 s",
            "nan beats",
            "2 fortnights",
            "25 h",
            "99999999999 bars",
            "1/0 beat",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
