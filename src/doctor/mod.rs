//! The doctor: everything that is wrong on this machine, each with the exact command that mends it.
//!
//! [`Machine::gather`] reads the facts once, from files below a root directory; the checks are pure.
//! Knows nothing of locks, sound streams or pins: it opens no device and disturbs nobody.

mod board;
mod config;
mod finding;
mod lock_dir;
mod machine;
mod person;
mod pins;
mod rivals;
mod service;
mod sound;
mod timing;

pub use finding::{Finding, Verdict, render};
pub use machine::Machine;

use crate::rig::Rig;

/// Looks at everything: the board and its devices, the pins of `rig`, who else drives pins, the lock
/// directory, sound, the service, realtime permission and the clock. Without a rig its pins are left out.
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
