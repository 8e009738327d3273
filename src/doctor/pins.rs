//! Whether the rig's pins are free, by the settings of the firmware and the kernel. Touches no pin.

mod board_job;
mod buttons;

use crate::rig::{Active, Address, Channel, Expander, ExpanderChip, Line, Rig};

use super::config::{Config, Overlay};
use super::finding::Finding;
use super::machine::Machine;
use super::rig_file::ExaminedRig;

use board_job::{BoardJob, listed};

pub(super) fn examine(machine: &Machine, examined: Option<ExaminedRig<'_>>) -> Vec<Finding> {
    let mut findings = Vec::new();
    findings.extend(strict_release(machine));
    let Some(examined) = examined else { return findings };
    let rig = examined.rig;
    findings.extend(console(machine, rig));
    let Some(config) = &machine.config else {
        findings.extend(boot_levels_elsewhere(rig));
        return findings;
    };
    findings.extend(jobs(config).iter().filter_map(|job| clash(job, rig)));
    findings.extend(pwm_block(machine, config, rig));
    findings.extend(boot_levels(config, rig));
    findings.extend(chains_at_boot(rig));
    if findings.is_empty() {
        let lines = rig.expanders.iter().flat_map(|expander| expander.chip.lines()).map(Line::bcm);
        let lines = listed(rig.channels.iter().filter_map(bcm).chain(lines), ", ");
        findings.push(Finding::good(format!(
            "nothing else on this board uses the pins of the rig's channels ({lines})"
        )));
    }
    findings.extend(buttons::examine(machine, examined, &jobs(config)));
    findings
}

fn on<'a>(rig: &'a Rig, lines: &[u8]) -> Vec<&'a Channel> {
    rig.channels.iter().filter(|channel| bcm(channel).is_some_and(|bcm| lines.contains(&bcm))).collect()
}

/// The number of its line, where it is on the header.
fn bcm(channel: &Channel) -> Option<u8> {
    channel.address.line().map(Line::bcm)
}

/// "neon (GPIO 2), sign (GPIO 3)".
fn places(channels: &[&Channel]) -> String {
    listed(channels.iter().map(|channel| format!("{} ({})", channel.name, channel.address)), ", ")
}

/// Who is on one of `lines`: "neon (GPIO 2), board (GPIO 10, 11, 8)". `None` if nobody is.
fn users(rig: &Rig, lines: &[u8]) -> Option<String> {
    users_but(rig, lines, |_| false)
}

/// As [`users`], without those expanders that `is_meant_there`.
fn users_but(rig: &Rig, lines: &[u8], is_meant_there: impl Fn(ExpanderChip) -> bool) -> Option<String> {
    let expander = |expander: &Expander| {
        let of_it = expander.chip.lines().filter(|_| !is_meant_there(expander.chip)).map(Line::bcm);
        let of_it = listed(of_it.filter(|line| lines.contains(line)), ", ");
        (!of_it.is_empty()).then(|| format!("{} (GPIO {of_it})", expander.name))
    };
    let channels = on(rig, lines);
    let channels = (!channels.is_empty()).then(|| places(&channels));
    let users = listed(channels.into_iter().chain(rig.expanders.iter().filter_map(expander)), ", ");
    (!users.is_empty()).then_some(users)
}

/// With these settings the pins of a dead process become inputs, and float.
fn strict_release(machine: &Machine) -> Option<Finding> {
    let what = "pins go back to inputs when a program dies, and an active-low relay may then light up";
    let strict = machine.config.as_ref().filter(|config| config.is_on("strict_gpiod"));
    if let Some(config) = strict {
        return Some(
            Finding::wrong(format!("{what} (strict_gpiod)"))
                .mend(comment_out("dtparam=strict_gpiod", config)),
        );
    }
    let asked = "persist_gpio_outputs=n";
    machine.command_line.contains(asked).then(|| {
        let mend = format!("sudo sed -i 's/[^ ]*{asked}//' /boot/firmware/cmdline.txt && sudo reboot");
        Finding::wrong(format!("{what} ({asked})")).mend(mend)
    })
}

fn comment_out(line: &str, config: &Config) -> String {
    format!("sudo sed -i 's/^{line}/#&/' {} && sudo reboot", config.path)
}

fn append(line: &str, config: &Config) -> String {
    format!("echo '{line}' | sudo tee -a {} && sudo reboot", config.path)
}

/// A serial console uses GPIO 14 and 15.
fn console(machine: &Machine, rig: &Rig) -> Option<Finding> {
    // On a Pi 5 `serial0` is the connector between the HDMI sockets.
    let ports: &[&str] = if machine.has_rp1() { &["ttyAMA0"] } else { &["serial0", "ttyS0", "ttyAMA0"] };
    let consoles = machine.command_line.split_whitespace().filter_map(|word| word.strip_prefix("console="));
    let mut consoles = consoles.map(|console| console.split(',').next().unwrap_or(console));
    let port = consoles.find(|console| ports.contains(console))?;
    let users = users(rig, &[14, 15])?;
    let what = format!("the kernel's console ({port}) talks through the pins of {users}");
    Some(Finding::wrong(what).mend("sudo raspi-config nonint do_serial_cons 1 && sudo reboot"))
}

const I2C: &str = "the I²C bus";

fn jobs(config: &Config) -> Vec<BoardJob> {
    let mut jobs = Vec::new();
    let mut add = |is_there: bool, what: &str, lines: &[u8], mend: &str| {
        if is_there {
            let is_chip_bus = what == I2C;
            let (what, mend) = (what.to_owned(), mend.to_owned());
            jobs.push(BoardJob { what, lines: lines.to_vec(), mend, is_chip_bus });
        }
    };
    let i2c = ["i2c_arm", "i2c", "i2c1"].iter().any(|name| config.is_on(name));
    add(i2c, I2C, &[2, 3], "sudo raspi-config nonint do_i2c 1 && sudo reboot");
    let spi = config.is_on("spi");
    add(spi, "the SPI bus", &[7, 8, 9, 10, 11], "sudo raspi-config nonint do_spi 1 && sudo reboot");
    let uart = config.setting("enable_uart") == Some("1");
    add(uart, "the serial port", &[14, 15], "sudo raspi-config nonint do_serial_hw 1 && sudo reboot");
    add(config.is_on("i2s"), "the I²S bus", &[18, 19, 20, 21], &comment_out("dtparam=i2s=on", config));
    for overlay in config.overlays() {
        if let Some(lines) = lines_of(&overlay) {
            let line = format!("dtoverlay={}", overlay.name);
            add(true, &line, &lines, &comment_out(&line, config));
        }
    }
    jobs
}

/// The lines of common overlays, with their defaults (the firmware's overlays/README).
fn lines_of(overlay: &Overlay<'_>) -> Option<Vec<u8>> {
    let one = |key: &str, default: u8| Some(vec![overlay.number(key).unwrap_or(default)]);
    match overlay.name {
        "w1-gpio" => one("gpiopin", 4),
        "gpio-fan" => one("gpiopin", 12),
        "gpio-ir" => one("gpio_pin", 18),
        "gpio-shutdown" => one("gpio_pin", 3),
        "gpio-poweroff" => one("gpiopin", 26),
        name if ["hifiberry", "iqaudio", "allo-", "justboom", "i-sabre"]
            .iter()
            .any(|p| name.starts_with(p)) =>
        {
            Some(vec![18, 19, 20, 21])
        }
        _ => None,
    }
}

fn clash(job: &BoardJob, rig: &Rig) -> Option<Finding> {
    let is_meant_there = |chip| job.is_chip_bus && matches!(chip, ExpanderChip::I2c(_));
    let what = format!("{} uses the pins of {}", job.what, users_but(rig, &job.lines, is_meant_there)?);
    Some(Finding::wrong(what).mend(job.mend.as_str()))
}

/// Hardware PWM needs an overlay that connects the PWM block to the rig's pins.
fn pwm_block(machine: &Machine, config: &Config, rig: &Rig) -> Vec<Finding> {
    let dimmed = rig.channels.iter().filter(|channel| matches!(channel.address, Address::PwmBlock(_)));
    let lines: Vec<u8> = dimmed.filter_map(bcm).collect();
    let mut findings = Vec::new();
    let led_out = |line: &u8| {
        config.overlays().any(|overlay| match overlay.name {
            "pwm" => overlay.number("pin").unwrap_or(18) == *line,
            "pwm-2chan" => {
                overlay.number("pin").unwrap_or(18) == *line || overlay.number("pin2").unwrap_or(19) == *line
            }
            _ => false,
        })
    };
    if !lines.iter().all(led_out) {
        let pins = listed(lines.iter(), " and ");
        let what = format!("the rig dims GPIO {pins} by the chip, and no overlay leads its PWM block there");
        findings.push(Finding::wrong(what).mend(append(&overlay_for(&lines, machine.has_rp1()), config)));
    }
    if !lines.is_empty() && !machine.has_rp1() && config.is_on("audio") {
        let what = "the headphone jack and the rig's hardware PWM share one block: the jack will not play";
        findings.push(Finding::advice(what).mend(comment_out("dtparam=audio=on", config)));
    }
    findings
}

fn overlay_for(lines: &[u8], rp1: bool) -> String {
    let function = |line: u8| match line {
        12 | 13 => 4,
        _ if rp1 => 7,
        _ => 2,
    };
    match lines {
        [one] => format!("dtoverlay=pwm,pin={one},func={}", function(*one)),
        [one, two, ..] => {
            let (first, second) = (function(*one), function(*two));
            format!("dtoverlay=pwm-2chan,pin={one},func={first},pin2={two},func2={second}")
        }
        [] => String::new(),
    }
}

/// Chains whose outputs are on from power-on.
fn chains_at_boot(rig: &Rig) -> impl Iterator<Item = Finding> {
    let is_used = |expander: &&Expander| {
        let is_always_on = matches!(expander.chip, ExpanderChip::Chain(chain) if chain.enable().is_none());
        is_always_on && rig.addresses().any(|address| expander.chip.has(address))
    };
    rig.expanders.iter().filter(is_used).map(|expander| {
        Finding::advice(format!(
            "until a program runs, any output of {} may be on: connect OE of its chips to a pin, with a resistor of \
             10 kΩ to 3.3 V, and name the pin in the rig (`oe = 25`)",
            expander.name
        ))
    })
}

/// Channels that are lit from power-on until a program sets their pins. The firmware can set them earlier.
fn boot_levels(config: &Config, rig: &Rig) -> Option<Finding> {
    let held = config.gpio_lines();
    let shines = |channel: &&Channel| {
        let is_held = channel.address.line().is_some_and(|line| held.contains(&line.bcm()));
        channel.lights_up_at_boot() && !is_held
    };
    let channels: Vec<&Channel> = rig.channels.iter().filter(shines).collect();
    let settings = [(Active::Low, "dh"), (Active::High, "dl")].into_iter().filter_map(|(active, level)| {
        let lines = channels.iter().filter(|channel| channel.active == active);
        let lines = listed(lines.filter_map(|channel| bcm(channel)), ",");
        (!lines.is_empty()).then(|| format!("gpio={lines}=op,{level}"))
    });
    let settings = listed(settings, "\\n");
    (!channels.is_empty()).then(|| {
        let what = format!("until a program runs, {} may light up", places(&channels));
        let mend = format!("printf '{settings}\\n' | sudo tee -a {} && sudo reboot", config.path);
        Finding::advice(what).mend(mend)
    })
}

/// The same where there is no firmware to set: on a laptop, the lights of the Pi for which the rig is written.
pub(super) fn boot_levels_elsewhere(rig: &Rig) -> Vec<Finding> {
    let kinds = [(Active::Low, "GPIO 4 to 8", "3.3 V"), (Active::High, "GPIO 9 to 27", "ground")];
    let finding = |(active, better, supply)| {
        let lit = |channel: &&Channel| channel.active == active && channel.lights_up_at_boot();
        let channels: Vec<_> = rig.channels.iter().filter(lit).collect();
        (!channels.is_empty()).then(|| {
            Finding::advice(format!(
                "while the Pi boots, {} may light up: use {better}, or a resistor of 4.7 kΩ from each pin to {supply}",
                places(&channels)
            ))
        })
    };
    kinds.into_iter().filter_map(finding).chain(chains_at_boot(rig)).collect()
}
