//! The coming days, and a forecast of them, as JSON for other programs.

use std::collections::BTreeMap;

use jiff::ZonedDateTime;
use serde::Serialize;

use super::broken::Broken;
use crate::schedule::{Booking, Day, Entry, Forecast, ForecastEvent, Happening, Period};

use super::super::printed;

#[derive(Serialize)]
struct DayJson<'a> {
    date: String,
    closed: bool,
    stretches: Vec<PeriodJson<'a>>,
    once: Vec<OnceJson<'a>>,
}

#[derive(Serialize)]
struct PeriodJson<'a> {
    from: String,
    to: String,
    entry: Option<&'a str>,
    playlist: Option<&'a str>,
    shows: &'a [String],
    /// Those of `shows` that cannot be played, with why.
    cannot_play: BTreeMap<&'a str, &'a str>,
    between: &'a str,
    volume: u8,
    /// Nothing with sound plays.
    silent: bool,
}

#[derive(Serialize)]
struct OnceJson<'a> {
    at: String,
    entry: &'a str,
    playlist: Option<&'a str>,
    shows: &'a [String],
    /// As in [`PeriodJson`].
    cannot_play: BTreeMap<&'a str, &'a str>,
}

#[derive(Serialize)]
struct EventJson<'a> {
    at: String,
    #[serde(flatten)]
    happening: HappeningJson<'a>,
}

#[derive(Serialize)]
#[serde(tag = "event", rename_all = "lowercase")]
enum HappeningJson<'a> {
    Start { show: &'a str, entry: &'a str, volume: u8 },
    End { show: &'a str },
    Cut { show: &'a str },
    Stand { between: &'a str, reason: String },
}

pub(super) fn days(days: &[Day], broken: &Broken) -> String {
    let days: Vec<DayJson<'_>> = days
        .iter()
        .map(|day| DayJson {
            date: day.date.to_string(),
            closed: day.closed,
            stretches: day.periods.iter().map(|period| span(period, broken)).collect(),
            once: day.once.iter().map(|(at, entry)| once(at, entry, broken)).collect(),
        })
        .collect();
    printed::json(&days)
}

pub(super) fn events(forecast: Forecast<'_>) -> String {
    let events: Vec<_> = forecast.collect();
    printed::json(&events.iter().map(event_json).collect::<Vec<_>>())
}

/// RFC 3339, with the offset of that instant.
fn instant(at: &ZonedDateTime) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

fn plays(entry: &Entry) -> (Option<&str>, &[String]) {
    match &entry.plays {
        Some(playlist) => (Some(&playlist.name), &playlist.shows),
        None => (None, &[]),
    }
}

fn span<'a>(period: &'a Period, broken: &'a Broken) -> PeriodJson<'a> {
    let (playlist, shows) = period.plays.as_deref().map_or((None, [].as_slice()), plays);
    PeriodJson {
        from: instant(&period.from),
        to: instant(&period.to),
        entry: period.plays.as_ref().map(|entry| entry.name.as_str()),
        playlist,
        shows,
        cannot_play: cannot_play(shows, broken),
        between: period.idle.name(),
        volume: period.volume.percent(),
        silent: period.silence.is_some(),
    }
}

fn once<'a>(at: &ZonedDateTime, entry: &'a Entry, broken: &'a Broken) -> OnceJson<'a> {
    let (playlist, shows) = plays(entry);
    OnceJson { at: instant(at), entry: &entry.name, playlist, shows, cannot_play: cannot_play(shows, broken) }
}

fn cannot_play<'a>(shows: &[String], broken: &'a Broken) -> BTreeMap<&'a str, &'a str> {
    let are_shown = broken.iter().filter(|(show, _)| shows.contains(show));
    are_shown.map(|(show, why)| (show.as_str(), why.as_str())).collect()
}

fn event_json(ForecastEvent { at, what }: &ForecastEvent) -> EventJson<'_> {
    let happening = match what {
        Happening::Start(Booking { show, slot, volume }) => {
            HappeningJson::Start { show, entry: &slot.entry.name, volume: volume.percent() }
        }
        Happening::End { show } => HappeningJson::End { show },
        Happening::Cut { show } => HappeningJson::Cut { show },
        Happening::Idle { idle, why } => {
            HappeningJson::Stand { between: idle.name(), reason: why.to_string() }
        }
    };
    EventJson { at: instant(at), happening }
}
