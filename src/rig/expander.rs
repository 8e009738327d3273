//! Expanders: chips behind the header that give more outputs. Knows not how they are driven.

use super::address::Address;
use super::chain::Chain;
use super::i2c::I2cChip;
use super::line::Line;

/// A chip behind the header, under the name by which channels mean it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Expander {
    pub name: String,
    pub chip: ExpanderChip,
}

/// What gives the outputs of an expander.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ExpanderChip {
    Chain(Chain),
    I2c(I2cChip),
}

impl ExpanderChip {
    /// The lines of the header that it hangs on.
    pub fn lines(self) -> impl Iterator<Item = Line> {
        let (chain, chip) = match self {
            Self::Chain(chain) => (Some(chain), None),
            Self::I2c(chip) => (None, Some(chip)),
        };
        let chain = chain.into_iter().flat_map(Chain::lines);
        chain.chain(chip.into_iter().flat_map(I2cChip::lines))
    }

    /// Whether `address` is one of its outputs.
    #[must_use]
    pub fn has(self, address: Address) -> bool {
        match (self, address) {
            (Self::Chain(chain), Address::Chain(output)) => output.chain() == chain,
            (Self::I2c(chip), Address::I2c(output)) => output.chip() == chip,
            _ => false,
        }
    }
}
