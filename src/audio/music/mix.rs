//! From the channels of a file to the two front speakers, or to one. Knows no file and no card.

/// Where a channel of a file belongs. Bits of WAVE's mask (`dwChannelMask`), which FLAC and CAF use as well.
pub(super) mod place {
    pub(crate) const LEFT: u32 = 1;
    pub(crate) const RIGHT: u32 = 1 << 1;
    pub(crate) const CENTRE: u32 = 1 << 2;
    pub(crate) const LOW: u32 = 1 << 3;
    pub(crate) const BACK_LEFT: u32 = 1 << 4;
    pub(crate) const BACK_RIGHT: u32 = 1 << 5;
    pub(crate) const LEFT_OF_CENTRE: u32 = 1 << 6;
    pub(crate) const RIGHT_OF_CENTRE: u32 = 1 << 7;
    pub(crate) const BACK_CENTRE: u32 = 1 << 8;
    pub(crate) const SIDE_LEFT: u32 = 1 << 9;
    pub(crate) const SIDE_RIGHT: u32 = 1 << 10;
}

use place::*;

/// More channels than any file of music has.
pub(super) const MOST_CHANNELS: u16 = 18;

/// 3 dB down: what is heard from two speakers is as loud as from one.
const HALF: f32 = std::f32::consts::FRAC_1_SQRT_2;

/// What goes from each channel of the file to each speaker: by ITU-R BS.775, the low-frequency channel
/// left out, and all as much quieter as keeps the loudest from being clipped.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Mix {
    from: usize,
    to: usize,
    /// For each channel of the file, its part of the left and of the right speaker.
    parts: Vec<[f32; 2]>,
}

/// The usual order where a file says nothing: of FLAC (RFC 9639, 9.1.3), and of WAVE by its mask.
pub(super) const fn usual_mask(channels: u16) -> u32 {
    match channels {
        1 => CENTRE,
        2 => LEFT | RIGHT,
        3 => LEFT | RIGHT | CENTRE,
        4 => LEFT | RIGHT | BACK_LEFT | BACK_RIGHT,
        5 => LEFT | RIGHT | CENTRE | BACK_LEFT | BACK_RIGHT,
        6 => LEFT | RIGHT | CENTRE | LOW | BACK_LEFT | BACK_RIGHT,
        7 => LEFT | RIGHT | CENTRE | LOW | BACK_CENTRE | SIDE_LEFT | SIDE_RIGHT,
        _ => LEFT | RIGHT | CENTRE | LOW | BACK_LEFT | BACK_RIGHT | SIDE_LEFT | SIDE_RIGHT,
    }
}

impl Mix {
    /// From `channels` that lie in the order of the bits of `mask` to one or two speakers. Where the
    /// mask names fewer places than there are channels, the usual ones are taken.
    pub(super) fn new(channels: u16, mask: u32, to: u16) -> Self {
        let mask = if mask.count_ones() >= u32::from(channels) { mask } else { usual_mask(channels) };
        let places = (0..u32::BITS).map(|bit| 1 << bit).filter(|place| mask & place != 0);
        let mut parts: Vec<[f32; 2]> = places.map(part).take(channels.into()).collect();
        parts.resize(channels.into(), [0.0; 2]);
        if channels == 1 {
            parts[0] = [1.0; 2];
        }
        let loudest = (0..2).map(|side| parts.iter().map(|part| part[side]).sum()).fold(1.0, f32::max);
        parts.iter_mut().flatten().for_each(|part| *part /= loudest);
        if to == 1 && channels > 1 {
            for part in &mut parts {
                *part = [part[0].midpoint(part[1]); 2];
            }
        }
        Self { from: channels.into(), to: usize::from(to.clamp(1, 2)), parts }
    }

    /// Appends `frames`, interleaved, to `out`.
    pub(super) fn apply(&self, frames: &[f32], out: &mut Vec<f32>) {
        if self.from == self.to && self.from == 1 || self.parts == [[1.0, 0.0], [0.0, 1.0]] && self.to == 2 {
            return out.extend_from_slice(frames);
        }
        for frame in frames.chunks_exact(self.from) {
            for side in 0..self.to {
                out.push(frame.iter().zip(&self.parts).map(|(sample, part)| sample * part[side]).sum());
            }
        }
    }
}

fn part(place: u32) -> [f32; 2] {
    match place {
        LEFT | LEFT_OF_CENTRE => [1.0, 0.0],
        RIGHT | RIGHT_OF_CENTRE => [0.0, 1.0],
        CENTRE => [HALF, HALF],
        LOW => [0.0, 0.0],
        BACK_LEFT | SIDE_LEFT => [HALF, 0.0],
        BACK_RIGHT | SIDE_RIGHT => [0.0, HALF],
        BACK_CENTRE => [0.5, 0.5],
        // Above the listener, or nobody knows where.
        _ => [HALF / 2.0, HALF / 2.0],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mixed(frame: &[f32], mask: u32, to: u16) -> Vec<f32> {
        let mut out = Vec::new();
        Mix::new(frame.len() as u16, mask, to).apply(frame, &mut out);
        out
    }

    #[track_caller]
    fn check(frame: &[f32], mask: u32, expected: &[f32]) {
        let out = mixed(frame, mask, expected.len() as u16);
        assert!(out.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-6), "{out:?}, not {expected:?}");
        assert_eq!(out.len(), expected.len());
    }

    /// What is left of a full left speaker beside a centre and a surround.
    const LEFT_OF_FIVE: f32 = 1.0 / (1.0 + 2.0 * HALF);

    #[test]
    fn one_and_two_channels_are_what_they_are() {
        check(&[0.5], 0, &[0.5]);
        check(&[0.5], CENTRE, &[0.5, 0.5]);
        check(&[0.5, -0.25], 0, &[0.5, -0.25]);
        check(&[0.5, 0.25], 0, &[0.375]);
    }

    #[test]
    fn the_centre_is_heard_from_both_and_the_low_channel_from_none() {
        for mask in [0, usual_mask(6), LEFT | RIGHT | CENTRE | LOW | SIDE_LEFT | SIDE_RIGHT] {
            let voice = HALF * LEFT_OF_FIVE;
            check(&[0.0, 0.0, 1.0, 0.0, 0.0, 0.0], mask, &[voice, voice]);
            check(&[0.0, 0.0, 0.0, 1.0, 0.0, 0.0], mask, &[0.0, 0.0]);
            check(&[1.0, 0.0, 0.0, 0.0, 0.0, 0.0], mask, &[LEFT_OF_FIVE, 0.0]);
            check(&[0.0, 0.0, 0.0, 0.0, 0.0, 1.0], mask, &[0.0, voice]);
        }
    }

    #[test]
    fn the_mask_says_which_channel_is_which() {
        // Left, right, back centre.
        check(&[0.0, 0.0, 1.0], LEFT | RIGHT | BACK_CENTRE, &[1.0 / 3.0, 1.0 / 3.0]);
        // Four channels with a centre but no pair behind.
        check(&[0.0, 0.0, 1.0, 0.0], LEFT | RIGHT | CENTRE | LOW, &[HALF / (1.0 + HALF); 2]);
    }

    #[test]
    fn nothing_is_clipped() {
        for channels in 1..=MOST_CHANNELS {
            let out = mixed(&vec![1.0; channels.into()], 0, 2);
            assert!(out.iter().all(|sample| *sample <= 1.000_001), "{channels} channels: {out:?}");
        }
    }
}
