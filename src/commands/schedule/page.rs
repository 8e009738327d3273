//! The coming days as text for people. Knows no JSON.

use std::sync::Arc;

use jiff::ZonedDateTime;

use super::broken::Broken;
use crate::printable::printable;
use crate::schedule::{Day, Entry, Idle, Loudness, Period, PlayOrder, Playlist, Schedule};

/// What to write for a beginning.
pub(in super::super) const SCHEDULE_EXAMPLE: &str = "\
an evening in a schedule looks like this; SHOW is the name of one of your shows:

  [schedule]
  evening = { play = \"SHOW\", from = \"18:00\", to = \"22:00\" }
";

pub(super) fn days(days: &[Day], schedule: &Schedule, broken: &Broken) -> String {
    let mut text = String::new();
    for day in days {
        text += &format!("{}\n", day.date.strftime("%A, %-d %B %Y"));
        let mut lines: Vec<(&ZonedDateTime, String)> = Vec::new();
        lines.extend(day.periods.iter().filter_map(|period| Some((&period.from, line(period, broken)?))));
        for (at, entry) in &day.once {
            let time = at.strftime("%H:%M").to_string();
            lines.push((at, format!("{time:<13}{}", what_plays(entry, broken))));
        }
        // Stable: what begins a period stands before what plays once in it.
        lines.sort_by_key(|(at, _)| at.timestamp());
        for (_, line) in &lines {
            text += &format!("  {}\n", line.trim_end());
        }
        if !day.once.is_empty() || day.periods.iter().any(|period| period.plays.is_some()) {
            text.push('\n');
            continue;
        }
        for reason in reasons(day, schedule) {
            text += &format!("  no shows: {reason}\n");
        }
        text.push('\n');
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
    if schedule.entries.is_empty() {
        text += &format!("\n{SCHEDULE_EXAMPLE}");
    }
    for (show, why) in broken {
        text += &format!("\nshow {} cannot be played:\n{why}\n", printable(show));
    }
    text
}

/// Why a day has no shows.
fn reasons(day: &Day, schedule: &Schedule) -> Vec<String> {
    if day.closed {
        return vec!["closed".to_owned()];
    }
    let playing: Vec<&Arc<Entry>> = schedule.entries.iter().filter(|entry| entry.plays.is_some()).collect();
    if playing.is_empty() {
        return vec!["the schedule names none".to_owned()];
    }
    let reason = |entry: &&Arc<Entry>| match entry.times.absence(day.date) {
        Some(absence) => format!("{} is {absence}", entry.name),
        None => format!("{} has no time on this day, because its start and its end are one", entry.name),
    };
    playing.iter().map(reason).collect()
}

/// `16:03 - 22:00  evening: …`; nothing where it is dark and silent anyway.
fn line(period: &Period, broken: &Broken) -> Option<String> {
    let mut words: Vec<String> = Vec::new();
    match (&period.plays, &period.idle) {
        (Some(entry), idle) => {
            words.push(what_plays(entry, broken));
            if *idle != Idle::Dark {
                words.push(format!("{} between", idle.name()));
            }
            match (&period.silence, period.volume) {
                (Some(quiet), _) => words.push(format!("no show with sound ({quiet})")),
                (None, Loudness::FULL) => {}
                (None, volume) => words.push(format!("volume {volume}")),
            }
        }
        (None, Idle::Dark) => return None,
        (None, idle) => words.push(format!("only {}", idle.name())),
    }
    let (from, to) = (period.from.strftime("%H:%M"), period.to.strftime("%H:%M").to_string());
    // The end of a day is its own midnight, not that of the next.
    let to = if to == "00:00" { "24:00".to_owned() } else { to };
    Some(format!("{from}-{to}  {}", words.join(", ")))
}

fn what_plays(entry: &Entry, broken: &Broken) -> String {
    match &entry.plays {
        None => entry.name.clone(),
        Some(playlist) => format!("{}: {}", entry.name, shows(playlist, broken)),
    }
}

fn shows(playlist: &Playlist, broken: &Broken) -> String {
    let named = |show: &String| match broken.contains_key(show) {
        true => format!("{} (cannot be played)", printable(show)),
        false => show.clone(),
    };
    let shows: Vec<String> = playlist.shows.iter().map(named).collect();
    match (shows.as_slice(), playlist.order) {
        ([only], _) => only.clone(),
        (several, PlayOrder::InTurn) => several.join(", "),
        (several, PlayOrder::Shuffle) => format!("{} (shuffled)", several.join(", ")),
    }
}
