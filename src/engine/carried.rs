//! What a channel shows: all that the engine remembers of it. What it shall show is worked out anew from the show,
//! the orders and the rig's rules; the difference is given to its driver.
//!
//! A second memory of the same would be wrong as soon as another process has written, or a write has failed. (What
//! signal a line has for a level is the driver's to remember.)

use crate::level::Level;

/// The level that a channel shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Carried {
    pub(super) level: Level,
    /// Not where a write has failed, or another process may have written: it is to be written again.
    pub(super) is_sure: bool,
}
