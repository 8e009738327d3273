//! Reads the entries of `[schedule]` and `[quiet]`. Knows no instants.

use crate::config::document::{Form, KeyValue, Value};
use crate::config::fields::{Fields, Spanned, quoted};
use crate::config::report::Report;
use crate::diagnosis::{Diagnosis, Help};

use super::all_hours::warn_of_all_hours;
use super::calendar::{Dates, Weekdays};
use super::date_text::dates;
use super::expected::Expected;
use super::hour::Hour;
use super::hour_text::{half_meant, hour};
use super::names::{Names, check_name};
use super::stretch_text::stretch_meant;
use super::times::{Hours, Times};
use super::units::{EVERY, VOLUME};
use super::weekday_text::weekdays;
use super::{Entry, Playlist, QuietHours};

pub(super) const HIGHEST: u8 = 100;

/// People write these right below `[schedule]`.
const ENTRY_KEYS: [&str; 6] = ["play", "from", "to", "at", "days", "dates"];

/// Reads `NAME = { play = …, from = …, to = … }`.
pub(super) fn entry(
    line: &KeyValue,
    names: &Names<'_>,
    has_place: bool,
    report: &Report<'_>,
) -> Option<Entry> {
    check_name(line, "entry", report);
    let name = &line.key;
    let show = names.any_show();
    let example = format!("{{ play = \"{show}\", from = \"18:00\", to = \"22:00\" }}");
    if ENTRY_KEYS.contains(&name.as_str()) && !matches!(line.value.form, Form::Table(_)) {
        let title = format!("`{name}` belongs to an entry, and this is none");
        let words =
            format!("write each entry on one line, with a name of your choice: `evening = {example}`");
        report
            .push(report.error(title).at(line.key_span.clone(), "").help(Help::advise(words).into_example()));
        return None;
    }
    let table = Fields::braces(line, "entry", &example, report)?;
    let mut fields =
        Fields::new(table, format!(" of entry `{name}`"), report).like(format!("{name} = {example}"));
    let play = fields.texts("play", "the name of a playlist or show", show, &|name| names.can_play(name));
    let play = play.and_then(|mut shows| {
        let in_text = names.several_in(shows.first()?.value).filter(|_| shows.len() == 1);
        let listed: Vec<&str> = in_text.unwrap_or_else(|| shows.iter().map(|show| show.value).collect());
        if listed.len() == 1 {
            return shows.pop();
        }
        let words = names.playlist_meant(name, &listed);
        let title = format!("`play`{} names more than one", fields.place);
        let span = shows.get(1).unwrap_or(&shows[0]).span.clone();
        let label = if shows.len() > 1 { "one too many" } else { "several in one text" };
        report.push(report.error(title).at(span, label).help(Help::advise(words)));
        None
    });
    let plays = play.as_ref().and_then(|found| names.plays(found));
    let between = one(&mut fields, "between", "the name of a look or show", "dark", &|_| false);
    let idle = between.as_ref().and_then(|found| names.idle(found));
    // A key that is meant as `play` is reported as unknown.
    let says_something = fields.entry("play").is_some()
        || fields.entry("between").is_some()
        || table.entries.iter().any(|entry| matches!(&*entry.key, "show" | "shows" | "playlist"));
    let times = times(&mut fields, line, has_place, TimeKeys::Entry);
    let priority = priority(&mut fields);
    let sharp = fields.boolean("sharp").is_some_and(|found| found.value);
    refuse_volume(&mut fields, line, plays.as_deref());
    fields.finish();
    if let Some(times) = times.as_ref().filter(|_| plays.is_some()) {
        warn_of_all_hours(times, line, table, report);
    }
    if !says_something {
        let diagnosis = report.error(format!("entry `{name}` plays nothing"));
        let (room, comma) = report.room_in(&line.value);
        let keys = [format!("{comma}play = \"{show}\""), format!("{comma}between = \"dark\"")];
        let words = format!(
            "add `play = \"{show}\"` to play a show or playlist, or `between = \"dark\"` for what the lights do between shows"
        );
        report.push(diagnosis.at(line.key_span.clone(), "").help(Help::write_one_of(room, keys).said(words)));
    }
    if let Some(between) = between
        && times.as_ref().is_some_and(Times::is_once)
    {
        let diagnosis =
            report.error(format!("entry `{name}` has no time between its shows: it plays them one by one"));
        let entry = table.entries.iter().find(|found| found.key == "between");
        let words = "take it out: `between` is for entries that have only `from` and `to`";
        let help = entry.map(|entry| Help::take_out(report.all_of(entry), words));
        report.push(diagnosis.at(between.span, "").help_if_any(help));
    }
    Some(Entry { name: name.clone(), plays, between: idle, times: times?, priority, sharp })
}

/// People give an entry a volume. It belongs to a show, or to a time.
fn refuse_volume(fields: &mut Fields<'_>, line: &KeyValue, plays: Option<&Playlist>) {
    let Some(volume) = fields.entry("volume") else { return };
    let report = fields.report;
    let written = report.written(&volume.value.span);
    let meant = VOLUME.meant(written).first().map(|meant| format!("\"{meant}\""));
    let level = meant.unwrap_or_else(|| format!("\"{}\"", VOLUME.example));
    let times = ["from", "to", "days", "dates", "except"].into_iter().filter_map(|key| {
        let entry = fields.entry(key)?;
        Some(format!("{}, ", report.written(&(entry.key_span.start..entry.value.span.end))))
    });
    let times: String = times.collect();
    let (table, whose) = match plays.and_then(|playlist| playlist.shows.first()) {
        Some(show) if times.is_empty() => ("shows", show),
        _ => ("quiet", &line.key),
    };
    let words = format!(
        "take it out, add `[{table}]` at the end of the file and below it `{whose} = {{ {times}volume = {level} }}`"
    );
    let title = format!("`volume`{} belongs to a show or to `[quiet]`", fields.place);
    report.push(report.error(title).at(volume.key_span.clone(), "not in an entry").help(Help::advise(words)));
}

/// Reads `NAME = { from = …, to = …, volume = … }`.
pub(super) fn quiet(line: &KeyValue, has_place: bool, report: &Report<'_>) -> Option<QuietHours> {
    check_name(line, "entry", report);
    let name = &line.key;
    let table = Fields::braces(line, "quiet", "{ from = \"22:00\", to = \"7:00\" }", report)?;
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
        let help = Help::take_out(fields.report.with_comma(&second.span), "take one of them out");
        fields.report.push(fields.report.error(title).at(second.span, "one too many").help(help));
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
        TimeKeys::Entry => {
            (starts(fields, has_place), fields.quantity("every", &EVERY).map(|found| found.value))
        }
        TimeKeys::Quiet => (None, None),
    };
    let says_at = keys == TimeKeys::Entry && fields.entry("at").is_some();
    let (says_from, says_to) = (fields.entry("from").is_some(), fields.entry("to").is_some());
    if says_at && (says_from || says_to || every.is_some()) {
        let title = format!("`at`{} cannot be combined with `from`, `to` or `every`", fields.place);
        let mend = "keep `at` to start at single times, or `from`, `to` and `every`";
        fields.report.push(fields.report.error(title).at(line.key_span.clone(), "").help(Help::advise(mend)));
        return None;
    }
    let hours = if says_at {
        let hours = at?;
        if hours.iter().any(|hour| hour.needs_place()) && !has_place {
            fields.report.push(no_place(fields, line.value.span.clone()));
        }
        Hours::At(hours)
    } else {
        warn_of_half(fields);
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

/// Warns of `from = "5pm", to = "9:30"`, which ends in the morning of the next day.
fn warn_of_half(fields: &mut Fields<'_>) {
    let mut text = |key| match &fields.entry(key)?.value {
        Value { form: Form::Text(text), span } => Some((text.clone(), span.clone())),
        _ => None,
    };
    let Some(((from, _), (to, span))) = text("from").zip(text("to")) else { return };
    let Some(meant) = half_meant(&from, &to) else { return };
    let title = format!("`to`{} is on the next morning: `{to}` has neither am nor pm", fields.place);
    let help = quoted("to", &span, &[meant]);
    fields.report.push(fields.report.warning(title).at(span, format!("`from` is {from}")).help_if_any(help));
}

/// The times at which a show starts. A stretch of time, `18:00-22:00`, is one of `from` and `to`.
fn starts(fields: &mut Fields<'_>, has_place: bool) -> Option<Vec<Hour>> {
    let text = match fields.entry("at") {
        Some(entry @ KeyValue { value: Value { form: Form::Text(text), .. }, .. }) => Some((entry, text)),
        _ => None,
    };
    let text = text.filter(|(_, text)| hour(text).is_err());
    let stretch = text.and_then(|(entry, text)| Some((entry, stretch_meant(text, has_place)?)));
    let Some((entry, [from, to])) = stretch else {
        return match text.is_some() {
            // Reported with all that is known of it.
            true => hour_of(fields, "at", has_place).map(|hour| vec![hour]),
            false => several(fields, "at", "a time of day", "20:00", hour),
        };
    };
    let span = entry.key_span.start..entry.value.span.end;
    let title = format!("`at`{} must be a time of day", fields.place);
    let meant = match text.and_then(|(_, text)| moments(text)) {
        Some(moments) => format!("at = [{moments}]"),
        None => format!("from = \"{from}\", to = \"{to}\""),
    };
    let help = Help::write(span, meant);
    let diagnosis = fields.report.error(title).at(entry.value.span.clone(), "this is longer than a moment");
    fields.report.push(diagnosis.help(help));
    None
}

/// `17:30 and 18:30`, which is no stretch, as a list has them.
fn moments(text: &str) -> Option<String> {
    let times: Vec<&str> = text.split(" and ").map(str::trim).collect();
    let are_times = times.len() > 1 && times.iter().all(|time| hour(time).is_ok());
    are_times.then(|| times.iter().map(|time| format!("\"{time}\"")).collect::<Vec<_>>().join(", "))
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
            let ends = stretch_meant(found.value, has_place).filter(|_| expected.meant.is_empty());
            if let (Some([from, to]), "from", None) = (&ends, key, fields.entry("to")) {
                // With its begin alone it would play until midnight.
                let help = Help::write(found.span.clone(), format!("\"{from}\", to = \"{to}\""));
                let help = help.said(format!("write `from = \"{from}\", to = \"{to}\"`"));
                let title = format!("`from`{} must be a time of day", fields.place);
                let diagnosis = fields.report.error(title).at(found.span, "this is longer than a moment");
                fields.report.push(diagnosis.help(help));
                return None;
            }
            let meant = ends.map(|[from, to]| if key == "to" { to } else { from });
            let expected = Expected { meant: expected.meant.into_iter().chain(meant).collect(), ..expected };
            let diagnosis = unread(fields, key, "a time of day", &found, expected.clone());
            fields.report.push(match sun_meant(key, &expected).filter(|_| !has_place) {
                Some(help) => diagnosis.help(help),
                None => diagnosis,
            });
            None
        }
    }
}

/// What to write where a time by the sun is meant and there is no place yet.
fn sun_meant(key: &str, Expected { meant, .. }: &Expected) -> Option<Help> {
    let meant = meant
        .first()
        .filter(|_| meant.iter().all(|meant| hour(meant).is_ok_and(|hour| hour.needs_place())))?;
    Some(Help::advise(format!(
        "a clock time such as `{key} = \"18:00\"` needs no place; for `{key} = \"{meant}\"`, say below `[place]` where the \
         lights are, as in `latitude = \"49.45 N\"` and `longitude = \"11.08 E\"`"
    )))
}

/// `found` cannot be read; what was meant is told as `key` takes it, or alone in a list.
fn unread(
    fields: &Fields<'_>,
    key: &str,
    noun: &str,
    found: &Spanned<&str>,
    Expected { what, meant }: Expected,
) -> Diagnosis {
    let help = quoted(key, &found.span, &meant);
    let title = format!("`{key}`{} must be {noun}", fields.place);
    fields.report.error(title).at(found.span.clone(), what).help_if_any(help)
}

fn no_place(fields: &Fields<'_>, span: std::ops::Range<usize>) -> Diagnosis {
    let mend = "add where the lights are, for example:\n\
                [place]\nlatitude = \"49.45 N\"\nlongitude = \"11.08 E\"";
    fields.report.error("sunrise and sunset need a `[place]`").at(span, "").help(Help::advise(mend))
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
    read: fn(&str) -> Result<T, Expected>,
) -> Option<Vec<T>> {
    let mut values = Vec::new();
    for found in fields.texts(key, noun, example, &|text| read(text).is_ok())? {
        match read(found.value) {
            Ok(value) => values.push(value),
            Err(expected) => fields.report.push(unread(fields, key, noun, &found, expected)),
        }
    }
    Some(values)
}
