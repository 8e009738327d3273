//! A tempo that breathes: beats whose length changes a little from each to the next. Knows no slips.
//!
//! A Kalman filter and smoother over the beats: the state is a beat's time and length, and the length is a random walk. A
//! beat without a tap is a state without an observation. How much the length may change from beat to beat is what makes
//! the taps likeliest. The result is a cubic smoothing spline.

use super::tap::NumberedTap;

/// How much a beat's length may change at each beat, against how far a tap is off: variance by variance, from nothing at
/// all to what follows a change within three beats. More would follow the hand.
const CHANGES: [f64; 14] =
    [0.0, 1e-8, 1e-7, 3e-7, 1e-6, 3e-6, 1e-5, 3e-5, 1e-4, 3e-4, 1e-3, 2e-3, 5e-3, 1e-2];
/// Before the first tap nothing is known.
const UNKNOWN: f64 = 1e8;
/// Two observations make the state known; only those after them say how likely it is.
const TO_BEGIN: usize = 2;
/// A later pause is no curve but a hole.
const LONGEST: i64 = 100_000;
/// Beyond the taps, the beats are as long as the mean of so many.
const AT_THE_ENDS: usize = 8;

/// The times of beats 0, 1, 2 and so on, in seconds.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct BreathingBeats {
    /// The beat of the first time.
    first: i64,
    times: Vec<f64>,
}

/// A symmetric matrix of two rows.
type Covariance = [f64; 3];

/// Time and length of a beat, before and after its tap.
#[derive(Clone, Copy)]
struct BeatEstimate {
    foreseen: [f64; 2],
    foreseen_error: Covariance,
    state: [f64; 2],
    error: Covariance,
}

struct Filtered {
    beats: Vec<BeatEstimate>,
    /// Twice the logarithm of how likely the taps are, and a constant.
    likelihood: f64,
}

impl BreathingBeats {
    /// The likeliest curve, and how much likelier than a straight line it is: twice the logarithm. `None` for taps of
    /// which nothing can be said.
    pub(super) fn through(taps: &[NumberedTap]) -> Option<(Self, f64)> {
        let (first, last) = (taps.first()?.beat, taps.last()?.beat);
        if taps.len() <= TO_BEGIN || last - first > LONGEST {
            return None;
        }
        let straight = filter(taps, CHANGES[0]).likelihood;
        let tried = CHANGES[1..].iter().map(|change| filter(taps, *change));
        let best = tried.max_by(|one, other| one.likelihood.total_cmp(&other.likelihood))?;
        let times = smoothed(&best.beats);
        Some((Self { first, times }, best.likelihood - straight))
    }

    pub(super) fn time_of(&self, beat: i64) -> f64 {
        let (place, last) = (beat - self.first, self.times.len() - 1);
        let around = AT_THE_ENDS.min(last);
        let length = |from: usize| (self.times[from + around] - self.times[from]) / around.max(1) as f64;
        match usize::try_from(place) {
            Ok(place) if place <= last => self.times[place],
            Ok(place) => self.times[last] + (place - last) as f64 * length(last - around),
            Err(_) => self.times[0] + place as f64 * length(0),
        }
    }
}

/// How the length changes from a beat to the next, with the time that this makes.
fn walk(change: f64) -> Covariance {
    [change / 3.0, change / 2.0, change]
}

fn filter(taps: &[NumberedTap], change: f64) -> Filtered {
    let walk = walk(change);
    let guess = (taps[taps.len() - 1].at - taps[0].at) / (taps[taps.len() - 1].beat - taps[0].beat) as f64;
    let mut beats: Vec<BeatEstimate> = Vec::new();
    let (mut squares, mut logarithms, mut observed) = (0.0, 0.0, 0_usize);
    let mut taps = taps.iter().peekable();
    let first = taps.peek().map_or(0, |tap| tap.beat);
    for number in first.. {
        let (foreseen, foreseen_error) = match beats.last() {
            None => ([taps.peek().map_or(0.0, |tap| tap.at), guess], [UNKNOWN, 0.0, UNKNOWN]),
            Some(BeatEstimate { state: [time, length], error: [tt, tl, ll], .. }) => {
                ([time + length, *length], [tt + 2.0 * tl + ll + walk[0], tl + ll + walk[1], ll + walk[2]])
            }
        };
        let mut beat = BeatEstimate { foreseen, foreseen_error, state: foreseen, error: foreseen_error };
        // Two taps of one beat do not come here: the numbers rise.
        if let Some(tap) = taps.next_if(|tap| tap.beat == number) {
            let [tt, tl, ll] = foreseen_error;
            let (off, variance) = (tap.at - foreseen[0], tt + 1.0);
            let gain = [tt / variance, tl / variance];
            beat.state = [foreseen[0] + gain[0] * off, foreseen[1] + gain[1] * off];
            beat.error = [tt / variance, tl / variance, ll - gain[1] * tl];
            observed += 1;
            if observed > TO_BEGIN {
                squares += off * off / variance;
                logarithms += variance.ln();
            }
        }
        beats.push(beat);
        if taps.peek().is_none() {
            break;
        }
    }
    let count = (observed - TO_BEGIN.min(observed)).max(1) as f64;
    // A hand that is exact beyond a tenth of a millisecond is no hand.
    let scatter = (squares / count).max(1e-8);
    Filtered { beats, likelihood: -(count * scatter.ln() + squares / scatter + logarithms) }
}

/// The times of all beats, each by the taps before and after it (Rauch, Tung and Striebel 1965).
fn smoothed(beats: &[BeatEstimate]) -> Vec<f64> {
    let mut times = vec![0.0; beats.len()];
    let Some(last) = beats.last() else { return times };
    let mut later = last.state;
    times[beats.len() - 1] = later[0];
    for place in (0..beats.len() - 1).rev() {
        let BeatEstimate { state, error: [tt, tl, ll], .. } = beats[place];
        let BeatEstimate { foreseen, foreseen_error: [ftt, ftl, fll], .. } = beats[place + 1];
        // The covariance of this state with the next one, by the inverse of the next one's own.
        let with_next = [[tt + tl, tl], [tl + ll, ll]];
        let determinant = ftt * fll - ftl * ftl;
        let inverse = [[fll / determinant, -ftl / determinant], [-ftl / determinant, ftt / determinant]];
        let off = [later[0] - foreseen[0], later[1] - foreseen[1]];
        let pull = [
            inverse[0][0] * off[0] + inverse[0][1] * off[1],
            inverse[1][0] * off[0] + inverse[1][1] * off[1],
        ];
        later = [
            state[0] + with_next[0][0] * pull[0] + with_next[0][1] * pull[1],
            state[1] + with_next[1][0] * pull[0] + with_next[1][1] * pull[1],
        ];
        times[place] = later[0];
    }
    times
}
