//! Reads the chips behind the header from the rig file, and which of their outputs a channel is on. Knows no channel.

use crate::diagnosis::{Help, any_of};

use super::document::{Form, KeyValue, Span};
use super::fields::{Fields, Spanned};
use super::i2c_keys::USUAL_FREQUENCY;
use super::report::Report;
use super::words::check_name;
use super::{Chain, Expander, ExpanderChip, I2cChip, I2cModel, Line, chain_keys, i2c_keys};

/// A chip by its name in the rig.
#[derive(Clone, Copy)]
enum ChipName {
    ShiftRegister,
    I2c(I2cModel),
}

const CHIPS: [(&str, ChipName); 4] = [
    ("74hc595", ChipName::ShiftRegister),
    ("mcp23017", ChipName::I2c(I2cModel::Mcp23017)),
    ("pca9685", ChipName::I2c(I2cModel::Pca9685 { frequency: USUAL_FREQUENCY })),
    ("pcf8574", ChipName::I2c(I2cModel::Pcf8574)),
];
/// What people call the chips.
const OTHER_CHIPS: [(&str, &str); 15] = [
    ("23017", "mcp23017"),
    ("8574", "pcf8574"),
    ("9685", "pca9685"),
    ("595", "74hc595"),
    ("hc595", "74hc595"),
    ("74595", "74hc595"),
    ("74hct595", "74hc595"),
    ("74ahct595", "74hc595"),
    ("74lvc595", "74hc595"),
    ("sn74hc595", "74hc595"),
    ("shift register", "74hc595"),
    ("pcf8574a", "pcf8574"),
    ("pcf8574t", "pcf8574"),
    ("pcf8574at", "pcf8574"),
    ("pca9685pw", "pca9685"),
];
/// Chips whose names are like those above, and which are others.
const UNKNOWN_CHIPS: [&str; 9] =
    ["mcp23s17", "mcp23008", "mcp23016", "mcp23018", "pcf8575", "pca9555", "tca9555", "pca9635", "74hc164"];
/// The keys of the chips that a table without one may be meant for.
const KEYS: [&str; 8] = ["data", "clock", "latch", "oe", "chained", "bus", "address", "frequency"];

impl ChipName {
    /// How an expander of this chip is written.
    const fn example(self) -> &'static str {
        match self {
            Self::ShiftRegister => EXAMPLE,
            Self::I2c(I2cModel::Mcp23017) => r#"{ chip = "mcp23017", bus = 1, address = 0x20 }"#,
            Self::I2c(I2cModel::Pcf8574) => r#"{ chip = "pcf8574", bus = 1, address = 0x20 }"#,
            Self::I2c(I2cModel::Pca9685 { .. }) => {
                r#"{ chip = "pca9685", bus = 1, address = 0x40, frequency = "200 Hz" }"#
            }
        }
    }

    /// Whether a table with this address, and with lines or without, may be meant for it.
    fn may_have(self, address: Option<u8>, has_lines: bool) -> bool {
        match (self, address) {
            (Self::ShiftRegister, address) => address.is_none(),
            (Self::I2c(_), _) if has_lines => false,
            (Self::I2c(model), Some(address)) => model.may_be_at(address),
            (Self::I2c(_), None) => true,
        }
    }
}

pub(super) const EXAMPLE: &str = r#"{ chip = "74hc595", data = 10, clock = 11, latch = 8, chained = 1 }"#;

/// An expander whose name is known.
pub(super) struct WiredExpander<'a> {
    pub(super) name: &'a str,
    key_span: Span,
    /// Those lines of the header that it hangs on and that can be told.
    pub(super) lines: Vec<Spanned<Line>>,
    /// `None` where there are mistakes in it.
    pub(super) chip: Option<ExpanderChip>,
    /// Where the address on its bus is written.
    address_span: Option<Span>,
}

impl WiredExpander<'_> {
    pub(super) fn expander(&self) -> Option<Expander> {
        Some(Expander { name: self.name.to_owned(), chip: self.chip? })
    }

    /// Its name, and where that is written.
    pub(super) const fn named(&self) -> (&str, &Span) {
        (self.name, &self.key_span)
    }

    /// Whether its lines are those of a bus, which carries other chips too.
    pub(super) const fn is_on_bus(&self) -> bool {
        self.address_span.is_some()
    }

    fn i2c_chip(&self) -> Option<I2cChip> {
        match self.chip? {
            ExpanderChip::I2c(chip) => Some(chip),
            ExpanderChip::Chain(_) => None,
        }
    }
}

/// Reads `NAME = { chip = … }`.
pub(super) fn read<'a>(entry: &'a KeyValue, report: &Report<'_>) -> Option<WiredExpander<'a>> {
    let name = &entry.key;
    check_name(name, &entry.key_span, "expander", report);
    let table = Fields::braces(entry, "expander", EXAMPLE, report)?;
    let mut fields =
        Fields::new(table, format!(" of expander `{name}`"), report).like(format!("{name} = {EXAMPLE}"));
    let is_named = fields.entry("chip").is_some() || fields.has_key_for("chip");
    if !is_named {
        tell_no_chip(&mut fields, entry);
    }
    let chip = match is_another_chip(&mut fields) {
        true => None,
        false => fields.choice_meant("chip", &CHIPS, &OTHER_CHIPS).map(|chip| chip.value),
    };
    if let Some(chip) = chip {
        fields = fields.like(format!("{name} = {}", chip.example()));
    }
    let mut wired = WiredExpander {
        name,
        key_span: entry.key_span.clone(),
        lines: Vec::new(),
        chip: None,
        address_span: None,
    };
    match chip {
        Some(ChipName::ShiftRegister) => {
            let read = chain_keys::read(&mut fields, entry);
            wired.lines = read.lines;
            wired.chip = read.chain.map(ExpanderChip::Chain);
        }
        Some(ChipName::I2c(model)) => {
            let read = i2c_keys::read(&mut fields, entry, model);
            let span = read.bus_span.unwrap_or_else(|| entry.key_span.clone());
            let lines = read.bus.into_iter().flat_map(I2cChip::lines_of);
            wired.lines = lines.map(|value| Spanned { value, span: span.clone() }).collect();
            wired.chip = read.chip.map(ExpanderChip::I2c);
            wired.address_span = Some(read.address_span.unwrap_or_else(|| entry.key_span.clone()));
        }
        // Which keys it has is told when its chip is known.
        None => KEYS.iter().for_each(|key| _ = fields.entry(key)),
    }
    fields.finish();
    Some(wired)
}

/// Names the chips that the other keys fit to.
fn tell_no_chip(fields: &mut Fields<'_>, entry: &KeyValue) {
    let report = fields.report;
    let (room, comma) = report.room_in(&entry.value);
    let address = fields.entry("address").and_then(|found| match found.value.form {
        Form::Integer(number) => u8::try_from(number).ok(),
        _ => None,
    });
    let has_lines = fields.entry("data").is_some() || fields.entry("latch").is_some();
    let fitting = CHIPS.into_iter().filter(|(_, chip)| chip.may_have(address, has_lines));
    let texts: Vec<String> = fitting.map(|(chip, _)| format!("{comma}chip = \"{chip}\"")).collect();
    let chips = any_of(CHIPS.iter().map(|(chip, _)| format!("`chip = \"{chip}\"`")));
    let words = format!("say which chip it is: {chips}");
    let help = match texts.is_empty() {
        true => Help::advise(words),
        false => Help::write_one_of(room, texts).said(words),
    };
    let diagnosis = report.error(format!("expander `{}` has no chip", entry.key));
    report.push(diagnosis.at(entry.key_span.clone(), "").help(help));
}

/// Whether it is a chip whose name is like one of those that are known; that is told then.
fn is_another_chip(fields: &mut Fields<'_>) -> bool {
    let Some(value) = fields.entry("chip").map(|entry| &entry.value) else { return false };
    let Form::Text(text) = &value.form else { return false };
    let is_other = UNKNOWN_CHIPS.iter().any(|other| text.trim().to_lowercase().starts_with(other));
    if is_other {
        let report = fields.report;
        let title = format!("starcourt cannot drive a {}", text.trim().to_uppercase());
        let chips = any_of(CHIPS.iter().map(|(chip, _)| chip.to_uppercase()));
        let diagnosis =
            report.error(title).at(value.span.clone(), "this is another chip, with other registers");
        report.push(diagnosis.help(Help::advise(format!("use a board with a {chips}"))));
    }
    is_other
}

/// No two expanders are at one address of a bus.
pub(super) fn check_addresses(expanders: &[WiredExpander<'_>], report: &Report<'_>) {
    let place = |expander: &WiredExpander<'_>| expander.i2c_chip().map(|chip| (chip.bus(), chip.address()));
    for (number, expander) in expanders.iter().enumerate() {
        let (Some((bus, address)), Some(span)) = (place(expander), &expander.address_span) else { continue };
        let taken = expanders[..number].iter().find(|other| place(other) == Some((bus, address)));
        let Some((first, at)) = taken.and_then(|other| Some((other.name, other.address_span.clone()?)))
        else {
            continue;
        };
        let title = format!("`{first}` and `{}` are both at {address:#04x} on I²C bus {bus}", expander.name);
        let words =
            "give one of them another address, with the address pins of its board, or put it on another bus";
        let diagnosis = report.error(title).at(span.clone(), "again").also_at(at, "taken here");
        report.push(diagnosis.help(Help::advise(words)));
    }
}

/// A 74HC595 wakes up with any levels, and shows them at once unless its outputs are off until a program runs.
pub(super) fn warn_of_boot(
    expanders: &[WiredExpander<'_>],
    is_used: impl Fn(Chain) -> bool,
    report: &Report<'_>,
) {
    for WiredExpander { name, key_span, chip, .. } in expanders {
        let Some(ExpanderChip::Chain(chain)) = chip else { continue };
        if chain.enable().is_some() || !is_used(*chain) {
            continue;
        }
        let all =
            if chain.chips() == 1 { "its OE (pin 13 of the chip)" } else { "OE (pin 13) of all its chips" };
        let words = format!(
            "connect {all} to a free pin and, with a resistor of 10 kΩ, to 3.3 V, and add `oe = 25` here; or switch \
             the supply of the lamps on after starcourt has started"
        );
        let diagnosis = report.warning(format!("any output of `{name}` may be on while the Pi boots"));
        let label = "a 74HC595 shows random levels from power-on until something is shifted into it";
        report.push(diagnosis.at(key_span.clone(), label).help(Help::advise(words)));
    }
}
