//! Reads the receivers on the network from the rig file. Knows no channel.

use std::time::Duration;

use crate::diagnosis::Help;

use super::document::{Form, KeyValue, Span};
use super::fields::{Fields, Spanned};
use super::host::NetworkHost;
use super::host_keys;
use super::network::{NetworkReceiver, Receiver, SacnDestination};
use super::report::Report;
use super::units::{DELAY, RATE};
use super::words::check_name;

pub(super) const EXAMPLE: &str = r#"{ ddp = "192.0.2.7" }"#;
const SACN_EXAMPLE: &str = r#"{ sacn = 5, priority = 100, to = "multicast" }"#;
/// An address that is never anybody's (RFC 5737).
const HOST: &str = "192.0.2.7";
/// The kernel's limit, without the zero at its end.
const LONGEST_INTERFACE: usize = 15;

/// A receiver whose name is known.
pub(super) struct WiredReceiver<'a> {
    pub(super) name: &'a str,
    pub(super) key_span: Span,
    /// `None` where there are mistakes in it.
    pub(super) receiver: Option<NetworkReceiver>,
    /// For so long its levels are on their way before they are seen.
    pub(super) delay: Duration,
}

/// Reads `NAME = { ddp = … }` or `NAME = { sacn = … }`.
pub(super) fn read<'a>(entry: &'a KeyValue, report: &Report<'_>) -> WiredReceiver<'a> {
    let name = &entry.key;
    check_name(name, &entry.key_span, "receiver", report);
    let example = match &entry.value.form {
        // `wled = "192.0.2.7"`
        Form::Text(text) if NetworkHost::new(text).is_ok() => format!("{{ ddp = \"{text}\" }}"),
        _ => EXAMPLE.to_owned(),
    };
    let mut wired =
        WiredReceiver { name, key_span: entry.key_span.clone(), receiver: None, delay: Duration::ZERO };
    let Some(table) = Fields::braces(entry, "receiver", &example, report) else { return wired };
    let mut fields =
        Fields::new(table, format!(" of receiver `{name}`"), report).like(format!("{name} = {EXAMPLE}"));
    let receiver = protocol(&mut fields, entry);
    let is_universe = fields.entry("sacn").is_some();
    if is_universe {
        fields = fields.like(format!("{name} = {SACN_EXAMPLE}"));
    }
    let delay = fields.quantity("delay", &DELAY);
    let rate = fields.quantity("rate", &RATE);
    let priority = if is_universe { priority(&mut fields) } else { None };
    let interface = match receiver {
        Some(Receiver::Sacn { to: SacnDestination::Multicast, .. }) => interface(&mut fields),
        _ => None,
    };
    fields.finish();
    wired.receiver = receiver.map(|receiver| NetworkReceiver {
        name: name.clone(),
        receiver,
        priority: priority.unwrap_or(NetworkReceiver::USUAL_PRIORITY),
        rate: rate.map_or(NetworkReceiver::USUAL_RATE, |found| found.value as u8),
        interface,
    });
    wired.delay = delay.map_or(Duration::ZERO, |found| found.value);
    wired
}

fn protocol(fields: &mut Fields<'_>, entry: &KeyValue) -> Option<Receiver> {
    let report = fields.report;
    let (ddp, sacn) = (fields.entry("ddp"), fields.entry("sacn"));
    match (ddp, sacn) {
        (Some(ddp), Some(sacn)) => {
            let title = format!("receiver `{}` has both `ddp` and `sacn`", entry.key);
            let diagnosis =
                report.error(title).at(sacn.key_span.clone(), "").also_at(ddp.key_span.clone(), "");
            let help = Help::take_out(report.all_of(sacn), "take one of them out");
            report.push(diagnosis.help(help));
            // Told enough.
            let _asked = ["to", "priority", "interface"].map(|key| fields.entry(key).is_some());
            None
        }
        (Some(_), None) => host_keys::read(fields, "ddp", HOST).map(|host| Receiver::Ddp(host.value)),
        (None, Some(_)) => {
            let (universe, to) = (universe(fields, &entry.key), destination(fields));
            Some(Receiver::Sacn { universe: universe?, to: to? })
        }
        (None, None) if fields.has_key_for("ddp") || fields.has_key_for("sacn") => None,
        (None, None) => {
            let (room, comma) = report.room_in(&entry.value);
            let ways = [format!("{comma}ddp = \"{HOST}\""), format!("{comma}sacn = 1")];
            let words = format!(
                "say how it is spoken to: `ddp = \"{HOST}\"` (WLED and other pixel controllers) or `sacn = 1` (the \
                 universe of an E1.31 receiver)"
            );
            let help = Help::write_one_of(room, ways).said(words).into_example();
            let diagnosis = report.error(format!("receiver `{}` has no protocol", entry.key));
            report.push(diagnosis.at(entry.key_span.clone(), "").help(help));
            None
        }
    }
}

fn universe(fields: &mut Fields<'_>, name: &str) -> Option<u16> {
    let read = |number: i64| u16::try_from(number).ok().filter(|number| Receiver::UNIVERSES.contains(number));
    let Spanned { value: number, span } =
        fields.integer("sacn", "the number of a universe", 1, |number| read(number).is_some())?;
    if read(number).is_none() {
        let title = format!("receiver `{name}` cannot have universe {number}");
        let label =
            format!("universes go from {} to {}", Receiver::UNIVERSES.start(), Receiver::UNIVERSES.end());
        fields.report.push(fields.report.error(title).at(span, label));
    }
    read(number)
}

/// `None` where it cannot be told.
fn destination(fields: &mut Fields<'_>) -> Option<SacnDestination> {
    let Some(found) = fields.entry("to") else { return Some(SacnDestination::Multicast) };
    match &found.value.form {
        Form::Text(text) if text == "multicast" => Some(SacnDestination::Multicast),
        _ => host_keys::read(fields, "to", HOST).map(|host| SacnDestination::Host(host.value)),
    }
}

fn priority(fields: &mut Fields<'_>) -> Option<u8> {
    let read =
        |number: i64| u8::try_from(number).ok().filter(|number| NetworkReceiver::PRIORITIES.contains(number));
    let usual = NetworkReceiver::USUAL_PRIORITY.into();
    let Spanned { value: number, span } =
        fields.integer("priority", "a priority", usual, |number| read(number).is_some())?;
    if read(number).is_none() {
        let title = format!("`priority`{} is out of range", fields.place);
        fields.report.push(fields.report.error(title).at(span, "it goes from 0 to 200"));
    }
    read(number)
}

fn interface(fields: &mut Fields<'_>) -> Option<String> {
    let is_name = |text: &str| {
        let is_known = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'@');
        text.len() <= LONGEST_INTERFACE && text.bytes().all(is_known)
    };
    let span = fields.entry("interface")?.value.span.clone();
    let text = fields.text_that("interface", "the name of a network interface", "eth0", is_name)?;
    if is_name(&text) {
        return Some(text);
    }
    let title = format!("`interface`{} cannot be \"{text}\"", fields.place);
    let help = Help::advise("write a name that `ip link` shows, as in `interface = \"eth0\"`");
    fields
        .report
        .push(fields.report.error(title).at(span, "no network interface has such a name").help(help));
    None
}
