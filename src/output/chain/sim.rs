//! A simulated chain: chips that do what their data sheet says, and show their outputs in the pins file. Knows no word.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use super::safe::{SafeChain, ShownOutput};
use super::{ChainLine, ChainLines};
use crate::level::Level;
use crate::output::board::Board;
use crate::output::line::Signal;
use crate::output::safe_plan::SimulatedBoard;
use crate::output::sim::NOT_WRITTEN;
use crate::rig::{Active, Chain};

/// The chips of a chain. They forget with the process; a pins file remembers what they showed.
pub(in crate::output) struct SimChain {
    board: Arc<Board>,
    chain: Chain,
    shown: Vec<ShownCell>,
    registers: ShiftRegisters,
    are_outputs_on: bool,
}

#[derive(Clone, Copy, Debug)]
struct ShownCell {
    /// Its output, as an index.
    output: usize,
    active: Active,
    /// Where it is on the board.
    place: usize,
}

impl SimChain {
    /// Opens `board`, and touches no output.
    pub(in crate::output) fn reach(
        board: &SimulatedBoard,
        chain: &SafeChain,
        outputs: &[ShownOutput],
    ) -> Result<Self> {
        let cell = |output: &ShownOutput| {
            let place = board.names.iter().position(|name| *name == output.name);
            let place = place.with_context(|| format!("no simulated output is called {}", output.name))?;
            ensure!(output.number < chain.chain().outputs(), "the chain has no output {}", output.number);
            Ok(ShownCell { output: output.number.into(), active: output.active, place })
        };
        let shown = outputs.iter().map(cell).collect::<Result<_>>()?;
        let chain = chain.chain();
        Ok(Self {
            board: Arc::new(board.open()?),
            chain,
            shown,
            registers: ShiftRegisters::new(chain.outputs().into()),
            are_outputs_on: chain.enable().is_none(),
        })
    }

    /// Writes what the outputs show into the pins file: also what has not changed, which another process may have
    /// written since.
    fn show(&mut self) -> bool {
        let Some(outputs) = self.registers.outputs().filter(|_| self.are_outputs_on) else { return true };
        let mut are_written = true;
        for cell in &self.shown {
            let is_lit = outputs[cell.output] == Signal::lit(cell.active);
            let level = if is_lit { Level::FULL } else { Level::OFF };
            are_written &= self.board.set_level(cell.place, Some(level));
        }
        are_written
    }
}

impl ChainLines for SimChain {
    fn take(&mut self) -> Result<()> {
        for line in [self.chain.data(), self.chain.clock(), self.chain.latch()] {
            ensure!(self.board.set(line, Some(Signal::Low)), NOT_WRITTEN);
        }
        for line in [ChainLine::Data, ChainLine::Clock, ChainLine::Latch] {
            self.registers.drive(line, Signal::Low);
        }
        Ok(())
    }

    fn enable(&mut self) -> Result<()> {
        if let Some(line) = self.chain.enable() {
            ensure!(self.board.set(line, Some(Signal::Low)), NOT_WRITTEN);
            self.are_outputs_on = true;
        }
        ensure!(self.show(), NOT_WRITTEN);
        Ok(())
    }

    /// The chips of each process are its own.
    fn begin(&mut self, _patience: Duration) -> bool {
        true
    }

    fn drive(&mut self, line: ChainLine, signal: Signal) -> bool {
        !self.registers.drive(line, signal) || self.show()
    }

    fn end(&mut self) {}
}

/// The registers of all chips of a chain (Texas Instruments SCLS041).
pub(super) struct ShiftRegisters {
    /// The output beside the Pi first.
    shifted: Vec<Signal>,
    latched: Vec<Signal>,
    data: Signal,
    clock: Signal,
    latch: Signal,
    /// Until then the outputs show random levels.
    has_latched: bool,
}

impl ShiftRegisters {
    pub(super) fn new(outputs: usize) -> Self {
        let (data, clock, latch) = (Signal::Low, Signal::Low, Signal::Low);
        // Nothing that anybody wants.
        let shifted: Vec<Signal> =
            (0..outputs).map(|place| if place % 3 == 0 { Signal::High } else { Signal::Low }).collect();
        Self { latched: shifted.clone(), shifted, data, clock, latch, has_latched: false }
    }

    /// Whether the outputs show something else now, or the same once more.
    pub(super) fn drive(&mut self, line: ChainLine, signal: Signal) -> bool {
        let pin = match line {
            ChainLine::Data => &mut self.data,
            ChainLine::Clock => &mut self.clock,
            ChainLine::Latch => &mut self.latch,
        };
        let rises = std::mem::replace(pin, signal) == Signal::Low && signal == Signal::High;
        match line {
            ChainLine::Clock if rises => {
                self.shifted.rotate_right(1);
                self.shifted[0] = self.data;
                false
            }
            ChainLine::Latch if rises => {
                self.latched.copy_from_slice(&self.shifted);
                self.has_latched = true;
                true
            }
            _ => false,
        }
    }

    /// What the outputs carry; `None` before anything was latched.
    pub(super) fn outputs(&self) -> Option<&[Signal]> {
        self.has_latched.then_some(&*self.latched)
    }
}
