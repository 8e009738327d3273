//! `starcourt bench --pin`: one pin turned over a hundred times a second, for an oscilloscope.

use anyhow::anyhow;
use serde::Serialize;

use crate::bench::{self, ShouldStop};
use crate::cli::{BenchOptions, OutputKind};
use crate::engine::Scheduling;
use crate::guardian;
use crate::level::Level;
use crate::rig::{Address, Channel, Expander, Line, Rig};

use super::super::files;
use super::super::instance;
use super::super::outcome::Failure;
use super::super::printed;
use super::figures::Distribution;
use super::prepare::{claim, tell};
use super::table;

#[derive(Serialize)]
struct PinJson {
    pin: u8,
    realtime: bool,
    written: Distribution,
}

pub(super) fn toggle(line: Line, options: &BenchOptions, stop: ShouldStop<'_>) -> Result<String, Failure> {
    let kind = files::output_kind(&options.machine.output);
    let rig = files::rig(&options.machine.rig, kind)?.rig;
    let scope = scope(line, &rig)?;
    let lock = claim(options, kind, vec![line.into()])?;
    let patch =
        instance::patch(kind, &scope, &scope.addresses().collect::<Vec<_>>(), None, lock.dir().path())?;
    if let Some(told) = guardian::finish_leftovers(&lock, &patch.safe_plan())? {
        log::warn!("{told}");
    }
    let drivers = patch.open()?;
    let what = match kind {
        OutputKind::Gpio => format!("{line} changes every 10 ms"),
        OutputKind::Sim => {
            format!("{line} changes every 10 ms (simulated: there is nothing to see at a pin)")
        }
    };
    tell(options.seconds, &what);
    let (written, scheduling) = bench::toggle(scope, drivers, options.seconds, stop)?;
    if !options.json {
        return Ok(table::of_pin(&written));
    }
    Ok(printed::json(&PinJson {
        pin: line.bcm(),
        realtime: scheduling == Scheduling::Realtime,
        written: Distribution::of(&written),
    }))
}

/// A rig of `line` alone. What hangs on the pins of `rig` must not be switched a hundred times a second,
/// unless it is made for dimming.
fn scope(line: Line, rig: &Rig) -> Result<Rig, Failure> {
    let refuse =
        |why: String| Err(Failure::bad_command_line(anyhow!("{why}; name a pin that nothing is on")));
    if rig.reserved.contains(&line) {
        return refuse(format!("something else on this Pi uses {line} (`[reserved]` in the rig)"));
    }
    let carries = |expander: &&Expander| expander.chip.lines().any(|other| other == line);
    if let Some(expander) = rig.expanders.iter().find(carries) {
        return refuse(format!("the expander `{}` is on {line}", expander.name));
    }
    let wired = rig.channels.iter().find(|channel| channel.address.line() == Some(line));
    let scope = match wired {
        Some(channel) if matches!(channel.address, Address::PwmBlock(_)) => {
            return refuse(format!("the chip itself dims `{}` on {line}", channel.name));
        }
        Some(channel) if channel.kind.dims() => {
            Channel { floor: Level::OFF, ceiling: Level::FULL, ..channel.clone() }
        }
        Some(channel) => {
            let (name, kind) = (&channel.name, channel.kind.name());
            return refuse(format!("the {kind} `{name}` is on {line} and would be worn or flash"));
        }
        None => bench::free_channel(line),
    };
    Ok(Rig { channels: vec![scope], groups: Vec::new(), expanders: Vec::new(), ..rig.clone() })
}
