//! `starcourt status`: who plays, and where the show is, from the lock alone.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;

use crate::cli::LockOptions;
use crate::lock::{self, Holder};
use crate::realtime::{HOW_TO_PERMIT, Scheduling};
use crate::wear::Wear;

use super::files;
use super::instances;
use super::outcome::{Failure, Outcome};

pub(super) fn status(options: &LockOptions, json: bool) -> Result<(String, Outcome), Failure> {
    let mut holders = Vec::new();
    for place in instances::places(options) {
        holders.extend(lock::instances(place)?);
    }
    let outcome = if holders.is_empty() { Outcome::Nobody } else { Outcome::Done };
    let wear = files::wear();
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
        line("timing", bill.timing.map(in_words));
        line("rig", bill.rig.as_ref().map(|rig| rig.display().to_string()));
        line("since", bill.started.map(|at| at.to_string()));
        line("relays", relays(counts_for(holder, wear)));
        line("lock", Some(holder.path.display().to_string()));
        text.push('\n');
    }
    text.truncate(text.trim_end().len() + 1);
    text
}

fn in_words(timing: Scheduling) -> String {
    let what = timing.word();
    match timing {
        Scheduling::Realtime => what.to_owned(),
        Scheduling::Ordinary => format!("{what}: the lights may come late under load; {HOW_TO_PERMIT}"),
    }
}

/// What a holder's relays have switched up to its show; simulated ones are not worn.
fn counts_for<'a>(holder: &Holder, wear: &'a Wear) -> BTreeMap<&'a str, u64> {
    let is_wired = holder.bill.output.as_deref() == Some("gpio");
    wear.iter().filter(|_| is_wired).collect()
}

fn relays(counts: BTreeMap<&str, u64>) -> Option<String> {
    let counts: Vec<String> = counts.iter().map(|(name, count)| format!("{name} {count}")).collect();
    (!counts.is_empty()).then(|| format!("{} switchings up to this show", counts.join(", ")))
}

#[derive(Serialize)]
struct Instance<'a> {
    pid: String,
    show: Option<String>,
    rig: Option<String>,
    output: Option<String>,
    /// `realtime`, `ordinary`, or not known yet.
    timing: Option<&'static str>,
    started: Option<String>,
    position_us: Option<u64>,
    length_us: Option<u64>,
    lock: String,
    /// Of each relay in its life, up to this show; none where lines are simulated.
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
            timing: holder.bill.timing.map(Scheduling::word),
            started: holder.bill.started.map(|at| at.to_string()),
            position_us: holder.bill.position.map(|at| at.micros()),
            length_us: holder.bill.length.map(|at| at.micros()),
            lock: holder.path.display().to_string(),
            switchings: counts_for(holder, wear),
        })
        .collect();
    let text = serde_json::to_string_pretty(&instances).expect("texts and numbers always make JSON");
    format!("{text}\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lock::{Evidence, Pid, Playbill};

    fn told(output: &str, timing: Option<Scheduling>) -> String {
        let mut wear = Wear::default();
        wear.add("neon", 7);
        let bill = Playbill { output: Some(output.to_owned()), timing, ..Playbill::default() };
        let path = "/run/starcourt/starcourt.lock".into();
        let holder = Holder { pid: Pid::new(42), name: None, path, evidence: Evidence::File, bill };
        for_people(&[holder], &wear)
    }

    #[test]
    fn the_relays_are_told_where_they_are_real() {
        assert!(told("gpio", None).contains("\nrelays    neon 7 switchings up to this show\n"));
        assert!(!told("sim", None).contains("relays"));
    }

    #[test]
    fn ordinary_timing_is_told_with_what_mends_it() {
        let line = |timing| {
            let text = told("sim", timing);
            text.lines().find(|line| line.starts_with("timing")).map(str::to_owned)
        };
        assert_eq!(line(None), None);
        assert_eq!(line(Some(Scheduling::Realtime)).as_deref(), Some("timing    realtime"));
        let ordinary = line(Some(Scheduling::Ordinary)).unwrap();
        assert!(ordinary.starts_with("timing    ordinary") && ordinary.contains("rtprio 50"), "{ordinary}");
    }
}
