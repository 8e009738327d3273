//! Asks the chips on I²C buses whether they answer. Writes nothing to them, so it disturbs no show.

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use crate::doctor::Finding;
use crate::output::i2c::{self, ChipAnswer};
use crate::rig::{ExpanderChip, I2cChip, Rig};

/// The kernel gives up on a bus that hangs after about a second.
const PATIENCE: Duration = Duration::from_secs(3);

/// What the chips of `rig` answer, one after another.
pub(super) fn ask_all(rig: &Rig) -> Vec<Finding> {
    let mut there = Vec::new();
    let mut findings = Vec::new();
    for expander in &rig.expanders {
        let ExpanderChip::I2c(chip) = expander.chip else { continue };
        let name = &expander.name;
        let bus = chip.bus();
        match ask(chip) {
            Some(ChipAnswer::There) => there.push(format!("{name} ({chip})")),
            Some(ChipAnswer::Silent) => findings.push(
                Finding::wrong(format!(
                    "`{name}` does not answer: there is no {chip}; look at its wires, its supply and its address pins"
                ))
                .mend(format!("sudo apt-get install -y i2c-tools && sudo i2cdetect -y {bus}    # what answers there")),
            ),
            Some(ChipAnswer::Kernels(driver)) => findings.push(
                Finding::wrong(format!("`{name}`: the kernel's driver \"{driver}\" has the {chip}"))
                    .mend("sudoedit /boot/firmware/config.txt    # take the line out that loads this driver"),
            ),
            Some(ChipAnswer::NoBus(why)) => findings.push(Finding::wrong(format!("`{name}` is not reached: {why}"))),
            None => findings.push(Finding::wrong(format!(
                "`{name}` is not reached: I²C bus {bus} hangs; take the boards off it one by one"
            ))),
        }
    }
    if !there.is_empty() {
        findings.push(Finding::good(format!("these chips answer: {}", there.join(", "))));
    }
    findings
}

/// `None` if the bus hangs.
fn ask(chip: I2cChip) -> Option<ChipAnswer> {
    let (tell, told) = mpsc::channel();
    thread::spawn(move || _ = tell.send(i2c::ask(chip)));
    told.recv_timeout(PATIENCE).ok()
}
