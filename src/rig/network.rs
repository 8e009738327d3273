//! Receivers on the network, and the slots of theirs that a channel lights. Knows no packets.

use std::fmt;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::host::NetworkHost;

/// What takes levels from the network, by which it is told from every other. Its outputs are *slots* of one byte.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Receiver {
    /// A controller that speaks DDP.
    Ddp(NetworkHost),
    /// A universe of E1.31 (streaming ACN).
    Sacn { universe: u16, to: SacnDestination },
}

/// Who gets the packets of a universe.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SacnDestination {
    /// Whoever listens to this universe.
    Multicast,
    Host(NetworkHost),
}

impl Receiver {
    /// The universes of E1.31 (ANSI E1.31-2018, 6.2.7).
    pub const UNIVERSES: std::ops::RangeInclusive<u16> = 1..=63_999;
    /// A universe of DMX512.
    pub const SLOTS_OF_A_UNIVERSE: u16 = 512;
    /// 4,096 pixels of four colours; more than one controller drives at 40 frames a second.
    pub const MOST_SLOTS: u16 = 16_384;

    /// How many slots it has at most.
    #[must_use]
    pub const fn slots(self) -> u16 {
        match self {
            Self::Ddp(_) => Self::MOST_SLOTS,
            Self::Sacn { .. } => Self::SLOTS_OF_A_UNIVERSE,
        }
    }

    /// A number for it, below 2¹⁹. Two receivers of one machine have the same by an accident of one to half a million.
    pub(super) fn number(self) -> u64 {
        // FNV-1a.
        let hash = self.to_string().bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        (hash ^ hash >> 19 ^ hash >> 38) & ((1 << 19) - 1)
    }
}

/// `the DDP receiver 192.0.2.7`, `sACN universe 5` or `sACN universe 5 at 192.0.2.9`.
impl fmt::Display for Receiver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ddp(host) => write!(f, "the DDP receiver {host}"),
            Self::Sacn { universe, to: SacnDestination::Multicast } => write!(f, "sACN universe {universe}"),
            Self::Sacn { universe, to: SacnDestination::Host(host) } => {
                write!(f, "sACN universe {universe} at {host}")
            }
        }
    }
}

/// What one level lights at full: a slot, or the colours of a pixel, each of which is a slot.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pixel {
    /// One slot, and no colour.
    Slot,
    Rgb([u8; 3]),
    Rgbw([u8; 4]),
}

impl Pixel {
    /// What its slots carry at full.
    #[must_use]
    pub fn at_full(&self) -> &[u8] {
        match self {
            Self::Slot => &[u8::MAX],
            Self::Rgb(colours) => colours,
            Self::Rgbw(colours) => colours,
        }
    }

    /// How many slots it has.
    #[must_use]
    pub const fn slots(self) -> u16 {
        match self {
            Self::Slot => 1,
            Self::Rgb(_) => 3,
            Self::Rgbw(_) => 4,
        }
    }
}

/// A run of pixels of a receiver that one channel lights.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "WrittenOutput", into = "WrittenOutput")]
pub struct NetworkOutput {
    receiver: Receiver,
    /// The first pixel, counted from 0.
    first: u16,
    count: u16,
    pixel: Pixel,
}

impl NetworkOutput {
    /// Pixels `from` to `to`, counted from 1; `None` where the receiver does not have them.
    #[must_use]
    pub fn new(receiver: Receiver, from: u16, to: u16, pixel: Pixel) -> Option<Self> {
        let is_there = from >= 1 && from <= to && to <= Self::most(receiver, pixel);
        is_there.then(|| Self { receiver, first: from - 1, count: to - from + 1, pixel })
    }

    /// How many such pixels a receiver has at most.
    #[must_use]
    pub const fn most(receiver: Receiver, pixel: Pixel) -> u16 {
        receiver.slots() / pixel.slots()
    }

    #[must_use]
    pub const fn receiver(self) -> Receiver {
        self.receiver
    }

    #[must_use]
    pub const fn pixel(self) -> Pixel {
        self.pixel
    }

    /// How many pixels it has.
    #[must_use]
    pub const fn count(self) -> u16 {
        self.count
    }

    /// Its slots, counted from 0.
    #[must_use]
    pub const fn slots(self) -> Range<u16> {
        self.first * self.pixel.slots()..(self.first + self.count) * self.pixel.slots()
    }

    /// Whether both light one slot of one receiver.
    pub(super) fn overlaps(self, other: Self) -> bool {
        let (own, theirs) = (self.slots(), other.slots());
        self.receiver == other.receiver && own.start < theirs.end && theirs.start < own.end
    }

    /// How a rig writes it, without its receiver: `7` or `1-150`.
    #[must_use]
    pub fn label(self) -> String {
        let from = self.first + 1;
        match self.count {
            1 => from.to_string(),
            count => format!("{from}-{}", self.first + count),
        }
    }
}

/// A [`NetworkOutput`] as another process writes it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenOutput {
    receiver: Receiver,
    from: u16,
    to: u16,
    pixel: Pixel,
}

impl From<NetworkOutput> for WrittenOutput {
    fn from(output: NetworkOutput) -> Self {
        let NetworkOutput { receiver, first, count, pixel } = output;
        Self { receiver, from: first + 1, to: first + count, pixel }
    }
}

impl TryFrom<WrittenOutput> for NetworkOutput {
    type Error = &'static str;

    fn try_from(written: WrittenOutput) -> Result<Self, Self::Error> {
        let WrittenOutput { receiver, from, to, pixel } = written;
        let is_universe = match receiver {
            Receiver::Ddp(_) => true,
            Receiver::Sacn { universe, .. } => Receiver::UNIVERSES.contains(&universe),
        };
        Self::new(receiver, from, to, pixel).filter(|_| is_universe).ok_or("no output of a receiver")
    }
}

/// `slot 7 of sACN universe 5` or `pixels 1-150 of the DDP receiver 192.0.2.7`.
impl fmt::Display for NetworkOutput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let noun = if self.pixel == Pixel::Slot { "slot" } else { "pixel" };
        let plural = if self.count == 1 { "" } else { "s" };
        write!(f, "{noun}{plural} {} of {}", self.label(), self.receiver)
    }
}

/// A receiver under the name by which channels mean it, and how it is sent to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NetworkReceiver {
    pub name: String,
    pub receiver: Receiver,
    /// Of a universe: the highest of all sources is shown (ANSI E1.31-2018, 6.2.3).
    pub priority: u8,
    /// Frames a second at most.
    pub rate: u8,
    /// The network interface that a multicast leaves by; `None` for that of the default route.
    pub interface: Option<String>,
}

impl NetworkReceiver {
    pub const PRIORITIES: std::ops::RangeInclusive<u8> = 0..=200;
    pub const USUAL_PRIORITY: u8 = 100;
    /// A universe of DMX512 takes 23 ms on its cable, so that no more than 44 a second arrive.
    pub const USUAL_RATE: u8 = 40;
    /// At the end of a show three safe frames are waited for, a second at most.
    pub const RATES: std::ops::RangeInclusive<u8> = 10..=60;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn universe(universe: u16) -> Receiver {
        Receiver::Sacn { universe, to: SacnDestination::Multicast }
    }

    fn ddp(host: &str) -> Receiver {
        Receiver::Ddp(NetworkHost::new(host).unwrap())
    }

    #[test]
    fn a_receiver_has_so_many_pixels_as_its_slots_carry() {
        let rgb = Pixel::Rgb([1, 2, 3]);
        for (receiver, from, to, pixel, slots) in [
            (universe(5), 1, 1, Pixel::Slot, Some(0..1)),
            (universe(5), 512, 512, Pixel::Slot, Some(511..512)),
            (universe(5), 1, 513, Pixel::Slot, None),
            (universe(5), 170, 170, rgb, Some(507..510)),
            (universe(5), 171, 171, rgb, None),
            (universe(5), 128, 128, Pixel::Rgbw([1; 4]), Some(508..512)),
            (ddp("wled"), 1, 150, rgb, Some(0..450)),
            (ddp("wled"), 5_461, 5_461, rgb, Some(16_380..16_383)),
            (ddp("wled"), 5_462, 5_462, rgb, None),
            (universe(5), 0, 1, Pixel::Slot, None),
            (universe(5), 2, 1, Pixel::Slot, None),
            (universe(5), 1, u16::MAX, Pixel::Slot, None),
        ] {
            let output = NetworkOutput::new(receiver, from, to, pixel);
            assert_eq!(output.map(NetworkOutput::slots), slots, "{from} to {to} of {receiver}");
        }
    }

    #[test]
    fn what_another_process_writes_is_checked() {
        let output = NetworkOutput::new(universe(5), 3, 4, Pixel::Rgb([9; 3])).unwrap();
        let text = serde_json::to_string(&output).unwrap();
        assert_eq!(serde_json::from_str::<NetworkOutput>(&text).unwrap(), output, "{text}");
        for (part, wrong) in [("\"to\":4", "\"to\":400"), ("\"from\":3", "\"from\":0"), (":5,", ":0,")] {
            let wrong = text.replace(part, wrong);
            assert_ne!(wrong, text);
            assert!(serde_json::from_str::<NetworkOutput>(&wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn outputs_overlap_where_they_share_a_slot() {
        let of = |receiver, from, to, pixel| NetworkOutput::new(receiver, from, to, pixel).unwrap();
        let pixels = of(universe(5), 3, 4, Pixel::Rgb([9; 3]));
        for (slot, expected) in [(6, false), (7, true), (12, true), (13, false)] {
            assert_eq!(pixels.overlaps(of(universe(5), slot, slot, Pixel::Slot)), expected, "{slot}");
        }
        assert!(!pixels.overlaps(of(universe(6), 7, 7, Pixel::Slot)));
    }

    #[test]
    fn outputs_are_told_as_the_rig_counts_them() {
        let of =
            |receiver, from, to, pixel| NetworkOutput::new(receiver, from, to, pixel).unwrap().to_string();
        assert_eq!(of(universe(5), 7, 7, Pixel::Slot), "slot 7 of sACN universe 5");
        let run = of(ddp("192.0.2.7"), 1, 150, Pixel::Rgb([1; 3]));
        assert_eq!(run, "pixels 1-150 of the DDP receiver 192.0.2.7");
        let to = SacnDestination::Host(NetworkHost::new("gate.local").unwrap());
        let one = of(Receiver::Sacn { universe: 1, to }, 2, 2, Pixel::Rgbw([1; 4]));
        assert_eq!(one, "pixel 2 of sACN universe 1 at gate.local");
    }
}
