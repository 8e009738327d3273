//! The straight line on which the instants lie at which a card asks for frames. Pure: knows no card and no clock.
//!
//! A request may come late, never early. So the earliest one of a quarter of a second tells where the card is,
//! and on a card that plays evenly these lie on one line, and the mean ones on one beside it. Where they do
//! not, there is no line.

/// See the head of this file. Nanoseconds throughout.
#[derive(Debug)]
pub(super) struct RequestLine {
    /// Oldest first.
    bins: [Bin; BINS],
    count: usize,
    filling: Option<Filling>,
    /// So many bins on one line prove it.
    wanted: usize,
    fit: Option<Fit>,
    /// How often it was tried to prove one.
    tried: u32,
    /// Bins in a row that are off the proven line.
    off: u32,
}

/// A request for frames: when it came, and how much later than its card time.
#[derive(Clone, Copy, Default, Debug)]
pub(super) struct FrameRequest {
    pub at: i64,
    pub late: i64,
}

/// What is kept of the requests of a quarter of a second.
#[derive(Clone, Copy, Default, Debug)]
struct Bin {
    earliest: FrameRequest,
    /// How much later than the earliest they are in the mean.
    beside: i64,
}

#[derive(Clone, Copy, Debug)]
struct Filling {
    begun: i64,
    earliest: FrameRequest,
    /// How much later than the first they are, all together.
    later: i64,
    first: i64,
    count: i64,
}

/// A line through bins.
#[derive(Clone, Copy, Debug)]
struct Fit {
    mean: FrameRequest,
    /// By how much requests come later, each second, in seconds: a card that is slow has a positive one.
    slope: f64,
    /// Of the bins' instants: the sum of squares around their mean.
    spread: f64,
    /// How much later than the earliest the requests are in the mean.
    beside: i64,
}

const BIN: i64 = 250_000_000;
/// Eight seconds: over longer ones a warming crystal is no straight line.
const BINS: usize = 32;
/// The first line is proven by a second of bins.
const FIRST: usize = 4;
/// Those after it by a second and a half at least.
const AGAIN: usize = 6;
/// So often a first line is looked for.
const TRIED: u32 = 8;
/// So many more bins than prove it make a line a lasting one: two seconds.
const LASTING: usize = 8;
/// Bins are on one line when no earliest request is further off it, and no mean one further off the line
/// beside it. Under PulseAudio 19 of 20 are, also with a load of 3; those of a machine on which requests jitter
/// by milliseconds are not, but by chance.
const ON_LINE: i64 = 200_000;
const ON_BESIDE: i64 = 300_000;
/// A bin that is further off a proven line does not belong to it.
const OFF_LINE: i64 = 300_000;
const OFF_BESIDE: i64 = 500_000;
/// In one bin no request may have come in time. So many in a row are another line.
const OFF_AT_MOST: u32 = 3;
/// Crystals are within 100 ppm, bad ones within 300; the rest is the doubt of a short line.
const MOST_SLOPE: f64 = 400e-6;
/// How uncertain a bin is against how far a usual crystal is off: 50 µs, 60 ppm.
const DOUBT: f64 = 50_000.0 / 60e-6;

impl RequestLine {
    pub(super) const fn new() -> Self {
        Self {
            bins: [Bin { earliest: FrameRequest { at: 0, late: 0 }, beside: 0 }; BINS],
            count: 0,
            filling: None,
            wanted: FIRST,
            fit: None,
            tried: 0,
            off: 0,
        }
    }

    /// Of a late request nothing stays: it is not the earliest.
    pub(super) fn note(&mut self, request: FrameRequest) {
        match &mut self.filling {
            Some(filling) if request.at - filling.begun < BIN => return filling.add(request),
            Some(filling) => {
                let bin = filling.closed();
                self.close(bin);
            }
            None => {}
        }
        self.filling = Some(Filling::new(request));
    }

    /// The card stood still: what comes is on another line.
    pub(super) fn begin_anew(&mut self) {
        if self.is_lasting() {
            self.wanted = AGAIN;
        } else if self.fit.is_some() {
            // Chance makes lines here: it is believed less and less.
            self.wanted = (self.wanted * 2).min(BINS);
        }
        (self.count, self.filling, self.fit, self.off) = (0, None, None, 0);
    }

    /// How late a request at `at` is at the earliest, where that is proven.
    pub(super) fn at(&self, at: i64) -> Option<i64> {
        self.fit.map(|fit| fit.at(at))
    }

    /// When its first bin was.
    pub(super) fn begun(&self) -> i64 {
        self.bins[0].earliest.at
    }

    /// Whether it has lasted for so long that it was proven by no chance.
    pub(super) fn is_lasting(&self) -> bool {
        self.fit.is_some() && self.count >= (self.wanted + LASTING).min(BINS)
    }

    /// How much faster the card is than it says, parts per billion; little of it is believed while the line is
    /// short.
    pub(super) fn pace_ppb(&self) -> f64 {
        self.fit.map_or(0.0, |fit| -fit.slope * 1e9 * fit.spread / (fit.spread + DOUBT * DOUBT))
    }

    fn close(&mut self, bin: Bin) {
        let Some(fit) = self.fit else { return self.prove(bin) };
        let (off, beside) = fit.off(&bin);
        if off.abs() <= OFF_LINE && beside.abs() <= OFF_BESIDE {
            self.off = 0;
            self.push(bin, BINS);
            self.fit = Some(Fit::through(&self.bins[..self.count]));
        } else {
            self.off += 1;
            // Nothing comes before its time: a line that is too late is wrong.
            if off < -OFF_LINE || self.off >= OFF_AT_MOST {
                self.begin_anew();
                self.prove(bin);
            }
        }
    }

    fn prove(&mut self, bin: Bin) {
        self.push(bin, self.wanted);
        let bins = &self.bins[..self.count];
        if bins.len() == self.wanted {
            self.tried += 1;
            let fit = Fit::through(bins);
            let is_on = |bin: &Bin| {
                let (off, beside) = fit.off(bin);
                off.abs() <= ON_LINE && beside.abs() <= ON_BESIDE
            };
            self.fit = Some(fit).filter(|fit| fit.slope.abs() <= MOST_SLOPE && bins.iter().all(is_on));
            if self.tried >= TRIED && self.fit.is_none() {
                // What is tried often enough succeeds by chance.
                self.wanted = self.wanted.max(AGAIN);
            }
        }
    }

    /// Keeps the latest `most` bins.
    fn push(&mut self, bin: Bin, most: usize) {
        if self.count >= most {
            self.bins.copy_within(self.count + 1 - most..self.count, 0);
            self.count = most - 1;
        }
        self.bins[self.count] = bin;
        self.count += 1;
    }
}

impl Filling {
    const fn new(first: FrameRequest) -> Self {
        Self { begun: first.at, earliest: first, later: 0, first: first.late, count: 1 }
    }

    fn add(&mut self, request: FrameRequest) {
        if request.late < self.earliest.late {
            self.earliest = request;
        }
        self.later += request.late - self.first;
        self.count += 1;
    }

    fn closed(&self) -> Bin {
        let mean = self.first + self.later / self.count;
        Bin { earliest: self.earliest, beside: mean - self.earliest.late }
    }
}

impl Fit {
    /// The line that fits all of `bins` best, at least two.
    fn through(bins: &[Bin]) -> Self {
        let first = &bins[0];
        let mean = |of: fn(&Bin) -> i64| {
            of(first) + bins.iter().map(|bin| of(bin) - of(first)).sum::<i64>() / bins.len() as i64
        };
        let at = mean(|bin| bin.earliest.at);
        let late = mean(|bin| bin.earliest.late);
        let x = |bin: &Bin| (bin.earliest.at - at) as f64;
        let y = |bin: &Bin| (bin.earliest.late - late) as f64;
        let spread = bins.iter().map(|bin| x(bin).powi(2)).sum::<f64>();
        let slope = bins.iter().map(|bin| x(bin) * y(bin)).sum::<f64>() / spread;
        Self { mean: FrameRequest { at, late }, slope, spread, beside: mean(|bin| bin.beside) }
    }

    fn at(&self, at: i64) -> i64 {
        self.mean.late + (self.slope * (at - self.mean.at) as f64).round() as i64
    }

    /// How far `bin` is off the line, and the mean of its requests off the one beside it.
    fn off(&self, bin: &Bin) -> (i64, i64) {
        (bin.earliest.late - self.at(bin.earliest.at), bin.beside - self.beside)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PERIOD: i64 = 20_000_000;

    /// Requests for `seconds` on a card that is slow by `ppm`, each late by what `late` says of it.
    fn line(ppm: i64, seconds: i64, late: impl Fn(i64) -> i64) -> RequestLine {
        let mut line = RequestLine::new();
        for request in 0..seconds * 50 {
            let card = request * PERIOD;
            let at = card + card * ppm / 1_000_000;
            let late = late(request);
            line.note(FrameRequest { at: at + late, late: at - card + late });
        }
        line
    }

    #[test]
    fn the_earliest_requests_tell_the_pace_whatever_the_others_do() {
        for ppm in [-300, 0, 300] {
            let line = line(ppm, 9, |request| request % 4 * 1_100_000);
            assert!((line.pace_ppb() + ppm as f64 * 1e3).abs() < 2_000.0, "{}", line.pace_ppb());
            assert!((line.at(8_000_000_000).unwrap() - 8_000 * ppm).abs() < 1_000);
        }
    }

    #[test]
    fn a_second_of_bins_proves_a_line() {
        assert_eq!(line(0, 1, |_| 0).at(0), None);
        assert!(line(0, 2, |_| 0).at(0).is_some());
    }

    #[test]
    fn requests_that_are_bent_or_steeper_than_a_crystal_are_no_line() {
        assert_eq!(line(0, 8, |request| request * request * 1_000).at(0), None);
        assert_eq!(line(3_000, 8, |_| 0).at(0), None);
    }

    #[test]
    fn one_busy_moment_ends_no_line_and_a_standstill_does() {
        let moment = |request: i64| if (200..220).contains(&request) { 9_000_000 } else { 0 };
        assert_eq!(line(0, 8, moment).at(8_000_000_000), Some(0));
        let stands_still = |request: i64| if request >= 200 { 4_000_000 } else { 0 };
        assert_eq!(line(0, 5, stands_still).at(0), None);
        assert_eq!(line(0, 8, stands_still).at(8_000_000_000), Some(4_000_000));
    }
}
