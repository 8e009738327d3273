//! Where the output of a channel is. Only the rig and the drivers know what an address means; everything else
//! compares, shows and claims it.

use std::fmt;

use super::chain::ChainOutput;
use super::line::Line;

/// Where the output of a channel is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Address {
    /// A line of the header that is either low or high.
    Line(Line),
    /// A line of the header that the PWM block of the chip dims.
    PwmBlock(Line),
    /// An output of a chain of shift registers, either low or high.
    Chain(ChainOutput),
    /// An output beyond the header. It exists in a simulation only.
    Simulated(u16),
}

/// Lines have the numbers below this, simulated outputs those from here on.
const FIRST_SIMULATED: u64 = 1 << 20;
/// Outputs of chains have the numbers from here on, a chain 256 of them.
const FIRST_OF_CHAINS: u64 = FIRST_SIMULATED + (1 << 16);

impl Address {
    /// The line of the header, for an output that is there.
    #[must_use]
    pub const fn line(self) -> Option<Line> {
        match self {
            Self::Line(line) | Self::PwmBlock(line) => Some(line),
            Self::Chain(_) | Self::Simulated(_) => None,
        }
    }

    /// The output of a chain, for one that is there.
    #[must_use]
    pub const fn chain_output(self) -> Option<ChainOutput> {
        match self {
            Self::Chain(output) => Some(output),
            Self::Line(_) | Self::PwmBlock(_) | Self::Simulated(_) => None,
        }
    }

    /// Whether no machine has it.
    #[must_use]
    pub const fn is_simulated(self) -> bool {
        matches!(self, Self::Simulated(_))
    }

    /// A number that no other output of this machine has, below 2²¹. Two addresses of one line have the same.
    #[must_use]
    pub fn number(self) -> u64 {
        match self {
            Self::Line(line) | Self::PwmBlock(line) => u64::from(line.bcm()),
            Self::Chain(output) => {
                let chain = u64::from(output.chain().latch().bcm());
                FIRST_OF_CHAINS + (chain << 8) + u64::from(output.number())
            }
            Self::Simulated(number) => FIRST_SIMULATED + u64::from(number),
        }
    }

    /// What an instance must have for itself to drive it: all outputs of a chain change with its lines, so they belong
    /// to one instance. An output without a chip claims itself.
    #[must_use]
    pub fn claims(self) -> Vec<Self> {
        match self {
            Self::Chain(output) => output.chain().lines().map(Self::Line).collect(),
            Self::Line(_) | Self::PwmBlock(_) | Self::Simulated(_) => vec![self],
        }
    }

    /// Whether no two instances may drive this and `other`.
    #[must_use]
    pub fn shares_claim_with(self, other: Self) -> bool {
        let theirs = other.claims();
        self.claims().iter().any(|own| theirs.iter().any(|other| own.is_same_output(*other)))
    }

    /// Whether both are the same output, however it is driven.
    #[must_use]
    pub fn is_same_output(self, other: Self) -> bool {
        self.number() == other.number()
    }
}

impl From<Line> for Address {
    fn from(line: Line) -> Self {
        Self::Line(line)
    }
}

/// `GPIO 17`, `sim 41` or `output 31 of the chain on GPIO 8`, which is its latch.
impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line(line) | Self::PwmBlock(line) => line.fmt(f),
            Self::Chain(output) => {
                write!(f, "output {} of the chain on {}", output.number(), output.chain().latch())
            }
            Self::Simulated(number) => write!(f, "sim {number}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rig::Chain;

    fn chained(latch: u8, number: u8) -> Address {
        let line = |bcm| Line::new(bcm).unwrap();
        let chain = Chain::new(line(10), line(11), line(latch), None, 4).unwrap();
        Address::Chain(chain.output(number).unwrap())
    }

    #[test]
    fn every_output_has_a_number_and_words_of_its_own() {
        let line = |bcm| Line::new(bcm).unwrap();
        let addresses = [
            Address::Line(line(0)),
            Address::PwmBlock(line(18)),
            Address::Simulated(0),
            Address::Simulated(18),
            Address::Simulated(u16::MAX),
            chained(8, 0),
            chained(8, 31),
            chained(27, 31),
        ];
        for (place, address) in addresses.iter().enumerate() {
            for other in &addresses[..place] {
                assert!(!address.is_same_output(*other), "{address} and {other}");
                assert_ne!(address.to_string(), other.to_string());
            }
            assert!(address.number() < 1 << 21);
        }
        assert!(Address::Line(line(18)).is_same_output(Address::PwmBlock(line(18))));
        assert_eq!(
            addresses[..4].iter().map(Address::to_string).collect::<Vec<_>>(),
            ["GPIO 0", "GPIO 18", "sim 0", "sim 18"]
        );
        assert_eq!(chained(8, 31).to_string(), "output 31 of the chain on GPIO 8");
    }

    #[test]
    fn a_chain_is_claimed_with_its_lines() {
        let line = |bcm| Address::Line(Line::new(bcm).unwrap());
        for (address, other, shares) in [
            (chained(8, 0), chained(8, 31), true),
            // They have the line of their data in common.
            (chained(8, 0), chained(27, 0), true),
            (chained(8, 0), line(11), true),
            (line(8), chained(8, 5), true),
            (chained(8, 0), line(7), false),
            (chained(8, 0), Address::Simulated(8), false),
            (line(7), line(7), true),
        ] {
            assert_eq!(address.shares_claim_with(other), shares, "{address} and {other}");
        }
        assert!(!chained(8, 0).is_same_output(chained(8, 1)));
    }
}
