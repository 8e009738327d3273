//! Carries out a [`SafePlan`]: opens outputs and makes them safe, in whatever process. Knows no channels.

use std::time::Duration;

use anyhow::Result;

use super::chain::{PinChain, ShiftChain, SimChain};
use super::driver::LevelOutputs;
use super::gpio::Gpio;
use super::i2c::SafeBusProcess;
use super::line::LineOutputs;
use super::pwm_block::PwmBlock;
use super::safe_plan::{SafePart, SafePlan};
use super::sim::{Sim, SimLevels};

/// The outputs of a plan, opened part by part. Dropped, those that were taken are safe, and released as the rig says.
pub struct SafeOutputs(Vec<SafeOutputsPart>);

struct SafeOutputsPart {
    plan: SafePart,
    /// `None` as long as it could not be opened.
    open: Option<OpenPart>,
}

pub(super) enum OpenPart {
    Lines(Box<dyn LineOutputs>),
    PwmBlock(PwmBlock),
    Chain(ShiftChain),
    I2cBus(SafeBusProcess),
    SimLevels(SimLevels),
}

impl SafeOutputs {
    /// Those of `plan`, none of them opened.
    #[must_use]
    pub fn of(plan: &SafePlan) -> Self {
        let parts = plan.parts.iter().filter(|part| !part.addresses().is_empty());
        Self(parts.map(|plan| SafeOutputsPart { plan: plan.clone(), open: None }).collect())
    }

    /// Opens what is not open yet, and touches no output. What fails for one part keeps no other from being opened.
    ///
    /// # Errors
    /// The first failure: [`Unavailable`](super::gpio::Unavailable) for pins, any other error for simulated outputs.
    pub fn open(&mut self) -> Result<()> {
        let outcomes: Vec<Result<()>> = self.0.iter_mut().map(|part| part.open().map(|_| ())).collect();
        outcomes.into_iter().collect()
    }

    /// Makes every output safe, and drives it from then on; an I²C bus is given a second, after all else. What fails for one keeps no other from being made safe.
    ///
    /// # Errors
    /// The first failure, as for [`open`](Self::open).
    pub fn make_safe(&mut self) -> Result<()> {
        let mut outcomes: Vec<Result<()>> =
            self.0.iter_mut().map(|part| part.open().and_then(OpenPart::take)).collect();
        outcomes.extend(self.0.iter_mut().filter_map(|part| part.open.as_mut()).map(OpenPart::finish));
        outcomes.into_iter().collect()
    }
}

impl SafeOutputsPart {
    fn open(&mut self) -> Result<&mut OpenPart> {
        let open = match self.open.take() {
            Some(open) => open,
            None => self.plan.open()?,
        };
        Ok(self.open.insert(open))
    }
}

impl OpenPart {
    fn take(&mut self) -> Result<()> {
        match self {
            Self::Lines(lines) => lines.take(),
            Self::PwmBlock(block) => block.take(),
            Self::Chain(chain) => chain.take(),
            Self::I2cBus(bus) => bus.begin(),
            Self::SimLevels(levels) => levels.take(),
        }
    }

    /// Waits for what [`take`](Self::take) has only begun: buses, all at the same time.
    fn finish(&mut self) -> Result<()> {
        match self {
            Self::I2cBus(bus) => bus.finish(),
            Self::Lines(_) | Self::PwmBlock(_) | Self::Chain(_) | Self::SimLevels(_) => Ok(()),
        }
    }
}

impl SafePlan {
    /// Makes all outputs safe and releases them.
    ///
    /// # Errors
    /// As [`SafeOutputs::make_safe`]; what was made safe stays so.
    pub fn make_safe(&self) -> Result<()> {
        SafeOutputs::of(self).make_safe()
    }
}

impl SafePart {
    pub(super) fn open(&self) -> Result<OpenPart> {
        Ok(match self {
            Self::Header { lines, release } => OpenPart::Lines(Box::new(Gpio::reach(lines, *release)?)),
            Self::PwmBlock { lines, period_ns } => {
                OpenPart::PwmBlock(PwmBlock::reach("/", lines, Duration::from_nanos(*period_ns)))
            }
            Self::Chain(safe) => {
                let lines = PinChain::reach(safe.chain())?;
                OpenPart::Chain(ShiftChain::new(Box::new(lines), safe.word().clone()))
            }
            Self::I2cBus(bus) => OpenPart::I2cBus(SafeBusProcess::new(bus.clone())),
            Self::SimulatedChain { board, chain, outputs } => {
                let lines = SimChain::reach(board, chain, outputs)?;
                OpenPart::Chain(ShiftChain::new(Box::new(lines), chain.word().clone()))
            }
            Self::SimulatedLines { board, lines, release } => {
                OpenPart::Lines(Box::new(Sim::reach(board, lines, *release)?))
            }
            Self::SimulatedLevels { board, outputs, release } => {
                OpenPart::SimLevels(SimLevels::reach(board, outputs, *release)?)
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;
    use crate::output::safe_plan::SimulatedBoard;
    use crate::output::{Signal, Wire};
    use crate::rig::{Line, Release};

    fn lines(pins: &Path, bcm: u8) -> SafePart {
        let board = SimulatedBoard { pins: Some(pins.into()), names: Vec::new() };
        let wire = Wire { line: Line::new(bcm).unwrap(), safe: Signal::Low };
        SafePart::SimulatedLines { board, lines: vec![wire], release: Release::Driven }
    }

    #[test]
    fn a_part_that_cannot_be_opened_keeps_no_other_from_being_made_safe() {
        let folder = tempfile::tempdir().unwrap();
        let [missing, there] = ["missing/pins", "pins"].map(|name| folder.path().join(name));
        fs::write(&there, format!("1{}\n", ".".repeat(27))).unwrap();
        let mut outputs = SafeOutputs::of(&SafePlan { parts: vec![lines(&missing, 4), lines(&there, 0)] });
        outputs.open().unwrap_err();
        assert!(fs::read_to_string(&there).unwrap().starts_with('1'), "opening touches nothing");
        outputs.make_safe().unwrap_err();
        assert!(fs::read_to_string(&there).unwrap().starts_with('0'));
        fs::create_dir(folder.path().join("missing")).unwrap();
        outputs.make_safe().expect("what could not be opened before is tried again");
        assert_eq!(&fs::read_to_string(&missing).unwrap()[..5], "....0");
    }
}
