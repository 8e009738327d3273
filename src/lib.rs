//! starcourt plays light shows on a Raspberry Pi. `docs/architecture.md` tells the rooms.

pub mod clock;
pub mod level;
pub mod output;
pub mod rig;
pub mod time;
pub mod timeline;
