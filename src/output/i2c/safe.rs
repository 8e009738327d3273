//! How another process makes the chips of a bus safe: by whole registers. Opens nothing.

use std::io;

use serde::{Deserialize, Serialize};

use super::bus::I2cBus;
use super::image::ChipImage;
use super::registers;
use crate::output::line::Signal;
use crate::rig::{Address, I2cChip, I2cModel, Rig};

/// How often a chip is written that does not answer.
const TRIES: usize = 3;

/// The chips of a bus that an instance drives.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(try_from = "WrittenSafeBus")]
pub struct SafeBus {
    number: u8,
    chips: Vec<SafeChip>,
}

/// A chip, and what its outputs carry while no show plays. A bit is an output.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SafeChip {
    chip: I2cChip,
    /// Those with a channel.
    used: u16,
    /// Those that are high.
    high: u16,
}

impl SafeBus {
    /// `chips` of bus `number`, with all channels that `rig` has on them, driven or not: a chip is written as a whole.
    #[must_use]
    pub fn of(number: u8, chips: &[I2cChip], rig: &Rig) -> Self {
        Self { number, chips: chips.iter().map(|chip| SafeChip::of(*chip, rig)).collect() }
    }

    #[must_use]
    pub const fn number(&self) -> u8 {
        self.number
    }

    #[must_use]
    pub fn chips(&self) -> &[SafeChip] {
        &self.chips
    }

    /// The outputs with a channel.
    pub fn addresses(&self) -> impl Iterator<Item = Address> {
        self.chips.iter().flat_map(SafeChip::addresses)
    }

    /// Only those chips of which each output is `wanted`.
    pub fn retain(&mut self, wanted: impl Fn(Address) -> bool) {
        self.chips.retain(|chip| chip.addresses().all(&wanted));
    }

    /// Makes each chip safe, also after one that could not be made so. `first` is the chip to begin with: one that makes
    /// its bus hang must not keep the others from their turn at every try.
    ///
    /// # Errors
    /// Those chips that are not surely safe, each with the reason.
    pub(super) fn make_safe(&self, bus: &mut dyn I2cBus, first: usize) -> Vec<(I2cChip, io::Error)> {
        let (before, after) = self.chips.split_at(first % self.chips.len().max(1));
        let turns = after.iter().chain(before);
        let mut lost: Vec<(I2cChip, io::Error)> =
            turns.filter_map(|safe| Some((safe.chip, safe.write(bus).err()?))).collect();
        if let Err(error) = bus.check_wires() {
            let wires = |safe: &SafeChip| (safe.chip, io::Error::new(error.kind(), error.to_string()));
            lost = self.chips.iter().map(wires).collect();
        }
        lost
    }
}

impl SafeChip {
    fn of(chip: I2cChip, rig: &Rig) -> Self {
        // From power-on all outputs of a PCF8574 are high, and boards for it are on when low.
        let unused = if chip.model() == I2cModel::Pcf8574 { u16::MAX } else { 0 };
        let mut safe = Self { chip, used: 0, high: unused };
        for channel in &rig.channels {
            let Some(output) = channel.address.i2c_output().filter(|output| output.chip() == chip) else {
                continue;
            };
            let bit = 1 << output.number();
            safe.used |= bit;
            safe.high = match Signal::safe(channel) {
                Signal::High => safe.high | bit,
                Signal::Low => safe.high & !bit,
            };
        }
        safe
    }

    #[must_use]
    pub const fn chip(&self) -> I2cChip {
        self.chip
    }

    pub(super) const fn used(&self) -> u16 {
        self.used
    }

    pub(super) fn image(&self) -> ChipImage {
        ChipImage::of_signals(self.high)
    }

    /// Makes it safe, in a few tries: what switches beside it may disturb a message.
    fn write(&self, bus: &mut dyn I2cBus) -> io::Result<()> {
        let messages = registers::restore(self.chip, &self.image(), self.used);
        // All of them, also after one that failed: the one with the levels matters most.
        let write_all = |bus: &mut dyn I2cBus| {
            let written = messages.iter().map(|message| bus.write(self.chip.address(), message));
            written.collect::<Vec<_>>().into_iter().collect::<io::Result<()>>()
        };
        let mut outcome = write_all(bus);
        for _ in 1..TRIES {
            if outcome.is_ok() {
                break;
            }
            outcome = write_all(bus);
        }
        outcome
    }

    fn addresses(&self) -> impl Iterator<Item = Address> {
        let is_used = |number: u8| self.used >> number & 1 == 1;
        self.chip.outputs().filter(move |output| is_used(output.number())).map(Address::I2c)
    }
}

/// A bus as orders have it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenSafeBus {
    number: u8,
    chips: Vec<SafeChip>,
}

impl TryFrom<WrittenSafeBus> for SafeBus {
    type Error = &'static str;

    fn try_from(WrittenSafeBus { number, chips }: WrittenSafeBus) -> Result<Self, Self::Error> {
        let fits = |chip: I2cChip, bits: u16| u32::from(bits) < 1 << chip.outputs().count();
        let is_own = |place: usize| {
            let address = |chip: &SafeChip| chip.chip.address();
            chips[..place].iter().all(|other| address(other) != address(&chips[place]))
        };
        let is_sound = |(place, safe): (usize, &SafeChip)| {
            safe.chip.bus() == number && fits(safe.chip, safe.used) && is_own(place)
        };
        match chips.iter().enumerate().all(is_sound) {
            true => Ok(Self { number, chips }),
            false => Err("these are not chips of one bus, each with outputs that it has"),
        }
    }
}
