//! The seam to the hardware: a [`Driver`] takes the levels of channels and makes them light. Knows nothing of shows.

use std::time::Duration;

use anyhow::Result;

use crate::level::Level;
use crate::rig::ChannelId;
use crate::time::Mono;

use super::line::Signal;

/// A level that a channel shall show.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LevelChange {
    pub channel: ChannelId,
    pub level: Level,
    /// The instant at which the playhead wanted it.
    pub due: Mono,
    /// The driver sets it: the instant right after the change was written. `None` where it could not be written;
    /// the engine tries again.
    pub written: Option<Mono>,
}

/// An edge of a line, for the trace.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LineEdge {
    pub channel: ChannelId,
    pub signal: Signal,
    pub written: Mono,
}

/// What a driver may ask and tell while it acts.
pub struct DriverContext<'a> {
    /// The instant for which it acts.
    pub now: Mono,
    clock: &'a dyn Fn() -> Mono,
    tell_edge: &'a mut dyn FnMut(LineEdge),
}

impl<'a> DriverContext<'a> {
    pub fn new(now: Mono, clock: &'a dyn Fn() -> Mono, tell_edge: &'a mut dyn FnMut(LineEdge)) -> Self {
        Self { now, clock, tell_edge }
    }

    /// This very instant. To be asked right after a write.
    #[must_use]
    pub fn clock(&self) -> Mono {
        (self.clock)()
    }

    pub fn tell_edge(&mut self, edge: LineEdge) {
        (self.tell_edge)(edge);
    }
}

/// Makes the levels of some channels light. It is made with all that it needs open and no output touched; dropped
/// then, it leaves its outputs as they are. Once taken, dropping it makes every output safe and releases it as the
/// rig says.
///
/// A driver of a slow bus gives what it takes to a thread of its own, and `set` refuses what has no room there
/// ([`LevelChange::written`]). [`is_settled`](Self::is_settled) tells when the outputs show all of it, and
/// [`exactness`](Self::exactness) how late the light may be.
pub trait Driver: Send {
    /// The channels that it drives.
    fn channels(&self) -> Vec<ChannelId>;

    /// Takes the outputs. Each is safe before it is driven. Asked once.
    ///
    /// # Errors
    /// When an output cannot be had; the others are taken and safe then.
    fn take(&mut self) -> Result<()>;

    /// Has channels show levels, each at once, in the order given. Neither blocks nor allocates. A change that was
    /// taken reaches its output; the driver itself tries again if it must.
    ///
    /// # Panics
    /// Never. An output that was not taken is left alone.
    fn set(&mut self, changes: &mut [LevelChange], context: &mut DriverContext<'_>);

    /// Does what is due by now, such as the edges of PWM. Returns when it wants to be called next. Called at the first
    /// turn of a show, after each [`set`](Self::set) and after [`make_safe`](Self::make_safe). Neither blocks nor
    /// allocates.
    fn tick(&mut self, context: &mut DriverContext<'_>) -> Option<Mono>;

    /// Every taken output to its safe level, now. Whether all of them surely are, or will be as far as is known: a driver
    /// with a thread of its own hands the levels over, and [`await_safe`](Self::await_safe) waits for them. The driver stays
    /// usable. Neither blocks nor allocates.
    #[must_use]
    fn make_safe(&mut self) -> bool;

    /// After a last [`make_safe`](Self::make_safe), which `is_sure` or not: waits until every output is safe, a second at
    /// most for a slow bus. Whether all of them surely are.
    #[must_use]
    fn await_safe(&mut self, is_sure: bool) -> bool {
        is_sure
    }

    /// Whether everything that was set has reached the outputs.
    fn is_settled(&self) -> bool {
        true
    }

    /// How long after [`LevelChange::written`] the light may change.
    fn exactness(&self) -> Duration {
        Duration::ZERO
    }
}

/// Outputs that take a level by themselves. Made and dropped as a [`Driver`] is.
pub trait LevelOutputs: Send {
    /// Takes the outputs, each at its safe level from the first moment on.
    ///
    /// # Errors
    /// When an output is not to be had; the others are taken and safe then.
    fn take(&mut self) -> Result<()>;

    /// Has the output at `index` show `level`, without blocking or allocating. Whether that was written. An output
    /// that was not taken is ignored.
    #[must_use]
    fn write(&mut self, index: usize, level: Level) -> bool;

    /// Every taken output to its safe level, now. Whether all of them surely are.
    #[must_use]
    fn make_safe(&mut self) -> bool;
}
