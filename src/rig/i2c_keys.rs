//! Reads the keys of a chip on an I²C bus from the rig file. Knows no other chip.

use crate::diagnosis::Help;

use super::document::{Form, KeyValue, Span};
use super::fields::{Fields, Spanned};
use super::units::CHIP_FREQUENCY;
use super::{I2cChip, I2cModel, chip_address};

/// The bus at pins 3 and 5 of the header.
const USUAL_BUS: u8 = 1;
/// A chip that has no frequency of its own dims as often as the pins do by default.
pub(super) const USUAL_FREQUENCY: u32 = 200;

/// What could be read of a chip.
pub(super) struct I2cKeys {
    /// The bus that it is on, where it can be told.
    pub(super) bus: Option<u8>,
    /// Where that is written; `None` where it is the usual one.
    pub(super) bus_span: Option<Span>,
    /// Where its address is written.
    pub(super) address_span: Option<Span>,
    /// `None` where there are mistakes in it.
    pub(super) chip: Option<I2cChip>,
}

/// Reads the bus and address of a chip of this `model`, and how often it dims.
pub(super) fn read(fields: &mut Fields<'_>, entry: &KeyValue, model: I2cModel) -> I2cKeys {
    let name = &entry.key;
    let bus = bus(fields, name);
    let address = chip_address::read(fields, entry, model);
    if matches!(model, I2cModel::Pca9685 { .. })
        && let Some(found) = fields.entry("pwm_frequency")
    {
        // At the top of the file it is for the header.
        let title = format!("the key of expander `{name}` is `frequency`, not `pwm_frequency`");
        let help = Help::write(found.key_span.clone(), "frequency").said("write `frequency`");
        fields.report.push(fields.report.error(title).at(found.key_span.clone(), "").help(help));
    }
    let model = match model {
        I2cModel::Pca9685 { .. } => match fields.entry("frequency") {
            Some(_) => fields
                .quantity("frequency", &CHIP_FREQUENCY)
                .map(|found| I2cModel::Pca9685 { frequency: found.value }),
            None => Some(model),
        },
        I2cModel::Mcp23017 | I2cModel::Pcf8574 => Some(model),
    };
    let bus_span = bus.as_ref().ok().and_then(|found| found.as_ref().map(|found| found.span.clone()));
    let bus = bus.ok().map(|found| found.map_or(USUAL_BUS, |found| found.value));
    let chip = match (&model, bus, &address) {
        (Some(model), Some(bus), Some(address)) => I2cChip::new(*model, bus, address.value),
        _ => None,
    };
    I2cKeys { bus, bus_span, address_span: address.map(|found| found.span), chip }
}

/// A bus was written that is none; told already.
struct NoBus;

/// `Ok(None)` for one that may be missing and is.
fn bus(fields: &mut Fields<'_>, name: &str) -> Result<Option<Spanned<u8>>, NoBus> {
    if fields.entry("bus").is_none() {
        return Ok(None);
    }
    let read = |number: i64| u8::try_from(number).ok().filter(|bus| I2cChip::BUSES.contains(bus));
    if let Some((span, help)) = bus_of_device(fields) {
        let title = format!("`bus` of expander `{name}` must be the number of an I²C bus");
        fields.report.push(fields.report.error(title).at(span, "this is a text").help(help));
        return Err(NoBus);
    }
    let found =
        fields.integer("bus", "the number of an I²C bus", USUAL_BUS.into(), |number| read(number).is_some());
    let Spanned { value: number, span } = found.ok_or(NoBus)?;
    match read(number) {
        Some(value) => Ok(Some(Spanned { value, span })),
        None => {
            let title = format!("expander `{name}` cannot be on I²C bus {number}");
            let help = Help::write(span.clone(), USUAL_BUS.to_string())
                .said("write `bus = 1` for the bus at pins 3 and 5 of the header")
                .into_example();
            let label = format!("buses go from {} to {}", I2cChip::BUSES.start(), I2cChip::BUSES.end());
            fields.report.push(fields.report.error(title).at(span, label).help(help));
            Err(NoBus)
        }
    }
}

/// `bus = "/dev/i2c-3"`, where 3 is meant.
fn bus_of_device(fields: &mut Fields<'_>) -> Option<(Span, Help)> {
    let value = &fields.entry("bus")?.value;
    let Form::Text(text) = &value.form else { return None };
    let number: u8 = text.rsplit_once("i2c-")?.1.parse().ok()?;
    let help = Help::write(value.span.clone(), number.to_string()).said(format!("write `bus = {number}`"));
    Some((value.span.clone(), help))
}
