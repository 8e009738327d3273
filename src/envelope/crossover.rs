//! Divides mono sound into bass, middle and treble. Knows no loudness.

use super::filter_stage::FilterStage;

/// Where the bands meet: the edges of the octaves around 125 and 2,000 Hz, in thousandths of a hertz.
const BASS_EDGE: u64 = 176_777;
const TREBLE_EDGE: u64 = 2_828_427;
/// What lies below is felt, and no part of music (the RLB weighting of ITU-R BS.1770 begins here).
const RUMBLE_EDGE: u64 = 38_000;
/// Three stages a side: a tone of 60, 1,000 or 6,000 Hz is at least 39 dB down in the bands beside its own.
const STAGES: usize = 3;
/// Samples of a sum of two channels get so many binary digits behind the point.
const DIGITS: u32 = 8;
/// Faster sound is first brought to a rate from here up to less than twice of it: what lies above is not heard.
const FULL_RATE: u32 = 44_100;
/// Bass and middle are divided at a rate from here up to less than twice of it. They hold nothing near half of it.
const LOW_RATE: u32 = 11_000;

/// What a frame adds to the bands. Bass and middle have a value only now and then, because they are slow.
pub(super) struct BandSamples {
    pub(super) treble: i64,
    pub(super) low: Option<LowSamples>,
}

#[derive(Clone, Copy)]
pub(super) struct LowSamples {
    pub(super) bass: i64,
    pub(super) middle: i64,
}

/// Adds up whole groups of samples.
#[derive(Clone, Debug)]
struct Gather {
    of: u32,
    count: u32,
    sum: i64,
}

impl Gather {
    fn new(of: u32) -> Self {
        Self { of: of.max(1), count: 0, sum: 0 }
    }

    /// The mean of a group, once it is whole.
    fn take(&mut self, sample: i64) -> Option<i64> {
        if self.of == 1 {
            return Some(sample);
        }
        (self.count, self.sum) = (self.count + 1, self.sum + sample);
        if self.count < self.of {
            return None;
        }
        let mean = self.sum.div_euclid(i64::from(self.of));
        (self.count, self.sum) = (0, 0);
        Some(mean)
    }
}

/// A division in two, steep: the first stage is shared by both sides.
#[derive(Clone, Debug)]
struct Division {
    shared: FilterStage,
    low: [FilterStage; STAGES - 1],
    high: [FilterStage; STAGES - 1],
}

impl Division {
    fn new(edge: u64, rate: u32) -> Self {
        let stage = || FilterStage::new(edge, rate.into());
        Self { shared: stage(), low: [stage(), stage()], high: [stage(), stage()] }
    }

    /// What lies below the edge, and what lies above.
    fn divide(&mut self, sample: i64) -> (i64, i64) {
        let first = self.shared.divide(sample);
        let low = self.low.iter_mut().fold(first.low, |sample, stage| stage.divide(sample).low);
        let high = self.high.iter_mut().fold(first.high, |sample, stage| stage.divide(sample).high);
        (low, high)
    }
}

#[derive(Clone, Debug)]
pub(super) struct Crossover {
    fast: Gather,
    treble: Division,
    slow: Gather,
    rumble: FilterStage,
    bass: Division,
}

impl Crossover {
    /// For sound of `rate` frames a second, which is not 0.
    pub(super) fn new(rate: u32) -> Self {
        let fast = Gather::new(rate / FULL_RATE);
        let full_rate = rate / fast.of;
        let slow = Gather::new(full_rate / LOW_RATE);
        let low_rate = (full_rate / slow.of).max(1);
        Self {
            fast,
            treble: Division::new(TREBLE_EDGE, full_rate),
            slow,
            rumble: FilterStage::new(RUMBLE_EDGE, low_rate.into()),
            bass: Division::new(BASS_EDGE, low_rate),
        }
    }

    /// `sum` is that of the two channels of a frame, 16 bits each.
    pub(super) fn divide(&mut self, sum: i32) -> Option<BandSamples> {
        let sample = self.fast.take(i64::from(sum) << DIGITS)?;
        let (low, treble) = self.treble.divide(sample);
        let low = self.slow.take(low).map(|low| {
            let audible = self.rumble.divide(low).high;
            let (bass, middle) = self.bass.divide(audible);
            LowSamples { bass, middle }
        });
        Some(BandSamples { treble, low })
    }
}
