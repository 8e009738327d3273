//! How a measurement is divided in time.

use std::time::Duration;

/// Machine and engine take turns of this length: both meet the same load.
pub(super) const TURN: Duration = Duration::from_millis(500);
/// Every thread runs and waits by the first deadline.
pub(super) const RUN_UP: Duration = Duration::from_millis(100);
/// How often a measurement that runs is looked after.
pub(super) const LOOK: Duration = Duration::from_millis(50);

/// Whether the measurement shall stop. Asked every 50 ms.
pub type ShouldStop<'a> = &'a dyn Fn() -> bool;
