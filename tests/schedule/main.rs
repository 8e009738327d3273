//! The schedule as a person writes it, and what follows from it.
#![allow(clippy::unwrap_used)]

mod calls;
mod misfortunes;
mod mistakes;
mod moments;
mod summer_time;
mod sun;
mod week;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use starcourt::diagnosis::{Diagnoses, Source};
use starcourt::schedule::{
    Agenda, Forecast, ForecastEvent, Happening, MissingShow, Rotation, Schedule, ScheduleContext, ShowFacts,
    ShowIndex, read,
};

const RIG: &str = r#"
[channels]
porch   = { pin = 4, kind = "relay", active = "low" }
garland = { pin = 17, kind = "pwm" }
star    = { pin = 27, kind = "pwm" }

[groups]
trees = ["garland", "star"]
"#;

/// Shows with music last 10 minutes, `glow` is silent and lasts 5.
const SHOWS: [&str; 4] = ["carol", "storm", "march", "glow"];

fn told(text: &str) -> (Option<Schedule>, Diagnoses) {
    let rig = starcourt::rig::read(&Source::new("rig.toml", RIG)).0.unwrap();
    let shows: BTreeSet<String> = SHOWS.iter().map(|show| (*show).to_owned()).collect();
    let known = ScheduleContext { shows: &shows, rig: &rig, missing: MissingShow::Mistake };
    read(&Source::new("schedule.toml", text), &known)
}

/// Reads a schedule in which nothing is wrong.
#[track_caller]
fn schedule(text: &str) -> Schedule {
    let (schedule, told) = told(text);
    assert!(told.is_empty(), "{told}");
    schedule.unwrap()
}

/// An instant as RFC 9557 writes it; without a zone it is Berlin's.
#[track_caller]
fn time(text: &str) -> jiff::ZonedDateTime {
    let zoned = if text.contains('[') { text.to_owned() } else { format!("{text}[Europe/Berlin]") };
    zoned.parse().unwrap()
}

fn show_index() -> ShowIndex {
    let facts = |show: &&str| {
        let (length, sounds) = if *show == "glow" { (5, false) } else { (10, true) };
        ((*show).to_owned(), ShowFacts { length: Duration::from_secs(length * 60), sounds })
    };
    SHOWS.iter().map(facts).collect()
}

/// What happens between two instants.
fn run(text: &str, from: &str, end: &str) -> Vec<ForecastEvent> {
    let agenda = Agenda::new(Arc::new(schedule(text)), Rotation::default());
    let show_index = show_index();
    Forecast::new(agenda, &show_index, &time(from), &time(end)).collect()
}

/// The starts between two instants: `18:00 carol`.
fn starts(text: &str, from: &str, end: &str) -> Vec<String> {
    let start = |event: ForecastEvent| match event.what {
        Happening::Start(booking) => Some(format!("{} {}", event.at.strftime("%H:%M"), booking.show)),
        _ => None,
    };
    run(text, from, end).into_iter().filter_map(start).collect()
}
