//! The patch of an instance: which lines it drives, through what, and how it leaves them. All that is
//! needed to take them, in this process or in another. Knows no channels' names and no shows.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Result;

use super::gpio::Gpio;
use super::mixed::Mixed;
use super::pwm_block::{DimmedWire, PwmBlock};
use super::sim::Sim;
use super::{Output, Wire};
use crate::rig::{Line, Release};

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Patch {
    pub way: Way,
    /// Lines that follow edges.
    pub wires: Vec<Wire>,
    pub release: Release,
}

/// What lines are driven through.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Way {
    /// The pins of this Raspberry Pi; those in `dimmed` once a `period` by the chip itself.
    Pins { dimmed: Vec<DimmedWire>, period: Duration },
    /// Simulated, in a pins file.
    File(PathBuf),
    /// Simulated, in the memory of the process.
    Memory,
}

impl Patch {
    /// Takes the lines, each safe before it becomes an output.
    ///
    /// # Errors
    /// [`Unavailable`](super::gpio::Unavailable) for pins, any other error for simulated ones; lines
    /// already taken then stay safe.
    pub fn open(&self) -> Result<Box<dyn Output>> {
        let mut output = self.reach()?;
        output.take()?;
        Ok(output)
    }

    /// Opens all that is needed to take the lines, and touches none.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn reach(&self) -> Result<Box<dyn Output>> {
        Ok(match &self.way {
            Way::Pins { dimmed, period } => {
                let lines = Gpio::reach(&self.wires, self.release)?;
                match dimmed[..] {
                    [] => Box::new(lines),
                    _ => Box::new(Mixed::new(lines, PwmBlock::reach("/", dimmed, *period))),
                }
            }
            Way::File(path) => Box::new(Sim::reach_file(path, &self.wires, self.release)?),
            Way::Memory => Box::new(Sim::reach(&self.wires, self.release)),
        })
    }

    pub fn lines(&self) -> impl Iterator<Item = Line> {
        self.wires.iter().map(|wire| wire.line).chain(self.dimmed().iter().map(|dimmed| dimmed.wire.line))
    }

    fn dimmed(&self) -> &[DimmedWire] {
        match &self.way {
            Way::Pins { dimmed, .. } => dimmed,
            Way::File(_) | Way::Memory => &[],
        }
    }

    /// Whether the lines stay as they are when the process is gone.
    #[must_use]
    pub fn outlives_the_process(&self) -> bool {
        self.way != Way::Memory && self.lines().next().is_some()
    }

    /// This patch of those lines alone that are `wanted`.
    #[must_use]
    pub fn only(mut self, wanted: impl Fn(Line) -> bool) -> Self {
        self.wires.retain(|wire| wanted(wire.line));
        if let Way::Pins { dimmed, .. } = &mut self.way {
            dimmed.retain(|dimmed| wanted(dimmed.wire.line));
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::Signal;
    use crate::rig::Active;

    fn wire(bcm: u8) -> Wire {
        Wire { line: Line::new(bcm).unwrap(), safe: Signal::Low }
    }

    fn bcm_of(patch: &Patch) -> Vec<u8> {
        patch.lines().map(Line::bcm).collect()
    }

    #[test]
    fn a_patch_can_be_cut_down_to_some_of_its_lines() {
        let dimmed = [18, 19].map(|bcm| DimmedWire { wire: wire(bcm), active: Active::High });
        let way = Way::Pins { dimmed: dimmed.to_vec(), period: Duration::from_millis(5) };
        let patch = Patch { way, wires: [4, 5].map(wire).to_vec(), release: Release::Driven };
        assert_eq!(bcm_of(&patch), [4, 5, 18, 19]);
        assert!(patch.outlives_the_process());
        let some = patch.only(|line| [5, 18].contains(&line.bcm()));
        assert_eq!(bcm_of(&some), [5, 18]);
        assert!(!some.only(|_| false).outlives_the_process(), "there is nothing to outlive it");
    }

    #[test]
    fn lines_in_memory_end_with_the_process() {
        let patch = Patch { way: Way::Memory, wires: vec![wire(4)], release: Release::Driven };
        assert!(!patch.outlives_the_process());
        assert_eq!(patch.open().unwrap().signal(patch.wires[0].line), Some(Signal::Low));
    }
}
