//! How the lines of a rig are driven.

use std::path::{self, Path};

use anyhow::Context;

use crate::outcome::Failure;
use crate::output::Wire;
use crate::output::patch::{Patch, Way};
use crate::output::pwm_block::DimmedWire;
use crate::rig::{Channel, Line, Rig};
use crate::scene::Outlet;

/// How `lines` of `rig` are driven.
pub(crate) fn patch(
    outlet: Outlet,
    rig: &Rig,
    lines: &[Line],
    pins: Option<&Path>,
) -> Result<Patch, Failure> {
    let channels = rig.channels.iter().filter(|channel| lines.contains(&channel.line));
    let (dimmed, others): (Vec<&Channel>, Vec<&Channel>) =
        channels.partition(|channel| channel.hardware && outlet == Outlet::Gpio);
    let way = match (outlet, pins) {
        (Outlet::Gpio, _) => {
            Way::Pins { dimmed: dimmed.into_iter().map(DimmedWire::of).collect(), period: rig.pwm_period() }
        }
        // Absolute, so that it is the same file for whoever has to make the lines safe.
        (Outlet::Simulated, Some(pins)) => Way::File(path::absolute(pins).context("finding the pins file")?),
        (Outlet::Simulated, None) => Way::Memory,
    };
    Ok(Patch { way, wires: others.into_iter().map(Wire::of).collect(), release: rig.release })
}
