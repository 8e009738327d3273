//! Carries out a [`SafePlan`]: opens outputs and makes them safe, in whatever process. Knows no channels.

use std::time::Duration;

use anyhow::Result;

use super::driver::LevelOutputs;
use super::gpio::Gpio;
use super::line::LineOutputs;
use super::pwm_block::PwmBlock;
use super::safe_plan::{SafePart, SafePlan};
use super::sim::{Sim, SimLevels};

/// Outputs with all that they need open. Dropped, those that were taken are safe, and released as the rig says.
pub struct SafeOutputs(Vec<OpenPart>);

pub(super) enum OpenPart {
    Lines(Box<dyn LineOutputs>),
    PwmBlock(PwmBlock),
    SimLevels(SimLevels),
}

impl SafeOutputs {
    /// Makes every output safe, and drives it from then on. What fails for one keeps no other from being made safe.
    ///
    /// # Errors
    /// The first failure.
    pub fn make_safe(&mut self) -> Result<()> {
        let outcomes: Vec<Result<()>> = self.0.iter_mut().map(OpenPart::take).collect();
        outcomes.into_iter().collect()
    }
}

impl OpenPart {
    fn take(&mut self) -> Result<()> {
        match self {
            Self::Lines(lines) => lines.take(),
            Self::PwmBlock(block) => block.take(),
            Self::SimLevels(levels) => levels.take(),
        }
    }
}

impl SafePlan {
    /// Opens all that is needed, and touches no output.
    ///
    /// # Errors
    /// [`Unavailable`](super::gpio::Unavailable) for pins, any other error for simulated outputs.
    pub fn open(&self) -> Result<SafeOutputs> {
        Ok(SafeOutputs(self.parts.iter().map(SafePart::open).collect::<Result<_>>()?))
    }

    /// Makes all outputs safe and releases them.
    ///
    /// # Errors
    /// As [`open`](Self::open); what was made safe stays so.
    pub fn make_safe(&self) -> Result<()> {
        self.open()?.make_safe()
    }
}

impl SafePart {
    pub(super) fn open(&self) -> Result<OpenPart> {
        Ok(match self {
            Self::Header { lines, release } => OpenPart::Lines(Box::new(Gpio::reach(lines, *release)?)),
            Self::PwmBlock { lines, period_ns } => {
                OpenPart::PwmBlock(PwmBlock::reach("/", lines, Duration::from_nanos(*period_ns)))
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
