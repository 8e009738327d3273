//! Other programs that drive pins: the kernel does not exclude them. Ends no process.

use super::finding::Finding;
use super::machine::{Machine, Rival};

/// A longer command line is cut.
const SHOWN: usize = 60;

pub(super) fn examine(machine: &Machine) -> Finding {
    if machine.rivals.is_empty() {
        let seen = if machine.person.is_root() { "" } else { ", of the programs you may look into" };
        return Finding::good(format!("no other program drives pins{seen}"));
    }
    let told: Vec<String> = machine.rivals.iter().map(tell).collect();
    let mends: Vec<String> = machine.rivals.iter().map(end).collect();
    Finding::wrong(format!("another program may drive the same pins: {}", told.join("; ")))
        .mend(mends.join("\n"))
}

fn tell(rival: &Rival) -> String {
    let command: String = rival.command.chars().take(SHOWN).collect();
    format!("{command} (PID {}, by {})", rival.pid, rival.device)
}

fn end(rival: &Rival) -> String {
    match &rival.unit {
        Some(unit) => format!("sudo systemctl disable --now {unit}"),
        None => format!("sudo kill {}", rival.pid),
    }
}
