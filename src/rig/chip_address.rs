//! Reads the address of a chip on an I²C bus. Boards, data sheets and `i2cdetect` write it in sixteens, with or without
//! `0x`. Knows no other key.

use crate::diagnosis::Help;

use super::I2cModel;
use super::document::{Form, KeyValue, Span};
use super::fields::{Fields, Spanned};
use super::report::Report;

/// Reads `address`; `None` where there is none that a chip of this `model` may have.
pub(super) fn read(fields: &mut Fields<'_>, entry: &KeyValue, model: I2cModel) -> Option<Spanned<u8>> {
    let report = fields.report;
    let Some(found) = fields.entry("address") else {
        if !fields.has_key_for("address") {
            tell_missing(entry, model, report);
        }
        return None;
    };
    let span = found.value.span.clone();
    let written = report.written(&span).trim_matches(['"', '\'']).trim();
    let in_sixteens = u8::from_str_radix(written.trim_start_matches("0x"), 16).ok();
    let Form::Integer(number) = found.value.form else {
        tell_text(&entry.key, &span, found.value.form.noun(), (in_sixteens, model), report);
        return None;
    };
    let in_sixteens = in_sixteens.filter(|_| !written.starts_with("0x"));
    let Some(address) = u8::try_from(number).ok().filter(|address| model.may_be_at(*address)) else {
        let meant = in_sixteens.filter(|address| model.may_be_at(*address));
        tell_wrong(number, &span, (meant, model), report);
        return None;
    };
    if let Some(in_sixteens) = in_sixteens {
        warn_of_tens(address, in_sixteens, &span, report);
    }
    Some(Spanned { value: address, span })
}

fn tell_missing(entry: &KeyValue, model: I2cModel, report: &Report<'_>) {
    let (room, comma) = report.room_in(&entry.value);
    let example = format!("address = {:#04x}", first_of(model));
    let words =
        format!("say which address it has, as in `{example}`; `i2cdetect -y 1` lists them, without `0x`");
    let help = Help::write(room, format!("{comma}{example}")).said(words).into_example();
    let diagnosis = report.error(format!("expander `{}` has no address", entry.key));
    report.push(diagnosis.at(entry.key_span.clone(), "").help(help));
}

/// A value that is no number. If it means one, `in_sixteens` is that.
fn tell_text(
    name: &str,
    span: &Span,
    noun: &str,
    (in_sixteens, model): (Option<u8>, I2cModel),
    report: &Report<'_>,
) {
    let meant = match in_sixteens {
        Some(address) if !model.may_be_at(address) => {
            return tell_wrong(address.into(), span, (None, model), report);
        }
        meant => meant,
    };
    let text = format!("{:#04x}", meant.unwrap_or_else(|| first_of(model)));
    let help = Help::write(span.clone(), &*text).said(format!("write `address = {text}`, without quotes"));
    let help = if meant.is_some() { help } else { help.into_example() };
    let diagnosis = report.error(format!("`address` of expander `{name}` must be a number"));
    report.push(diagnosis.at(span.clone(), format!("this is {noun}")).help(help));
}

fn tell_wrong(number: i64, span: &Span, (meant, model): (Option<u8>, I2cModel), report: &Report<'_>) {
    let written = if number < 0 { number.to_string() } else { format!("{number:#04x}") };
    let title = format!("no {} can be at address {written}", model.name());
    let ranges =
        model.addresses().iter().map(|range| format!("{:#04x} to {:#04x}", range.start(), range.end()));
    let ranges: Vec<String> = ranges.collect();
    let common = if number == 0x70 { "0x70 is the common address of all PCA9685; " } else { "" };
    let label = format!("{common}its address pins allow {}", ranges.join(" and "));
    let help = meant.map(|meant| {
        let text = format!("{meant:#04x}");
        Help::write(span.clone(), &*text).said(format!("if this is what `i2cdetect` shows, write `{text}`"))
    });
    report.push(report.error(title).at(span.clone(), label).help_if_any(help));
}

/// An address in tens is another one than the board and `i2cdetect` show.
fn warn_of_tens(address: u8, in_sixteens: u8, span: &Span, report: &Report<'_>) {
    let texts = [address, in_sixteens].map(|address| format!("{address:#04x}"));
    let [tens, sixteens] = &texts;
    let diagnosis = report.warning(format!("`address = {address}` is {tens}"));
    let words = format!("write `{tens}`; or `{sixteens}`, if `i2cdetect` shows {address}");
    let help = Help::write_one_of(span.clone(), texts.clone()).said(words);
    report.push(diagnosis.at(span.clone(), "boards and `i2cdetect` count in sixteens").help(help));
}

fn first_of(model: I2cModel) -> u8 {
    model.addresses().first().map_or(0, |range| *range.start())
}
