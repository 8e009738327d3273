//! What the boot-time service has beside the lights: commands around shows, how far the schedule has come, messages to
//! systemd, and whether the clock can be trusted. Knows neither lights nor sound, nor what plays when.

pub mod clock_check;
pub mod conditions;
pub mod hooks;
pub mod notify;
pub mod rotation_store;
pub mod watchdog;
