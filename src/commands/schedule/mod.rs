//! `starcourt schedule`: what plays in the coming days, and why nothing does.

mod broken;
mod day_and_night;
mod json;
mod page;

use std::sync::Arc;

use anyhow::anyhow;
use jiff::{SignedDuration, ZonedDateTime};

use crate::cli::ScheduleOptions;
use crate::schedule::{Agenda, Day, Forecast, Leftover, MissingShow, Rotation, Schedule};
use crate::show;

use super::files::{self, LoadedSchedule};
use super::outcome::{Failure, Outcome};
use super::warnings;

use broken::Broken;
pub(super) use day_and_night::day_and_night;
pub(super) use page::SCHEDULE_EXAMPLE;

pub(super) fn schedule(options: &ScheduleOptions) -> Result<(String, Outcome), Failure> {
    let output = files::output_kind(&options.stage.output);
    let rig = files::rig(&options.stage.rig, output)?.rig;
    let places = files::show_places(&options.stage);
    let loaded = files::schedule(&options.schedule, output, &places, &rig, MissingShow::Warning)?;
    let Some(LoadedSchedule { schedule, told, .. }) = loaded else {
        let leftovers = files::leftovers(&options.schedule, output, &places);
        return Err(Failure::bad_file(nowhere(&leftovers)));
    };
    let from = start(&schedule, options)?;
    let days = usize::from(options.days);
    let (shows, failures) = files::show_index(&schedule, &places, &rig);
    let broken: Broken = failures.into_iter().map(|(name, failure)| (name, failure.words())).collect();
    // The exit code of `check`: a show that is missing is no mistake while the others of its playlist play.
    let is_there = |show: &String| show::find::find(show, &places).is_ok();
    let outcome = match broken.keys().any(is_there) || schedule.needs_any_of(&broken) {
        true => Outcome::BadFile,
        false => Outcome::Done,
    };
    if !options.rehearse {
        let days = schedule.days_from(&from, days);
        let text = match options.json {
            true => json::days(&days, &broken),
            false => {
                let always = day_and_night(&schedule, &rig);
                let warnings = warnings::of_all(told.warnings(), &options.stage, &options.schedule);
                zone_line(&days, &from)
                    + &page::days(&days, &schedule, &broken)
                    + &always.map_or_else(String::new, |text| format!("\n{text}"))
                    + &warnings.map_or_else(String::new, |text| format!("\n{text}\n"))
            }
        };
        return Ok((text, outcome));
    }
    let end = from.saturating_add(jiff::Span::new().days(i64::from(options.days)));
    for name in broken.keys() {
        log::warn!("{name} is passed over: starcourt check {name}");
    }
    // As if the service had run since the start of the first day.
    let forecast = Forecast::new(Agenda::new(Arc::new(schedule), Rotation::default()), &shows, &from, &end);
    let text = match options.json {
        true => json::events(forecast),
        false => forecast.map(|event| format!("{event}\n")).collect(),
    };
    Ok((text, outcome))
}

/// `times in Europe/Berlin (UTC+01:00)`, with the day on which that changes.
fn zone_line(days: &[Day], from: &ZonedDateTime) -> String {
    let zone = from.time_zone().iana_name().unwrap_or("this machine's time zone");
    let offset = |at: &ZonedDateTime| format!("UTC{}", at.strftime("%:z"));
    let before = offset(from);
    let ends = days.iter().filter_map(|day| day.periods.last()).map(|period| &period.to);
    let change = ends.map(|end| (end, offset(end))).find(|(_, offset)| *offset != before);
    let change = change.map_or_else(String::new, |(end, offset)| {
        let day = end.saturating_sub(SignedDuration::from_secs(1));
        format!(", and {offset} from {} on", day.strftime("%A, %-d %B"))
    });
    format!("times in {zone} ({before}{change})\n\n")
}

/// The beginning of the day that is asked for.
fn start(schedule: &Schedule, options: &ScheduleOptions) -> Result<ZonedDateTime, Failure> {
    let now = files::time_for(schedule)?;
    let today = now.date();
    let day = options.at.map_or(Some(today), |at| at.seen_from(today));
    let day = day.ok_or_else(|| Failure::bad_command_line(anyhow!("the calendar has no such day")))?;
    let start = day.to_zoned_datetime(now.time_zone().clone()).map_err(anyhow::Error::from)?;
    // The calendar ends somewhere: leave room for the days after it.
    let last = start.checked_add(SignedDuration::from_hours(24 * (i64::from(options.days) + 8)));
    last.map_err(|_| Failure::bad_command_line(anyhow!("no calendar goes on for so long after {day}")))?;
    Ok(start)
}

fn nowhere(leftovers: &[Leftover]) -> anyhow::Error {
    let leftovers: String = leftovers.iter().map(|leftover| format!("\n{leftover}")).collect();
    anyhow!(
        "there is no schedule: no /etc/starcourt/schedule.toml, and in a simulation no schedule.toml beside the shows; \
         --schedule FILE names another file{leftovers}\n{SCHEDULE_EXAMPLE}"
    )
}
