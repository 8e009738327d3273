//! Shows that a command makes out of the rig rather than reads, and what they are played with.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::anyhow;

use crate::cli::{MachineOptions, OutputKind, PlayOptions, RigOptions};
use crate::diagnosis::did_you_mean;
use crate::easing::Easing;
use crate::level::Level;
use crate::rig::{Channel, ChannelId, Rig};
use crate::show::{Action, Cue};
use crate::time::ShowTime;

use super::outcome::Failure;

/// A message names so many channels.
const NAMES_SHOWN: usize = 30;

pub(super) fn set(channel: ChannelId, start: ShowTime, level: Level) -> Cue {
    cue(channel, start, Action::Set(level))
}

pub(super) fn fade(channel: ChannelId, start: ShowTime, to: Level, over: Duration) -> Cue {
    cue(channel, start, Action::Fade { from: None, to, over, easing: Easing::Linear })
}

fn cue(channel: ChannelId, start: ShowTime, action: Action) -> Cue {
    Cue { start, channels: Arc::new([channel]), action, line: 0..0 }
}

/// The channel that is called `name`.
pub(super) fn channel(rig: &Rig, name: &str) -> Result<ChannelId, Failure> {
    rig.channel_named(name).ok_or_else(|| {
        let names = rig.channels.iter().map(|channel| channel.name.as_str());
        unknown("channel", name, names)
    })
}

/// The channels that `names` name, each once, in the order of the names. A group counts as its channels.
pub(super) fn channels(rig: &Rig, names: &[String]) -> Result<Vec<ChannelId>, Failure> {
    let mut found = Vec::new();
    for name in names {
        let named = rig.channels_named(name);
        let channels = named.ok_or_else(|| unknown("channel or group", name, rig.names()))?;
        for channel in channels {
            if !found.contains(&channel) {
                found.push(channel);
            }
        }
    }
    Ok(found)
}

fn unknown<'a>(what: &str, name: &str, names: impl Iterator<Item = &'a str>) -> Failure {
    let names: Vec<&str> = names.take(NAMES_SHOWN).collect();
    let near = did_you_mean(name, names.iter().copied());
    let near = near.unwrap_or_else(|| format!("there are {}", names.join(", ")));
    Failure::bad_command_line(anyhow!("the rig has no {what} `{name}`; {near}"))
}

/// "neon: GPIO 17, header pin 11 (relay)".
pub(super) fn place(rig: &Rig, channel: ChannelId) -> String {
    let Channel { name, address, kind, .. } = rig.channel(channel);
    let place = rig.place(*address);
    let header = address.line().map(|line| format!(", header pin {}", line.header_pin())).unwrap_or_default();
    format!("{name}: {place}{header} ({})", kind.name())
}

/// As `starcourt play` without a word more.
pub(super) fn options(pins: Option<PathBuf>, machine: MachineOptions) -> PlayOptions {
    let MachineOptions { rig, lock, output } = machine;
    PlayOptions {
        watch: false,
        stage: RigOptions { rig, shows: None, output },
        lock,
        looped: false,
        from: None,
        to: None,
        silent: false,
        volume: 100,
        wait: None,
        interrupt: None,
        takeover: false,
        trace: None,
        pins,
    }
}

/// Refuses what only simulated lines have.
pub(super) fn refuse_pins(options: &PlayOptions, output: OutputKind) -> Result<(), Failure> {
    match options.pins.is_some() && output == OutputKind::Gpio {
        true => {
            Err(Failure::bad_command_line(anyhow!("--pins goes with simulated lines only: add --output sim")))
        }
        false => Ok(()),
    }
}
