//! What the slots of a receiver carry, by the levels of its outputs. Pure: knows no packets and no time.

use std::ops::Range;

use crate::net_link::{LinkedReceiver, NetLevels};
use crate::packets::ddp::DdpPixels;
use crate::rig::{Pixel, Receiver};

/// Where the outputs of a receiver are in its frames.
#[derive(Clone, Debug)]
pub(super) struct FrameLayout {
    outputs: Vec<FrameOutput>,
    length: usize,
    pixels: DdpPixels,
}

#[derive(Clone, Debug)]
struct FrameOutput {
    slots: Range<usize>,
    pixel: Pixel,
    is_safe_lit: bool,
}

impl FrameLayout {
    pub(super) fn of(linked: &LinkedReceiver) -> Self {
        let outputs: Vec<FrameOutput> = linked
            .outputs
            .iter()
            .map(|linked| {
                let slots = linked.output.slots();
                let slots = usize::from(slots.start)..usize::from(slots.end);
                FrameOutput { slots, pixel: linked.output.pixel(), is_safe_lit: linked.is_safe_lit }
            })
            .collect();
        let is_rgbw = outputs.iter().any(|output| matches!(output.pixel, Pixel::Rgbw(_)));
        let pixels = if is_rgbw { DdpPixels::Rgbw } else { DdpPixels::Rgb };
        let end = outputs.iter().map(|output| output.slots.end).max().unwrap_or_default();
        let length = match linked.receiver {
            // Some gateways take whole universes only.
            Receiver::Sacn { .. } => usize::from(Receiver::SLOTS_OF_A_UNIVERSE),
            Receiver::Ddp(_) if is_rgbw => end.next_multiple_of(4),
            Receiver::Ddp(_) => end.next_multiple_of(3),
        };
        Self { outputs, length, pixels }
    }

    /// What the pixels of a pixel controller are made of.
    pub(super) const fn pixels(&self) -> DdpPixels {
        self.pixels
    }

    /// How many outputs it has.
    pub(super) const fn outputs(&self) -> usize {
        self.outputs.len()
    }

    /// Writes the slots into `frame`, for the `shares` of full light of its outputs. Slots that no output has are dark.
    pub(super) fn fill(&self, shares: &[u16], frame: &mut Vec<u8>) {
        self.fill_by(shares.iter().copied(), frame);
    }

    /// The same, where nobody plays.
    pub(super) fn fill_safe(&self, frame: &mut Vec<u8>) {
        let safe = |output: &FrameOutput| if output.is_safe_lit { NetLevels::FULL } else { 0 };
        self.fill_by(self.outputs.iter().map(safe), frame);
    }

    fn fill_by(&self, shares: impl Iterator<Item = u16>, frame: &mut Vec<u8>) {
        frame.clear();
        frame.resize(self.length, 0);
        for (output, share) in self.outputs.iter().zip(shares) {
            let at_full = output.pixel.at_full();
            let brightest = at_full.iter().copied().max().unwrap_or_default();
            for pixel in frame[output.slots.clone()].chunks_exact_mut(at_full.len()) {
                for (slot, full) in pixel.iter_mut().zip(at_full) {
                    *slot = value(*full, share, *full == brightest);
                }
            }
        }
    }
}

/// The value of a slot whose value at full is `full`; at least 1 for the `brightest` colour of what is not dark.
fn value(full: u8, share: u16, is_brightest: bool) -> u8 {
    let least = u32::from(is_brightest && share > 0 && full > 0);
    let rounded =
        (u32::from(full) * u32::from(share) + u32::from(NetLevels::FULL / 2)) / u32::from(NetLevels::FULL);
    rounded.max(least) as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net_link::LinkedOutput;
    use crate::rig::{NetworkHost, NetworkOutput, SacnDestination};

    fn layout(receiver: Receiver, outputs: &[(u16, u16, Pixel, bool)]) -> FrameLayout {
        let linked = |(from, to, pixel, is_safe_lit): &(u16, u16, Pixel, bool)| LinkedOutput {
            output: NetworkOutput::new(receiver, *from, *to, *pixel).unwrap(),
            is_safe_lit: *is_safe_lit,
        };
        let outputs = outputs.iter().map(linked).collect();
        let name = "wled".to_owned();
        FrameLayout::of(&LinkedReceiver { name, receiver, priority: 100, rate: 40, interface: None, outputs })
    }

    fn frame(layout: &FrameLayout, shares: &[u16]) -> Vec<u8> {
        let mut frame = vec![7; 3];
        layout.fill(shares, &mut frame);
        frame
    }

    fn ddp() -> Receiver {
        Receiver::Ddp(NetworkHost::new("wled").unwrap())
    }

    #[test]
    fn one_level_dims_a_run_of_pixels_in_their_colour() {
        let amber = Pixel::Rgb([200, 100, 1]);
        let layout = layout(ddp(), &[(2, 3, amber, true), (1, 1, Pixel::Slot, false)]);
        assert_eq!(frame(&layout, &[u16::MAX, 0]), [0, 0, 0, 200, 100, 1, 200, 100, 1]);
        assert_eq!(frame(&layout, &[u16::MAX / 2, u16::MAX]), [255, 0, 0, 100, 50, 0, 100, 50, 0]);
        assert_eq!(
            frame(&layout, &[1, 1]),
            [1, 0, 0, 1, 0, 0, 1, 0, 0],
            "the dimmest is seen, in one colour"
        );
        let mut safe = Vec::new();
        layout.fill_safe(&mut safe);
        assert_eq!(safe, [0, 0, 0, 200, 100, 1, 200, 100, 1]);
    }

    #[test]
    fn a_higher_level_never_gives_less() {
        for full in [1, 2, 127, 255] {
            let values: Vec<u8> = (0..=u16::MAX).map(|share| value(full, share, true)).collect();
            assert!(values.is_sorted() && values[0] == 0 && values[1] == 1 && values[65_535] == full);
        }
    }

    #[test]
    fn a_universe_is_always_whole_and_a_controller_gets_whole_pixels() {
        let universe = Receiver::Sacn { universe: 1, to: SacnDestination::Multicast };
        assert_eq!(frame(&layout(universe, &[(7, 7, Pixel::Slot, false)]), &[u16::MAX]).len(), 512);
        assert_eq!(frame(&layout(ddp(), &[(7, 7, Pixel::Slot, false)]), &[0]).len(), 9);
        let white = layout(ddp(), &[(2, 2, Pixel::Rgbw([0, 0, 0, 9]), false)]);
        assert_eq!(frame(&white, &[u16::MAX]), [0, 0, 0, 0, 0, 0, 0, 9]);
        assert_eq!(white.pixels(), DdpPixels::Rgbw);
    }
}
