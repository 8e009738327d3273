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
use std::path::Path;
use std::time::Duration;

use super::gpio::Unavailable;
use crate::rig::{Channel, Line};

use dimmed::Dimmed;

/// Lines that the chip dims. Dropped, each stays at its safe duty.
#[derive(Debug)]
pub struct PwmBlock {
    dimmed: Vec<Dimmed>,
}

impl PwmBlock {
    /// Takes `channels`, each at its safe duty from the first moment on, and dims them once a `period`.
    /// `root` is `/` outside tests. Where the kernel has just made the files, waits up to a second until
    /// they may be written.
    ///
    /// # Errors
    /// [`Unavailable`], whose text names the mend; lines already taken then stay at their safe duty.
    pub fn open(root: &Path, channels: &[&Channel], period: Duration) -> Result<Self, Unavailable> {
        let mut block = Self { dimmed: Vec::new() };
        for channel in channels {
            let folder = chip::channel(root, channel.line)?;
            let dimmed = Dimmed::open(&folder, channel, period);
            block.dimmed.push(dimmed.map_err(|error| why(channel.line, error))?);
        }
        Ok(block)
    }

    /// Whether the chip dims `line`.
    #[must_use]
    pub fn has(&self, line: Line) -> bool {
        self.dimmed.iter().any(|dimmed| dimmed.line == line)
    }

    /// Has `line` lit for `lit` of each period from the next one on. Does not allocate.
    pub fn dim(&mut self, line: Line, lit: Duration) {
        if let Some(dimmed) = self.dimmed.iter_mut().find(|dimmed| dimmed.line == line) {
            dimmed.dim(lit);
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
