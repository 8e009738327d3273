//! `starcourt status`: who plays, and where the show is, from the lock alone.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;

use crate::cli::LockOptions;
use crate::lock::{self, Holder};
use crate::wear::{self, Wear};

use super::files;
use super::instances;
use super::outcome::{Failure, Outcome};

pub(super) fn status(options: &LockOptions, json: bool) -> Result<(String, Outcome), Failure> {
    let mut holders = Vec::new();
    for place in instances::places(options) {
        holders.extend(lock::instances(place)?);
    }
    let outcome = if holders.is_empty() { Outcome::Nobody } else { Outcome::Done };
    let wear = wear::read(&files::state_places())?;
    let text = if json { as_json(&holders, &wear) } else { for_people(&holders, &wear) };
    Ok((text, outcome))
}

fn for_people(holders: &[Holder], wear: &Wear) -> String {
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
        line("relays", relays(wear));
        line("lock", Some(holder.path.display().to_string()));
        text.push('\n');
    }
    text.truncate(text.trim_end().len() + 1);
    text
}

/// Counted up to the show that plays now.
fn relays(wear: &Wear) -> Option<String> {
    let counts: Vec<String> = wear.iter().map(|(name, count)| format!("{name} {count}")).collect();
    (!counts.is_empty()).then(|| format!("{} switchings up to this show", counts.join(", ")))
}

#[derive(Serialize)]
struct Instance<'a> {
    pid: String,
    show: Option<String>,
    rig: Option<String>,
    output: Option<String>,
    started: Option<String>,
    position_us: Option<u64>,
    length_us: Option<u64>,
    lock: String,
    /// Of each relay in its life, up to this show.
    switchings: BTreeMap<&'a str, u64>,
}

fn as_json(holders: &[Holder], wear: &Wear) -> String {
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
            switchings: wear.iter().collect(),
        })
        .collect();
    let text = serde_json::to_string_pretty(&instances).expect("texts and numbers always make JSON");
    format!("{text}\n")
}
