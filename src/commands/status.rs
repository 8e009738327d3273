//! `starcourt status`: who plays, and where the show is: from the lock, and from the instance itself where
//! it can be asked.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anyhow::{Context, anyhow};
use serde::Serialize;

use crate::cli::Whom;
use crate::ipc::{Answer, OnStage, Order, Status};
use crate::level::Level;
use crate::lock::{Holder, LockInfo};
use crate::printable::{printable, printable_json};
use crate::realtime::{HOW_TO_PERMIT, Scheduling};
use crate::scene::Standing;
use crate::time::ShowTime;
use crate::wear::Wear;

use super::files;
use super::outcome::{Failure, Outcome};
use super::{printed, remote};

pub(super) fn status(whom: &Whom, json: bool) -> Result<(String, Outcome), Failure> {
    let holders = match whom.show.as_deref() {
        Some(show) => remote::the_one(Some(show), &whom.lock)?.into_iter().collect(),
        None => remote::everybody(&whom.lock)?,
    };
    let outcome = if holders.is_empty() { Outcome::Nobody } else { Outcome::Done };
    let wear = files::wear();
    let told: Vec<Told> =
        holders.into_iter().map(|holder| Told { now: remote::look(&holder), holder }).collect();
    let text = if json { as_json(&told, &wear) } else { for_people(&told, &wear) };
    Ok((text, outcome))
}

/// Tells what the instance does, a line whenever that changes, until it ends.
pub(super) fn follow(whom: &Whom, json: bool) -> Result<Outcome, Failure> {
    let Some((_, mut remote)) = remote::reach(|| remote::the_one(whom.show.as_deref(), &whom.lock))? else {
        return printed::answer(("nobody plays\n".to_owned(), Outcome::Nobody));
    };
    remote.order(&Order::Status { follow: true }).context("asking the instance")?;
    let (_voice, mut ear) = remote.split();
    let mut told = String::new();
    while let Some(answer) = ear.hear()? {
        let status = match answer {
            Answer::Status(status) => status,
            Answer::Refused { why, exit } => return Err(Failure::of(Outcome::of_code(exit), anyhow!(why))),
            _ => continue,
        };
        let line = match json {
            true => {
                printable_json(&serde_json::to_string(&status).expect("texts and numbers always make JSON"))
            }
            false => printable(&in_a_line(&status)),
        };
        if line != told && !printed::line(&line)? {
            break;
        }
        told = line;
    }
    Ok(Outcome::Done)
}

/// An instance, by its lock and by what it says itself.
struct Told {
    holder: Holder,
    now: Option<Status>,
}

/// `demo  0:12 of 0:15  playing, 3 of 8 lit`, or `look dusk  idle, 1 of 8 lit`.
fn in_a_line(status: &Status) -> String {
    let lit = status.channels.iter().filter(|channel| channel.level > 0.0).count();
    let lights = format!("{}, {lit} of {} lit", status.state, status.channels.len());
    match &status.show {
        Some(show) => {
            format!("{}  {}  {lights}", show.name, place(show))
        }
        None => match status.scene().stands {
            Some(stands) => format!("{stands}  {lights}"),
            None => lights,
        },
    }
}

fn for_people(told: &[Told], wear: &Wear) -> String {
    if told.is_empty() {
        return "nobody plays\n".to_owned();
    }
    let mut text = String::new();
    for Told { holder, now } in told {
        let mut line = |what: &str, told: Option<String>| {
            if let Some(told) = told {
                writeln!(text, "{what:<9} {}", printable(&told)).expect("a String takes everything");
            }
        };
        let info = &holder.info;
        line("show", Some(info.show.clone().unwrap_or_else(|| nameless(now.as_ref()).to_owned())));
        line("state", now.as_ref().map(state));
        line("stands", now.as_ref().and_then(stands));
        line("position", position(info, now.as_ref()));
        line("lit", now.as_ref().map(lit));
        line("then", now.as_ref().map(|now| now.then.join(", ")).filter(|then| !then.is_empty()));
        line("next", now.as_ref().and_then(|now| now.next.clone()));
        line("PID", Some(holder.pid.to_string()));
        line("output", info.output.clone());
        line("timing", info.timing.map(in_words));
        line("rig", info.rig.as_ref().map(|rig| rig.display().to_string()));
        line("since", info.started.map(|at| at.to_string()));
        line("relays", relays(counts_for(holder, wear)));
        line("lock", Some(holder.path.display().to_string()));
        text.push('\n');
    }
    text.truncate(text.trim_end().len() + 1);
    text
}

/// As the instance says it; its lock's file, which lags behind by up to a second, where it does not answer.
fn position(info: &LockInfo, now: Option<&Status>) -> Option<String> {
    match now {
        Some(now) => now.show.as_ref().map(place),
        None => info.position.map(|at| of_length(at, info.length)),
    }
}

/// `0:12 of 0:15`.
fn place(show: &OnStage) -> String {
    of_length(ShowTime::from_micros(show.position_us), show.length_us.map(ShowTime::from_micros))
}

fn of_length(at: ShowTime, length: Option<ShowTime>) -> String {
    match length {
        Some(length) => format!("{} of {}", at.to_minutes(), length.to_minutes()),
        None => at.to_minutes(),
    }
}

fn nameless(now: Option<&Status>) -> &'static str {
    if now.is_some_and(|now| now.show.is_none()) { "none" } else { "not known" }
}

/// `playing at volume 80 %, sound card leads`.
fn state(now: &Status) -> String {
    let Some(show) = &now.show else { return now.state.clone() };
    let volume = show.volume.map_or_else(String::new, |volume| format!(" at volume {volume} %"));
    let late = match show.late {
        0 => String::new(),
        late => format!(", {late} edges late"),
    };
    format!("{}{volume}, {}{late}", now.state, now.scene().leader_name())
}

/// `look dusk`, or `show snow, without sound`.
fn stands(now: &Status) -> Option<String> {
    let stands = now.scene().stands?;
    Some(match stands {
        Standing::Look(_) => stands.to_string(),
        Standing::Show(_) => format!("{stands}, without sound"),
    })
}

/// `neon, windows 80 %`.
fn lit(now: &Status) -> String {
    let lit = now.scene().channels.into_iter().filter(|lamp| lamp.level.is_lit());
    let lit: Vec<String> = lit
        .map(|lamp| match lamp.level {
            Level::FULL => lamp.name,
            level => format!("{} {level}", lamp.name),
        })
        .collect();
    if lit.is_empty() { "nothing".to_owned() } else { lit.join(", ") }
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
    let is_wired = holder.info.output.as_deref() == Some("gpio");
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
    /// As over the control socket; nothing where the instance cannot be asked.
    now: Option<&'a Status>,
}

fn as_json(told: &[Told], wear: &Wear) -> String {
    let instances: Vec<Instance> = told
        .iter()
        .map(|Told { holder, now }| Instance {
            pid: holder.pid.to_string(),
            show: holder.info.show.clone(),
            rig: holder.info.rig.as_ref().map(|rig| rig.display().to_string()),
            output: holder.info.output.clone(),
            timing: holder.info.timing.map(Scheduling::word),
            started: holder.info.started.map(|at| at.to_string()),
            position_us: holder.info.position.map(|at| at.micros()),
            length_us: holder.info.length.map(|at| at.micros()),
            lock: holder.path.display().to_string(),
            switchings: counts_for(holder, wear),
            now: now.as_ref(),
        })
        .collect();
    let text = serde_json::to_string_pretty(&instances).expect("texts and numbers always make JSON");
    printable_json(&text) + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lock::{KnownBy, Pid};

    fn told(output: &str, timing: Option<Scheduling>) -> String {
        let mut wear = Wear::default();
        wear.add("neon", 7);
        let info = LockInfo { output: Some(output.to_owned()), timing, ..LockInfo::default() };
        let path = "/run/starcourt/starcourt.lock".into();
        let holder = Holder { pid: Pid::new(42), name: None, path, known_by: KnownBy::File, info };
        for_people(&[Told { holder, now: None }], &wear)
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

    #[test]
    fn the_position_is_the_instances_own_word_and_the_locks_where_it_says_none() {
        let seconds = |seconds: u64| ShowTime::from_micros(seconds * 1_000_000);
        let info = LockInfo { position: Some(seconds(5)), length: Some(seconds(15)), ..LockInfo::default() };
        let on_stage = |position_us| OnStage {
            name: "demo".to_owned(),
            title: "Demo".to_owned(),
            position_us,
            length_us: None,
            bar_beat: None,
            sound_leads: false,
            realtime: true,
            late: 0,
            volume: None,
        };
        let now = Status {
            pid: 1,
            service: true,
            state: "paused".to_owned(),
            output: "sim".to_owned(),
            show: Some(on_stage(7_000_000)),
            stands: None,
            then: Vec::new(),
            next: None,
            channels: Vec::new(),
        };
        assert_eq!(position(&info, Some(&now)).as_deref(), Some("0:07"));
        assert_eq!(position(&info, None).as_deref(), Some("0:05 of 0:15"));
        assert_eq!(position(&info, Some(&Status { show: None, ..now })), None);
    }
}
