//! Reads the entries of `[schedule]` and `[quiet]`. Knows no instants.

use crate::config::document::{KeyValue, Table};
use crate::config::fields::{Fields, Spanned};
use crate::config::report::Report;
use crate::diagnosis::Diagnosis;

use super::calendar::{Dates, Weekdays, dates, weekdays};
use super::hour::{Hour, hour};
use super::names::{Names, check_name};
use super::times::{Hours, Times};
use super::units::{EVERY, VOLUME};
use super::{Entry, QuietHours};

const HIGHEST: u8 = 100;

/// Reads `NAME = { play = …, from = …, to = … }`.
pub(super) fn entry(
    line: &KeyValue,
    names: &Names<'_>,
    has_place: bool,
    report: &Report<'_>,
) -> Option<Entry> {
    check_name(line, "entry", report);
    let name = &line.key;
    let table = table(line, "entry", "{ play = \"starcourt\", from = \"sunset\", to = \"22:00\" }", report)?;
    let mut fields = Fields::new(table, format!(" of entry `{name}`"), report);
    let play =
        one(&mut fields, "play", "the name of a playlist or show", "starcourt", &|name| names.can_play(name));
    let plays = play.as_ref().and_then(|found| names.plays(found));
    let between = one(&mut fields, "between", "the name of a look or show", "dark", &|_| false);
    let idle = between.as_ref().and_then(|found| names.idle(found));
    let says_something = fields.entry("play").is_some() || fields.entry("between").is_some();
    let times = times(&mut fields, line, has_place, TimeKeys::Entry);
    let priority = priority(&mut fields);
    let sharp = fields.boolean("sharp").is_some_and(|found| found.value);
    fields.finish();
    if !says_something {
        let diagnosis = report.error(format!("entry `{name}` plays nothing"));
        let mend = "it needs `play` and the name of a show or playlist, or `between` for what shall stand";
        report.push(diagnosis.at(line.key_span.clone(), "").help(mend));
    }
    if let Some(between) = between
        && times.as_ref().is_some_and(Times::is_once)
    {
        let diagnosis = report.error(format!("entry `{name}` plays once: nothing stands between its shows"));
        let mend = "give `between` to an entry that has `from` and `to` only";
        report.push(diagnosis.at(between.span, "").help(mend));
    }
    Some(Entry { name: name.clone(), plays, between: idle, times: times?, priority, sharp })
}

/// Reads `NAME = { from = …, to = …, volume = … }`.
pub(super) fn quiet(line: &KeyValue, has_place: bool, report: &Report<'_>) -> Option<QuietHours> {
    check_name(line, "entry", report);
    let name = &line.key;
    let table = table(line, "quiet", "{ from = \"22:00\", to = \"7:00\" }", report)?;
    let mut fields = Fields::new(table, format!(" of quiet `{name}`"), report);
    let at_most = fields.quantity("volume", &VOLUME).map(|found| found.value);
    let says_volume = fields.entry("volume").is_some();
    let times = times(&mut fields, line, has_place, TimeKeys::Quiet);
    fields.finish();
    // A volume that cannot be read must not become silence.
    if says_volume && at_most.is_none() {
        return None;
    }
    Some(QuietHours { name: name.clone(), times: times?, at_most })
}

fn table<'a>(line: &'a KeyValue, what: &str, example: &str, report: &Report<'_>) -> Option<&'a Table> {
    let mend = format!("its keys stand in braces, as in `{} = {example}`", line.key);
    Fields::braces(line, what, &mend, report)
}

/// The value of `key`, one text; a list of several is a mistake.
pub(super) fn one<'a>(
    fields: &mut Fields<'a>,
    key: &'static str,
    noun: &str,
    example: &str,
    fits: &dyn Fn(&str) -> bool,
) -> Option<Spanned<&'a str>> {
    let mut found = fields.texts(key, noun, example, fits)?;
    if found.len() > 1 {
        let second = found.swap_remove(1);
        let title = format!("`{key}`{} names more than one", fields.place);
        let mend = "make a playlist of them under `[playlists]`";
        fields.report.push(fields.report.error(title).at(second.span, "one too many").help(mend));
        return None;
    }
    found.pop()
}

fn priority(fields: &mut Fields<'_>) -> u8 {
    let Some(found) =
        fields.integer("priority", "a number", 10, |number| (0..=i64::from(HIGHEST)).contains(&number))
    else {
        return 0;
    };
    u8::try_from(found.value).ok().filter(|priority| *priority <= HIGHEST).unwrap_or_else(|| {
        let title = format!("`priority`{} is out of range", fields.place);
        let label = format!("it goes from 0 to {HIGHEST}");
        fields.report.push(fields.report.error(title).at(found.span, label));
        0
    })
}

/// Which keys give the times: an entry has `at` and `every` as well.
#[derive(Clone, Copy, PartialEq, Eq)]
enum TimeKeys {
    Entry,
    Quiet,
}

fn times(fields: &mut Fields<'_>, line: &KeyValue, has_place: bool, keys: TimeKeys) -> Option<Times> {
    let days = several(fields, "days", "days of the week", "mon to fri", weekdays);
    let days = days.map_or(Weekdays::ALL, |days| days.into_iter().fold(Weekdays::NONE, Weekdays::and));
    let dates_in = read_dates(fields, "dates");
    let except = read_dates(fields, "except");
    let from = hour_of(fields, "from", has_place);
    let to = hour_of(fields, "to", has_place);
    let (at, every) = match keys {
        TimeKeys::Entry => (
            several(fields, "at", "a time of day", "20:00", hour),
            fields.quantity("every", &EVERY).map(|found| found.value),
        ),
        TimeKeys::Quiet => (None, None),
    };
    let says_at = keys == TimeKeys::Entry && fields.entry("at").is_some();
    let (says_from, says_to) = (fields.entry("from").is_some(), fields.entry("to").is_some());
    if says_at && (says_from || says_to || every.is_some()) {
        let title = format!("`at`{} says when already", fields.place);
        let mend = "keep `at` for single times, or `from`, `to` and `every`";
        fields.report.push(fields.report.error(title).at(line.key_span.clone(), "").help(mend));
        return None;
    }
    let hours = if says_at {
        let hours = at?;
        if hours.iter().any(|hour| hour.needs_place()) && !has_place {
            fields.report.push(no_place(fields, line.value.span.clone()));
        }
        Hours::At(hours)
    } else {
        // A time that cannot be read was reported; the times are unknown without it.
        let from = if says_from { from? } else { Hour::MIDNIGHT };
        let to = match if says_to { to? } else { Hour::END_OF_DAY } {
            Hour::MIDNIGHT => Hour::END_OF_DAY,
            to => to,
        };
        match every {
            Some(every) => Hours::Every { from, to, every },
            None => Hours::Span { from, to },
        }
    };
    Some(Times { days, dates: dates_in, except, hours })
}

fn hour_of(fields: &mut Fields<'_>, key: &'static str, has_place: bool) -> Option<Hour> {
    let found = one(fields, key, "a time of day", "17:30", &|text| hour(text).is_ok())?;
    match hour(found.value) {
        Ok(hour) => {
            if hour.needs_place() && !has_place {
                fields.report.push(no_place(fields, found.span));
            }
            Some(hour)
        }
        Err(expected) => {
            let title = format!("`{key}`{} is not a time of day", fields.place);
            fields.report.push(fields.report.error(title).at(found.span, expected));
            None
        }
    }
}

fn no_place(fields: &Fields<'_>, span: std::ops::Range<usize>) -> Diagnosis {
    let mend = "write where the lights are, above all else:\n\
                [place]\nlatitude = \"49.45 N\"\nlongitude = \"11.08 E\"";
    fields.report.error("nobody knows where the sun sets: there is no `[place]`").at(span, "").help(mend)
}

/// The days that `key` lists.
pub(super) fn read_dates(fields: &mut Fields<'_>, key: &'static str) -> Vec<Dates> {
    several(fields, key, "dates", "Nov 28 to Jan 6", dates).unwrap_or_default()
}

fn several<T>(
    fields: &mut Fields<'_>,
    key: &'static str,
    noun: &str,
    example: &str,
    read: fn(&str) -> Result<T, String>,
) -> Option<Vec<T>> {
    let mut values = Vec::new();
    for found in fields.texts(key, noun, example, &|text| read(text).is_ok())? {
        match read(found.value) {
            Ok(value) => values.push(value),
            Err(expected) => {
                let title = format!("`{key}`{} is not {noun}", fields.place);
                fields.report.push(fields.report.error(title).at(found.span, expected));
            }
        }
    }
    Some(values)
}
