//! The PWM block of a Raspberry Pi, through the kernel's files: lines that the chip itself dims, without
//! flicker however busy the machine is. Knows nothing of levels; the engine tells how long a period is lit.
//!
//! A channel of the block is never switched off again: a line whose PWM stops falls low, and low may be
//! lit. It goes on at its safe duty, after a death of this process as well.

mod chip;
mod dimmed;
#[cfg(test)]
mod tests;

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use super::gpio::Unavailable;
use super::{Signal, Wire};
use crate::rig::{Active, Channel, Line};

use dimmed::Dimmed;

/// A line that the chip dims.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct DimmedWire {
    pub wire: Wire,
    pub active: Active,
}

impl DimmedWire {
    #[must_use]
    pub const fn of(channel: &Channel) -> Self {
        Self { wire: Wire::of(channel), active: channel.active }
    }

    /// How long a period is lit while no show plays.
    fn safe(&self, period: Duration) -> Duration {
        if self.wire.safe == Signal::lit(self.active) { period } else { Duration::ZERO }
    }
}

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
    /// the kernel has just made the files, waits up to a second until they may be written.
    ///
    /// # Errors
    /// [`Unavailable`], whose text names the mend; lines already taken then stay at their safe duty.
    pub fn take(&mut self) -> Result<(), Unavailable> {
        self.dimmed.clear();
        for wire in &self.wires {
            let line = wire.wire.line;
            let folder = chip::channel(&self.root, line)?;
            let dimmed = Dimmed::open(&folder, *wire, self.period).map_err(|error| why(line, error))?;
            self.dimmed.push(dimmed);
        }
        Ok(())
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

    /// Every line to its safe duty.
    pub fn make_safe(&mut self) {
        self.dimmed.iter_mut().for_each(Dimmed::make_safe);
    }
}

impl Drop for PwmBlock {
    fn drop(&mut self) {
        self.make_safe();
    }
}

fn why(line: Line, error: io::Error) -> Unavailable {
    match error.kind() {
        io::ErrorKind::PermissionDenied => {
            Unavailable::NotPermitted { device: format!("the PWM block for {line}") }
        }
        io::ErrorKind::ResourceBusy => {
            Unavailable::Missing(format!("the PWM channel of {line} is used by the kernel (a fan, perhaps)"))
        }
        _ => Unavailable::Io(io::Error::new(error.kind(), format!("the PWM block for {line}: {error}"))),
    }
}
