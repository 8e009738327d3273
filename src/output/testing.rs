//! Rigs for the tests of this module and of those that use it.

use std::time::Duration;

use super::drivers::Drivers;
use super::patch::{Means, Patch};
use crate::level::Level;
use crate::rig::{Active, Audio, Channel, Curve, Kind, Limits, Line, LockScope, Release, Rig};
use crate::time::Offset;

pub(crate) fn channel(name: &str, bcm: u8, kind: Kind, active: Active) -> Channel {
    Channel {
        name: name.to_owned(),
        address: Line::new(bcm).expect("a header line").into(),
        kind,
        active,
        safe: Level::OFF,
        min_on: Duration::ZERO,
        min_off: Duration::ZERO,
        lead: Duration::ZERO,
        curve: Curve::Linear,
        floor: Level::OFF,
        ceiling: Level::FULL,
        resistor: None,
    }
}

pub(crate) fn rig_of(channels: Vec<Channel>) -> Rig {
    Rig {
        channels,
        groups: Vec::new(),
        receivers: Vec::new(),
        expanders: Vec::new(),
        buttons: Vec::new(),
        audio: Audio {
            device: "default".to_owned(),
            latency: Offset::ZERO,
            lead_in: Duration::ZERO,
            required: false,
        },
        limits: Limits { on_at_once: None, flash: None },
        reserved: Vec::new(),
        pwm_frequency: 200,
        stop_fade: Duration::ZERO,
        release: Release::Driven,
        lock: LockScope::Machine,
    }
}

/// A relay that lights on a low line, and a dimmed channel.
pub(crate) fn rig() -> Rig {
    rig_of(vec![channel("neon", 0, Kind::Relay, Active::Low), channel("windows", 1, Kind::Pwm, Active::High)])
}

/// Drivers of all of `rig`, taken, on outputs in memory.
pub(crate) fn simulated(rig: &Rig) -> Drivers {
    Patch::new(&Means::Memory, rig, |_| true).open().expect("memory can always be driven")
}
