//! The seam to the hardware: an output takes line states. It knows nothing of shows.

pub mod board;
pub mod gpio;
pub mod mixed;
pub mod patch;
pub mod pwm_block;
pub mod sim;
#[cfg(test)]
pub(crate) mod testing;
pub mod trace;

use std::time::Duration;

use anyhow::Result;

use crate::rig::{Active, Channel, Line, Release};

/// The electrical level of a line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Signal {
    Low,
    High,
}

impl Signal {
    /// What a line carries when its channel is lit.
    #[must_use]
    pub const fn lit(active: Active) -> Self {
        match active {
            Active::High => Self::High,
            Active::Low => Self::Low,
        }
    }

    /// What a line carries when its channel is dark.
    #[must_use]
    pub const fn dark(active: Active) -> Self {
        Self::lit(active).inverted()
    }

    #[must_use]
    pub const fn inverted(self) -> Self {
        match self {
            Self::Low => Self::High,
            Self::High => Self::Low,
        }
    }
}

/// A line with its safe signal: what it carries while no show plays.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Wire {
    pub line: Line,
    pub safe: Signal,
}

impl Wire {
    #[must_use]
    pub const fn of(channel: &Channel) -> Self {
        let safe =
            if channel.safe.is_lit() { Signal::lit(channel.active) } else { Signal::dark(channel.active) };
        Self { line: channel.line, safe }
    }
}

/// Drives lines. Every implementation takes its lines with the safe signal set *before* they become
/// outputs, and on drop drives each to its safe signal, then releases it as the rig says. It can be
/// *reached*, all that it needs being open and no line touched, before it is taken; dropped then, it
/// leaves the lines as they are.
pub trait Output: Send {
    /// Takes the lines: each has its safe signal, then becomes an output. Those that are taken are taken
    /// anew, whatever another process has done to them.
    ///
    /// # Errors
    /// When a line is not to be had; those before it stay taken and safe.
    fn take(&mut self) -> Result<()>;

    /// Drives each line to its signal, in the order given, without blocking or allocating. What is
    /// due together is passed together.
    ///
    /// # Panics
    /// Never; a line that was not taken is ignored.
    fn drive(&mut self, changes: &[(Line, Signal)]);

    /// Whether the output dims `line` by itself and wants to be told of [`dim`](Self::dim) instead of edges.
    fn dims(&self, _line: Line) -> bool {
        false
    }

    /// Has `line`, which it [`dims`](Self::dims), lit for `lit` of each of the rig's PWM periods. As
    /// [`drive`](Self::drive), neither blocks nor allocates. Whether that was written: what was not is to be
    /// tried again.
    #[must_use]
    fn dim(&mut self, _line: Line, _lit: Duration) -> bool {
        true
    }

    /// Every taken line to its safe signal, now. The output stays usable.
    fn make_safe(&mut self);

    /// What `line` was last driven to; `None` when it was not taken. From memory: a pad would tell
    /// what the wire does, not what was asked of it.
    fn signal(&self, line: Line) -> Option<Signal>;
}

/// The wires of an output, and what those that it took were last driven to.
#[derive(Clone, Debug)]
struct Taken {
    wires: Vec<Wire>,
    signals: [Option<Signal>; Line::COUNT],
    release: Release,
}

impl Taken {
    /// None of them yet.
    fn none_of(wires: &[Wire], release: Release) -> Self {
        Self { wires: wires.to_vec(), signals: [None; Line::COUNT], release }
    }

    /// Notes that the line of `wire` is taken, and carries its safe signal.
    fn take(&mut self, wire: Wire) {
        self.signals[wire.line.index()] = Some(wire.safe);
    }

    fn has(&self, line: Line) -> bool {
        self.signals[line.index()].is_some()
    }

    /// Notes that `line` is about to carry `signal`; false when it was not taken.
    fn note(&mut self, line: Line, signal: Signal) -> bool {
        let taken = &mut self.signals[line.index()];
        let is_ours = taken.is_some();
        if is_ours {
            *taken = Some(signal);
        }
        is_ours
    }
}
