//! Which board this is, and whether its GPIO devices can be used. Knows no rig.

use super::finding::Finding;
use super::machine::Machine;
use super::person::Node;
use crate::output::gpio::HEADER_CHIPS;

pub(super) fn examine(machine: &Machine) -> Vec<Finding> {
    let architecture = std::env::consts::ARCH;
    let Some(model) = &machine.model else {
        let what = format!("this is no Raspberry Pi ({architecture}): starcourt simulates the lights");
        return vec![Finding::good(what)];
    };
    let mut findings = vec![Finding::good(format!("{model}, {architecture}, kernel {}", machine.kernel))];
    findings.push(memory(machine));
    findings.push(chips(machine));
    findings
}

/// The device with the registers that set levels.
fn memory(machine: &Machine) -> Finding {
    let name = if machine.has_rp1() { "/dev/gpiomem0" } else { "/dev/gpiomem" };
    match machine.gpiomem.iter().find(|node| node.path.as_os_str() == name) {
        Some(node) => permission(machine, node),
        None => {
            let what = format!("{name} is missing, through which pins are driven");
            let module = "sudo modprobe raspberrypi_gpiomem";
            Finding::wrong(what)
                .mend(format!("{module}    # if there is no such module, use Raspberry Pi OS's own kernel"))
        }
    }
}

/// The character devices. They are tried from 0 upwards until the header's chip is found, so none may be missing
/// before it.
fn chips(machine: &Machine) -> Finding {
    let drives = |driver: &str| HEADER_CHIPS.iter().any(|chip| chip.driver == driver);
    let header = machine.chips.iter().find(|chip| chip.driver.as_deref().is_some_and(drives));
    let Some(header) = header.or(machine.chips.first()) else {
        let what = "there is no /dev/gpiochip*: the kernel offers no pins";
        return Finding::wrong(what).mend("sudo apt full-upgrade && sudo reboot");
    };
    let there = |number: &u32| machine.chips.iter().any(|chip| chip.number == *number);
    if let Some(gap) = (0..header.number).find(|number| !there(number)) {
        let driver = header.driver.as_deref().unwrap_or("pinctrl-rp1");
        let what = format!(
            "the header is /dev/gpiochip{}, but chips are looked for from 0 upwards and /dev/gpiochip{gap} \
             is missing",
            header.number
        );
        let rule = format!(
            r#"SUBSYSTEM=="gpio", KERNEL=="gpiochip*", DRIVERS=="{driver}", SYMLINK+="gpiochip{gap}""#
        );
        return Finding::wrong(what).mend(udev("60-starcourt-gpiochip.rules", &rule));
    }
    let before = machine.chips.iter().take_while(|chip| chip.number <= header.number);
    let closed = before.map(|chip| &chip.node).find(|node| !machine.person.may_write(node));
    permission(machine, closed.unwrap_or(&header.node))
}

fn permission(machine: &Machine, node: &Node) -> Finding {
    let (path, person) = (node.path.display(), &machine.person);
    if person.may_write(node) {
        return Finding::good(format!("{path} may be used"));
    }
    let what = format!("{} may not use {path}", person.name());
    Finding::wrong(what).mend(person.way_in(node).unwrap_or_else(|| {
        let group = if person.has_group_named("gpio") { "" } else { "sudo groupadd --system gpio\n" };
        let rule = r#"KERNEL=="gpiomem*|gpiochip*", GROUP="gpio", MODE="0660""#;
        let join = format!("sudo usermod -aG gpio {}\nexit    # and log in again", person.name());
        format!("{group}{}\n{join}", udev("60-starcourt-gpio.rules", rule))
    }))
}

fn udev(file: &str, rule: &str) -> String {
    format!(
        "echo '{rule}' | sudo tee /etc/udev/rules.d/{file}\n\
         sudo udevadm control --reload && sudo udevadm trigger"
    )
}
