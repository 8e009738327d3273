//! How the packets of a receiver are counted. Pure.

use crate::packets::ddp::DdpSequence;
use crate::rig::Receiver;
use crate::time::Mono;

/// The number of the last packet.
#[derive(Clone, Copy, Debug)]
pub(super) enum PacketCount {
    Ddp(DdpSequence),
    Sacn(u8),
}

impl PacketCount {
    /// Receivers drop packets that are up to 20 older than the last (E1.31, 6.7.2). A process that was begun anew is so
    /// ahead of the one before: `now` counts frames.
    pub(super) const fn begun(receiver: Receiver, now: Mono) -> Self {
        let frames = now.nanos() / 25_000_000;
        match receiver {
            Receiver::Ddp(_) => Self::Ddp(DdpSequence::from(frames)),
            Receiver::Sacn { .. } => Self::Sacn(frames as u8),
        }
    }
}
