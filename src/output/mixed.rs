//! Lines of two kinds as one output: most follow edges, some the PWM block dims.

use std::time::Duration;

use anyhow::Result;

use super::pwm_block::PwmBlock;
use super::{Output, Signal};
use crate::rig::Line;

/// `lines`, and those that `block` dims beside them.
pub struct Mixed<L> {
    lines: L,
    block: PwmBlock,
}

impl<L: Output> Mixed<L> {
    pub const fn new(lines: L, block: PwmBlock) -> Self {
        Self { lines, block }
    }
}

impl<L: Output> Output for Mixed<L> {
    fn take(&mut self) -> Result<()> {
        // First: these are safe then, whatever is missing for the others.
        self.lines.take()?;
        Ok(self.block.take()?)
    }

    fn drive(&mut self, changes: &[(Line, Signal)]) {
        self.lines.drive(changes);
    }

    fn dims(&self, line: Line) -> bool {
        self.block.has(line)
    }

    fn dim(&mut self, line: Line, lit: Duration) -> bool {
        self.block.dim(line, lit)
    }

    fn make_safe(&mut self) {
        self.lines.make_safe();
        self.block.make_safe();
    }

    fn signal(&self, line: Line) -> Option<Signal> {
        self.lines.signal(line)
    }
}
