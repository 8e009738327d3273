//! What every music file is once its format is understood: packets one after another, each of so many
//! frames. Knows no format and decodes nothing.

use std::io;

use super::codec::Codec;

/// Frames a second: more than any file of music has.
pub(super) const MOST_RATE: u32 = 768_000;

/// A piece of a file that is decoded at once.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Packet {
    /// Decoded frames that are left out before those that are heard: an encoder's delay.
    pub skip: u32,
    /// Frames that are heard.
    pub frames: u32,
    /// Its bytes are known to be wrong: it is heard as silence.
    pub is_broken: bool,
    /// It is decoded as [`Packets::codec`] is from here on, by a new decoder.
    pub begins_stream: bool,
}

impl Packet {
    pub(super) const fn of(frames: u32) -> Self {
        Self { skip: 0, frames, is_broken: false, begins_stream: false }
    }
}

/// A file as its packets. A packet's frames are found from the file itself, never from what a header
/// estimates.
pub(super) trait Packets: Send {
    /// What decodes the packets. Its rate is the same for the whole file.
    fn codec(&self) -> &Codec;

    /// The next packet, `None` after the last. Where `bytes` is given, they become the packet's.
    ///
    /// # Errors
    /// When the file cannot be read. What is broken in it is passed over, and kept in [`Packets::faults`].
    fn next(&mut self, bytes: Option<&mut Vec<u8>>) -> io::Result<Option<Packet>>;

    /// Back to the first packet.
    fn rewind(&mut self);

    /// The frames of all packets, where that is certain without passing through them.
    fn known_frames(&mut self) -> Option<u64> {
        None
    }

    /// The frames that the file's header speaks of, where it does and the file was meant to have them.
    fn promised_frames(&self) -> Option<u64> {
        None
    }

    /// What was wrong in all that has been passed through.
    fn faults(&self) -> &PacketFaults;
}

/// What is wrong with a file at a frame.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in super::super) enum PacketFault {
    /// What stands there is no sound, or not as it was written.
    Broken,
    /// The last packet is not whole, or there are fewer than the header says.
    EndsEarly,
    /// From there on the sound has another rate, which nobody can join: it ends there.
    OtherRate(u32),
}

/// Where it is wrong, in the order of the file: the first few, each once.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct PacketFaults(Vec<(u64, PacketFault)>);

/// A person looks at the first ones.
const MOST_FAULTS: usize = 100;

impl PacketFaults {
    pub(super) fn add(&mut self, frame: u64, fault: PacketFault) {
        let is_later = self.0.last().is_none_or(|(last, kind)| frame > *last || *kind != fault);
        let is_known = self.0.contains(&(frame, fault));
        if is_later && !is_known && self.0.len() < MOST_FAULTS {
            self.0.push((frame, fault));
        }
    }

    /// For those that were counted with frames that are not heard.
    pub(super) fn earlier_by(&mut self, frames: u64) {
        self.0.iter_mut().for_each(|(frame, _)| *frame = frame.saturating_sub(frames));
    }

    pub(super) fn all(&self) -> &[(u64, PacketFault)] {
        &self.0
    }
}

/// Which of the frames that a decoder makes are heard: an encoder pads both ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Trim {
    pub from: u64,
    pub to: u64,
}

impl Trim {
    pub(super) const NONE: Self = Self { from: 0, to: u64::MAX };

    /// The packet of `frames` decoded frames, the first of which is `at`.
    pub(super) fn cut(self, at: u64, frames: u32) -> Packet {
        let end = (at + u64::from(frames)).min(self.to);
        let begin = at.max(self.from).min(at + u64::from(frames));
        Packet { skip: (begin - at) as u32, ..Packet::of(end.saturating_sub(begin) as u32) }
    }

    /// How many of `frames` are heard.
    pub(super) fn heard(self, frames: u64) -> u64 {
        frames.min(self.to).saturating_sub(self.from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ends_of_what_was_padded_are_cut() {
        let trim = Trim { from: 1_500, to: 3_000 };
        let cut: Vec<_> =
            (0..4).map(|n| trim.cut(n * 1_000, 1_000)).map(|packet| (packet.skip, packet.frames)).collect();
        assert_eq!(cut, [(1_000, 0), (500, 500), (0, 1_000), (0, 0)]);
        assert_eq!(trim.heard(4_000), 1_500);
        assert_eq!(trim.heard(1_000), 0);
        assert_eq!(Trim::NONE.cut(7, 9), Packet::of(9));
    }

    #[test]
    fn a_fault_is_kept_once_however_often_it_is_passed() {
        let mut faults = PacketFaults::default();
        for _ in 0..3 {
            faults.add(10, PacketFault::Broken);
            faults.add(20, PacketFault::EndsEarly);
        }
        assert_eq!(faults.all(), [(10, PacketFault::Broken), (20, PacketFault::EndsEarly)]);
        for frame in 0..1_000 {
            faults.add(1_000 + frame, PacketFault::Broken);
        }
        assert_eq!(faults.all().len(), MOST_FAULTS);
    }
}
