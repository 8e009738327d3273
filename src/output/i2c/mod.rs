//! Chips on I²C buses. Each bus has a thread of its own: a chip that does not answer, or a bus that hangs, holds up no
//! other light. Knows nothing of shows.
//!
//! ```text
//! timing thread ─► driver ─► shared images ─► worker ─► writer ─► bus ─► chips
//!                  levels                     thread   registers  kernel
//! ```
//!
//! An *image* is what all outputs of a chip carry. The two threads share the images that are wanted, and no queue of
//! changes: a bus that was slow goes on with what is wanted by then. Registers are written whole and never read, so whoever writes
//! last makes a chip what it wants.
//!
//! The worker writes only while the timing thread tells that it lives (`PERMIT`). So it never overrules a guardian,
//! which drives the chips when that thread stands still for two seconds.

mod bus;
mod driver;
mod image;
mod registers;
mod safe;
mod safe_process;
mod shared_images;
mod worker;
mod writer;

#[cfg(test)]
mod tests;

use std::time::Duration;

pub use bus::{ChipAnswer, ask};
pub use safe::{SafeBus, SafeChip};
pub use safe_process::{COMMAND, run};

pub(super) use driver::BusDriver;
pub(super) use safe_process::SafeBusProcess;

/// For so long after the last sign of the timing thread its levels are written: shorter than the two seconds after which
/// a guardian takes a thread for dead.
const PERMIT: Duration = Duration::from_millis(1_500);
/// How often the timing thread gives a sign while nothing changes.
const SIGN: Duration = Duration::from_millis(500);
/// A bus that has not done its work by then is left to itself.
const PATIENCE: Duration = Duration::from_secs(1);
