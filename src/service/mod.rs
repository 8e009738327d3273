//! What the boot-time service has beside the lights: commands around shows, a memory of how far the
//! schedule has come, a line to systemd, and doubts about the clock. Knows the schedule's words; neither
//! lights nor sound, nor who plays when.

pub mod clock_check;
pub mod conditions;
pub mod hooks;
pub mod notify;
pub mod rotation_store;
pub mod watchdog;
