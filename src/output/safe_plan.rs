//! How outputs are made safe by another process: a description that can be sent and kept in a file (serde). The
//! patch opens its drivers by it. Knows no channels and no shows.

use std::ffi::OsString;

use serde::{Deserialize, Serialize};

use crate::rig::{Address, Channel, I2cOutput, NetworkOutput, Release};

use super::chain::{SafeChain, ShownOutput};
use super::i2c::SafeBus;
use super::line::{DimmedWire, Wire};

/// How all outputs of an instance are made safe.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct SafePlan {
    /// One of each driver, also of one that has no outputs: it tells what this instance drives through.
    pub parts: Vec<SafePart>,
}

/// How the outputs of one driver are made safe.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum SafePart {
    /// Lines of the header of this Raspberry Pi.
    Header {
        lines: Vec<Wire>,
        release: Release,
    },
    /// Lines that the chip itself dims, once a period.
    PwmBlock {
        lines: Vec<DimmedWire>,
        period_ns: u64,
    },
    /// A chain of shift registers on lines of the header.
    Chain(SafeChain),
    /// Chips on an I²C bus, made safe in a process of its own.
    I2cBus(SafeBus),
    /// Its outputs are shown in the file.
    SimulatedChain {
        board: SimulatedBoard,
        chain: SafeChain,
        outputs: Vec<ShownOutput>,
    },
    SimulatedLines {
        board: SimulatedBoard,
        lines: Vec<Wire>,
        release: Release,
    },
    SimulatedLevels {
        board: SimulatedBoard,
        outputs: Vec<SimulatedOutput>,
        release: Release,
    },
}

/// Where simulated outputs are kept.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct SimulatedBoard {
    /// The pins file; `None` for the memory of the process.
    pub pins: Option<OsString>,
    /// The names of all outputs beyond the header, in their order in the file.
    pub names: Vec<String>,
}

/// A simulated output beyond the header, which takes levels.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SimulatedOutput {
    pub place: SimulatedPlace,
    pub name: String,
    pub is_safe_lit: bool,
}

/// Where a simulated output would be.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum SimulatedPlace {
    /// Nowhere: this number is the rig's.
    Number(u16),
    /// On a chip that is not asked for anything.
    I2c(I2cOutput),
    /// On a receiver that is sent nothing.
    Network(NetworkOutput),
}

impl SimulatedOutput {
    /// One that the rig has at `address`; `None` for one that is simulated as a wire.
    #[must_use]
    pub fn of(channel: &Channel) -> Option<Self> {
        let place = match channel.address {
            Address::Simulated(number) => SimulatedPlace::Number(number),
            Address::I2c(output) => SimulatedPlace::I2c(output),
            Address::Network(output) => SimulatedPlace::Network(output),
            Address::Line(_) | Address::PwmBlock(_) | Address::Chain(_) => return None,
        };
        Some(Self { place, name: channel.name.clone(), is_safe_lit: channel.safe.is_lit() })
    }

    fn address(&self) -> Address {
        match self.place {
            SimulatedPlace::Number(number) => Address::Simulated(number),
            SimulatedPlace::I2c(output) => Address::I2c(output),
            SimulatedPlace::Network(output) => Address::Network(output),
        }
    }
}

impl SafePlan {
    pub fn addresses(&self) -> impl Iterator<Item = Address> {
        self.parts.iter().flat_map(SafePart::addresses)
    }

    /// Whether the outputs stay as they are when the process is gone.
    #[must_use]
    pub fn outlives_the_process(&self) -> bool {
        self.parts.iter().any(|part| part.outlives_the_process() && !part.addresses().is_empty())
    }

    /// This plan and `other`, of one instance whose rig changes; what is in both is made safe as `other` says.
    #[must_use]
    pub fn and(self, other: &Self) -> Self {
        let theirs: Vec<Address> = other.addresses().collect();
        let is_theirs = |address: Address| theirs.iter().any(|other| other.shares_claim_with(address));
        let mut parts = self.only(|address| !is_theirs(address)).parts;
        // An instance's first part tells what it drives through, and stays even if it is empty.
        parts.extend(other.parts.iter().cloned());
        Self { parts }
    }

    /// This plan of those outputs alone that are `wanted`. A chain and a chip are written as a whole, so they stay only
    /// if each of their outputs is.
    #[must_use]
    pub fn only(mut self, wanted: impl Fn(Address) -> bool) -> Self {
        self.parts.retain(|part| match part {
            SafePart::Chain(chain) | SafePart::SimulatedChain { chain, .. } => chain.addresses().all(&wanted),
            _ => true,
        });
        for part in &mut self.parts {
            match part {
                SafePart::Header { lines, .. } | SafePart::SimulatedLines { lines, .. } => {
                    lines.retain(|wire| wanted(Address::Line(wire.line)));
                }
                SafePart::PwmBlock { lines, .. } => {
                    lines.retain(|dimmed| wanted(Address::PwmBlock(dimmed.wire.line)));
                }
                SafePart::SimulatedLevels { outputs, .. } => {
                    outputs.retain(|output| wanted(output.address()));
                }
                SafePart::I2cBus(bus) => bus.retain(&wanted),
                SafePart::Chain(_) | SafePart::SimulatedChain { .. } => {}
            }
        }
        self
    }

    /// This plan, carried out through what `ours` drives and nothing else: an order from outside must not have this
    /// process drive pins when it simulates, nor write another file than its own. `None` where `ours` has no such
    /// outputs.
    #[must_use]
    pub fn through(self, ours: &Self) -> Option<Self> {
        let drives_pins = ours.parts.iter().any(|part| part.board().is_none());
        let board = ours.parts.iter().find_map(SafePart::board);
        let through = |part| match part {
            SafePart::Header { .. }
            | SafePart::PwmBlock { .. }
            | SafePart::Chain(_)
            | SafePart::I2cBus(_) => drives_pins.then_some(part),
            SafePart::SimulatedChain { board: theirs, chain, outputs } => {
                let board = theirs.replaced_by(board?)?;
                let is_known = outputs.iter().all(|output| board.names.contains(&output.name));
                is_known.then_some(SafePart::SimulatedChain { board, chain, outputs })
            }
            SafePart::SimulatedLines { board: theirs, lines, release } => {
                let board = theirs.replaced_by(board?)?;
                Some(SafePart::SimulatedLines { board, lines, release })
            }
            SafePart::SimulatedLevels { board: theirs, outputs, release } => {
                let board = theirs.replaced_by(board?)?;
                let is_known = outputs.iter().all(|output| board.names.contains(&output.name));
                is_known.then_some(SafePart::SimulatedLevels { board, outputs, release })
            }
        };
        // A part without outputs asks for nothing.
        let parts = self.parts.into_iter().filter(|part| !part.addresses().is_empty());
        Some(Self { parts: parts.map(through).collect::<Option<_>>()? })
    }
}

impl SafePart {
    pub(super) fn addresses(&self) -> Vec<Address> {
        match self {
            Self::Header { lines, .. } | Self::SimulatedLines { lines, .. } => {
                lines.iter().map(|wire| Address::Line(wire.line)).collect()
            }
            Self::PwmBlock { lines, .. } => {
                lines.iter().map(|dimmed| Address::PwmBlock(dimmed.wire.line)).collect()
            }
            Self::Chain(chain) | Self::SimulatedChain { chain, .. } => chain.addresses().collect(),
            Self::I2cBus(bus) => bus.addresses().collect(),
            Self::SimulatedLevels { outputs, .. } => outputs.iter().map(SimulatedOutput::address).collect(),
        }
    }

    fn outlives_the_process(&self) -> bool {
        self.board().is_none_or(|board| board.pins.is_some())
    }

    pub(super) const fn board(&self) -> Option<&SimulatedBoard> {
        match self {
            Self::Header { .. } | Self::PwmBlock { .. } | Self::Chain(_) | Self::I2cBus(_) => None,
            Self::SimulatedLines { board, .. }
            | Self::SimulatedLevels { board, .. }
            | Self::SimulatedChain { board, .. } => Some(board),
        }
    }
}

impl SimulatedBoard {
    /// `ours`, where both are files or both are memory.
    fn replaced_by(&self, ours: &Self) -> Option<Self> {
        (self.pins.is_some() == ours.pins.is_some()).then(|| ours.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::Signal;
    use crate::output::testing::{channel, rig_of};
    use crate::rig::{Active, Chain, Kind, Line};

    fn wire(bcm: u8) -> Wire {
        Wire { line: Line::new(bcm).unwrap(), safe: Signal::Low }
    }

    fn pins(lines: &[u8], dimmed: &[u8]) -> SafePlan {
        let lines = lines.iter().copied().map(wire).collect();
        let header = SafePart::Header { lines, release: Release::Driven };
        let lines = dimmed.iter().map(|bcm| DimmedWire { wire: wire(*bcm), active: Active::High }).collect();
        SafePlan { parts: vec![header, SafePart::PwmBlock { lines, period_ns: 5_000_000 }] }
    }

    fn simulated(pins: Option<&str>, lines: &[u8], numbers: &[u16]) -> SafePlan {
        let name = |number: &u16| format!("lamp{number}");
        let board = SimulatedBoard { pins: pins.map(Into::into), names: numbers.iter().map(name).collect() };
        let outputs = numbers.iter().map(|number| SimulatedOutput {
            place: SimulatedPlace::Number(*number),
            name: name(number),
            is_safe_lit: false,
        });
        let release = Release::Driven;
        let lines = lines.iter().copied().map(wire).collect();
        let levels = SafePart::SimulatedLevels { board: board.clone(), outputs: outputs.collect(), release };
        SafePlan { parts: vec![SafePart::SimulatedLines { board, lines, release }, levels] }
    }

    fn words(plan: &SafePlan) -> Vec<String> {
        plan.addresses().map(|address| address.to_string()).collect()
    }

    #[test]
    fn a_plan_can_be_cut_down_to_some_of_its_outputs() {
        let plan = pins(&[4, 5], &[18, 19]);
        assert_eq!(words(&plan), ["GPIO 4", "GPIO 5", "GPIO 18", "GPIO 19"]);
        assert!(plan.outlives_the_process());
        let line = |bcm| Address::Line(Line::new(bcm).unwrap());
        let some = plan.only(|address| [5, 18].iter().any(|bcm| address.is_same_output(line(*bcm))));
        assert_eq!(words(&some), ["GPIO 5", "GPIO 18"]);
        assert!(!some.only(|_| false).outlives_the_process(), "there is nothing to outlive it");
    }

    #[test]
    fn two_plans_are_one_in_which_the_second_says_how_what_is_in_both_is_made_safe() {
        let (before, mut after) = (pins(&[4, 5], &[18]), pins(&[5, 6], &[19]));
        if let SafePart::Header { lines, .. } = &mut after.parts[0] {
            lines[0].safe = Signal::High;
        }
        let both = before.and(&after);
        assert_eq!(words(&both), ["GPIO 4", "GPIO 18", "GPIO 5", "GPIO 6", "GPIO 19"]);
        assert_eq!(both.only(|address| address == Line::new(5).unwrap().into()).parts[2], {
            let lines = vec![Wire { safe: Signal::High, ..wire(5) }];
            SafePart::Header { lines, release: Release::Driven }
        });
    }

    /// A chain on GPIO 10, 11 and `latch`, with channels at its outputs 0 and 7.
    fn chained(latch: u8) -> SafePlan {
        let [data, clock, latch] = [10, 11, latch].map(|bcm| Line::new(bcm).unwrap());
        let chain = Chain::new(data, clock, latch, None, 1).unwrap();
        let on = |number: u8| Channel {
            address: Address::Chain(chain.output(number).unwrap()),
            ..channel("x", 0, Kind::Ssr, Active::High)
        };
        let header = SafePart::Header { lines: vec![wire(4)], release: Release::Driven };
        let safe = SafeChain::of(chain, &rig_of(vec![on(0), on(7)]));
        SafePlan { parts: vec![header, SafePart::Chain(safe)] }
    }

    #[test]
    fn a_chain_is_in_a_plan_as_a_whole_or_not_at_all() {
        let plan = chained(8);
        let chain = ["output 0 of the chain on GPIO 8", "output 7 of the chain on GPIO 8"];
        assert_eq!(words(&plan), ["GPIO 4", chain[0], chain[1]]);
        let last = plan.addresses().last().unwrap();
        assert_eq!(words(&plan.clone().only(|address| address != last)), ["GPIO 4"]);
        assert_eq!(plan.clone().through(&pins(&[], &[])), Some(plan.clone()));
        assert_eq!(plan.clone().through(&simulated(None, &[4], &[])), None);
        // Another rig has a relay on the pin of its clock, which must not be shifted any more, or a longer chain.
        assert_eq!(words(&plan.clone().and(&pins(&[11], &[]))), ["GPIO 4", "GPIO 11"]);
        assert_eq!(words(&pins(&[11], &[]).and(&plan)), ["GPIO 4", chain[0], chain[1]]);
        assert_eq!(plan.and(&chained(9)).parts.len(), 3, "only one of two chains on one line");
    }

    #[test]
    fn outputs_in_memory_end_with_the_process() {
        let plan = simulated(None, &[4], &[41]);
        assert_eq!(words(&plan), ["GPIO 4", "sim 41"]);
        assert!(!plan.outlives_the_process());
        assert!(simulated(Some("/pins"), &[], &[41]).outlives_the_process());
    }

    #[test]
    fn other_outputs_than_this_launchs_are_never_driven() {
        let here = simulated(Some("/here"), &[4], &[41, 42]);
        let there = simulated(Some("/there"), &[5], &[42]);
        let through = there.clone().through(&here).unwrap();
        assert_eq!(words(&through), ["GPIO 5", "sim 42"]);
        assert!(through.parts.iter().all(|part| part.board() == here.parts[0].board()));
        assert_eq!(there.clone().through(&pins(&[4], &[])), None);
        assert_eq!(pins(&[4], &[]).through(&here), None);
        assert_eq!(pins(&[], &[18]).through(&here), None);
        assert_eq!(pins(&[4], &[18]).through(&pins(&[], &[])), Some(pins(&[4], &[18])));
        assert_eq!(there.through(&simulated(None, &[4], &[])), None);
        let unknown = simulated(Some("/there"), &[], &[7]);
        assert_eq!(unknown.through(&here), None, "this rig has no such output");
    }

    #[test]
    fn a_plan_reads_as_it_was_written() {
        use std::os::unix::ffi::OsStringExt;
        let odd = OsString::from_vec(b"/odd\nfile \xff".to_vec());
        let mut plan = simulated(Some("/x"), &[4, 27], &[0, 65_535]);
        plan.parts.extend(pins(&[17], &[18]).parts);
        if let SafePart::SimulatedLines { board, .. } = &mut plan.parts[0] {
            board.pins = Some(odd);
        }
        let text = serde_json::to_string(&plan).unwrap();
        assert_eq!(serde_json::from_str::<SafePlan>(&text).unwrap(), plan, "{text}");
        for wrong in [text.replace("27", "28"), text.replace("driven", "never"), text.replace("low", "on")] {
            assert!(serde_json::from_str::<SafePlan>(&wrong).is_err(), "{wrong}");
        }
    }
}
