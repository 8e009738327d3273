//! What the outputs of a chain carry, all at once. Knows no lines.

use serde::{Deserialize, Serialize};

use crate::output::line::Signal;
use crate::rig::{Chain, ChainOutput};

/// A signal for each output of a chain: a byte a chip, the chip beside the Pi first, QA its lowest bit.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ChainWord(Vec<u8>);

impl ChainWord {
    /// All outputs of `chain` low.
    #[must_use]
    pub fn low(chain: Chain) -> Self {
        Self(vec![0; chain.chips().into()])
    }

    /// Whether it has a signal for each output of `chain`, and no other.
    #[must_use]
    pub fn fits(&self, chain: Chain) -> bool {
        self.0.len() == usize::from(chain.chips())
    }

    /// All outputs of the chip `chip` to `signal`.
    pub fn fill(&mut self, chip: usize, signal: Signal) {
        self.0[chip] = if signal == Signal::High { u8::MAX } else { 0 };
    }

    pub fn set(&mut self, output: ChainOutput, signal: Signal) {
        let (chip, bit) = output.place();
        match signal {
            Signal::High => self.0[chip] |= 1 << bit,
            Signal::Low => self.0[chip] &= !(1 << bit),
        }
    }

    #[must_use]
    pub fn signal(&self, output: ChainOutput) -> Signal {
        let (chip, bit) = output.place();
        of(self.0[chip] >> bit & 1 == 1)
    }

    /// The signals in the order in which they are shifted: what is shifted first comes to rest at the far end.
    pub(super) fn shifted(&self) -> impl Iterator<Item = Signal> {
        self.0.iter().rev().flat_map(|byte| (0..8).rev().map(move |bit| of(byte >> bit & 1 == 1)))
    }

    /// Becomes `other`, of the same chain. Does not allocate.
    pub(super) fn copy_from(&mut self, other: &Self) {
        self.0.copy_from_slice(&other.0);
    }
}

const fn of(is_high: bool) -> Signal {
    if is_high { Signal::High } else { Signal::Low }
}
