//! The PWM block of a Raspberry Pi, through the kernel's files: lines that the chip itself dims, without
//! flicker however busy the machine is. [`PwmBlock`] knows how long a period is lit, [`BlockLevels`] what level that is.
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
use crate::rig::{Channel, Line};

use chip::why;
use dimmed::Dimmed;

/// Lines that the chip dims. Dropped, each that was taken stays at its safe duty.
#[derive(Debug)]
pub struct PwmBlock {
    root: PathBuf,
    wires: Vec<DimmedWire>,
    period: Duration,
    /// Those that were taken.
    dimmed: Vec<Dimmed>,
}

impl PwmBlock {
    /// The lines of `wires`, to be dimmed once a `period`; touches none yet. `root` is `/` outside tests.
    #[must_use]
    pub fn reach(root: impl Into<PathBuf>, wires: &[DimmedWire], period: Duration) -> Self {
        Self { root: root.into(), wires: wires.to_vec(), period, dimmed: Vec::new() }
    }

    /// Takes the lines, each at its safe duty from the first moment on; anew, where that was done. Where
    /// the kernel has just made the files, waits up to a second until they may be written. What fails for one line
    /// keeps no other from being taken.
    ///
    /// # Errors
    /// The first [`Unavailable`], whose text names the mend; lines that were taken stay at their safe duty.
    pub fn take(&mut self) -> Result<(), Unavailable> {
        let mut outcome = Ok(());
        let mut before = std::mem::take(&mut self.dimmed);
        for wire in &self.wires {
            match self.open(*wire) {
                Ok(dimmed) => self.dimmed.push(dimmed),
                Err(error) => {
                    // What is open of it may still be written to.
                    if let Some(old) = before.iter().position(|dimmed| dimmed.line == wire.wire.line) {
                        let mut dimmed = before.remove(old);
                        let _is_safe = dimmed.make_safe();
                        self.dimmed.push(dimmed);
                    }
                    outcome = outcome.and(Err(error));
                }
            }
        }
        outcome
    }

    fn open(&self, wire: DimmedWire) -> Result<Dimmed, Unavailable> {
        let line = wire.wire.line;
        let folder = chip::channel(&self.root, line)?;
        Dimmed::open(&folder, wire, self.period).map_err(|error| why(line, error))
    }

    /// Whether the chip dims `line`.
    #[must_use]
    pub fn has(&self, line: Line) -> bool {
        self.dimmed.iter().any(|dimmed| dimmed.line == line)
    }

    /// Has `line` lit for `lit` of each period from the next one on; whether that was written. A line that was
    /// not taken is left alone. Does not allocate.
    #[must_use]
    pub fn dim(&mut self, line: Line, lit: Duration) -> bool {
        match self.dimmed.iter_mut().find(|dimmed| dimmed.line == line) {
            Some(dimmed) => dimmed.dim(lit).is_ok(),
            None => true,
        }
    }

    /// Every taken line to its safe duty. Whether that was written.
    pub fn make_safe(&mut self) -> bool {
        let mut are_safe = true;
        for dimmed in &mut self.dimmed {
            are_safe &= dimmed.make_safe();
        }
        are_safe
    }
}

/// The block's lines as outputs that take levels.
pub struct BlockLevels {
    block: PwmBlock,
    /// In the order of the block's lines.
    dimmers: Vec<Dimmer>,
}

impl BlockLevels {
    /// `channels` are on the lines of `block`, in the same order.
    pub fn new<'a>(block: PwmBlock, channels: impl Iterator<Item = &'a Channel>) -> Self {
        Self { block, dimmers: channels.map(Dimmer::of).collect() }
    }
}

impl LevelOutputs for BlockLevels {
    fn take(&mut self) -> anyhow::Result<()> {
        Ok(self.block.take()?)
    }

    fn write(&mut self, index: usize, level: Level) -> bool {
        let period = u64::try_from(self.block.period.as_nanos()).expect("no period lasts for centuries");
        let lit = self.dimmers[index].on_time(level, period);
        self.block.dim(self.block.wires[index].wire.line, Duration::from_nanos(lit))
    }

    fn make_safe(&mut self) -> bool {
        self.block.make_safe()
    }
}

impl Drop for PwmBlock {
    fn drop(&mut self) {
        let _are_safe = self.make_safe();
    }
}
