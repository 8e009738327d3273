//! Warns of channels that light up while the Pi boots: the chip pulls lines up or down until software sets them.
//! Reads no file.

use crate::diagnosis::{Help, any_of};

use super::channel::Wired;
use super::fields::Spanned;
use super::report::Report;
use super::{Active, Line};

/// Warns of each of `channels`, and names those of the better pins that are not `taken`.
pub(super) fn warn_of_boot(channels: &[Wired], taken: &[Line], report: &Report<'_>) {
    for Wired { name, address: Spanned { value: address, span }, channel } in channels {
        let (Some(channel), Some(line)) = (channel, address.line()) else { continue };
        // GPIO 2 and 3 are high, too, where no I²C needs them.
        let (lit, better, opposite, supply) = match channel.active {
            Active::Low => ("low", [4..=8, 2..=3], "up", "3.3 V"),
            Active::High => ("high", [9..=27, 9..=27], "down", "ground"),
        };
        let free = free_of(taken, better.into_iter().flatten());
        let other_pin = (!free.is_empty()).then(|| format!("connect it to {free}"));
        if line.bcm() <= 1 {
            // Whatever pulls it: no resistor helps.
            let label = "at boot the Pi looks there for the ID memory of an add-on board";
            let diagnosis = report.warning(format!("`{name}` is on {line}, which flickers at boot"));
            let words = other_pin.unwrap_or_else(|| "leave this pin free".to_owned());
            report.push(diagnosis.at(span.clone(), label).help(Help::advise(words)));
        } else if channel.lights_up_at_boot() {
            let pull = if channel.rests_high(line) { "up" } else { "down" };
            let label = format!("{line} is pulled {pull} until then, and `{name}` is lit when it is {lit}");
            let resistor = (!line.is_fixed_high()).then(|| {
                format!(
                    "put a resistor of 4.7 kΩ between its pin and {supply} and add `resistor = \"{opposite}\"` here"
                )
            });
            let words: Vec<String> = other_pin.into_iter().chain(resistor).collect();
            let words = match words.is_empty() {
                true => "leave this pin free: a resistor on the Pi holds it high".to_owned(),
                false => words.join(", or "),
            };
            let diagnosis = report.warning(format!("`{name}` may light up while the Pi boots"));
            report.push(diagnosis.at(span.clone(), label).help(Help::advise(words)));
        }
    }
}

/// The first pins of `better` that are not `taken`: "GPIO 9, 10 or 11".
fn free_of(taken: &[Line], better: impl Iterator<Item = u8>) -> String {
    const NAMED: usize = 3;
    let is_free = |bcm: &u8| !taken.iter().any(|line| line.bcm() == *bcm);
    let free: Vec<String> = better.filter(is_free).take(NAMED).map(|bcm| bcm.to_string()).collect();
    match free.is_empty() {
        true => String::new(),
        false => format!("GPIO {}", any_of(free.into_iter())),
    }
}
