//! A chain on pins of this Raspberry Pi. Knows no word.

use std::hint;
use std::time::{Duration, Instant};

use anyhow::Result;

use super::{ChainLine, ChainLines, PATIENCE};
use crate::output::gpio::{Gpio, Unavailable};
use crate::output::line::{LineOutputs, Signal, Wire};
use crate::rig::{Chain, Line, Release};

/// Before and after a rising edge. At 2 V, its lowest supply, a 74HC595 asks for 100 ns of clock, and for 125 ns of data
/// and 94 ns of clock before an edge (Texas Instruments SCLS041); edges at the end of a cable are less steep.
const SETTLE: Duration = Duration::from_nanos(500);
/// A process that has begun to shift may go on for so long: who waits for it goes ahead after [`PATIENCE`].
const TURN: Duration = Duration::from_millis(50);

/// The lines of a chain.
pub(in crate::output) struct PinChain {
    chain: Chain,
    lines: Gpio,
    /// The line that switches the outputs on.
    enable: Option<Gpio>,
    /// When it began to shift.
    begun: Instant,
    /// Another process keeps it from shifting.
    waits: Option<Wait>,
}

#[derive(Clone, Copy)]
struct Wait {
    since: Instant,
    /// When it last tried to begin.
    tried: Instant,
    /// It has waited for long enough.
    is_stuck: bool,
}

impl PinChain {
    /// Opens the registers, and touches no line.
    ///
    /// # Errors
    /// [`Unavailable`], whose text names the mend.
    pub(in crate::output) fn reach(chain: Chain) -> Result<Self, Unavailable> {
        let low = |line| Wire { line, safe: Signal::Low };
        let lines = [chain.data(), chain.clock(), chain.latch()].map(low);
        let enable = chain.enable().map(|line| Gpio::reach(&[low(line)], Release::Driven)).transpose()?;
        let lines = Gpio::reach(&lines, Release::Driven)?;
        Ok(Self { chain, lines, enable, begun: Instant::now(), waits: None })
    }

    const fn line(&self, line: ChainLine) -> Line {
        match line {
            ChainLine::Data => self.chain.data(),
            ChainLine::Clock => self.chain.clock(),
            ChainLine::Latch => self.chain.latch(),
        }
    }
}

impl ChainLines for PinChain {
    fn take(&mut self) -> Result<()> {
        self.lines.take()
    }

    fn enable(&mut self) -> Result<()> {
        self.enable.as_mut().map_or(Ok(()), LineOutputs::take)
    }

    fn begin(&mut self, patience: Duration) -> bool {
        let began = Instant::now();
        let waits = self.waits.take();
        if !self.lines.keep_alone(patience) {
            // One that was in the way some time ago is another one, unless it was stuck.
            let goes_on = |wait: &Wait| wait.is_stuck || began.duration_since(wait.tried) < PATIENCE;
            let since = waits.filter(goes_on).map_or(began, |wait| wait.since);
            let tried = Instant::now();
            let is_stuck = tried.duration_since(since) >= PATIENCE;
            self.waits = Some(Wait { since, tried, is_stuck });
            if !is_stuck {
                return false;
            }
        }
        self.begun = Instant::now();
        true
    }

    fn drive(&mut self, line: ChainLine, signal: Signal) -> bool {
        let rises = signal == Signal::High && line != ChainLine::Data;
        if rises {
            settle();
        }
        // Right before the write: what comes in between may stop this process.
        let is_our_turn = self.begun.elapsed() < TURN;
        if is_our_turn {
            let _always = self.lines.drive(&[(self.line(line), signal)]);
        }
        if rises {
            settle();
        }
        is_our_turn
    }

    fn end(&mut self) {
        self.lines.share();
    }
}

fn settle() {
    let began = Instant::now();
    while began.elapsed() < SETTLE {
        hint::spin_loop();
    }
}
