//! Reads where a channel or button is: by number, by its place on the header, at an expander, on the network, or in a
//! simulation. Knows
//! no other key.

use super::document::{Form, KeyValue};
use super::fields::{Fields, Spanned};
use super::header::{self, HeaderPin};
use super::output_givers::OutputGivers;
use super::{Address, Line};
use super::{expander_output, network_output};
use crate::diagnosis::Help;

/// An example of a simulated output.
const SIMULATED: i64 = 41;

/// The nouns and examples of messages about a channel or a button.
pub(super) struct WiringNouns {
    /// "channel" or "button".
    pub(super) whose: &'static str,
    /// Examples: a BCM number, and its place on the header.
    pub(super) pin: i64,
    pub(super) header: i64,
}

/// Reads `pin`, `header`, `out` or `sim`; `None` where the address cannot be told.
pub(super) fn address(
    fields: &mut Fields<'_>,
    entry: &KeyValue,
    nouns: &WiringNouns,
    givers: OutputGivers<'_>,
) -> Option<Spanned<Address>> {
    let beyond = ["out", "sim"].map(|key| fields.entry(key).map(|beyond| (key, beyond)));
    let Some((key_beyond, beyond)) = beyond.into_iter().flatten().next() else {
        let Spanned { value, span } = line(fields, entry, nouns)?;
        return Some(Spanned { value: Address::Line(value), span });
    };
    let others = ["pin", "header", "sim"].into_iter().filter(|key| *key != key_beyond);
    let wired = others.filter_map(|key| Some((key, fields.entry(key)?.key_span.clone()))).next();
    if let Some((key, wired)) = wired {
        let title = format!("{} `{}` has both `{key}` and `{key_beyond}`", nouns.whose, entry.key);
        let diagnosis = fields.report.error(title).at(beyond.key_span.clone(), "").also_at(wired, "");
        let help = Help::take_out(fields.report.all_of(beyond), "take one of them out");
        fields.report.push(diagnosis.help(help));
        return None;
    }
    if key_beyond == "out" {
        return match &beyond.value.form {
            Form::Text(text) => match givers.receiver_of(text) {
                Some(receiver) => {
                    network_output::read(fields, &entry.key, (text, beyond.value.span.clone()), receiver)
                }
                None => expander_output::read(fields, &entry.key, givers),
            },
            _ => expander_output::read(fields, &entry.key, givers),
        };
    }
    let is_number = |number| u16::try_from(number).is_ok();
    let Spanned { value: number, span } = fields.integer("sim", "a number", SIMULATED, is_number)?;
    match u16::try_from(number) {
        Ok(number) => Some(Spanned { value: Address::Simulated(number), span }),
        Err(_) => {
            let title = format!("{} `{}` cannot be on sim {number}", nouns.whose, entry.key);
            fields.report.push(fields.report.error(title).at(span, "simulated outputs go from 0 to 65535"));
            None
        }
    }
}

/// Reads `pin` or `header`; `None` where the line cannot be told.
pub(super) fn line(fields: &mut Fields<'_>, entry: &KeyValue, nouns: &WiringNouns) -> Option<Spanned<Line>> {
    let (name, report) = (&entry.key, fields.report);
    let WiringNouns { whose, pin, header } = nouns;
    let by_header = fields.entry("header");
    let by_number = fields.entry("pin").map(|pin| pin.key_span.clone());
    match (by_number, by_header) {
        (Some(pin), Some(header)) => {
            let diagnosis = report.error(format!("{whose} `{name}` has both `pin` and `header`"));
            let help = Help::take_out(report.all_of(header), "take one of them out");
            report.push(diagnosis.at(header.key_span.clone(), "").also_at(pin, "").help(help));
            None
        }
        // The wrong key is reported as unknown.
        (None, None) if fields.has_key_for("pin") => None,
        (None, None) => {
            let words = format!(
                "say where it is connected, as in `pin = {pin}` (a BCM number) or `header = {header}` (a place on \
                 the 40-pin header)"
            );
            let (room, comma) = report.room_in(&entry.value);
            let places = [format!("{comma}pin = {pin}"), format!("{comma}header = {header}")];
            let diagnosis = report.error(format!("{whose} `{name}` has no pin"));
            let help = Help::write_one_of(room, places).said(words).into_example();
            report.push(diagnosis.at(entry.key_span.clone(), "").help(help));
            None
        }
        (Some(_), None) => by_its_number(fields, name, nouns),
        (None, Some(_)) => on_the_header(fields, name, nouns),
    }
}

fn is_line(number: i64) -> bool {
    u8::try_from(number).ok().and_then(Line::new).is_some()
}

fn carries_line(number: i64) -> bool {
    matches!(header::contact(number), Some(HeaderPin::Gpio(_)))
}

fn by_its_number(fields: &mut Fields<'_>, name: &str, nouns: &WiringNouns) -> Option<Spanned<Line>> {
    let Spanned { value: number, span } = fields.integer("pin", "a BCM number", nouns.pin, is_line)?;
    match u8::try_from(number).ok().and_then(Line::new) {
        Some(value) => Some(Spanned { value, span }),
        None => {
            let title = format!("{} `{name}` cannot be on pin {number}", nouns.whose);
            let key = fields.entry("pin").map_or(span.clone(), |entry| entry.key_span.clone());
            let diagnosis = fields.report.error(title).at(span.clone(), "BCM numbers go from 0 to 27");
            let help = carries_line(number).then(|| {
                let by_header = format!("header = {number}");
                let words = format!("if you counted along the header, write `{by_header}`");
                Help::write(key.start..span.end, by_header).said(words)
            });
            fields.report.push(diagnosis.help_if_any(help));
            None
        }
    }
}

fn on_the_header(fields: &mut Fields<'_>, name: &str, nouns: &WiringNouns) -> Option<Spanned<Line>> {
    let noun = "a place on the 40-pin header";
    let Spanned { value: number, span } = fields.integer("header", noun, nouns.header, carries_line)?;
    let reason = match header::contact(number) {
        Some(HeaderPin::Gpio(bcm)) => {
            return Line::new(bcm).map(|value| Spanned { value, span });
        }
        Some(HeaderPin::Ground) => format!("pin {number} of the header is ground"),
        Some(HeaderPin::Volts3) => format!("pin {number} of the header carries 3.3 V"),
        Some(HeaderPin::Volts5) => format!("pin {number} of the header carries 5 V"),
        None => "the header's pins are counted from 1 to 40".to_owned(),
    };
    let title = format!("{} `{name}` cannot be on header pin {number}", nouns.whose);
    fields.report.push(fields.report.error(title).at(span, reason));
    None
}
