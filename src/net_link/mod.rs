//! The link between an instance and `starcourt net`, the process that sends to receivers on the network. Both ends. Knows
//! neither packets nor channels.
//!
//! ```text
//!  instance                                          starcourt net
//!  timing thread ─► shared levels ─────────────────► streams ─► receivers
//!                   memory of both                   packets
//!  link thread  ◄── notices: refused, lost, safe ◄── a socket
//! ```
//!
//! The instance connects, and hands over what it has to send to ([`LinkPlan`]) together with the memory. From then on the
//! timing thread only writes levels into it. They hold for [`PERMIT`] after its last sign of life: then, or when the
//! connection ends, `starcourt net` sends safe levels and ends the streams by itself.

mod connection;
mod handover;
mod levels;
mod plan;
mod wake;

use std::path::{Path, PathBuf};
use std::time::Duration;

pub use connection::{FromInstance, NetEnd, NetLink, NetNotice};
pub use handover::NetHandover;
pub use levels::{NetLevels, Wishes};
pub use plan::{InstanceId, LinkPlan, LinkedOutput, LinkedReceiver, PlanFlaw};
pub use wake::{WakeReader, WakeSender};

/// For so long after the last sign of the timing thread its levels are sent. Longer than a guardian waits: after a
/// standstill that it does not notice, contacts on the network have kept their state, as those on pins have.
pub const PERMIT: Duration = Duration::from_secs(3);
/// How often the timing thread gives a sign while nothing changes.
pub const SIGN: Duration = Duration::from_millis(500);

/// Where instances have their locks unless they are told another folder.
pub const USUAL_FOLDER: &str = "/run/starcourt";

/// Where `starcourt net` listens, for the instances that have their locks in `folder`.
#[must_use]
pub fn socket_in(folder: &Path) -> PathBuf {
    folder.join("net.sock")
}
