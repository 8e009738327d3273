//! `starcourt schedule`: what plays in the coming days, and why nothing does.

mod broken;
mod day_and_night;
mod json;
mod page;

use std::sync::Arc;

use anyhow::anyhow;
use jiff::{SignedDuration, ZonedDateTime};

use crate::cli::ScheduleOptions;
use crate::schedule::{Agenda, Forecast, Leftover, MissingShow, Rotation, Schedule};

use super::files::{self, LoadedSchedule};
use super::outcome::{Failure, Outcome};

use broken::Broken;
pub(super) use day_and_night::day_and_night;
pub(super) use page::SCHEDULE_EXAMPLE;

pub(super) fn schedule(options: &ScheduleOptions) -> Result<(String, Outcome), Failure> {
    let output = files::output_kind(&options.stage.output);
    let rig = files::rig(&options.stage.rig, output)?.rig;
    let places = files::show_places(&options.stage);
    let loaded = files::schedule(&options.schedule, output, &places, &rig, MissingShow::Warning)?;
    let Some(LoadedSchedule { schedule, .. }) = loaded else {
        let leftovers = files::leftovers(&options.schedule, output, &places);
        return Err(Failure::bad_file(nowhere(&leftovers)));
    };
    let from = start(&schedule, options)?;
    let days = usize::from(options.days);
    let (shows, failures) = files::show_index(&schedule, &places, &rig);
    let broken: Broken = failures.into_iter().map(|(name, failure)| (name, failure.words())).collect();
    // The exit code of `check`.
    let outcome = if broken.is_empty() { Outcome::Done } else { Outcome::BadFile };
    if !options.rehearse {
        let days = schedule.days_from(&from, days);
        let text = match options.json {
            true => json::days(&days, &broken),
            false => {
                let always = day_and_night(&schedule, &rig);
                page::days(&days, &schedule, &broken)
                    + &always.map_or_else(String::new, |text| format!("\n{text}"))
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

/// The beginning of the day that is asked for.
fn start(schedule: &Schedule, options: &ScheduleOptions) -> Result<ZonedDateTime, Failure> {
    let now = files::time_for(schedule)?;
    let day = options.at.unwrap_or_else(|| now.date());
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
