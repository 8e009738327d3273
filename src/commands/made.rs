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
        let near = did_you_mean(name, names).map(|near| format!("; {near}")).unwrap_or_default();
        Failure::bad_command_line(anyhow!("the rig has no channel `{name}`{near}"))
    })
}

/// "neon: GPIO 17, header pin 11 (relay)".
pub(super) fn place(channel: &Channel) -> String {
    let Channel { name, address, kind, .. } = channel;
    let header = address.line().map(|line| format!(", header pin {}", line.header_pin())).unwrap_or_default();
    format!("{name}: {address}{header} ({})", kind.name())
}

/// As `starcourt play` without a word more.
pub(super) fn options(pins: Option<PathBuf>, machine: MachineOptions) -> PlayOptions {
    let MachineOptions { rig, lock, output } = machine;
    PlayOptions {
        stage: RigOptions { rig, shows: None, output },
        lock,
        looped: false,
        from: None,
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
