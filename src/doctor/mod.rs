//! The doctor finds problems on this machine, each with the command that fixes it.
//!
//! [`Machine::gather`] reads the facts once, from files below a root directory. The checks are pure. It opens no
//! device and takes no lock, so it disturbs no instance.

mod board;
mod config;
mod finding;
mod lock_dir;
mod machine;
mod person;
mod pins;
mod rivals;
mod service;
mod service_unit;
mod sound;
mod timing;

pub use finding::{Finding, Verdict, render};
pub use machine::Machine;

use crate::rig::Rig;

/// Checks the board and its devices, the pins of `rig`, other programs that drive pins, the lock directory, sound,
/// the service, realtime permission and the clock. Without a rig, its pins are left out.
#[must_use]
pub fn examine(machine: &Machine, rig: Option<&Rig>) -> Vec<Finding> {
    let mut findings = board::examine(machine);
    if machine.is_pi() {
        findings.extend(pins::examine(machine, rig));
        findings.push(rivals::examine(machine));
    }
    findings.extend(lock_dir::examine(machine));
    findings.extend(sound::examine(machine, rig));
    findings.extend(service::examine(machine, rig));
    findings.extend(timing::examine(machine));
    findings
}

#[cfg(test)]
mod tests;
