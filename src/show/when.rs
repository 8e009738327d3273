//! Reads the first column of a cue: `1:23.450`, `9.2&`, `5.1 to 9.1 every 1 bar`. Knows no tempo.

use std::cmp::Ordering;
use std::ops::Range;
use std::time::Duration;

use crate::diagnosis::Help;
use crate::time::{self, ShowTime, TimeError};

use super::length::{
    LAST_BAR, Length, LengthAt, clock_time_meant, foreign_unit, is_length_unit, length_from, part_of, parts,
    some_length, split_glued, with_unit,
};
use super::tempo::Ticks;
use super::time_meant::{carried, dashed, with_other_sign};
use super::words::{Bytes, Mistake, SheetLine, Word, is_digits};

/// A position in the music: bar and beat, both counted from 1, and the distance past the beat.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct BarBeat {
    pub(super) bar: u32,
    pub(super) beat: u32,
    pub(super) past: Ticks,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum TimePlace {
    /// Since the start of the show or section.
    Clock(ShowTime),
    Music(BarBeat),
}

/// A time as it stands in the sheet.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct TimeAt {
    pub(super) place: TimePlace,
    pub(super) span: Bytes,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Start {
    At(TimeAt),
    /// This long after the start of the line above.
    After(LengthAt),
}

/// The first column of a cue.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct When {
    pub(super) start: Start,
    pub(super) end: Option<Box<TimeAt>>,
    pub(super) every: Option<Box<LengthAt>>,
}

pub(super) fn when(line: &mut SheetLine) -> Result<When, Mistake> {
    let start = match line.peek() {
        Some(word) if word.text.starts_with('+') => Start::After(after(line)?),
        _ => Start::At(time_at(line)?),
    };
    let end = match line.take("to") {
        Some(_) => {
            let word = line.peek();
            let end = time_at(line).map_err(|mistake| as_end(mistake, word, &start))?;
            ends_later(&start, &end, line)?;
            Some(Box::new(end))
        }
        None => None,
    };
    let every = match line.take("every") {
        Some(word) if end.is_none() => {
            let until = some_end(&start);
            return Err(Mistake::new(word.span(), "`every` needs an end")
                .label("again and again, until when?")
                .help(Help::write(word.span(), format!("to {until} every"))));
        }
        Some(_) => Some(Box::new(some_length(line)?)),
        None => None,
    };
    Ok(When { start, end, every })
}

/// Whether `end` is after `start`, as far as no tempo is needed to know.
fn ends_later(start: &Start, end: &TimeAt, line: &SheetLine) -> Result<(), Mistake> {
    let Start::At(start) = start else { return Ok(()) };
    let order = match (&start.place, &end.place) {
        (TimePlace::Clock(start), TimePlace::Clock(end)) => start.cmp(end),
        (TimePlace::Music(start), TimePlace::Music(end)) => start.cmp(end),
        _ => return Ok(()),
    };
    let text = |time: &TimeAt| line.between(time.span.range().start, time.span.range().end);
    let mistake = || {
        let label = format!("it begins at {}", text(start));
        Mistake::new(end.span, "this ends before it begins").label(label)
    };
    let all = start.span.range().start..end.span.range().end;
    match order {
        Ordering::Less => Ok(()),
        Ordering::Equal => Err(mistake()),
        Ordering::Greater => {
            Err(mistake().help(Help::write(all, format!("{} to {}", text(end), text(start)))).exact())
        }
    }
}

/// `mistake` at the `word` for an end: a number alone is only taken for what comes after `start`.
fn as_end(mistake: Mistake, word: Option<Word>, start: &Start) -> Mistake {
    let Some(word) = word.filter(|word| is_digits(word.text) && word.span() == mistake.span) else {
        return mistake;
    };
    let Start::At(TimeAt { place, .. }) = start else { return mistake };
    let number = word.text.parse().unwrap_or(u32::MAX);
    let (bar, seconds) = (format!("{number}.1"), format!("{number} s"));
    let is_later = |time: ShowTime| time < ShowTime::ZERO + Duration::from_secs(number.into());
    let text = match place {
        TimePlace::Music(music) => Some(bar).filter(|_| music.bar < number),
        TimePlace::Clock(time) if is_later(*time) => Some(seconds),
        TimePlace::Clock(_) => Some(bar),
    };
    let is_bar = text.as_ref().is_some_and(|text| text.ends_with(".1"));
    let mistake = Mistake::new(mistake.span, mistake.title).label(if is_bar { "a bar?" } else { "seconds?" });
    mistake.help_if_any(text.map(|text| Help::write(word.span(), text))).exact()
}

/// An example of an end after `start`.
pub(super) fn some_end(start: &Start) -> String {
    match start {
        Start::At(TimeAt { place: TimePlace::Music(music), .. }) => {
            format!("{}.1", music.bar.saturating_add(8))
        }
        Start::At(TimeAt { place: TimePlace::Clock(time), .. }) => {
            (*time + Duration::from_secs(30)).to_minutes()
        }
        Start::After(_) => "1:30".to_owned(),
    }
}

/// `+2 beats`, with or without a space after the plus.
fn after(line: &mut SheetLine) -> Result<LengthAt, Mistake> {
    let plus = line.expect("a duration")?;
    let number = match plus.text {
        "+" => line.expect("a duration")?,
        glued => Word { text: &glued[1..], start: plus.start + 1 },
    };
    let length = length_from(number, line)?;
    Ok(LengthAt { span: (plus.start..length.span.range().end).into(), ..length })
}

pub(super) fn time_at(line: &mut SheetLine) -> Result<TimeAt, Mistake> {
    let word = line.expect("a time")?;
    if word.text.starts_with('-') && word.text.len() > 1 {
        return Err(Mistake::new(word.span(), TimeError::Negative.to_string()));
    }
    if word.text.starts_with('+') {
        return Err(Mistake::new(word.span(), "`+` counts from the line above, so it can only begin a line")
            .help(Help::advise(
                "to say how long a cue lasts, end the line with `for`, as in `for 2 beats`",
            )));
    }
    if word.text.contains(':') {
        let clock = time::parse_clock_time(word.text);
        let time = clock.map_err(|error| {
            let mistake = Mistake::new(word.span(), format!("`{}` is not a time", word.text));
            let meant = meant(word.text);
            let by_clock = meant.first().cloned().map(|time| Help::write(word.span(), time));
            let mistake = mistake.label(error.to_string());
            match by_clock {
                Some(by_clock) => {
                    mistake.help(Help::write_one_of(word.span(), meant)).help_by_clock(by_clock)
                }
                None => mistake,
            }
        })?;
        return Ok(TimeAt { place: TimePlace::Clock(time), span: word.span().into() });
    }
    if let Some(music) = bar_beat(word.text) {
        let has_unit = line.peek().is_some_and(|next| time::micros_per_unit(next.text).is_some());
        if !has_unit {
            return Ok(TimeAt { place: TimePlace::Music(music), span: word.span().into() });
        }
    }
    let starts_like_a_time = word.text.starts_with(|c: char| c.is_ascii_digit() || c == '.');
    let next_is_unit = line.peek().is_some_and(|next| is_length_unit(next.text));
    let has_foreign_unit = foreign_unit(line).is_some();
    if !starts_like_a_time || !(next_is_unit || has_foreign_unit || split_glued(word.text).is_some()) {
        return Err(not_a_time(word));
    }
    let LengthAt { length, span } = length_from(word, line)?;
    match length {
        Length::Clock(duration) => Ok(TimeAt { place: TimePlace::Clock(ShowTime::ZERO + duration), span }),
        length => Err(no_duration(length, word, line, span.into())),
    }
}

/// The mistake that a `length` is where a time is expected. It begins with `word`, and is at `span`.
fn no_duration(length: Length, word: Word, line: &SheetLine, span: Range<usize>) -> Mistake {
    let mistake = Mistake::new(span.clone(), "this is a duration, and a time is expected");
    let number = word.text.trim_end_matches(char::is_alphabetic);
    let bar = (matches!(length, Length::Bars(_)) && is_digits(number)).then(|| format!("{number}.1"));
    let later = format!("+{}", line.between(span.start, span.end));
    let is_first = span.start == line.span().start;
    match (bar, is_first) {
        (Some(bar), true) => mistake.help(
            Help::write_one_of(span, [bar.clone(), later.clone()])
                .said(format!("write `{bar}` for bar {number}, or `{later}` for so long after the line above")),
        ),
        (Some(bar), false) => {
            let end = number.parse().map_or(bar.clone(), |number: u32| format!("{}.1", number.saturating_add(1)));
            mistake.help(
                Help::write_one_of(span, [end.clone(), bar.clone()])
                    .said(format!("write `{end}` for the end of bar {number}, or `{bar}` for its start")),
            )
        }
        (None, true) => mistake
            .help(Help::write(span, &*later).said(format!("write `{later}` for so long after the line above"))),
        (None, false) => mistake.help(Help::advise(
            "a time is a bar and a beat, such as `9.1`; `+2 beats` at the start of a line counts from the line above",
        )),
    }
}

fn not_a_time(word: Word) -> Mistake {
    if is_digits(word.text) {
        let number = word.text;
        return Mistake::new(word.span(), format!("`{number}` is not a time"))
            .label("seconds, or a bar?")
            .help(Help::write_one_of(word.span(), [format!("{number} s"), format!("{number}.1")]).said(
                format!(
                    "write `{number} s` by the clock, or `{number}.1` for the first beat of bar {number}"
                ),
            ))
            .help_by_clock(Help::write(word.span(), format!("{number} s")));
    }
    let mistake =
        Mistake::new(word.span(), format!("`{}` is not a time", word.text)).label("expected a time");
    if let Some((by_music, by_clock)) = dashed(word.text) {
        return mistake
            .help(Help::write_one_of(word.span(), by_music.into_iter().chain(by_clock.clone())))
            .help_by_clock(Help::write_one_of(word.span(), by_clock))
            .exact();
    }
    if let Some(bare) = bare_time(word.text) {
        return mistake.help(Help::write(word.span(), bare));
    }
    if let Some(time) = with_unit(word.text).or_else(|| with_other_sign(word.text)) {
        return mistake.help(Help::write(word.span(), time));
    }
    if let Some(time) = clock_time_meant(word.text) {
        return mistake.help(Help::write(word.span(), time));
    }
    // A decimal number that cannot be a bar and a beat: `0.04`, `1.03`.
    match word.text.split_once('.') {
        Some(("", part)) if is_digits(part) => mistake.help(Help::write(word.span(), format!("0.{part} s"))),
        Some((whole, part)) if is_digits(whole) && is_digits(part) => {
            let minutes = format!("{whole}:{part}");
            let is_clock = !matches!(whole, "0") && time::parse_clock_time(&minutes).is_ok();
            let seconds = format!("{} s", word.text);
            let times = std::iter::once(seconds.clone()).chain(is_clock.then_some(minutes));
            mistake.help(Help::write_one_of(word.span(), times)).help_by_clock(Help::write(word.span(), seconds))
        }
        _ => mistake.help(Help::advise(
            "a time is `1:23.450`, `12.5 s`, a bar and beat such as `9.2`, or `+2 beats` after the line above",
        )),
    }
}

/// `[1:30]` as `1:30`; `5:1` as `5:01` and `5.1`; `0:5` as `0:05` and `0.5 s`; `0:75` as `1:15`. The first is by the clock.
fn meant(text: &str) -> Vec<String> {
    if let Some(bare) = bare_time(text) {
        return vec![bare.to_owned()];
    }
    match text.split_once(':') {
        Some((whole, part)) if is_digits(whole) && is_digits(part) && part.len() == 1 && part != "0" => {
            // Few bars have more than four beats, and none is bar 0.
            let is_beat = whole.bytes().any(|digit| digit != b'0') && matches!(part, "1" | "2" | "3" | "4");
            let other = if is_beat { format!("{whole}.{part}") } else { format!("{whole}.{part} s") };
            vec![format!("{whole}:0{part}"), other]
        }
        _ => carried(text).filter(|time| time::parse_clock_time(time).is_ok()).into_iter().collect(),
    }
}

/// The time in `text` without other signs around it.
fn bare_time(text: &str) -> Option<&str> {
    let bare = text.trim_start_matches(|c: char| !c.is_ascii_digit());
    let clock = bare.trim_end_matches(|c: char| !c.is_ascii_digit());
    // `9.2e` is no `9.2`.
    let music = bare.trim_end_matches(|c: char| !c.is_alphanumeric() && c != '&');
    let bare = if time::parse_clock_time(clock).is_ok() { clock } else { music };
    let is_time = bare == clock && bare.contains(':') || bar_beat(bare).is_some();
    // `5.2½` and `5.2＆` are no `5.2`.
    let means_more = text.contains(['½', '¼', '¾', '\u{ff06}', '\u{ff0b}']);
    (bare != text && is_time && !means_more).then_some(bare)
}

/// `9.2`, `9.2&`, `9.2+1/3`.
fn bar_beat(text: &str) -> Option<BarBeat> {
    let (bar, rest) = text.split_once('.')?;
    let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let past = match &rest[digits..] {
        "" => Ticks(0),
        "e" => Ticks(Ticks::PER_BEAT / 4),
        "&" => Ticks(Ticks::PER_BEAT / 2),
        "a" => Ticks(Ticks::PER_BEAT * 3 / 4),
        fraction => {
            let (count, parts) = parts(fraction.strip_prefix('+')?)?;
            Ticks(part_of(count, parts)).lies_within_a_beat()?
        }
    };
    let beat = &rest[..digits];
    // Beat 03 is probably a time with a point instead of a colon.
    (is_digits(bar) && is_digits(beat) && !(beat.len() > 1 && beat.starts_with('0'))).then_some(())?;
    Some(BarBeat {
        bar: bar.parse().map_or(LAST_BAR, |bar: u32| bar.min(LAST_BAR)),
        beat: beat.parse().ok()?,
        past,
    })
}

impl Ticks {
    fn lies_within_a_beat(self) -> Option<Self> {
        (self.0 < Self::PER_BEAT).then_some(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read<T>(text: &str, rule: impl Fn(&mut SheetLine) -> Result<T, Mistake>) -> Result<T, String> {
        let mut line = SheetLine::new(text, 0).unwrap();
        let read = rule(&mut line).map_err(|mistake| mistake.title)?;
        line.finish("it").map(|()| read).map_err(|mistake| mistake.title)
    }

    fn place(text: &str) -> Result<TimePlace, String> {
        read(text, time_at).map(|time| time.place)
    }

    #[test]
    fn a_time_is_read_by_the_clock_or_by_the_music() {
        let clock = |micros| Ok(TimePlace::Clock(ShowTime::from_micros(micros)));
        let music = |bar, beat, past| Ok(TimePlace::Music(BarBeat { bar, beat, past: Ticks(past) }));
        assert_eq!(place("1:23.450"), clock(83_450_000));
        assert_eq!(place("12.5 s"), clock(12_500_000));
        assert_eq!(place("420ms"), clock(420_000));
        assert_eq!(place("9.2"), music(9, 2, 0));
        assert_eq!(place("9.2&"), music(9, 2, Ticks::PER_BEAT / 2));
        assert_eq!(place("9.2e"), music(9, 2, Ticks::PER_BEAT / 4));
        assert_eq!(place("9.2a"), music(9, 2, Ticks::PER_BEAT / 4 * 3));
        assert_eq!(place("9.2+1/3"), music(9, 2, Ticks::PER_BEAT / 3));
    }

    #[test]
    fn what_is_no_time_is_a_mistake() {
        for text in
            ["nan", "9", "1:60", "-1:00", "9.2x", "9.2+4/3", "2 beats", "+1 s", "inf s", "1e9 s", "neon"]
        {
            assert!(place(text).is_err(), "{text}");
        }
    }

    #[test]
    fn the_first_column_takes_a_range_and_a_repeat() {
        let when = read("5.1 to 9.1 every 1 bar", when).unwrap();
        assert!(when.end.is_some() && when.every.is_some());
        for text in ["5.1 every 1 bar", "5.1 to", "5.1 to 9.1 every 0 s", "to 9.1"] {
            assert!(read(text, super::when).is_err(), "{text}");
        }
    }
}
