//! Lights on the network. `starcourt net` sends to them: this is the instance's end of the link to it ([`net_link`]). Knows
//! no packets.
//!
//! ```text
//! timing thread ─► driver ─► shared levels ─► starcourt net
//!                  link thread ◄── notices ──┘
//! ```
//!
//! No guardian makes them safe: receivers ignore packets whose numbers are older than the last, and only `starcourt net`
//! knows the numbers. It sees by itself when the timing thread stands still or the process has ended.
//!
//! [`net_link`]: crate::net_link

mod call;
mod driver;
mod link_thread;

pub use call::SafeNetwork;

pub(super) use driver::NetworkDriver;

use std::time::Duration;

/// `starcourt net` answers within a few frames; one that has not by then is left to itself.
const PATIENCE: Duration = Duration::from_secs(1);
