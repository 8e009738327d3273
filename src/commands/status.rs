//! `starcourt status`: who plays, and where the show is, from the lock alone.

use std::fmt::Write as _;

use serde::Serialize;

use crate::cli::LockOptions;
use crate::lock::{self, Holder};

use super::instances;
use super::outcome::{Failure, Outcome};

pub(super) fn status(options: &LockOptions, json: bool) -> Result<(String, Outcome), Failure> {
    let mut holders = Vec::new();
    for place in instances::places(options) {
        holders.extend(lock::instances(place)?);
    }
    let outcome = if holders.is_empty() { Outcome::Nobody } else { Outcome::Done };
    let text = if json { as_json(&holders) } else { for_people(&holders) };
    Ok((text, outcome))
}

fn for_people(holders: &[Holder]) -> String {
    if holders.is_empty() {
        return "nobody plays\n".to_owned();
    }
    let mut text = String::new();
    for holder in holders {
        let mut line = |what: &str, told: Option<String>| {
            if let Some(told) = told {
                writeln!(text, "{what:<9} {told}").expect("a String takes everything");
            }
        };
        let bill = &holder.bill;
        line("show", Some(bill.show.clone().unwrap_or_else(|| "not known".to_owned())));
        line(
            "position",
            bill.position.map(|at| match bill.length {
                Some(length) => format!("{} of {}", at.to_minutes(), length.to_minutes()),
                None => at.to_minutes(),
            }),
        );
        line("PID", Some(holder.pid.to_string()));
        line("output", bill.output.clone());
        line("rig", bill.rig.as_ref().map(|rig| rig.display().to_string()));
        line("since", bill.started.map(|at| at.to_string()));
        line("lock", Some(holder.path.display().to_string()));
        text.push('\n');
    }
    text.truncate(text.trim_end().len() + 1);
    text
}

#[derive(Serialize)]
struct Instance {
    pid: String,
    show: Option<String>,
    rig: Option<String>,
    output: Option<String>,
    started: Option<String>,
    position_us: Option<u64>,
    length_us: Option<u64>,
    lock: String,
}

fn as_json(holders: &[Holder]) -> String {
    let instances: Vec<Instance> = holders
        .iter()
        .map(|holder| Instance {
            pid: holder.pid.to_string(),
            show: holder.bill.show.clone(),
            rig: holder.bill.rig.as_ref().map(|rig| rig.display().to_string()),
            output: holder.bill.output.clone(),
            started: holder.bill.started.map(|at| at.to_string()),
            position_us: holder.bill.position.map(|at| at.micros()),
            length_us: holder.bill.length.map(|at| at.micros()),
            lock: holder.path.display().to_string(),
        })
        .collect();
    let text = serde_json::to_string_pretty(&instances).expect("texts and numbers always make JSON");
    format!("{text}\n")
}
