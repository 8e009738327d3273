//! What helps a person against whoever holds the lock: commands that work when they are typed. It depends on what was
//! wanted and on who holds the lock. Prints nothing and ends nobody.

use std::fs;
use std::os::unix::fs::MetadataExt;

use super::holder::Holder;
use super::managed;
use super::name::Name;

/// What the lock was wanted for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum LockPurpose {
    /// A show: others may play it, or end first.
    Show {
        /// The words after `starcourt` that play it here, without those that say what becomes of the holder.
        here: String,
        /// Those that have another instance play it; nothing if it cannot.
        there: Option<String>,
    },
    /// Something that only this process can do, and only while nothing else runs.
    Alone,
}

/// What was asked for, as far as commands repeat it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LockRequest {
    pub purpose: LockPurpose,
    /// The options that name the rig and the outputs, for `off`: ` --output sim`.
    pub machine: String,
}

impl LockRequest {
    /// Nothing is known of it.
    pub const UNKNOWN: Self = Self { purpose: LockPurpose::Alone, machine: String::new() };
}

/// What may be done with the process of a holder.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
struct ProcessOwner {
    /// systemd runs it, as this unit.
    unit: Option<String>,
    /// It belongs to another user, and this one is not root.
    is_foreign: bool,
}

impl ProcessOwner {
    fn of(holder: &Holder) -> Self {
        let Some(number) = holder.pid.number() else { return Self::default() };
        let user = rustix::process::geteuid();
        let owner = fs::metadata(format!("/proc/{number}")).map(|process| process.uid());
        Self {
            unit: managed::unit_of(number),
            is_foreign: !user.is_root() && owner.is_ok_and(|owner| owner != user.as_raw()),
        }
    }
}

/// The commands that help against `holder`, a line each.
#[must_use]
pub fn ways_out(holder: &Holder, wanted: &LockRequest) -> String {
    lines(&ways(holder, wanted, &ProcessOwner::of(holder)))
}

/// A command, and what it does.
type WayOut = (String, String);

fn ways(holder: &Holder, wanted: &LockRequest, standing: &ProcessOwner) -> Vec<WayOut> {
    let option = holder.lock_option();
    let own = holder.name.as_ref().and_then(Name::show);
    let named = |command: &str| match own {
        // Several may play: it has to be said which.
        Some(show) => format!("starcourt {command} {show}{option}"),
        None => format!("starcourt {command}{option}"),
    };
    let (is_service, plays) = (holder.info.service, holder.info.show.is_some());
    let mut ways = Vec::new();
    let mut add = |command: String, what: &str| ways.push((command, what.to_owned()));
    add(
        named("status"),
        if is_service && !plays { "what the service does" } else { "who plays, and where the show is" },
    );
    // The service keeps the lock when its show has ended, and plays another one then.
    let can_move = matches!(&wanted.purpose, LockPurpose::Show { there: Some(_), .. });
    if !is_service || (plays && can_move) {
        add(named("stop"), "end the show");
    }
    if let LockPurpose::Show { here, there } = &wanted.purpose {
        match there {
            Some(there) if is_service && !plays => {
                add(format!("starcourt {there}{option}"), "have the service play it");
            }
            Some(there) => {
                let waiting = if is_service { there } else { here };
                add(format!("starcourt {waiting} --wait{option}"), "wait until it has ended");
                let other = own.map_or_else(String::new, |show| format!("={show}"));
                add(
                    format!("starcourt {there} --interrupt{other}{option}"),
                    "have it play this show now, then go on",
                );
            }
            None if is_service => {}
            None => add(format!("starcourt {here} --wait{option}"), "wait until it has ended"),
        }
        if standing.unit.is_none() && !standing.is_foreign {
            add(format!("starcourt {here} --takeover{option}"), "end it, then play");
        }
    }
    let LockRequest { machine, .. } = wanted;
    match &standing.unit {
        Some(unit) => add(
            format!("sudo systemctl stop {unit}"),
            &format!("end the service; `sudo systemctl start {unit}` starts it again"),
        ),
        None => {
            let sudo = if standing.is_foreign { "sudo " } else { "" };
            let what = match is_service {
                true => "end the service, every light to its safe level",
                false if own.is_some() => "end all that play, every light to its safe level",
                false => "end it, every light to its safe level",
            };
            add(format!("{sudo}starcourt off{machine}{option}"), what);
        }
    }
    ways
}

/// So long a command has a line of its own, and what it does the next one.
const LONG: usize = 60;

fn lines(ways: &[WayOut]) -> String {
    let width = ways.iter().map(|(command, _)| command.chars().count()).max().unwrap_or_default();
    if width > LONG {
        return ways.iter().map(|(command, what)| format!("\n  {command}\n      {what}")).collect();
    }
    ways.iter().map(|(command, what)| format!("\n  {command:<width$}  {what}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lock::{KnownBy, LockInfo, Pid};

    fn wanted(purpose: LockPurpose) -> LockRequest {
        LockRequest { purpose, machine: " --output sim".to_owned() }
    }

    fn show(there: bool) -> LockRequest {
        wanted(LockPurpose::Show {
            here: "play porch --output sim".to_owned(),
            there: there.then(|| "play porch".to_owned()),
        })
    }

    fn holder(lock: &str, service: bool, show: Option<&str>) -> Holder {
        let info = LockInfo { service, show: show.map(str::to_owned), ..LockInfo::default() };
        let name = lock.parse().ok().map(Some).unwrap_or_else(|| panic!("{lock} is no lock"));
        Holder {
            pid: Pid::new(12_345),
            name,
            path: format!("/tmp/lock/{lock}.lock").into(),
            known_by: KnownBy::File,
            info,
        }
    }

    const PLAYS: Option<&str> = Some("mall");

    #[test]
    fn each_way_out_suits_what_was_wanted_and_who_holds_the_lock() {
        let (own, unit) = (ProcessOwner::default(), Some("starcourt".to_owned()));
        let systemd = ProcessOwner { unit, is_foreign: true };
        let foreign = ProcessOwner { is_foreign: true, ..ProcessOwner::default() };
        let off = "starcourt off --output sim";
        let end = "sudo systemctl stop starcourt";
        let (wait, interrupt) = ("starcourt play porch --wait", "starcourt play porch --interrupt");
        let wait_here = "starcourt play porch --output sim --wait";
        let takeover = "starcourt play porch --output sim --takeover";
        let (status, stop) = ("starcourt status", "starcourt stop");
        let machine = |service, plays| holder("starcourt", service, plays);
        for (holder, wanted, standing, expected) in [
            // A show in a terminal.
            (
                machine(false, PLAYS),
                show(true),
                &own,
                vec![status, stop, wait_here, interrupt, takeover, off],
            ),
            (machine(false, PLAYS), show(false), &own, vec![status, stop, wait_here, takeover, off]),
            (machine(false, PLAYS), wanted(LockPurpose::Alone), &own, vec![status, stop, off]),
            (
                machine(false, PLAYS),
                wanted(LockPurpose::Alone),
                &foreign,
                vec![status, stop, "sudo starcourt off --output sim"],
            ),
            // The service.
            (
                machine(false, PLAYS),
                show(false),
                &foreign,
                vec![status, stop, wait_here, "sudo starcourt off --output sim"],
            ),
            (machine(true, PLAYS), show(true), &own, vec![status, stop, wait, interrupt, takeover, off]),
            (machine(true, PLAYS), show(true), &systemd, vec![status, stop, wait, interrupt, end]),
            (machine(true, PLAYS), show(false), &own, vec![status, takeover, off]),
            (machine(true, PLAYS), wanted(LockPurpose::Alone), &own, vec![status, off]),
            (machine(true, PLAYS), wanted(LockPurpose::Alone), &systemd, vec![status, end]),
            (machine(true, None), show(true), &systemd, vec![status, "starcourt play porch", end]),
            (machine(true, None), show(false), &systemd, vec![status, end]),
            (machine(true, None), show(false), &own, vec![status, takeover, off]),
            (machine(true, None), wanted(LockPurpose::Alone), &systemd, vec![status, end]),
            (machine(true, None), wanted(LockPurpose::Alone), &own, vec![status, off]),
            // Side by side.
            (
                holder("starcourt_mall", false, PLAYS),
                show(true),
                &own,
                vec![
                    "starcourt status mall",
                    "starcourt stop mall",
                    wait_here,
                    "starcourt play porch --interrupt=mall",
                    takeover,
                    off,
                ],
            ),
        ] {
            let ways = ways(&holder, &wanted, standing);
            let commands: Vec<_> =
                ways.iter().map(|(command, _)| command.replace(" --lock-dir /tmp/lock", "")).collect();
            assert_eq!(commands, expected, "{wanted:?} {standing:?} {:?}", holder.info);
            // All but systemd's find the lock in the directory that was named.
            for (command, _) in ways.iter().filter(|(command, _)| command.contains("starcourt ")) {
                assert!(command.ends_with(" --lock-dir /tmp/lock"), "{command}");
            }
        }
    }
}
