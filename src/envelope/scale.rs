//! Compares the steps of a song with one another: what is loud in it, and what is quiet. Knows no samples.
//!
//! As the loudness range of EBU Tech 3342: from the 10th to the 95th percentile of what is heard, so that neither a single
//! bang nor a silent beginning decides. A quiet recording therefore gives what a loud one gives.

use super::power::{decibels, logarithm};
use super::{FULL_STRENGTH, PerBand, SongEnvelope};

/// The mean square of the loudest sine, in the units of the meter: 2^16 high, with four binary digits behind the point.
const LOUDEST_SINE: u64 = 1 << 39;
/// So much below the loudest sine, nothing is heard (the absolute gate of ITU-R BS.1770).
const SILENCE: u16 = decibels(70);
/// Percentiles of the steps in which something is heard.
const QUIET: usize = 10;
const LOUD: usize = 95;
/// Quiet is at least and at most so much below loud: a tone that stays does not flicker, and between two beats of a drum it
/// is dark. A sound 10 dB down is half as loud (S. S. Stevens, 1955).
const NARROWEST: u16 = decibels(12);
const WIDEST: u16 = decibels(30);
/// A band that stays so far below the whole is not there: what is left is another band's.
const ABSENT: u16 = decibels(36);

/// The envelope of a song whose steps have these powers, as logarithms.
pub(super) fn scaled(powers: PerBand<Vec<u16>>) -> SongEnvelope {
    let silence = logarithm(LOUDEST_SINE) - SILENCE;
    let is_heard: Vec<bool> = powers[0].iter().map(|power| *power >= silence).collect();
    let range_of = |powers: &[u16]| Range::of(powers, &is_heard);
    let loudest = range_of(&powers[0]).map_or(0, |range| range.loud);
    let bands = powers.map(|mut powers| {
        let range = range_of(&powers).filter(|range| range.loud + ABSENT >= loudest);
        for (power, is_heard) in powers.iter_mut().zip(&is_heard) {
            *power = range.as_ref().filter(|_| *is_heard).map_or(0, |range| range.strength(*power));
        }
        powers
    });
    SongEnvelope { bands }
}

/// What is quiet and what is loud.
struct Range {
    quiet: u16,
    loud: u16,
}

impl Range {
    /// Of the steps in which something is heard, if there are any.
    fn of(powers: &[u16], is_heard: &[bool]) -> Option<Self> {
        let mut heard: Vec<u16> =
            powers.iter().zip(is_heard).filter(|(_, is_heard)| **is_heard).map(|(power, _)| *power).collect();
        let last = heard.len().checked_sub(1)?;
        let mut percentile = |percent: usize| *heard.select_nth_unstable(last * percent / 100).1;
        let (quiet, loud) = (percentile(QUIET), percentile(LOUD));
        let quiet = quiet.clamp(loud.saturating_sub(WIDEST), loud.saturating_sub(NARROWEST));
        Some(Self { quiet, loud })
    }

    fn strength(&self, power: u16) -> u16 {
        let (above, whole) = (u32::from(power.saturating_sub(self.quiet)), u32::from(self.loud - self.quiet));
        (above * u32::from(FULL_STRENGTH) / whole.max(1)).min(FULL_STRENGTH.into()) as u16
    }
}
