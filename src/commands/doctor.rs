//! `starcourt doctor`: the findings of the module `doctor`, and those about the rig, the schedule's file and the instances.

use std::path::Path;
use std::time::SystemTime;

use crate::cli::{MachineOptions, RigOptions, ScheduleFile};
use crate::doctor::{self, Finding, Machine, Verdict};
use crate::lock;
use crate::schedule::Leftover;

use super::outcome::{Failure, Outcome};
use super::{files, instances, printed};

pub(super) fn doctor(
    options: &MachineOptions,
    json: bool,
    colour: bool,
) -> Result<(String, Outcome), Failure> {
    let places = instances::places(&options.lock);
    let machine = Machine::gather(Path::new("/"), &places[0], SystemTime::now());
    let kind = files::output_kind(&options.output);
    let (rig, rig_finding) = match files::rig(&options.rig, kind) {
        Ok(loaded) => {
            let what =
                format!("the rig {} has {} channels", loaded.path.display(), loaded.rig.channels.len());
            (Some(loaded.rig), Finding::good(what))
        }
        Err(failure) => {
            let what = format!("the rig cannot be used:\n{}", failure.words());
            (None, Finding::wrong(what).mend("starcourt check"))
        }
    };
    let mut findings = doctor::examine(&machine, rig.as_ref());
    findings.push(rig_finding);
    let shows = files::show_places(&RigOptions::default());
    findings.extend(files::leftovers(&ScheduleFile::default(), kind, &shows).iter().map(old_name));
    findings.extend(places.iter().map(|place| who_plays(place)));
    let is_wrong = findings.iter().any(|finding| finding.verdict == Verdict::Wrong);
    let outcome = if is_wrong { Outcome::Failed } else { Outcome::Done };
    let text = if json { printed::json(&findings) } else { doctor::render(&findings, colour) };
    Ok((text, outcome))
}

fn old_name(leftover: &Leftover) -> Finding {
    let finding = if leftover.is_replaced { Finding::advice } else { Finding::wrong };
    finding(leftover.reason()).mend(leftover.command())
}

fn who_plays(place: &Path) -> Finding {
    match lock::instances(place) {
        Ok(holders) if holders.is_empty() => Finding::good(format!("nobody plays ({})", place.display())),
        Ok(holders) => {
            let pids: Vec<String> = holders.iter().map(|holder| holder.pid.to_string()).collect();
            Finding::good(format!("an instance plays (PID {}): starcourt status tells more", pids.join(", ")))
        }
        Err(refusal) => Finding::wrong(refusal.to_string()),
    }
}
