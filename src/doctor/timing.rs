//! What keeps lights on time: realtime permission, and a clock that knows the day.

use super::finding::Finding;
use super::machine::Machine;

/// What the timing thread asks for: as much as the kernel's own interrupt threads have.
const PRIORITY: u32 = 50;
/// 2024-01-01. A Pi has no clock of its own; before it has heard from the network it believes in 1970
/// or the day it was last switched off.
const BELIEVABLE: u64 = 1_704_067_200;

pub(super) fn examine(machine: &Machine) -> Vec<Finding> {
    vec![realtime(machine), clock(machine)]
}

fn realtime(machine: &Machine) -> Finding {
    let person = &machine.person;
    if person.may_raise_priority() || person.realtime >= PRIORITY {
        return Finding::good(format!("lights may run at realtime priority {PRIORITY}"));
    }
    let who = if person.has_group_named("gpio") { "@gpio" } else { person.name() };
    let what = "lights may not run in real time, and will come late when the machine is busy";
    Finding::advice(what).mend(format!(
        "echo '{who} - rtprio {PRIORITY}' | sudo tee /etc/security/limits.d/starcourt.conf\n\
         exit    # and log in again"
    ))
}

fn clock(machine: &Machine) -> Finding {
    if machine.unix_time >= BELIEVABLE {
        return Finding::good("the clock knows the year");
    }
    Finding::wrong("the clock is years behind, and a schedule would play at the wrong time")
        .mend("sudo timedatectl set-ntp true    # and let the network be reached")
}
