//! The messages that make a chip show an image: a register, and the bytes that are written from there on. Pure: knows
//! no bus.
//!
//! Registers are as in the data sheets: MCP23017 (Microchip DS20001952), PCF8574 (NXP, rev. 5), PCA9685 (NXP, rev. 4).

use super::image::ChipImage;
use crate::rig::{I2cChip, I2cModel};

/// A message to a chip.
pub(super) type ChipMessage = Vec<u8>;

/// MCP23017, with its registers in pairs (BANK = 0), as after power-on.
mod mcp23017 {
    pub(super) const IODIRA: u8 = 0x00;
    /// With its registers apart (BANK = 1) this is IOCON; in pairs it is GPINTENB, where 0 switches interrupts off.
    pub(super) const IOCON_APART: u8 = 0x05;
    pub(super) const IOCON: u8 = 0x0A;
    pub(super) const OLATA: u8 = 0x14;
}

/// PCA9685.
mod pca9685 {
    pub(super) const MODE1: u8 = 0x00;
    pub(super) const MODE2: u8 = 0x01;
    pub(super) const LED0_ON_L: u8 = 0x06;
    pub(super) const PRE_SCALE: u8 = 0xFE;
    /// Of MODE1: the register counts up while a message is written. It listens to no address but its own.
    pub(super) const AUTO_INCREMENT: u8 = 1 << 5;
    pub(super) const SLEEP: u8 = 1 << 4;
    /// Of MODE2: outputs drive high and low, and change when a message ends.
    pub(super) const TOTEM_POLE: u8 = 1 << 2;
    /// Of LEDn_ON_H and LEDn_OFF_H: all the time.
    pub(super) const FULL: u8 = 1 << 4;
    pub(super) const CLOCK: u32 = 25_000_000;
}

/// Everything that a chip needs to show `image`, whatever it did before. Outputs that are not `used` (a bit each) are
/// left alone where the chip can do that.
pub(super) fn set_up(chip: I2cChip, image: &ChipImage, used: u16) -> Vec<ChipMessage> {
    let I2cModel::Pca9685 { frequency } = chip.model() else { return restore(chip, image, used) };
    use pca9685::{AUTO_INCREMENT, MODE1, MODE2, PRE_SCALE, SLEEP, TOTEM_POLE};
    vec![
        vec![MODE2, TOTEM_POLE],
        // As from power-on: its prescaler can be written only while it sleeps, and no level that was there is to be seen.
        vec![MODE1, AUTO_INCREMENT | SLEEP],
        whole(chip, image),
        vec![PRE_SCALE, prescaler(frequency)],
        vec![MODE1, AUTO_INCREMENT],
        // Once more: a sleep may have made the levels invalid, and stops outputs that are dimmed (7.3.1.1).
        whole(chip, image),
    ]
}

/// As [`set_up`], for a chip that was set up: none of its outputs flickers.
pub(super) fn restore(chip: I2cChip, image: &ChipImage, used: u16) -> Vec<ChipMessage> {
    match chip.model() {
        I2cModel::Mcp23017 => {
            use mcp23017::{IOCON, IOCON_APART, IODIRA};
            let [inputs_a, inputs_b] = (!used).to_le_bytes();
            vec![
                vec![IOCON_APART, 0],
                vec![IOCON, 0],
                // The level is in its register before the pin is an output.
                whole(chip, image),
                vec![IODIRA, inputs_a, inputs_b],
            ]
        }
        I2cModel::Pcf8574 => vec![whole(chip, image)],
        I2cModel::Pca9685 { .. } => {
            use pca9685::{AUTO_INCREMENT, MODE1, MODE2, TOTEM_POLE};
            vec![vec![MODE2, TOTEM_POLE], vec![MODE1, AUTO_INCREMENT], whole(chip, image)]
        }
    }
}

/// What changes a chip that shows `carried` into one that shows `image`; `None` if it shows that already. In one
/// message, so that its outputs change together.
pub(super) fn change(chip: I2cChip, carried: &ChipImage, image: &ChipImage) -> Option<ChipMessage> {
    let is_changed = |number: &usize| carried.shares()[*number] != image.shares()[*number];
    let first = (0..I2cChip::MOST_OUTPUTS).find(is_changed)?;
    match chip.model() {
        I2cModel::Mcp23017 | I2cModel::Pcf8574 => Some(whole(chip, image)),
        I2cModel::Pca9685 { .. } => {
            let last = (0..I2cChip::MOST_OUTPUTS).rfind(is_changed)?;
            Some(dimmed(image, first, last))
        }
    }
}

/// All outputs of a chip.
fn whole(chip: I2cChip, image: &ChipImage) -> ChipMessage {
    let [low, high] = image.signals().to_le_bytes();
    match chip.model() {
        I2cModel::Mcp23017 => vec![mcp23017::OLATA, low, high],
        I2cModel::Pcf8574 => vec![low],
        I2cModel::Pca9685 { .. } => dimmed(image, 0, I2cChip::MOST_OUTPUTS - 1),
    }
}

/// The outputs `first` to `last` of a PCA9685, four registers each: when in a period it goes on, and when off.
fn dimmed(image: &ChipImage, first: usize, last: usize) -> ChipMessage {
    use pca9685::{FULL, LED0_ON_L};
    let mut message = vec![LED0_ON_L + 4 * first as u8];
    for share in &image.shares()[first..=last] {
        let [off_low, off_high] = share.to_le_bytes();
        message.extend(match *share {
            0 => [0, 0, 0, FULL],
            ChipImage::ALWAYS.. => [0, FULL, 0, 0],
            _ => [0, 0, off_low, off_high],
        });
    }
    message
}

/// The value that makes a period out of 4096 ticks of so many clocks each (PCA9685, 7.3.5).
fn prescaler(frequency: u32) -> u8 {
    let ticks = u32::from(ChipImage::ALWAYS) * frequency.max(1);
    let clocks = (pca9685::CLOCK + ticks / 2) / ticks;
    u8::try_from(clocks.saturating_sub(1).max(3)).unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chip(model: I2cModel, address: u8) -> I2cChip {
        I2cChip::new(model, 1, address).unwrap()
    }

    #[test]
    fn the_prescaler_is_the_data_sheets() {
        // 200 Hz is its value after power-on, and the ends are those of its table 5.
        for (frequency, expected) in [(200, 0x1E), (1_526, 0x03), (24, 0xFD), (1_000, 0x05)] {
            assert_eq!(prescaler(frequency), expected, "{frequency} Hz");
        }
    }

    #[test]
    fn only_what_changes_is_written_to_a_chip_that_dims() {
        let pca = chip(I2cModel::Pca9685 { frequency: 200 }, 0x40);
        let before = ChipImage::default();
        let mut after = before;
        assert_eq!(change(pca, &before, &after), None);
        after.set(2, 0x0ABC);
        after.set(3, ChipImage::ALWAYS);
        assert_eq!(change(pca, &before, &after).unwrap(), [0x0E, 0, 0, 0xBC, 0x0A, 0, 0x10, 0, 0]);
        assert_eq!(change(pca, &after, &before).unwrap(), [0x0E, 0, 0, 0, 0x10, 0, 0, 0, 0x10]);
        let mcp = chip(I2cModel::Mcp23017, 0x20);
        let lit = ChipImage::of_signals(0x8001);
        assert_eq!(change(mcp, &before, &lit).unwrap(), [0x14, 0x01, 0x80]);
    }

    #[test]
    fn no_message_is_longer_than_a_kernel_takes_at_once() {
        for (model, address) in [
            (I2cModel::Mcp23017, 0x20),
            (I2cModel::Pcf8574, 0x20),
            (I2cModel::Pca9685 { frequency: 24 }, 0x40),
        ] {
            let messages = set_up(chip(model, address), &ChipImage::of_signals(0xFFFF), 0xFFFF);
            assert!(messages.iter().all(|message| (1..=65).contains(&message.len())), "{messages:?}");
        }
    }
}
