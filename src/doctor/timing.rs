//! Checks realtime permission, the clock, and whether the SD card is written to. Changes nothing.

use super::finding::Finding;
use super::machine::Machine;

/// The priority of the timing thread: that of the kernel's interrupt threads.
const PRIORITY: u32 = 50;
/// 2024-01-01. Without a clock chip, and before the network has given the time, a Pi's clock shows 1970 or the time
/// at which it was switched off.
const BELIEVABLE: u64 = 1_704_067_200;

pub(super) fn examine(machine: &Machine) -> Vec<Finding> {
    let mut findings = vec![realtime(machine), clock(machine)];
    findings.extend(forgets(machine));
    findings
}

fn realtime(machine: &Machine) -> Finding {
    let person = &machine.person;
    if person.may_raise_priority() || person.realtime >= PRIORITY {
        return Finding::good(format!("lights may run at realtime priority {PRIORITY}"));
    }
    let who = if person.has_group_named("gpio") { "@gpio" } else { person.name() };
    let what = "lights may not run in real time, and will come late when the machine is busy";
    Finding::advice(what).mend(format!(
        "echo '{who} - rtprio {PRIORITY}' | sudo tee -a /etc/security/limits.d/starcourt.conf\n\
         exit    # and log in again"
    ))
}

fn clock(machine: &Machine) -> Finding {
    const MEND: &str = "sudo timedatectl set-ntp true    # and let the network be reached";
    if machine.unix_time < BELIEVABLE {
        let what = "the clock is years behind, and a schedule would play at the wrong time";
        return Finding::wrong(what).mend(MEND);
    }
    if machine.is_pi() && !machine.clock_is_kept {
        let what = "nobody has set the clock since the Pi was switched on: a schedule waits for three minutes, \
                    then goes by the clock as it is";
        return Finding::advice(what).mend(MEND);
    }
    Finding::good("the clock knows the year")
}

/// With a read-only SD card, counts and progress are lost when the power goes.
fn forgets(machine: &Machine) -> Option<Finding> {
    let what = "the SD card is only read (overlay): how often relays have switched and how far the schedule has \
                come is forgotten with the power";
    let mend = "sudo raspi-config nonint disable_overlayfs && sudo reboot    # unless it is meant to be so";
    (machine.is_pi() && machine.is_overlaid).then(|| Finding::advice(what).mend(mend))
}
