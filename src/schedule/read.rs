//! Reads the text of `schedule.toml` into a [`Schedule`], or reports every mistake in it. Knows no files.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::tz::TimeZone;

use crate::config::document;
use crate::config::fields::Fields;
use crate::config::report::Report;
use crate::config::tried::{LineKnowledge, tried};
use crate::diagnosis::{Diagnoses, Help, Source, nearest};

use super::hour::Locality;
use super::lines::{self, one, read_dates};
use super::meant::entry_meant;
use super::names::{Names, ScheduleContext};
use super::sun::Place;
use super::units::{LATITUDE, LONGITUDE, VOLUME};
use super::{Commands, Idle, Loudness, Schedule, Terms, commands, overlaps, warnings};

/// Keys that go above the first `[…]`.
const TOP_KEYS: [&str; 3] = ["volume", "between", "closed"];

/// Reads a schedule. If there is a mistake, there is no schedule, and every mistake is reported. The time zone
/// comes from the machine's own table.
#[must_use]
pub fn read(source: &Arc<Source>, known: &ScheduleContext<'_>) -> (Option<Schedule>, Diagnoses) {
    let (schedule, told) = read_once(source, known);
    let playlists = playlists(source.text());
    let show = |word: &str| {
        let name = word.strip_suffix(".show").unwrap_or(word).to_lowercase();
        known.shows.iter().chain(&playlists).find(|show| **show == name).cloned()
    };
    let any_show = known.shows.first().map_or("starcourt", |show| show);
    let meant = |table: &str, text: &str| match table {
        "schedule" => entry_meant(text, &show),
        "" => entry_meant(text, &show).map(|line| format!("[schedule]\n{line}")),
        _ => None,
    };
    let example = |table: &str| line_like(table, any_show);
    let again = |changed: &Arc<Source>| read_once(changed, known).1;
    (schedule, tried(told, source, &LineKnowledge { meant: &meant, example: &example, again: &again }))
}

/// The names of the playlists in `text`, also if it is not TOML.
fn playlists(text: &str) -> Vec<String> {
    let lines = text.lines().skip_while(|line| line.trim() != "[playlists]").skip(1);
    let lines = lines.take_while(|line| !line.trim_start().starts_with('['));
    lines.filter_map(|line| Some(line.split_once('=')?.0.trim().to_owned())).collect()
}

/// An example of a line below `[table]`.
fn line_like(table: &str, show: &str) -> Option<String> {
    match table {
        "schedule" => Some(format!("evening = {{ play = \"{show}\", from = \"18:00\", to = \"22:00\" }}")),
        "playlists" => Some(format!("evening = [\"{show}\"]")),
        "quiet" => Some("night = { from = \"22:00\", to = \"7:00\" }".to_owned()),
        "place" => Some("timezone = \"Europe/Berlin\"".to_owned()),
        _ => None,
    }
}

fn read_once(source: &Arc<Source>, known: &ScheduleContext<'_>) -> (Option<Schedule>, Diagnoses) {
    let (document, errors) = document::parse(source.text());
    let report = Report::new(source, &TOP_KEYS, errors);
    let schedule = {
        let show = known.shows.first().map_or("starcourt", |show| show);
        let entry = format!("evening = {{ play = \"{show}\", from = \"18:00\", to = \"22:00\" }}");
        let like = format!("[schedule]` and below it `{entry}");
        let mut top = Fields::new(&document, "", &report).like(like);
        let volume = top.quantity("volume", &VOLUME).map_or(Loudness::FULL, |found| found.value);
        let between = one(&mut top, "between", "the name of a look or show", "dark", &|_| false);
        let closed = read_dates(&mut top, "closed");
        let (place, zone) = place(&mut top);
        let names = Names::read(&mut top, known);
        let between = between.and_then(|found| names.idle(&found)).unwrap_or(Idle::Dark);
        let has_place = place.is_some();
        let lines = top.table("schedule").map(|table| table.entries.as_slice()).unwrap_or_default();
        let entries: Vec<_> = lines
            .iter()
            .filter_map(|line| lines::entry(line, &names, has_place, &report))
            .map(Arc::new)
            .collect();
        let quiet = top.table("quiet").map(|table| table.entries.as_slice()).unwrap_or_default();
        let quiet: Vec<_> = quiet.iter().filter_map(|line| lines::quiet(line, has_place, &report)).collect();
        let commands: Commands = commands::read(&mut top);
        let shows = terms(&mut top, &names, &report);
        top.finish();
        let schedule = Schedule { zone, place, closed, entries, quiet, volume, between, commands, shows };
        let by_sun = warnings::zone_by_sun(place);
        let locality = Locality { zone: schedule.zone.as_ref().unwrap_or(&by_sun), place };
        warnings::warn_of_long_days(&schedule.entries, lines, &locality, &report);
        overlaps::warn_of_overlaps(&schedule, &locality, lines, &report);
        schedule
    };
    let diagnoses = report.finish();
    (Some(schedule).filter(|_| diagnoses.errors() == 0), diagnoses)
}

fn place(top: &mut Fields<'_>) -> (Option<Place>, Option<TimeZone>) {
    let report = top.report;
    let header = top.entry("place").map(|entry| entry.key_span.clone());
    let (Some(table), Some(header)) = (top.table("place"), header) else { return (None, None) };
    let mut fields = Fields::new(table, " under `[place]`", report);
    let latitude = fields.quantity("latitude", &LATITUDE);
    let longitude = fields.quantity("longitude", &LONGITUDE);
    let says = (fields.entry("latitude").is_some(), fields.entry("longitude").is_some());
    let zone = one(&mut fields, "timezone", "the name of a time zone", "Europe/Berlin", &|_| false);
    fields.finish();
    let missing = match says {
        (true, false) => Some("longitude"),
        (false, true) => Some("latitude"),
        _ => None,
    };
    if let Some(missing) = missing {
        let title = format!("`[place]` has no {missing}");
        report.push(
            report.error(title).at(header, "").help(Help::advise("a place needs `latitude` and `longitude`")),
        );
    }
    let zone = zone.and_then(|found| match TimeZone::get(found.value.trim()) {
        Ok(zone) => {
            if let Some(longitude) = &longitude {
                warnings::warn_of_zone(longitude, &zone, found.value.trim(), report);
            }
            Some(zone)
        }
        Err(_) => {
            let name = found.value.trim();
            let diagnosis = report.error(format!("no time zone `{name}`")).at(found.span.clone(), "unknown");
            let span = found.span;
            let near: Option<Help> = if jiff::tz::db().is_definitively_empty() {
                Some(Help::advise("this machine has no table of time zones: sudo apt install tzdata"))
            } else {
                match nearest_zone(name) {
                    Some(zone) => Some(Help::meant_is(span, &zone, format!("\"{zone}\""))),
                    None => Some(Help::advise("a time zone is called by its city, as in `Europe/Berlin`; `timedatectl list-timezones` lists them")),
                }
            };
            report.push(diagnosis.help_if_any(near));
            None
        }
    });
    // A mistake in latitude or longitude is reported. Times by the sun must not be reported as well.
    let place = match (latitude, longitude) {
        (Some(latitude), Some(longitude)) => {
            Some(Place { latitude: latitude.value, longitude: longitude.value })
        }
        _ if says.0 || says.1 => Some(Place { latitude: 0.0, longitude: 0.0 }),
        _ => None,
    };
    (place, zone)
}

/// The time zone whose city has this name, or nearly.
fn nearest_zone(name: &str) -> Option<String> {
    let city = |zone: &str| zone.rsplit('/').next().unwrap_or_default().to_lowercase();
    // `Etc/GMT+1` is an hour behind Greenwich: not what `GMT+1` means.
    let is_place = |zone: &String| zone.contains('/') && !zone.starts_with("Etc/");
    let zones: Vec<String> =
        jiff::tz::db().available().map(|zone| zone.as_str().to_owned()).filter(is_place).collect();
    let cities: Vec<String> = zones.iter().map(|zone| city(zone)).collect();
    let wanted = city(name);
    // There are hundreds: only those with the same first letter are compared.
    let alike = cities.iter().filter(|city| city.as_bytes().first() == wanted.as_bytes().first());
    let near = nearest(&wanted, alike.map(String::as_str))?;
    let place = cities.iter().position(|city| city == near)?;
    Some(zones[place].clone())
}

/// Reads `[shows]`, the settings of single shows.
fn terms(top: &mut Fields<'_>, names: &Names<'_>, report: &Report<'_>) -> BTreeMap<String, Terms> {
    let lines = top.table("shows").map(|table| table.entries.as_slice()).unwrap_or_default();
    let mut shows = BTreeMap::new();
    for line in lines {
        names.is_show(line);
        let Some(table) = Fields::braces(line, "show", "{ volume = \"60 %\" }", report) else { continue };
        let mut fields = Fields::new(table, format!(" of show `{}`", line.key), report);
        let terms = Terms {
            volume: fields.quantity("volume", &VOLUME).map(|found| found.value),
            can_run: commands::condition(&mut fields),
            before: commands::hook(&mut fields, "before"),
            after: commands::hook(&mut fields, "after"),
        };
        fields.finish();
        shows.insert(line.key.clone(), terms);
    }
    shows
}
