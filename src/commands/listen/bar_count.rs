//! Where bars and beats are, counted as the beat map counts them. Knows no words.

use crate::analysis::HeardPart;
use crate::time::ShowTime;

/// The bars of the beats that are written: the first beat begins bar 1.
pub(super) struct BarCount<'a> {
    pub(super) beats: &'a [ShowTime],
    pub(super) in_bar: usize,
}

impl BarCount<'_> {
    /// The bar and beat that is nearest. Bars before the first are 0 and below.
    pub(super) fn nearest(&self, at: ShowTime) -> (i64, i64) {
        let after = self.beats.partition_point(|beat| *beat < at);
        let is_nearer = |before: usize| {
            let (before, after) = (self.beats[before], self.beats.get(after));
            after.is_none_or(|after| at - before < *after - at)
        };
        let index = match after.checked_sub(1) {
            Some(before) if is_nearer(before) => before as i64,
            Some(_) => after as i64,
            // Before the first beat, beats are as long as the first.
            None => match self.beats {
                [first, second, ..] => {
                    let length = (*second - *first).as_secs_f64();
                    -((*first - at).as_secs_f64() / length).round() as i64
                }
                _ => 0,
            },
        };
        let in_bar = self.in_bar as i64;
        (index.div_euclid(in_bar) + 1, index.rem_euclid(in_bar) + 1)
    }

    /// The first and the last bar of a part.
    pub(super) fn of_part(&self, part: &HeardPart) -> (i64, i64) {
        let (from, _) = self.nearest(part.from);
        (from, from + part.bars as i64 - 1)
    }

    /// The beat that is nearest, or the time itself where no beat is.
    pub(super) fn beat_near(&self, at: ShowTime) -> ShowTime {
        let (bar, beat) = self.nearest(at);
        let index = (bar - 1) * self.in_bar as i64 + beat - 1;
        usize::try_from(index).ok().and_then(|index| self.beats.get(index)).copied().unwrap_or(at)
    }
}
