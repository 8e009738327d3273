//! How the channels of a rig are driven.

use std::path::{self, Path};

use anyhow::Context;

use crate::cli::OutputKind;
use crate::output::patch::{Means, Patch};
use crate::rig::{Address, Rig};

use super::super::outcome::Failure;

/// How the channels of `rig` at `outputs` are driven.
pub(in crate::commands) fn patch(
    kind: OutputKind,
    rig: &Rig,
    outputs: &[Address],
    pins: Option<&Path>,
) -> Result<Patch, Failure> {
    let means = match (kind, pins) {
        (OutputKind::Gpio, _) => Means::Pins,
        // Absolute, so that it is the same file for whoever has to make the lines safe.
        (OutputKind::Sim, Some(pins)) => Means::File(path::absolute(pins).context("finding the pins file")?),
        (OutputKind::Sim, None) => Means::Memory,
    };
    Ok(Patch::new(&means, rig, |address| outputs.contains(&address)))
}
