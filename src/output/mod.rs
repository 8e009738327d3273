//! The lines' states: the second seam. An output takes line levels and knows nothing of shows.

use crate::rig::Line;

/// The electrical level of a line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Signal {
    Low,
    High,
}

/// A line with the signal it rests at when nobody plays.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Wire {
    pub line: Line,
    pub safe: Signal,
}

/// Drives lines. Every implementation takes its lines with the safe signal set *before* they become
/// outputs, and on drop drives each to its safe signal, then releases it as the rig says.
pub trait Output: Send {
    /// Drives `line`, at once and without blocking or allocating.
    ///
    /// # Panics
    /// Never; a line that was not taken is ignored.
    fn drive(&mut self, line: Line, signal: Signal);

    /// Every taken line to its safe signal, now. The output stays usable.
    fn make_safe(&mut self);
}
