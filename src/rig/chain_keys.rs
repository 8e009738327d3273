//! Reads the keys of a chain of shift registers from the rig file. Knows no other chip.

use crate::diagnosis::Help;

use super::document::KeyValue;
use super::fields::{Fields, Spanned};
use super::header::{self, HeaderPin};
use super::report::Report;
use super::{Chain, Line};

/// The lines of a chain in the rig: the key, an example, and where the line ends at the chip.
const LINES: [(&str, i64, &str); 4] = [
    ("data", 10, "SER or DS, pin 14 of the chip beside the Pi"),
    ("clock", 11, "SRCLK or SHCP, pin 11 of every chip"),
    ("latch", 8, "RCLK or STCP, pin 12 of every chip"),
    ("oe", 25, "OE, pin 13 of every chip"),
];

/// What could be read of a chain.
pub(super) struct ChainKeys {
    /// Those of its lines that can be told.
    pub(super) lines: Vec<Spanned<Line>>,
    /// `None` where there are mistakes in it.
    pub(super) chain: Option<Chain>,
}

/// Reads the lines of a chain and how many chips are in it.
pub(super) fn read(fields: &mut Fields<'_>, entry: &KeyValue) -> ChainKeys {
    let name = &entry.key;
    let lines = LINES.map(|(key, example, contact)| line(fields, entry, key, example, contact));
    let chained = chained(fields, name);
    let are_own = check_lines(name, &lines, fields.report);
    let chain = match &lines {
        [Ok(Some(data)), Ok(Some(clock)), Ok(Some(latch)), Ok(enable)] if are_own => {
            let enable = enable.as_ref().map(|enable| enable.value);
            chained.and_then(|chips| Chain::new(data.value, clock.value, latch.value, enable, chips))
        }
        _ => None,
    };
    ChainKeys { lines: lines.into_iter().filter_map(Result::ok).flatten().collect(), chain }
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
    let value = &fields.entry(key).ok_or(NoLine)?.value;
    if let Some(bcm) = place_on_the_header(report.written(&value.span)) {
        let title = format!("`{key}` of expander `{}` must be a BCM number", entry.key);
        let help = Help::write(value.span.clone(), bcm.to_string())
            .said(format!("write `{key} = {bcm}`: that place of the header is GPIO {bcm}"));
        report.push(report.error(title).at(value.span.clone(), "this is a place on the header").help(help));
        return Err(NoLine);
    }
    let found = fields.integer(key, "a BCM number", example, |number| read(number).is_some());
    let Spanned { value: number, span } = found.ok_or(NoLine)?;
    match read(number) {
        Some(value) => Ok(Some(Spanned { value, span })),
        None => {
            let title = format!("`{key}` of expander `{}` cannot be on pin {number}", entry.key);
            let help = place_on_the_header(&format!("header {number}")).map(|bcm| {
                let words = format!("if you counted along the header, write `{key} = {bcm}`");
                Help::write(span.clone(), bcm.to_string()).said(words)
            });
            report.push(report.error(title).at(span, "BCM numbers go from 0 to 27").help_if_any(help));
            Err(NoLine)
        }
    }
}

/// The GPIO that is at `header 24`, or at `{ header = 24 }`.
fn place_on_the_header(written: &str) -> Option<u8> {
    let (_, number) = written.split_once("header")?;
    let number: String = number.chars().filter(char::is_ascii_digit).collect();
    match header::contact(number.parse().ok()?)? {
        HeaderPin::Gpio(bcm) => Some(bcm),
        HeaderPin::Ground | HeaderPin::Volts3 | HeaderPin::Volts5 => None,
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
