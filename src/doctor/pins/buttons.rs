//! Whether the pins of the rig's buttons are free, and how they are pulled. Touches no pin.

use crate::doctor::finding::Finding;
use crate::doctor::machine::Machine;
use crate::doctor::rig_file::ExaminedRig;
use crate::rig::{Active, Button, Pull};

use super::board_job::{BoardJob, listed};

/// GPIO 2 and 3 have resistors to 3.3 V on the board, which are stronger than a pull-down.
const PULLED_ON_BOARD: [u8; 2] = [2, 3];

pub(super) fn examine(machine: &Machine, examined: ExaminedRig<'_>, jobs: &[BoardJob]) -> Vec<Finding> {
    let rig = examined.rig;
    let mut findings = Vec::new();
    for job in jobs {
        let buttons: Vec<&Button> =
            rig.buttons.iter().filter(|button| job.lines.contains(&button.line.bcm())).collect();
        if !buttons.is_empty() {
            let what = format!("{} uses the pins of {}", job.what, places(&buttons));
            findings.push(Finding::wrong(what).mend(job.mend.as_str()));
        }
    }
    findings.extend(rig.buttons.iter().map(|button| pull(machine, examined, button)));
    findings
}

/// "start (GPIO 22)".
fn places(buttons: &[&Button]) -> String {
    listed(buttons.iter().map(|button| format!("button {} ({})", button.name, button.line)), ", ")
}

fn pull(machine: &Machine, examined: ExaminedRig<'_>, button: &Button) -> Finding {
    let Button { name, line, .. } = button;
    let pull = match button.pull {
        Pull::Down if PULLED_ON_BOARD.contains(&line.bcm()) => {
            let what = format!("button {name} ({line}) is pulled up by the board, and the rig pulls it down");
            return Finding::wrong(what).mend(examined.edit(machine, "pull = \"up\""));
        }
        Pull::Up => "pulled up",
        Pull::Down => "pulled down",
        Pull::Off => "held by a resistor of its own",
    };
    let pressed = match button.active {
        Active::Low => "low",
        Active::High => "high",
    };
    Finding::good(format!(
        "button {name} is on {line} (header {}), {pull}, pressed when {pressed}",
        line.header_pin()
    ))
}
