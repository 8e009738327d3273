//! Where the output of a channel is. Only the rig and the drivers know what an address means; everything else
//! compares, shows and claims it.

use std::fmt;

use super::chain::ChainOutput;
use super::i2c::I2cOutput;
use super::line::Line;
use super::network::{NetworkOutput, Pixel};

/// Where the output of a channel is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Address {
    /// A line of the header that is either low or high.
    Line(Line),
    /// A line of the header that the PWM block of the chip dims.
    PwmBlock(Line),
    /// An output of a chain of shift registers, either low or high.
    Chain(ChainOutput),
    /// An output of a chip on an I²C bus.
    I2c(I2cOutput),
    /// Slots of a receiver on the network.
    Network(NetworkOutput),
    /// An output beyond the header. It exists in a simulation only.
    Simulated(u16),
}

/// Lines have the numbers below this, simulated outputs those from here on.
const FIRST_SIMULATED: u64 = 1 << 20;
/// Outputs of chains have the numbers from here on, a chain 256 of them.
const FIRST_OF_CHAINS: u64 = FIRST_SIMULATED + (1 << 16);
/// Outputs of chips on I²C buses have the numbers from here on: 16 a chip, 128 chips a bus.
const FIRST_OF_I2C: u64 = FIRST_SIMULATED + (1 << 17);
/// Receivers on the network have the numbers from here on.
const FIRST_OF_NETWORK: u64 = FIRST_SIMULATED + (1 << 19);

impl Address {
    /// The line of the header, for an output that is there.
    #[must_use]
    pub const fn line(self) -> Option<Line> {
        match self {
            Self::Line(line) | Self::PwmBlock(line) => Some(line),
            Self::Chain(_) | Self::I2c(_) | Self::Network(_) | Self::Simulated(_) => None,
        }
    }

    /// The output of a chain, for one that is there.
    #[must_use]
    pub const fn chain_output(self) -> Option<ChainOutput> {
        match self {
            Self::Chain(output) => Some(output),
            Self::Line(_) | Self::PwmBlock(_) | Self::I2c(_) | Self::Network(_) | Self::Simulated(_) => None,
        }
    }

    /// The output of a chip on an I²C bus, for one that is there.
    #[must_use]
    pub const fn i2c_output(self) -> Option<I2cOutput> {
        match self {
            Self::I2c(output) => Some(output),
            Self::Line(_) | Self::PwmBlock(_) | Self::Chain(_) | Self::Network(_) | Self::Simulated(_) => {
                None
            }
        }
    }

    /// The slots of a receiver on the network, for an output that is there.
    #[must_use]
    pub const fn network_output(self) -> Option<NetworkOutput> {
        match self {
            Self::Network(output) => Some(output),
            Self::Line(_) | Self::PwmBlock(_) | Self::Chain(_) | Self::I2c(_) | Self::Simulated(_) => None,
        }
    }

    /// Whether no machine has it.
    #[must_use]
    pub const fn is_simulated(self) -> bool {
        matches!(self, Self::Simulated(_))
    }

    /// Whether it is a wire of the header or of a chain that is low or high, each edge of which is told.
    #[must_use]
    pub const fn is_wire(self) -> bool {
        matches!(self, Self::Line(_) | Self::Chain(_))
    }

    /// A number by which the machine's outputs are claimed, below 2²¹. No other output has it, but for two addresses of
    /// one line and for those of one receiver on the network, which is sent to as a whole.
    #[must_use]
    pub fn number(self) -> u64 {
        match self {
            Self::Line(line) | Self::PwmBlock(line) => u64::from(line.bcm()),
            Self::Chain(output) => {
                let chain = u64::from(output.chain().latch().bcm());
                FIRST_OF_CHAINS + (chain << 8) + u64::from(output.number())
            }
            Self::I2c(output) => {
                let chip = u64::from(output.chip().bus()) << 7 | u64::from(output.chip().address());
                FIRST_OF_I2C + (chip << 4) + u64::from(output.number())
            }
            Self::Network(output) => FIRST_OF_NETWORK + output.receiver().number(),
            Self::Simulated(number) => FIRST_SIMULATED + u64::from(number),
        }
    }

    /// What an instance must have for itself to drive it: all outputs of a chain change with its lines, and a chip on an
    /// I²C bus is written as a whole, so they belong to one instance. So do all slots of a receiver, which are sent together. An output without a chip claims itself.
    #[must_use]
    pub fn claims(self) -> Vec<Self> {
        match self {
            Self::Chain(output) => output.chain().lines().map(Self::Line).collect(),
            // The first output stands for its chip.
            Self::I2c(output) => output.chip().output(0).map(Self::I2c).into_iter().collect(),
            Self::Network(output) => {
                let first = NetworkOutput::new(output.receiver(), 1, 1, Pixel::Slot);
                first.map(Self::Network).into_iter().collect()
            }
            Self::Line(_) | Self::PwmBlock(_) | Self::Simulated(_) => vec![self],
        }
    }

    /// What an instance has for itself with it, as a person knows it: a chip or a receiver as a whole.
    #[must_use]
    pub fn claimed(self) -> String {
        match self {
            Self::I2c(output) => format!("the {}", output.chip()),
            Self::Network(output) => output.receiver().to_string(),
            Self::Line(_) | Self::PwmBlock(_) | Self::Chain(_) | Self::Simulated(_) => self.to_string(),
        }
    }

    /// Whether no two instances may drive this and `other`.
    #[must_use]
    pub fn shares_claim_with(self, other: Self) -> bool {
        let theirs = other.claims();
        self.claims().iter().any(|own| theirs.iter().any(|other| own.is_same_output(*other)))
    }

    /// Whether both are the same output, however it is driven, or have slots of one receiver in common.
    #[must_use]
    pub fn is_same_output(self, other: Self) -> bool {
        match (self, other) {
            (Self::Network(own), Self::Network(other)) => own.overlaps(other),
            _ => self.number() == other.number(),
        }
    }
}

impl From<Line> for Address {
    fn from(line: Line) -> Self {
        Self::Line(line)
    }
}

/// `GPIO 17`, `sim 41`, `slot 7 of sACN universe 5`, `output A3 of the MCP23017 at 0x20 on I²C bus 1`, or `output 31 of the chain on GPIO 8`, which
/// is its latch.
impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line(line) | Self::PwmBlock(line) => line.fmt(f),
            Self::Chain(output) => {
                write!(f, "output {} of the chain on {}", output.number(), output.chain().latch())
            }
            Self::I2c(output) => write!(f, "output {} of the {}", output.label(), output.chip()),
            Self::Network(output) => output.fmt(f),
            Self::Simulated(number) => write!(f, "sim {number}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rig::{Chain, I2cChip, I2cModel, NetworkHost, Receiver, SacnDestination};

    fn chained(latch: u8, number: u8) -> Address {
        let line = |bcm| Line::new(bcm).unwrap();
        let chain = Chain::new(line(10), line(11), line(latch), None, 4).unwrap();
        Address::Chain(chain.output(number).unwrap())
    }

    fn on_bus(bus: u8, address: u8, number: u8) -> Address {
        Address::I2c(I2cChip::new(I2cModel::Mcp23017, bus, address).unwrap().output(number).unwrap())
    }

    fn slots(receiver: Receiver, from: u16, to: u16) -> Address {
        Address::Network(NetworkOutput::new(receiver, from, to, Pixel::Slot).unwrap())
    }

    fn universe(universe: u16) -> Receiver {
        Receiver::Sacn { universe, to: SacnDestination::Multicast }
    }

    fn ddp(host: &str) -> Receiver {
        Receiver::Ddp(NetworkHost::new(host).unwrap())
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
            on_bus(0, 0x20, 0),
            on_bus(1, 0x20, 0),
            on_bus(1, 0x27, 15),
            on_bus(31, 0x27, 15),
            slots(universe(1), 1, 1),
            slots(universe(1), 2, 512),
            slots(universe(2), 1, 1),
            slots(ddp("192.0.2.7"), 1, 1),
            slots(ddp("192.0.2.8"), 1, 1),
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
        assert_eq!(on_bus(1, 0x20, 3).to_string(), "output A3 of the MCP23017 at 0x20 on I²C bus 1");
    }

    #[test]
    fn a_chain_is_claimed_with_its_lines_and_a_chip_as_a_whole() {
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
            (on_bus(1, 0x20, 3), on_bus(1, 0x20, 15), true),
            (on_bus(1, 0x20, 3), on_bus(1, 0x21, 3), false),
            (on_bus(0, 0x20, 3), on_bus(1, 0x20, 3), false),
            (slots(universe(1), 1, 1), slots(universe(1), 7, 9), true),
            (slots(universe(1), 1, 1), slots(universe(2), 1, 1), false),
            (slots(ddp("wled"), 1, 1), slots(ddp("wled"), 2, 2), true),
            // Another clock or sensor may be on the same bus.
            (on_bus(1, 0x20, 3), line(2), false),
        ] {
            assert_eq!(address.shares_claim_with(other), shares, "{address} and {other}");
        }
        assert!(!chained(8, 0).is_same_output(chained(8, 1)));
    }
}
