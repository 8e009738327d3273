//! Warnings about a schedule that is legal and probably not meant: a place far from its time zone, an evening that
//! becomes a whole day by the sun. Reads no file.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::{Date, date};
use jiff::tz::{Offset, TimeZone};

use crate::config::document::{Form, KeyValue};
use crate::config::fields::Spanned;
use crate::config::report::Report;
use crate::diagnosis::Help;

use super::Entry;
use super::hour::Locality;
use super::sun::Place;

/// No country's clocks are further from the sun. The farthest are in western Greenland (3.6 h in summer), Alaska
/// (3.5 h) and China (3.1 h); of the cities in tzdata 2026 it is Nome with 3.0 h.
const FARTHEST_HOURS: f64 = 4.0;

/// Any year will do.
const YEAR: Date = date(2026, 1, 1);

/// Warns if no place at this longitude has the time zone `zone`, which is called `name`.
pub(super) fn warn_of_zone(longitude: &Spanned<f64>, zone: &TimeZone, name: &str, report: &Report<'_>) {
    // UTC is used anywhere.
    let is_no_place = name.eq_ignore_ascii_case("UTC") || name.starts_with("Etc/");
    let hours = hours_between(longitude.value, zone);
    if is_no_place || hours <= FARTHEST_HOURS {
        return;
    }
    let title =
        format!("the place is far from its time zone: noon by the sun is {hours:.0} h from noon in {name}");
    let written = report.written(&longitude.span);
    let turned = written.trim_matches(['"', '\'']).trim();
    let turned = match turned.char_indices().last() {
        Some((at, 'E' | 'e')) => Some(format!("\"{}W\"", &turned[..at])),
        Some((at, 'W' | 'w')) => Some(format!("\"{}E\"", &turned[..at])),
        _ => None,
    };
    let help = match turned.filter(|_| hours_between(-longitude.value, zone) <= FARTHEST_HOURS) {
        Some(other_side) => Help::write(longitude.span.clone(), &*other_side)
            .said(format!("write `longitude = {other_side}` if it lies on the other side of Greenwich")),
        None => Help::advise("either `longitude` or `timezone` belongs to another place"),
    };
    report.push(report.warning(title).at(longitude.span.clone(), "").help(help));
}

/// How far noon of `zone` is from noon by the sun at `longitude`, the larger of winter and summer.
fn hours_between(longitude: f64, zone: &TimeZone) -> f64 {
    let months = [date(2026, 1, 15), date(2026, 7, 15)];
    let offset = |day: Date| {
        let noon = TimeZone::UTC.to_timestamp(day.at(12, 0, 0, 0)).unwrap_or(Timestamp::UNIX_EPOCH);
        f64::from(zone.to_offset(noon).seconds()) / 3_600.0
    };
    // Across the date line the date differs, and the time of day does not.
    let between = |hours: f64| ((hours - longitude / 15.0 + 12.0).rem_euclid(24.0) - 12.0).abs();
    months.into_iter().map(|day| between(offset(day))).fold(0.0, f64::max)
}

/// Without a zone, time by the sun is near enough to count days.
pub(super) fn zone_by_sun(place: Option<Place>) -> TimeZone {
    let seconds = place.map_or(0, |place| (place.longitude * 240.0) as i32);
    Offset::from_seconds(seconds).unwrap_or(Offset::UTC).to_time_zone()
}

/// Warns of `entries` that last until the next day because the sun moves their start past their end.
pub(super) fn warn_of_long_days(
    entries: &[Arc<Entry>],
    lines: &[KeyValue],
    locality: &Locality<'_>,
    report: &Report<'_>,
) {
    if locality.place.is_none() {
        return;
    }
    for entry in entries {
        let days = entry.times.days_turned_by_the_sun(YEAR, locality);
        let Some(line) = lines.iter().find(|line| line.key == entry.name).filter(|_| days > 0) else {
            continue;
        };
        let span = match &line.value.form {
            Form::Table(table) => {
                table.entries.iter().find(|found| found.key == "to").map(|to| to.value.span.clone())
            }
            _ => None,
        };
        let title =
            format!("entry `{}` goes on until the next day, on {} of a year", entry.name, counted(days));
        let label = "this comes before `from` then, and so it is the next day's";
        let help = "if nothing is to play then, name the other days with `dates`";
        let warning = report.warning(title).at(span.unwrap_or_else(|| line.key_span.clone()), label);
        report.push(warning.help(Help::advise(help)));
    }
}

fn counted(days: usize) -> String {
    if days == 1 { "1 day".to_owned() } else { format!("{days} days") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_city_of_the_worlds_time_zones_is_near_its_clocks() {
        for (city, longitude) in [
            ("America/Nome", -165.41),
            ("America/Adak", 172.9), // Attu, west of the date line
            ("America/Nuuk", -69.2), // Qaanaaq
            ("Asia/Shanghai", 73.9), // at China's western end
            ("Pacific/Kiritimati", -157.3),
            ("Pacific/Apia", -171.8),
            ("Pacific/Chatham", -176.5),
            ("Pacific/Tongatapu", -175.2),
            ("Europe/Madrid", -9.3),
            ("Antarctica/Vostok", 106.9),
            ("America/Inuvik", -133.7),
        ] {
            let hours = hours_between(longitude, &TimeZone::get(city).unwrap());
            assert!(hours <= FARTHEST_HOURS, "{city}: {hours}");
        }
        let new_york = TimeZone::get("America/New_York").unwrap();
        assert!(hours_between(74.0, &new_york) > 9.0 && hours_between(-74.0, &new_york) < 1.0);
    }
}
