//! How the lines of a rig are driven.

use std::path::{self, Path};

use anyhow::Context;

use crate::cli::OutputKind;
use crate::output::Wire;
use crate::output::patch::{Patch, Way};
use crate::output::pwm_block::DimmedWire;
use crate::rig::{Channel, Line, Rig};

use super::super::outcome::Failure;

/// How `lines` of `rig` are driven.
pub(in crate::commands) fn patch(
    kind: OutputKind,
    rig: &Rig,
    lines: &[Line],
    pins: Option<&Path>,
) -> Result<Patch, Failure> {
    let channels = rig.channels.iter().filter(|channel| lines.contains(&channel.line));
    let (dimmed, others): (Vec<&Channel>, Vec<&Channel>) =
        channels.partition(|channel| channel.hardware && kind == OutputKind::Gpio);
    let way = match (kind, pins) {
        (OutputKind::Gpio, _) => {
            Way::Pins { dimmed: dimmed.into_iter().map(DimmedWire::of).collect(), period: rig.pwm_period() }
        }
        // Absolute, so that it is the same file for whoever has to make the lines safe.
        (OutputKind::Sim, Some(pins)) => Way::File(path::absolute(pins).context("finding the pins file")?),
        (OutputKind::Sim, None) => Way::Memory,
    };
    Ok(Patch { way, wires: others.into_iter().map(Wire::of).collect(), release: rig.release })
}
