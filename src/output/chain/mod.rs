//! Chains of 74HC595 shift registers: eight outputs a chip behind three lines of the header. Knows neither what drives
//! the lines nor which channels hang on the outputs.
//!
//! A chain has no state that anybody must know: each write shifts a signal for every output, and then has all outputs
//! show theirs at once. So whoever writes makes all of them what it wants, wherever another process was killed. What
//! may not happen is that two processes shift at the same time: see `ChainLines::begin`.

mod driver;
mod pins;
mod safe;
mod sim;
mod word;

#[cfg(test)]
mod tests;

use std::time::Duration;

use anyhow::{Result, ensure};

use super::line::Signal;

pub use safe::{SafeChain, ShownOutput};
pub use word::ChainWord;

pub(super) use driver::ChainDriver;
pub(super) use pins::PinChain;
pub(super) use sim::SimChain;

/// Another process has shifted its word by then; one that has not is stuck.
const PATIENCE: Duration = Duration::from_millis(100);
/// Of the timing thread: another process shifts for a fifth of a millisecond.
const SHORT_PATIENCE: Duration = Duration::from_micros(300);
const TRIES: usize = 3;

/// A line of a chain, by what it does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum ChainLine {
    Data,
    Clock,
    Latch,
}

/// The lines of a chain, each low or high.
pub(super) trait ChainLines: Send {
    /// Takes all lines but the one that switches the outputs on: each is low, then becomes an output.
    ///
    /// # Errors
    /// When a line is not to be had.
    fn take(&mut self) -> Result<()>;

    /// Switches the outputs on, where a line does that.
    ///
    /// # Errors
    /// When that line is not to be had.
    fn enable(&mut self) -> Result<()>;

    /// Keeps other processes from shifting until [`end`](Self::end). Waits `patience` at most, and then goes ahead only
    /// if the other one is stuck. Whether it goes ahead.
    fn begin(&mut self, patience: Duration) -> bool;

    /// Drives a line, and waits as long as the chips need. `false`, and nothing is driven, if this process was kept
    /// from running for so long that another one may have gone ahead.
    fn drive(&mut self, line: ChainLine, signal: Signal) -> bool;

    fn end(&mut self);
}

/// The outputs of a chain. Dropped, they are safe if they were taken, and stay driven.
pub struct ShiftChain {
    lines: Box<dyn ChainLines>,
    safe: ChainWord,
    is_taken: bool,
}

impl ShiftChain {
    pub(super) fn new(lines: Box<dyn ChainLines>, safe: ChainWord) -> Self {
        Self { lines, safe, is_taken: false }
    }

    /// Takes the lines, and makes every output safe before it is switched on. Waits 100 ms at most for another process.
    ///
    /// # Errors
    /// When a line is not to be had.
    pub(super) fn take(&mut self) -> Result<()> {
        self.lines.take()?;
        self.is_taken = true;
        ensure!(self.write_safe(), "an expander on the header could not be written in time; try again");
        self.lines.enable()
    }

    /// Has every output show what `word` says, all at the same instant. Whether that was written; otherwise the outputs
    /// are what they were, or what another process has made of them. Does not allocate, and waits a third of a
    /// millisecond at most for another process.
    #[must_use]
    pub(super) fn show(&mut self, word: &ChainWord) -> bool {
        !self.is_taken || write(&mut *self.lines, word, SHORT_PATIENCE)
    }

    /// Every output to its safe signal, as [`show`](Self::show).
    #[must_use]
    pub(super) fn make_safe(&mut self) -> bool {
        !self.is_taken || write(&mut *self.lines, &self.safe, SHORT_PATIENCE)
    }

    /// Tries again where this process was kept from running in the middle.
    fn write_safe(&mut self) -> bool {
        (0..TRIES).any(|_| write(&mut *self.lines, &self.safe, PATIENCE))
    }

    pub(super) fn safe(&self) -> &ChainWord {
        &self.safe
    }
}

impl Drop for ShiftChain {
    fn drop(&mut self) {
        if self.is_taken {
            let _is_safe = self.write_safe();
        }
    }
}

fn write(lines: &mut dyn ChainLines, word: &ChainWord, patience: Duration) -> bool {
    if !lines.begin(patience) {
        return false;
    }
    let is_written = shift(lines, word);
    lines.end();
    is_written
}

/// Only the rising latch changes an output: whatever ends this before leaves all as they are.
fn shift(lines: &mut dyn ChainLines, word: &ChainWord) -> bool {
    use ChainLine::{Clock, Data, Latch};
    use Signal::{High, Low};
    // Another process may have died while they were high.
    let mut is_written = lines.drive(Latch, Low) && lines.drive(Clock, Low);
    for signal in word.shifted() {
        is_written =
            is_written && lines.drive(Data, signal) && lines.drive(Clock, High) && lines.drive(Clock, Low);
    }
    if is_written && lines.drive(Latch, High) {
        // At rest all are low. What is not is so at the next write.
        let _are_low = lines.drive(Latch, Low) && lines.drive(Data, Low);
        return true;
    }
    false
}
