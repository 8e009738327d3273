//! The PWM block of a Raspberry Pi, through the kernel's files: lines that the chip itself dims, without
//! flicker however busy the machine is.
//!
//! A channel of the block is never switched off again: a line whose PWM stops falls low, and low may be
//! lit. It goes on at its safe duty, after a death of this process as well.

mod chip;
mod dimmed;
#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::time::Duration;

use super::dimmer::Dimmer;
use super::driver::LevelOutputs;
use super::gpio::Unavailable;
use super::line::DimmedWire;
use crate::level::Level;
use crate::rig::Channel;

use chip::why;
use dimmed::Dimmed;

/// Lines that the chip dims. Dropped, each that was taken stays at its safe duty.
#[derive(Debug)]
pub struct PwmBlock {
    root: PathBuf,
    wires: Vec<DimmedWire>,
    period: Duration,
    /// How each line is dimmed, in the order of `wires`; of none where it is only made safe.
    dimmers: Vec<Dimmer>,
    /// Those of `wires` that were taken, in their order.
    dimmed: Vec<Option<Dimmed>>,
}

impl PwmBlock {
    /// The lines of `wires`, to be dimmed once a `period`; touches none yet. `root` is `/` outside tests.
    #[must_use]
    pub fn reach(root: impl Into<PathBuf>, wires: &[DimmedWire], period: Duration) -> Self {
        let dimmed = wires.iter().map(|_| None).collect();
        Self { root: root.into(), wires: wires.to_vec(), period, dimmers: Vec::new(), dimmed }
    }

    /// To show the levels of `channels`, which are on its lines, in the same order.
    #[must_use]
    pub fn for_channels<'a>(mut self, channels: impl Iterator<Item = &'a Channel>) -> Self {
        self.dimmers = channels.map(Dimmer::of).collect();
        self
    }

    fn take_one(&self, wire: DimmedWire) -> Result<Dimmed, Unavailable> {
        let line = wire.wire.line;
        let folder = chip::channel(&self.root, line)?;
        Dimmed::open(&folder, wire, self.period).map_err(|error| why(line, error))
    }
}

impl LevelOutputs for PwmBlock {
    /// Where the kernel has just made the files, waits up to a second until they may be written. The error is
    /// [`Unavailable`], whose text names the mend.
    fn take(&mut self) -> anyhow::Result<()> {
        let mut outcome = Ok(());
        for index in 0..self.wires.len() {
            match self.take_one(self.wires[index]) {
                Ok(dimmed) => self.dimmed[index] = Some(dimmed),
                Err(error) => outcome = outcome.and(Err(error)),
            }
        }
        // Also those that could be taken before, and now cannot.
        let _are_safe = self.make_safe();
        Ok(outcome?)
    }

    fn write(&mut self, index: usize, level: Level) -> bool {
        let period = u64::try_from(self.period.as_nanos()).expect("no period lasts for centuries");
        let lit = Duration::from_nanos(self.dimmers[index].on_time(level, period));
        self.dimmed[index].as_mut().is_none_or(|dimmed| dimmed.dim(lit).is_ok())
    }

    fn make_safe(&mut self) -> bool {
        let mut are_safe = true;
        for dimmed in self.dimmed.iter_mut().flatten() {
            are_safe &= dimmed.make_safe();
        }
        are_safe
    }
}

impl Drop for PwmBlock {
    fn drop(&mut self) {
        let _are_safe = self.make_safe();
    }
}
