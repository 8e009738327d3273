//! What a line carries: all that the engine remembers of it. What it shall carry is worked out anew at every look,
//! from the show, the orders and the rig's rules; the difference is written.
//!
//! A second memory of the same would be wrong as soon as another process has written, or a write has failed.

use std::time::Duration;

use crate::level::Level;
use crate::output::{Output, Signal};
use crate::rig::Line;

/// What a line carries, and the level that this gives.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Carried {
    pub(super) level: Level,
    pub(super) by: By,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum By {
    Signal(Signal),
    /// The output dims the line by itself, and has it lit for so many nanoseconds of each period.
    Pulses(u64),
    /// A write has failed, or another process has written: it is to be written again.
    Unknown,
}

/// What is to be written to the output.
#[derive(Debug)]
pub(super) struct Changes {
    pub(super) signals: Vec<(Line, Signal)>,
    /// For lines that the output dims by itself.
    pub(super) pulses: Vec<Pulses>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Pulses {
    pub(super) line: Line,
    /// Nanoseconds of each period.
    pub(super) lit: u64,
    pub(super) is_written: bool,
}

impl Changes {
    /// With room for as many lines as may change at once.
    pub(super) fn with_capacity(lines: usize) -> Self {
        Self { signals: Vec::with_capacity(lines), pulses: Vec::with_capacity(lines) }
    }

    pub(super) fn clear(&mut self) {
        self.signals.clear();
        self.pulses.clear();
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.signals.is_empty() && self.pulses.is_empty()
    }

    pub(super) fn write_to(&mut self, output: &mut dyn Output) {
        output.drive(&self.signals);
        for pulses in &mut self.pulses {
            pulses.is_written = output.dim(pulses.line, Duration::from_nanos(pulses.lit));
        }
    }

    /// Whether `line` could not be written. Signals always can.
    pub(super) fn has_failed(&self, line: Line) -> bool {
        self.pulses.iter().any(|pulses| pulses.line == line && !pulses.is_written)
    }
}
