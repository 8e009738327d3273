//! What the boot-time service has beside the lights: commands around shows, a memory of how far the
//! programme has come, a line to systemd, and doubts about the clock. Knows the programme's words; neither
//! lights nor sound, nor who plays when.

pub mod clock;
pub mod gates;
pub mod herald;
pub mod memory;
pub mod pulse;
pub mod script;
