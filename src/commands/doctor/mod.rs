//! `starcourt doctor`: the findings of the module `doctor`, and those about the rig, the schedule's file and the instances.

mod chips;
mod network;
mod sound_trial;

use std::path::Path;
use std::time::SystemTime;

use crate::cli::{MachineOptions, OutputKind, RigOptions, ScheduleFile};
use crate::doctor::{self, ExaminedRig, Finding, Machine, Verdict};
use crate::lock;
use crate::schedule::Leftover;

use super::outcome::{Failure, Outcome};
use super::printed::counted;
use super::{files, instances, printed};
pub(super) use sound_trial::say_how_it_opens;

pub(super) fn doctor(
    options: &MachineOptions,
    json: bool,
    colour: bool,
) -> Result<(String, Outcome), Failure> {
    let places = instances::places(&options.lock);
    let machine = Machine::gather(Path::new("/"), &places[0], SystemTime::now());
    let kind = files::output_kind(&options.output);
    let path = files::rig_path(&options.rig, kind);
    let loaded = files::rig(&options.rig, kind);
    let rig = loaded.as_ref().ok().map(|loaded| ExaminedRig { rig: &loaded.rig, path: &loaded.path });
    let trial = rig.and_then(|rig| sound_trial::try_sound(&machine, &rig.rig.audio.device));
    let mut findings = doctor::examine(&machine, rig, trial.as_ref());
    findings.push(match &loaded {
        Ok(loaded) => {
            let channels = counted(loaded.rig.channels.len(), "channel");
            Finding::good(format!("the rig {} has {channels}", loaded.path.display()))
        }
        Err(failure) => unusable_rig(&machine, path.ok().as_deref(), kind, failure),
    });
    if kind == OutputKind::Gpio
        && let Some(rig) = rig
    {
        findings.extend(chips::ask_all(rig.rig));
        findings.extend(network::look_at_all(rig.rig, &places[0]));
    }
    let shows = files::show_places(&RigOptions::default());
    findings.extend(files::leftovers(&ScheduleFile::default(), kind, &shows).iter().map(old_name));
    findings.extend(places.iter().map(|place| who_plays(place)));
    let is_wrong = findings.iter().any(|finding| finding.verdict == Verdict::Wrong);
    let outcome = if is_wrong { Outcome::Failed } else { Outcome::Done };
    let text = if json { printed::json(&findings) } else { doctor::render(&findings, colour) };
    Ok((text, outcome))
}

/// Its file is missing, cannot be read, or has the mistakes that are listed.
fn unusable_rig(machine: &Machine, path: Option<&Path>, kind: OutputKind, failure: &Failure) -> Finding {
    let usual = match kind {
        OutputKind::Gpio => "/etc/starcourt/rig.toml",
        OutputKind::Sim => "shows/rig.toml",
    };
    match path {
        Some(path) if !matches!(path.try_exists(), Ok(false)) => {
            let what = format!("the rig {} cannot be used:\n{}", path.display(), failure.words());
            Finding::wrong(what).mend(machine.edit_command(path))
        }
        path => {
            let path = path.unwrap_or(Path::new(usual));
            let what = format!(
                "there is no rig {}, which describes your lights; `starcourt new --rig` asks about them, and writes one",
                path.display()
            );
            Finding::wrong(what).mend(machine.make_command(path))
        }
    }
}

fn old_name(leftover: &Leftover) -> Finding {
    let finding = if leftover.is_replaced { Finding::advice } else { Finding::wrong };
    finding(leftover.reason()).mend(leftover.command())
}

fn who_plays(place: &Path) -> Finding {
    match lock::instances(place) {
        Ok(holders) if holders.is_empty() => {
            Finding::good(format!("no show is playing ({})", place.display()))
        }
        Ok(holders) => {
            let pids: Vec<String> = holders.iter().map(|holder| holder.pid.to_string()).collect();
            Finding::good(format!("an instance plays (PID {}): starcourt status tells more", pids.join(", ")))
        }
        Err(refusal) => Finding::wrong(refusal.to_string()),
    }
}
