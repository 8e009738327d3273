//! Which channels of a rig are driven, and how.

use std::path::{self, Path};

use anyhow::Context;

use crate::ipc::OutputKind;
use crate::outcome::Failure;
use crate::output::patch::{Means, Patch};
use crate::rig::{Address, LockScope, Rig};
use crate::show::Show;

/// How the channels of `rig` at `outputs` are driven, by an instance that has its lock in `folder`.
pub(crate) fn patch(
    kind: OutputKind,
    rig: &Rig,
    outputs: &[Address],
    pins: Option<&Path>,
    folder: &Path,
) -> Result<Patch, Failure> {
    let means = match (kind, pins) {
        (OutputKind::Gpio, _) => Means::Pins { folder: folder.to_owned() },
        // Absolute, so that it is the same file for whoever has to make the lines safe.
        (OutputKind::Sim, Some(pins)) => Means::File(path::absolute(pins).context("finding the pins file")?),
        (OutputKind::Sim, None) => Means::Memory,
    };
    Ok(Patch::new(&means, rig, |address| outputs.contains(&address)))
}

/// The outputs that a launch of `show` drives: those of the whole rig, so that none is left unsafe; where
/// shows run side by side only those of its own channels, since the others may be another show's.
pub(crate) fn outputs(rig: &Rig, show: &Show) -> Vec<Address> {
    match rig.lock {
        LockScope::Machine => rig.addresses().collect(),
        LockScope::Show => show.channels().into_iter().map(|id| rig.channel(id).address).collect(),
    }
}
