//! starcourt plays light shows on a Raspberry Pi. `docs/architecture.md` tells the rooms.

pub mod bench;
pub mod cli;
pub mod clock;
pub mod commands;
pub mod diagnosis;
pub mod doctor;
pub mod easing;
pub mod engine;
pub mod faults;
pub mod guardian;
pub mod heartbeat;
pub mod level;
pub mod lock;
pub mod mishap;
pub mod output;
pub mod player;
pub mod realtime;
pub mod rig;
pub mod show;
pub mod signals;
pub mod stage;
pub mod time;
pub mod timeline;
pub mod wear;
