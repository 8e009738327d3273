//! Reads which output of an expander a channel is on. Knows no other key.

use crate::diagnosis::{Help, nearest};

use super::document::Form;
use super::expander_keys::{EXAMPLE, WiredExpander};
use super::fields::{Fields, Spanned};
use super::network_keys;
use super::output_givers::OutputGivers;
use super::{Address, ExpanderChip, I2cModel, is_name};

/// Reads `out = "board.31"`; `None` where the output cannot be told.
pub(super) fn read(
    fields: &mut Fields<'_>,
    channel: &str,
    givers: OutputGivers<'_>,
) -> Option<Spanned<Address>> {
    let (report, expanders) = (fields.report, givers.expanders);
    let value = &fields.entry("out")?.value;
    let span = value.span.clone();
    if let Form::Integer(number) = value.form
        && let Some(meant) = meant(&number.to_string(), expanders)
    {
        let title = format!("`out` of channel `{channel}` must be an output of an expander");
        let help =
            Help::write(span.clone(), format!("\"{meant}\"")).said(format!("write `out = \"{meant}\"`"));
        report.push(report.error(title).at(span, "this is a number").help(help));
        return None;
    }
    let example = expanders.first().map_or_else(|| "board.0".to_owned(), example_of);
    let text = fields.text_that("out", "an output of an expander", &example, |text| split(text).is_some())?;
    let wrong = |title: String, label: String, help: Help| {
        report.push(report.error(title).at(span.clone(), label).help(help));
        None
    };
    let name = split(&text).map_or(text.as_str(), |(name, _)| name);
    let found = expanders.iter().find(|expander| expander.name == name);
    // Its mistakes are told.
    let chip = match found {
        Some(expander) => Some(expander.chip?),
        None => None,
    };
    let output = chip.and_then(|chip| output_of(chip, split(&text)?.1));
    if let Some(value) = output {
        return Some(Spanned { value, span });
    }
    if let Some(meant) = meant(&text, expanders) {
        let title = format!("channel `{channel}` cannot be on \"{text}\"");
        let help = Help::meant_is(span.clone(), &meant, format!("\"{meant}\""));
        return wrong(title, "expected an expander, a dot, and an output".to_owned(), help);
    }
    let (Some(expander), Some(chip)) = (found, chip) else {
        let receivers = givers.receivers.iter().map(|receiver| receiver.name);
        let near = nearest(name, expanders.iter().map(|expander| expander.name).chain(receivers));
        let help = match near {
            Some(near) => {
                let meant = format!("{near}{}", text.strip_prefix(name).unwrap_or_default());
                Help::meant_is(span.clone(), &meant, format!("\"{meant}\""))
            }
            None if is_name(name) => Help::advise(format!(
                "describe it under `[expanders]`, as in `{name} = {EXAMPLE}`, or under `[network]`, as in `{name} = \
                     {}`",
                network_keys::EXAMPLE
            )),
            None => {
                Help::advise(format!("write an expander, a dot, and an output, as in `out = \"{example}\"`"))
            }
        };
        return wrong(format!("no expander or receiver is called `{name}`"), "unknown".to_owned(), help);
    };
    let outputs = format!("`{}` has the outputs {}", expander.name, outputs(chip));
    let first = example_of(expander);
    let help = Help::write(span.clone(), format!("\"{first}\""))
        .said(format!("write the expander and one of its outputs, as in `out = \"{first}\"`"))
        .into_example();
    wrong(format!("channel `{channel}` cannot be on \"{text}\""), outputs, help)
}

/// The name and the output in `board.31` and `roof.A3`.
fn split(text: &str) -> Option<(&str, &str)> {
    let (name, label) = text.split_once('.')?;
    let is_label = !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (!name.is_empty() && is_label).then_some((name, label))
}

/// What is probably meant by `roof A-3`, `shop[7]`, or an output without its expander where only one has it.
fn meant(text: &str, expanders: &[WiredExpander<'_>]) -> Option<String> {
    let plain = |text: &str| text.chars().filter(char::is_ascii_alphanumeric).collect::<String>();
    let place = |expander: &WiredExpander<'_>, label: &str| {
        let address = output_of(expander.chip?, &plain(label))?;
        let label = match address {
            Address::Chain(output) => output.number().to_string(),
            Address::I2c(output) => output.label(),
            Address::Line(_) | Address::PwmBlock(_) | Address::Network(_) | Address::Simulated(_) => {
                return None;
            }
        };
        Some(format!("{}.{label}", expander.name))
    };
    let named = expanders.iter().filter_map(|expander| place(expander, text.strip_prefix(expander.name)?));
    let alone = expanders.iter().filter_map(|expander| place(expander, text));
    for mut candidates in [named.collect::<Vec<_>>(), alone.collect()] {
        if let (Some(meant), None) = (candidates.pop(), candidates.pop()) {
            return Some(meant);
        }
    }
    None
}

/// `roof.A0`
fn example_of(expander: &WiredExpander<'_>) -> String {
    let first = match expander.chip {
        Some(ExpanderChip::I2c(chip)) if chip.model() == I2cModel::Mcp23017 => "A0",
        _ => "0",
    };
    format!("{}.{first}", expander.name)
}

fn outputs(chip: ExpanderChip) -> String {
    match chip {
        ExpanderChip::Chain(chain) => {
            let (chips, outputs) = (chain.chips(), chain.outputs());
            format!("0 to {}; each further chip (`chained = {}`) has eight more", outputs - 1, chips + 1)
        }
        ExpanderChip::I2c(chip) => match chip.model() {
            I2cModel::Mcp23017 => "A0 to A7 and B0 to B7".to_owned(),
            model => format!("0 to {}", model.outputs() - 1),
        },
    }
}

/// The output of `chip` that a person calls `label`.
fn output_of(chip: ExpanderChip, label: &str) -> Option<Address> {
    let label = label.to_ascii_uppercase();
    match chip {
        ExpanderChip::Chain(chain) => {
            let number = label.parse().ok().filter(|_| label.bytes().all(|byte| byte.is_ascii_digit()))?;
            chain.output(number).map(Address::Chain)
        }
        ExpanderChip::I2c(chip) => {
            // Boards say GPA3, PB0, P7 and LED15, too.
            let label =
                ["GP", "P", "LED"].iter().find_map(|board| label.strip_prefix(board)).unwrap_or(&label);
            chip.outputs().find(|output| output.label() == label).map(Address::I2c)
        }
    }
}
