//! What the outputs of a chip carry. Knows no registers.

use crate::output::line::Signal;
use crate::rig::I2cChip;

/// For how many 4096ths of the time each output of a chip is high, 0 to [`ALWAYS`](Self::ALWAYS).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct ChipImage([u16; I2cChip::MOST_OUTPUTS]);

impl ChipImage {
    /// A PCA9685 counts to 4096 in a period.
    pub(super) const ALWAYS: u16 = 4_096;

    /// Each output is low all the time, or high all the time where its bit in `high` is set.
    pub(super) fn of_signals(high: u16) -> Self {
        let mut image = Self::default();
        for number in 0..I2cChip::MOST_OUTPUTS {
            image.0[number] = if high >> number & 1 == 1 { Self::ALWAYS } else { 0 };
        }
        image
    }

    pub(super) fn set(&mut self, number: u8, share: u16) {
        self.0[usize::from(number)] = share;
    }

    pub(super) fn shares(&self) -> &[u16; I2cChip::MOST_OUTPUTS] {
        &self.0
    }

    /// As bits: those outputs that are high all the time.
    pub(super) fn signals(&self) -> u16 {
        let bit = |(number, share): (usize, &u16)| u16::from(*share == Self::ALWAYS) << number;
        self.0.iter().enumerate().map(bit).sum()
    }

    /// The share of an output that is `signal`.
    pub(super) const fn all(signal: Signal) -> u16 {
        match signal {
            Signal::High => Self::ALWAYS,
            Signal::Low => 0,
        }
    }
}
