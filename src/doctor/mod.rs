//! The doctor finds problems on this machine, each with the command that fixes it.
//!
//! [`Machine::gather`] reads the facts once, from files below a root directory. The checks are pure. It opens no
//! device and takes no lock, so it disturbs no instance. Whoever has opened the sound device says what came of it.

mod board;
mod config;
mod finding;
mod lock_dir;
mod machine;
mod person;
mod pins;
mod rig_file;
mod rivals;
mod service;
mod service_account;
mod service_unit;
mod sound;
mod sound_trial;
mod timing;

pub use finding::{Finding, Verdict, render};
pub use machine::Machine;
pub use rig_file::ExaminedRig;
pub use service_account::ServiceAccount;
pub use sound_trial::{SoundTrial, TrialUser};

/// Checks the board and its devices, the pins of `rig`, other programs that drive pins, the lock directory, sound,
/// the service, realtime permission and the clock. Without a rig, its pins are left out. `trial` is what came of opening
/// the rig's sound device, if that was tried.
#[must_use]
pub fn examine(machine: &Machine, rig: Option<ExaminedRig<'_>>, trial: Option<&SoundTrial>) -> Vec<Finding> {
    let mut findings = board::examine(machine);
    if machine.is_pi() {
        findings.extend(pins::examine(machine, rig));
        findings.push(rivals::examine(machine));
    } else {
        findings.extend(rig.into_iter().flat_map(|examined| pins::boot_levels_elsewhere(examined.rig)));
    }
    findings.extend(lock_dir::examine(machine));
    findings.extend(sound::examine(machine, rig, trial));
    findings.extend(service::examine(machine, rig, trial));
    findings.extend(timing::examine(machine));
    findings
}

#[cfg(test)]
mod tests;
