//! Chains of 74HC595 shift registers: which lines of the header they hang on, and the outputs that they give. Knows
//! not how they are driven.

use serde::{Deserialize, Serialize};

use super::line::Line;

/// A chain of shift registers, one behind the other on the same lines. Each chip has eight outputs.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "WrittenChain", into = "WrittenChain")]
pub struct Chain {
    data: Line,
    clock: Line,
    latch: Line,
    enable: Option<Line>,
    chips: u8,
}

impl Chain {
    /// Their outputs are counted in a byte, and the timing thread shifts a bit for each of them at each change.
    pub const MOST_CHIPS: u8 = 16;
    const OUTPUTS_OF_A_CHIP: u8 = 8;

    /// `None` if two of its lines are the same one, or `chips` is not 1 to [`MOST_CHIPS`](Self::MOST_CHIPS).
    #[must_use]
    pub fn new(data: Line, clock: Line, latch: Line, enable: Option<Line>, chips: u8) -> Option<Self> {
        let chain = Self { data, clock, latch, enable, chips };
        let lines: Vec<Line> = chain.lines().collect();
        let is_own = |place: usize| !lines[..place].contains(&lines[place]);
        let fits = (1..=Self::MOST_CHIPS).contains(&chips) && (0..lines.len()).all(is_own);
        fits.then_some(chain)
    }

    /// Carries the bits into the first chip (SER, pin 14).
    #[must_use]
    pub const fn data(self) -> Line {
        self.data
    }

    /// Shifts the bits on when it rises (SRCLK, pin 11).
    #[must_use]
    pub const fn clock(self) -> Line {
        self.clock
    }

    /// Has all outputs show what was shifted when it rises (RCLK, pin 12).
    #[must_use]
    pub const fn latch(self) -> Line {
        self.latch
    }

    /// Switches the outputs on while it is low (OE, pin 13); `None` where they are always on.
    #[must_use]
    pub const fn enable(self) -> Option<Line> {
        self.enable
    }

    /// How many chips, 1 to [`MOST_CHIPS`](Self::MOST_CHIPS).
    #[must_use]
    pub const fn chips(self) -> u8 {
        self.chips
    }

    /// How many outputs: they are counted from 0, the first at the chip beside the Pi.
    #[must_use]
    pub const fn outputs(self) -> u8 {
        self.chips * Self::OUTPUTS_OF_A_CHIP
    }

    /// All lines of the header that it hangs on.
    pub fn lines(self) -> impl Iterator<Item = Line> {
        [self.data, self.clock, self.latch].into_iter().chain(self.enable)
    }

    /// The output `number` of it; `None` if it has no such output.
    #[must_use]
    pub const fn output(self, number: u8) -> Option<ChainOutput> {
        if number < self.outputs() { Some(ChainOutput { chain: self, number }) } else { None }
    }
}

/// One output of a chain.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ChainOutput {
    chain: Chain,
    number: u8,
}

impl ChainOutput {
    #[must_use]
    pub const fn chain(self) -> Chain {
        self.chain
    }

    /// Counted from 0, QA of the chip beside the Pi.
    #[must_use]
    pub const fn number(self) -> u8 {
        self.number
    }

    /// The chip that it is at, counted from 0, and its bit there.
    #[must_use]
    pub const fn place(self) -> (usize, u8) {
        ((self.number / Chain::OUTPUTS_OF_A_CHIP) as usize, self.number % Chain::OUTPUTS_OF_A_CHIP)
    }
}

/// A chain as orders have it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenChain {
    data: Line,
    clock: Line,
    latch: Line,
    enable: Option<Line>,
    chips: u8,
}

impl From<Chain> for WrittenChain {
    fn from(Chain { data, clock, latch, enable, chips }: Chain) -> Self {
        Self { data, clock, latch, enable, chips }
    }
}

impl TryFrom<WrittenChain> for Chain {
    type Error = &'static str;

    fn try_from(written: WrittenChain) -> Result<Self, Self::Error> {
        let WrittenChain { data, clock, latch, enable, chips } = written;
        Self::new(data, clock, latch, enable, chips).ok_or("a chain has lines of its own, and 1 to 16 chips")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(bcm: u8) -> Line {
        Line::new(bcm).unwrap()
    }

    #[test]
    fn a_chain_has_lines_of_its_own_and_eight_outputs_a_chip() {
        let chain =
            |enable: Option<u8>, chips| Chain::new(line(10), line(11), line(8), enable.map(line), chips);
        for (enable, chips, is_chain) in
            [(None, 1, true), (Some(25), 16, true), (None, 0, false), (None, 17, false), (Some(11), 1, false)]
        {
            assert_eq!(chain(enable, chips).is_some(), is_chain, "{enable:?}, {chips} chips");
        }
        assert!(Chain::new(line(10), line(8), line(8), None, 1).is_none());
        let board = chain(Some(25), 4).unwrap();
        assert_eq!(board.output(31).map(ChainOutput::place), Some((3, 7)));
        assert_eq!(board.output(8).map(ChainOutput::place), Some((1, 0)));
        assert_eq!(board.output(32), None);
    }

    #[test]
    fn a_chain_that_cannot_be_is_refused_in_orders() {
        let text = r#"{"data":10,"clock":11,"latch":8,"enable":null,"chips":4}"#;
        let board: Chain = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&board).unwrap(), text);
        for wrong in [text.replace("11", "10"), text.replace(":4", ":17"), text.replace(":10", ":28")] {
            assert!(serde_json::from_str::<Chain>(&wrong).is_err(), "{wrong}");
        }
    }
}
