//! Chips on an I²C bus: where they are, and the outputs that they give. Knows not how they are driven.

use std::fmt;
use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use super::line::Line;

/// What a chip is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum I2cModel {
    /// Sixteen outputs that are low or high (Microchip DS20001952).
    Mcp23017,
    /// Eight outputs that are low, or high by a weak current (NXP PCF8574).
    Pcf8574,
    /// Sixteen outputs that the chip dims (NXP PCA9685), `frequency` periods a second, in hertz.
    Pca9685 { frequency: u32 },
}

impl I2cModel {
    /// As it is printed on the chip.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Mcp23017 => "MCP23017",
            Self::Pcf8574 => "PCF8574",
            Self::Pca9685 { .. } => "PCA9685",
        }
    }

    /// "an MCP23017".
    pub(super) const fn with_article(self) -> &'static str {
        match self {
            Self::Mcp23017 => "an MCP23017",
            Self::Pcf8574 => "a PCF8574",
            Self::Pca9685 { .. } => "a PCA9685",
        }
    }

    #[must_use]
    pub const fn outputs(self) -> u8 {
        match self {
            Self::Mcp23017 | Self::Pca9685 { .. } => I2cChip::MOST_OUTPUTS as u8,
            Self::Pcf8574 => 8,
        }
    }

    /// Whether its outputs have levels between off and full.
    #[must_use]
    pub const fn dims(self) -> bool {
        matches!(self, Self::Pca9685 { .. })
    }

    /// The addresses that its address pins allow. A PCF8574A is a PCF8574 with other addresses. To 0x70 every PCA9685
    /// listens until it is told not to, and above 0x77 no chip may be.
    #[must_use]
    pub const fn addresses(self) -> &'static [RangeInclusive<u8>] {
        match self {
            Self::Mcp23017 => &[0x20..=0x27],
            Self::Pcf8574 => &[0x20..=0x27, 0x38..=0x3F],
            Self::Pca9685 { .. } => &[0x40..=0x6F, 0x71..=0x77],
        }
    }

    pub(super) fn may_be_at(self, address: u8) -> bool {
        self.addresses().iter().any(|range| range.contains(&address))
    }
}

/// A chip on an I²C bus.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "WrittenI2cChip", into = "WrittenI2cChip")]
pub struct I2cChip {
    bus: u8,
    address: u8,
    model: I2cModel,
}

impl I2cChip {
    /// A Pi has up to eight buses; an adapter adds its own.
    pub const BUSES: RangeInclusive<u8> = 0..=31;
    /// In hertz: what its prescaler can make of its own clock of 25 MHz (PCA9685, 7.3.5).
    pub const FREQUENCIES: RangeInclusive<u32> = 24..=1_526;
    pub const MOST_OUTPUTS: usize = 16;

    /// `None` if there is no such bus, address or frequency.
    #[must_use]
    pub fn new(model: I2cModel, bus: u8, address: u8) -> Option<Self> {
        let is_timed = match model {
            I2cModel::Pca9685 { frequency } => Self::FREQUENCIES.contains(&frequency),
            I2cModel::Mcp23017 | I2cModel::Pcf8574 => true,
        };
        let fits = Self::BUSES.contains(&bus) && model.may_be_at(address) && is_timed;
        fits.then_some(Self { bus, address, model })
    }

    #[must_use]
    pub const fn model(self) -> I2cModel {
        self.model
    }

    /// The number in the name of its device, `/dev/i2c-1`.
    #[must_use]
    pub const fn bus(self) -> u8 {
        self.bus
    }

    /// Seven bits.
    #[must_use]
    pub const fn address(self) -> u8 {
        self.address
    }

    /// The output `number` of it, counted from 0; `None` if it has no such output.
    #[must_use]
    pub const fn output(self, number: u8) -> Option<I2cOutput> {
        if number < self.model.outputs() { Some(I2cOutput { chip: self, number }) } else { None }
    }

    pub fn outputs(self) -> impl Iterator<Item = I2cOutput> {
        (0..self.model.outputs()).map(move |number| I2cOutput { chip: self, number })
    }

    /// The lines of the header that its bus has.
    pub fn lines(self) -> impl Iterator<Item = Line> {
        Self::lines_of(self.bus)
    }

    /// The lines of the header that `bus` has, where these are the same on every Pi.
    pub fn lines_of(bus: u8) -> impl Iterator<Item = Line> {
        let lines: &[u8] = match bus {
            0 => &[0, 1],
            1 => &[2, 3],
            _ => &[],
        };
        lines.iter().filter_map(|bcm| Line::new(*bcm))
    }
}

/// `MCP23017 at 0x20 on I²C bus 1`.
impl fmt::Display for I2cChip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {:#04x} on I²C bus {}", self.model.name(), self.address, self.bus)
    }
}

/// One output of a chip on an I²C bus.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "WrittenI2cOutput", into = "WrittenI2cOutput")]
pub struct I2cOutput {
    chip: I2cChip,
    number: u8,
}

impl I2cOutput {
    #[must_use]
    pub const fn chip(self) -> I2cChip {
        self.chip
    }

    /// Counted from 0. The second port of an MCP23017 begins at 8.
    #[must_use]
    pub const fn number(self) -> u8 {
        self.number
    }

    /// As the chip's data sheet calls it and a rig writes it: `A3` at an MCP23017, else its number.
    #[must_use]
    pub fn label(self) -> String {
        match (self.chip.model, self.number) {
            (I2cModel::Mcp23017, number @ 0..8) => format!("A{number}"),
            (I2cModel::Mcp23017, number) => format!("B{}", number - 8),
            (_, number) => number.to_string(),
        }
    }
}

/// A chip as orders have it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenI2cChip {
    model: I2cModel,
    bus: u8,
    address: u8,
}

impl From<I2cChip> for WrittenI2cChip {
    fn from(I2cChip { bus, address, model }: I2cChip) -> Self {
        Self { model, bus, address }
    }
}

impl TryFrom<WrittenI2cChip> for I2cChip {
    type Error = &'static str;

    fn try_from(written: WrittenI2cChip) -> Result<Self, Self::Error> {
        let WrittenI2cChip { model, bus, address } = written;
        Self::new(model, bus, address).ok_or("no such chip can be on an I²C bus")
    }
}

/// An output as orders have it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenI2cOutput {
    chip: I2cChip,
    number: u8,
}

impl From<I2cOutput> for WrittenI2cOutput {
    fn from(I2cOutput { chip, number }: I2cOutput) -> Self {
        Self { chip, number }
    }
}

impl TryFrom<WrittenI2cOutput> for I2cOutput {
    type Error = &'static str;

    fn try_from(WrittenI2cOutput { chip, number }: WrittenI2cOutput) -> Result<Self, Self::Error> {
        chip.output(number).ok_or("the chip has no such output")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PCA: I2cModel = I2cModel::Pca9685 { frequency: 200 };

    #[test]
    fn a_chip_is_where_its_address_pins_can_put_it() {
        for (model, bus, address, is_chip) in [
            (I2cModel::Mcp23017, 1, 0x20, true),
            (I2cModel::Mcp23017, 31, 0x27, true),
            (I2cModel::Mcp23017, 32, 0x27, false),
            (I2cModel::Mcp23017, 1, 0x28, false),
            (I2cModel::Pcf8574, 0, 0x3F, true),
            (I2cModel::Pcf8574, 0, 0x37, false),
            (PCA, 1, 0x40, true),
            (PCA, 1, 0x70, false),
            (PCA, 1, 0x78, false),
            (I2cModel::Pca9685 { frequency: 23 }, 1, 0x40, false),
            (I2cModel::Pca9685 { frequency: 1_526 }, 1, 0x40, true),
        ] {
            assert_eq!(
                I2cChip::new(model, bus, address).is_some(),
                is_chip,
                "{model:?}, {bus}, {address:#x}"
            );
        }
    }

    #[test]
    fn an_output_is_called_as_the_data_sheet_calls_it() {
        let labels = |model, address| {
            let chip = I2cChip::new(model, 1, address).unwrap();
            [0, 7, 8, 15, 16].map(|number| chip.output(number).map(I2cOutput::label).unwrap_or_default())
        };
        assert_eq!(labels(I2cModel::Mcp23017, 0x20), ["A0", "A7", "B0", "B7", ""]);
        assert_eq!(labels(I2cModel::Pcf8574, 0x20), ["0", "7", "", "", ""]);
        assert_eq!(labels(PCA, 0x40), ["0", "7", "8", "15", ""]);
    }

    #[test]
    fn orders_name_a_chip_that_can_be_or_are_refused() {
        let chip = I2cChip::new(PCA, 1, 0x41).unwrap();
        let text = serde_json::to_string(&chip).unwrap();
        assert_eq!(text, r#"{"model":{"pca9685":{"frequency":200}},"bus":1,"address":65}"#);
        assert_eq!(serde_json::from_str::<I2cChip>(&text).unwrap(), chip);
        for wrong in [text.replace("65", "112"), text.replace("200", "9"), text.replace("pca9685", "pca")] {
            assert!(serde_json::from_str::<I2cChip>(&wrong).is_err(), "{wrong}");
        }
    }
}
