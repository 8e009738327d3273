//! Reads one `tempo` line. Knows no other line.

use std::ops::Range;
use std::str::FromStr;

use crate::diagnosis::{Help, Mend};
use crate::time::{micros_per_unit, scaled_decimal};

use super::file_name::beside_the_show;
use super::length::parts;
use super::tempo::{Bpm, Measure};
use super::when::{TimeAt, TimePlace, time_at};
use super::words::{Mistake, SheetLine, Word, is_digits};

#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Pace<'a> {
    Bpm(Bpm),
    /// The name of a beat map.
    Map(Word<'a>),
}

/// One `tempo` line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct TempoLine<'a> {
    pub(super) pace: Option<Pace<'a>>,
    pub(super) measure: Option<Measure>,
    pub(super) first_beat: Option<TimeAt>,
    pub(super) from: Option<TimeAt>,
    pub(super) span: Range<usize>,
}

impl<'a> TempoLine<'a> {
    /// The beat map that this line names.
    pub(super) fn map(&self) -> Option<Word<'a>> {
        match &self.pace {
            Some(Pace::Map(name)) => Some(*name),
            _ => None,
        }
    }
}

/// `mistake` in a time that can only be in bars.
fn in_bars(mut mistake: Mistake) -> Mistake {
    let is_in_bars = |mend: &Mend| {
        let time = SheetLine::new(&mend.text, 0).and_then(|mut line| time_at(&mut line).ok());
        time.is_none_or(|time| matches!(time.place, TimePlace::Music(_)))
    };
    let help = mistake.help.take().and_then(|help| help.with_mends_that(&is_in_bars));
    mistake.help_if_any(help)
}

pub(super) fn tempo_line<'a>(line: &mut SheetLine<'a>, tempo: Word) -> Result<TempoLine<'a>, Mistake> {
    let mut read = TempoLine { pace: None, measure: None, first_beat: None, from: None, span: tempo.span() };
    while let Some(word) = line.next() {
        let filled = match word.text {
            "," => continue,
            "map" => read.pace.replace(Pace::Map(beside_the_show(map_name(line)?)?)).is_some(),
            "from" => read.from.replace(time_at(line).map_err(in_bars)?).is_some(),
            "first" => {
                for expected in ["beat", "at"] {
                    let next = line.expect("`first beat at` and a time")?;
                    if next.text != expected {
                        let mistake = Mistake::unexpected(next).label("expected `first beat at` and a time");
                        return Err(match next.text.starts_with(|c: char| c.is_ascii_digit()) {
                            true => mistake.help(
                                Help::write(next.start..next.start, "at ").said("write `at` before the time"),
                            ),
                            false => mistake,
                        });
                    }
                }
                // Bars and beats count from here, so only a time by the clock is meant.
                read.first_beat.replace(time_at(line).map_err(Mistake::by_clock)?).is_some()
            }
            text if text.contains('/') => read.measure.replace(measure(word)?).is_some(),
            beats if read.pace.is_some() && read.measure.is_none() && is_digits(beats) => {
                let mistake = Mistake::new(word.span(), format!("`{beats}` is not a time signature"));
                return Err(mistake.help(Help::write(word.span(), format!("{beats}/4"))));
            }
            _ => read.pace.replace(Pace::Bpm(bpm(word, line)?)).is_some(),
        };
        if filled {
            return Err(Mistake::said_twice(word.span()));
        }
    }
    read.span.end = line.span().end;
    Ok(read)
}

/// The name of a beat map: in quotes, or all words up to one that has another meaning.
fn map_name<'a>(line: &mut SheetLine<'a>) -> Result<Word<'a>, Mistake> {
    if let Some(quoted) = line.quoted()? {
        return Ok(quoted);
    }
    let mut name = line.expect("the name of a beat map")?;
    while let Some(word) = line.peek() {
        let means_something = matches!(word.text, "," | "from" | "first" | "map") || word.text.contains('/');
        if means_something {
            break;
        }
        line.next();
        name.text = line.between(name.start, word.span().end);
    }
    Ok(name)
}

fn bpm(word: Word, line: &mut SheetLine) -> Result<Bpm, Mistake> {
    let (number, glued) = match word.text.strip_suffix("bpm") {
        Some(number) => (number, true),
        None => (word.text, false),
    };
    let thousandths = scaled_decimal(number, 1_000).ok_or_else(|| {
        Mistake::new(word.span(), format!("`{}` is not a tempo", word.text))
            .label("expected `112 bpm`, a time signature such as `4/4`, `first beat at`, `map` or `from`")
    })?;
    let range = 10_000..=1_000_000;
    let bpm = u32::try_from(thousandths).ok().filter(|bpm| range.contains(bpm)).map(Bpm);
    if !glued && line.take("bpm").is_none() {
        return Err(no_bpm(word, bpm, line));
    }
    bpm.ok_or_else(|| {
        Mistake::new(word.span(), "a tempo goes from 10 to 1000 bpm").label("expected 10 to 1000 bpm")
    })
}

/// A number without `bpm`. It may mean beats a minute, or the length of a beat.
fn no_bpm(word: Word, bpm: Option<Bpm>, line: &mut SheetLine) -> Mistake {
    let mistake = |span| Mistake::new(span, "a tempo needs its unit").label("beats a minute?");
    let unit = line.peek().and_then(|unit| Some((unit, micros_per_unit(unit.text)?)));
    let (span, micros) = match unit {
        Some((unit, micros)) => (word.start..unit.span().end, micros),
        None => (word.span(), 1_000_000),
    };
    let beat = scaled_decimal(word.text, micros).filter(|micros| *micros > 0);
    let beats = beat.map(|micros| (60_000_000_000 + micros / 2) / micros);
    let beats = beats.filter(|thousandths| (10_000..=1_000_000).contains(thousandths));
    match (unit, bpm, beats) {
        (None, Some(_), _) => {
            // `95 BPM`
            let end = line
                .peek()
                .filter(|next| next.text.eq_ignore_ascii_case("bpm"))
                .map_or(span.end, |next| next.span().end);
            mistake(span.clone()).help(Help::write(span.start..end, format!("{} bpm", word.text)))
        }
        (_, _, Some(thousandths)) => {
            let decimals = format!("{}.{:03}", thousandths / 1_000, thousandths % 1_000);
            let number = decimals.trim_end_matches('0').trim_end_matches('.');
            let help = Help::write(span.clone(), format!("{number} bpm"));
            mistake(span).help(help.and(&format!(
                ", if a beat lasts {}",
                format_args!("{} {}", word.text, unit.map_or("s", |unit| unit.0.text))
            )))
        }
        _ => mistake(span.clone())
            .help(Help::write(span, "112 bpm").said("write the beats of a minute, as in `112 bpm`")),
    }
}

impl FromStr for Measure {
    type Err = String;

    /// # Errors
    /// What was expected.
    fn from_str(text: &str) -> Result<Self, String> {
        measure(Word { text: text.trim(), start: 0 })
            .map_err(|mistake| format!("{}: {}", mistake.title, mistake.label))
    }
}

/// `4/4`.
pub(super) fn measure(word: Word) -> Result<Measure, Mistake> {
    parts(word.text)
        .filter(|(beats, note)| (1..=64).contains(beats) && note.is_power_of_two() && *note <= 64)
        .map(|(beats, note)| Measure { beats, note })
        .ok_or_else(|| {
            Mistake::new(word.span(), format!("`{}` is not a time signature", word.text))
                .label("expected a time signature such as `4/4`, `3/4` or `6/8`")
        })
}
