//! Which beat each tap belongs to. Taps may be missing, doubled or beside a beat, and the tempo may drift. Knows no bars.
//!
//! Dynamic programming over the taps and a grid of tempi: each tap is the next beat after an earlier one, or some beats
//! later (those between were missed), and the taps between the two are left out. The cheapest way through all taps wins.
//! What was dear at one tap and cheap over the song is found too, as a rule from tap to tap would not.

use super::tap::{NumberedTap, Tap};

/// From one tempo of the grid to the next.
const STEP: f64 = 1.02;
/// So many tempi on each side of the usual one: from 0.6 times to 1.7 times.
const SIDE: usize = 26;
const TEMPI: usize = 2 * SIDE + 1;
/// So many taps in a row may be left out.
const MOST_LEFT_OUT: usize = 4;

// Costs are half squares of standard deviations: 2 is a tap that is two of them off. The figures are those under which
// the fewest beats of simulated taps were miscounted (`examples/tap_accuracy`).

/// A tap that is left out: as dear as one that is four standard deviations off.
const LEFT_OUT: f64 = 8.0;
/// A beat without a tap.
const MISSED: f64 = 4.0;
/// More missed beats are a pause of the hand. Cheaper than a tap that is left out: after one, taps are not doubted.
const PAUSE: f64 = 6.5;
/// One step of the grid.
const DRIFT: f64 = 3.0;
/// The distance between two taps is off by this, in beats, or by [`HAND`] where beats are short.
const OFF: f64 = 0.08;
const HAND: f64 = 0.035; // s
/// In each beat without a tap, the tempo may change by this.
const UNKNOWN: f64 = 0.02;
/// No two beats are nearer: 1000 bpm.
const NEAREST: f64 = 0.06; // s
/// Beyond so many beats, the grid is too coarse to count them.
const COUNTABLE: i64 = 8;

/// How a tap was reached in the cheapest way.
#[derive(Clone, Copy)]
struct Way {
    cost: f64,
    /// The tap and the tempo before, and the beats between.
    before: Option<(usize, usize, i64)>,
}

/// The taps that count, with the numbers of their beats, which rise. `taps` are in order.
pub(super) fn counted(taps: &[Tap]) -> Vec<NumberedTap> {
    let at: Vec<f64> = taps.iter().map(|tap| tap.at.as_duration().as_secs_f64()).collect();
    let Some(usual) = usual_gap(&at) else { return Vec::new() };
    let period = |tempo: usize| usual * STEP.powi(tempo as i32 - SIDE as i32);
    let mut ways: Vec<[Way; TEMPI]> = Vec::with_capacity(at.len());
    for tap in 0..at.len() {
        // It may be the first that counts.
        let mut here = [Way { cost: LEFT_OUT * tap as f64, before: None }; TEMPI];
        for earlier in tap.saturating_sub(MOST_LEFT_OUT + 1)..tap {
            let left_out = LEFT_OUT * (tap - earlier - 1) as f64;
            let gap = at[tap] - at[earlier];
            for (tempo, way) in here.iter_mut().enumerate() {
                let Some((beats, step)) = step(gap, period(tempo)) else { continue };
                let near = tempo.saturating_sub(1)..=(tempo + 1).min(TEMPI - 1);
                for (from, before) in near.clone().zip(&ways[earlier][near]) {
                    let drift = if from == tempo { 0.0 } else { DRIFT };
                    let cost = before.cost + left_out + step + drift;
                    if cost < way.cost {
                        *way = Way { cost, before: Some((earlier, from, beats)) };
                    }
                }
            }
        }
        ways.push(here);
    }
    joined(&way_through(&ways), taps, &at, usual)
}

/// The median distance of two taps.
fn usual_gap(at: &[f64]) -> Option<f64> {
    let mut gaps: Vec<f64> =
        at.windows(2).map(|pair| pair[1] - pair[0]).filter(|gap| *gap >= NEAREST).collect();
    gaps.sort_by(f64::total_cmp);
    gaps.get(gaps.len() / 2).copied()
}

/// How many beats a gap has at this tempo, and what it costs.
fn step(gap: f64, period: f64) -> Option<(i64, f64)> {
    if gap < NEAREST {
        return None;
    }
    let beats = (gap / period).round().max(1.0);
    let off = OFF.max(HAND / period).hypot(UNKNOWN * (beats - 1.0));
    let cost = ((gap / period - beats) / off).powi(2) / 2.0 + (MISSED * (beats - 1.0)).min(PAUSE);
    Some((beats as i64, cost))
}

/// The taps of the cheapest way, each with the beats since the one before.
fn way_through(ways: &[[Way; TEMPI]]) -> Vec<(usize, i64)> {
    let last = ways.len() - 1;
    let ends = (0..ways.len()).flat_map(|tap| (0..TEMPI).map(move |tempo| (tap, tempo)));
    let cost = |(tap, tempo): (usize, usize)| ways[tap][tempo].cost + LEFT_OUT * (last - tap) as f64;
    let mut at = ends.min_by(|one, other| cost(*one).total_cmp(&cost(*other)));
    let mut found = Vec::new();
    while let Some((tap, tempo)) = at {
        let before = ways[tap][tempo].before;
        found.push((tap, before.map_or(0, |(_, _, beats)| beats)));
        at = before.map(|(earlier, from, _)| (earlier, from));
    }
    found.reverse();
    found
}

/// Numbers the beats. Over a pause of the hand they are counted by the tempo of all that was tapped without one: the
/// grid's own would be a beat off soon.
fn joined(way: &[(usize, i64)], taps: &[Tap], at: &[f64], usual: f64) -> Vec<NumberedTap> {
    let (mut across, mut along) = (0.0, 0.0);
    for stretch in way.chunk_by(|_, (_, beats)| *beats <= COUNTABLE) {
        let mut beat = 0;
        let points: Vec<(f64, f64)> = stretch
            .iter()
            .enumerate()
            .map(|(index, (tap, beats))| {
                beat += if index == 0 { 0 } else { *beats };
                (beat as f64, at[*tap])
            })
            .collect();
        let count = points.len() as f64;
        let middle = points.iter().map(|point| point.0).sum::<f64>() / count;
        let mean = points.iter().map(|point| point.1).sum::<f64>() / count;
        across += points.iter().map(|point| (point.0 - middle) * (point.1 - mean)).sum::<f64>();
        along += points.iter().map(|point| (point.0 - middle).powi(2)).sum::<f64>();
    }
    let period = if along > 0.0 { across / along } else { usual };
    let mut beat = 0;
    let mut before: Option<f64> = None;
    way.iter()
        .map(|(tap, beats)| {
            beat += match before {
                Some(before) if *beats > COUNTABLE => ((at[*tap] - before) / period).round() as i64,
                _ => *beats,
            };
            before = Some(at[*tap]);
            NumberedTap { beat, at: at[*tap], begins_bar: taps[*tap].begins_bar }
        })
        .collect()
}
