//! One tempo for all taps: a straight line by least squares. Knows no slips.

use super::tap::NumberedTap;

/// Beats of one length.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct EvenBeats {
    /// Where the middle of the taps is, in beats, and when that is: there a change of the period moves nothing.
    pub(super) middle: f64,
    pub(super) at: f64,
    /// From one beat to the next, in seconds, and the standard error of that.
    pub(super) period: f64,
    pub(super) period_error: f64,
}

impl EvenBeats {
    /// `None` if all taps belong to one beat, or later ones to earlier beats.
    pub(super) fn through(taps: &[NumberedTap]) -> Option<Self> {
        let count = taps.len() as f64;
        let middle = taps.iter().map(|tap| tap.beat as f64).sum::<f64>() / count;
        let at = taps.iter().map(|tap| tap.at).sum::<f64>() / count;
        let (mut across, mut along) = (0.0, 0.0);
        for tap in taps {
            let beat = tap.beat as f64 - middle;
            across += beat * (tap.at - at);
            along += beat * beat;
        }
        let period = (along > 0.0).then(|| across / along).filter(|period| *period > 0.0)?;
        let line = Self { middle, at, period, period_error: 0.0 };
        let squares = taps.iter().map(|tap| (tap.at - line.time_of(tap.beat)).powi(2)).sum::<f64>();
        let variance = squares / (count - 2.0).max(1.0);
        Some(Self { period_error: (variance / along).sqrt(), ..line })
    }

    pub(super) fn time_of(&self, beat: i64) -> f64 {
        self.at + (beat as f64 - self.middle) * self.period
    }
}
