//! What the clock on the wall says where the lights are. Knows no schedule but its time zone.

use anyhow::Context;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ZonedDateTime};

use crate::schedule::Schedule;

/// The time on the wall where the lights of `schedule` are.
///
/// # Errors
/// When the schedule names no time zone and this machine has none.
pub fn time_for(schedule: &Schedule) -> anyhow::Result<ZonedDateTime> {
    let zone = match &schedule.zone {
        Some(zone) => zone.clone(),
        None => TimeZone::try_system().context(
            "nobody knows the time zone of this machine: sudo timedatectl set-timezone Europe/Berlin, or \
             write `timezone` under `[place]` in the schedule",
        )?,
    };
    Ok(Timestamp::now().to_zoned_datetime(zone))
}
