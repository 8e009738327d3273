//! Reads the chips behind the header from the rig file, and which of their outputs a channel is on. Knows no channel.

use crate::diagnosis::{Help, nearest};

use super::document::{KeyValue, Span};
use super::fields::{Fields, Spanned};
use super::report::Report;
use super::words::check_name;
use super::{Address, Chain, Expander, Line};

#[derive(Clone, Copy)]
enum ExpanderChip {
    ShiftRegister,
}

const CHIPS: [(&str, ExpanderChip); 1] = [("74hc595", ExpanderChip::ShiftRegister)];
/// What people call the chips.
const OTHER_CHIPS: [(&str, &str); 8] = [
    ("595", "74hc595"),
    ("hc595", "74hc595"),
    ("74595", "74hc595"),
    ("74hct595", "74hc595"),
    ("74ahct595", "74hc595"),
    ("74lvc595", "74hc595"),
    ("sn74hc595", "74hc595"),
    ("shift register", "74hc595"),
];

/// The lines of a chain in the rig: the key, an example, and where the line ends at the chip.
const LINES: [(&str, i64, &str); 4] = [
    ("data", 10, "SER or DS, pin 14 of the chip beside the Pi"),
    ("clock", 11, "SRCLK or SHCP, pin 11 of every chip"),
    ("latch", 8, "RCLK or STCP, pin 12 of every chip"),
    ("oe", 25, "OE, pin 13 of every chip"),
];
const EXAMPLE: &str = r#"{ chip = "74hc595", data = 10, clock = 11, latch = 8, chained = 1 }"#;

/// An expander whose name is known.
pub(super) struct WiredExpander<'a> {
    pub(super) name: &'a str,
    key_span: Span,
    /// Those of its lines that can be told.
    pub(super) lines: Vec<Spanned<Line>>,
    /// `None` where there are mistakes in it.
    chain: Option<Chain>,
}

impl WiredExpander<'_> {
    pub(super) fn expander(&self) -> Option<Expander> {
        Some(Expander { name: self.name.to_owned(), chain: self.chain? })
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
        let (room, comma) = report.room_in(&entry.value);
        let help = Help::write_one_of(room, CHIPS.map(|(chip, _)| format!("{comma}chip = \"{chip}\"")))
            .said("say which chip it is, as in `chip = \"74hc595\"`");
        let diagnosis = report.error(format!("expander `{name}` has no chip"));
        report.push(diagnosis.at(entry.key_span.clone(), "").help(help));
    }
    let chip = fields.choice_meant("chip", &CHIPS, &OTHER_CHIPS);
    let lines = LINES.map(|(key, example, contact)| line(&mut fields, entry, key, example, contact));
    let chained = chained(&mut fields, name);
    fields.finish();

    let are_own = check_lines(name, &lines, report);
    let chain = match (chip.map(|chip| chip.value), &lines) {
        (
            Some(ExpanderChip::ShiftRegister),
            [Ok(Some(data)), Ok(Some(clock)), Ok(Some(latch)), Ok(enable)],
        ) if are_own => {
            let enable = enable.as_ref().map(|enable| enable.value);
            chained.and_then(|chips| Chain::new(data.value, clock.value, latch.value, enable, chips))
        }
        _ => None,
    };
    let lines = lines.into_iter().filter_map(Result::ok).flatten().collect();
    Some(WiredExpander { name, key_span: entry.key_span.clone(), lines, chain })
}

/// A line was written that is none; told already.
struct NoLine;

/// Reads the line behind `key`; `Ok(None)` for one that may be missing and is.
fn line(
    fields: &mut Fields<'_>,
    entry: &KeyValue,
    key: &'static str,
    example: i64,
    contact: &str,
) -> Result<Option<Spanned<Line>>, NoLine> {
    let report = fields.report;
    if fields.entry(key).is_none() {
        if key == "oe" {
            return Ok(None);
        }
        if !fields.has_key_for(key) {
            let (room, comma) = report.room_in(&entry.value);
            let help = Help::write(room, format!("{comma}{key} = {example}"))
                .said(format!("say which pin it has, as in `{key} = {example}` (a BCM number): {contact}"))
                .into_example();
            let diagnosis = report.error(format!("expander `{}` has no `{key}`", entry.key));
            report.push(diagnosis.at(entry.key_span.clone(), "").help(help));
        }
        return Err(NoLine);
    }
    let read = |number: i64| u8::try_from(number).ok().and_then(Line::new);
    let found = fields.integer(key, "a BCM number", example, |number| read(number).is_some());
    let Spanned { value: number, span } = found.ok_or(NoLine)?;
    match read(number) {
        Some(value) => Ok(Some(Spanned { value, span })),
        None => {
            let title = format!("`{key}` of expander `{}` cannot be on pin {number}", entry.key);
            report.push(report.error(title).at(span, "BCM numbers go from 0 to 27"));
            Err(NoLine)
        }
    }
}

/// How many chips; `None` where the number is wrong.
fn chained(fields: &mut Fields<'_>, name: &str) -> Option<u8> {
    let most = i64::from(Chain::MOST_CHIPS);
    if fields.entry("chained").is_none() {
        return Some(1);
    }
    let fits = |count: i64| (1..=most).contains(&count);
    let Spanned { value: count, span } = fields.integer("chained", "a number of chips", 4, fits)?;
    if !fits(count) {
        let title = format!("expander `{name}` cannot have {count} chips");
        let label = format!("a chain has 1 to {most}, with eight outputs each");
        fields.report.push(fields.report.error(title).at(span, label));
        return None;
    }
    u8::try_from(count).ok()
}

/// Whether no two lines of one chain are the same.
fn check_lines(name: &str, lines: &[Result<Option<Spanned<Line>>, NoLine>], report: &Report<'_>) -> bool {
    let found: Vec<(&str, &Spanned<Line>)> = LINES
        .iter()
        .zip(lines)
        .filter_map(|((key, ..), line)| Some((*key, line.as_ref().ok()?.as_ref()?)))
        .collect();
    let mut are_own = true;
    for (place, (key, line)) in found.iter().enumerate() {
        if let Some((first, other)) = found[..place].iter().find(|(_, other)| other.value == line.value) {
            are_own = false;
            let title = format!("`{first}` and `{key}` of expander `{name}` are both on {}", line.value);
            let diagnosis = report.error(title).at(line.span.clone(), "again");
            report.push(diagnosis.also_at(other.span.clone(), format!("{} is taken here", line.value)));
        }
    }
    are_own
}

/// Reads `out = "board.31"`; `None` where the output cannot be told.
pub(super) fn output(
    fields: &mut Fields<'_>,
    channel: &str,
    expanders: &[WiredExpander<'_>],
) -> Option<Spanned<Address>> {
    let report = fields.report;
    let example = expanders.first().map_or_else(|| "board.0".to_owned(), |first| format!("{}.0", first.name));
    let text = fields.text_that("out", "an output of an expander", &example, |text| split(text).is_some())?;
    let span = fields.entry("out")?.value.span.clone();
    let wrong = |title: String, label: String, help: Help| {
        report.push(report.error(title).at(span.clone(), label).help(help));
        None
    };
    let name = split(&text).map_or(text.as_str(), |(name, _)| name);
    let Some(expander) = expanders.iter().find(|expander| expander.name == name) else {
        let words = format!("describe it under `[expanders]`, as in `{name} = {EXAMPLE}`");
        let near = nearest(name, expanders.iter().map(|expander| expander.name));
        let help = match near {
            Some(near) => {
                let meant = format!("{near}{}", text.strip_prefix(name).unwrap_or_default());
                Help::meant_is(span.clone(), &meant, format!("\"{meant}\""))
            }
            None => Help::advise(words),
        };
        return wrong(format!("no expander is called `{name}`"), "unknown".to_owned(), help);
    };
    // Its mistakes are told.
    let chain = expander.chain?;
    let outputs = format!("`{}` has the outputs 0 to {}", expander.name, chain.outputs() - 1);
    let number = split(&text).and_then(|(_, number)| number.parse().ok());
    match number.and_then(|number| chain.output(number)) {
        Some(output) => Some(Spanned { value: Address::Chain(output), span }),
        None => {
            let first = format!("\"{}.0\"", expander.name);
            let help = Help::write(span.clone(), &*first)
                .said(format!("write the expander and the number of its output, as in `out = {first}`"))
                .into_example();
            wrong(format!("channel `{channel}` cannot be on \"{text}\""), outputs, help)
        }
    }
}

/// The name and the number in `board.31`.
fn split(text: &str) -> Option<(&str, &str)> {
    let (name, number) = text.split_once('.')?;
    let is_number = !number.is_empty() && number.bytes().all(|digit| digit.is_ascii_digit());
    (!name.is_empty() && is_number).then_some((name, number))
}

/// A 74HC595 wakes up with any levels, and shows them at once unless its outputs are off until a program runs.
pub(super) fn warn_of_boot(
    expanders: &[WiredExpander<'_>],
    is_used: impl Fn(Chain) -> bool,
    report: &Report<'_>,
) {
    for WiredExpander { name, key_span, chain, .. } in expanders {
        let Some(chain) = chain.filter(|chain| chain.enable().is_none() && is_used(*chain)) else { continue };
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
