//! The last chord of a song: it rings, and what comes after it is weak. Told from how loud the sound is. Knows no bars.

use super::change::SoundChange;

/// It begins at most so many beats before the last beat.
const NEAR_END: usize = 32;
/// It begins at least half as strongly as the song on the whole.
const STRONG: f64 = 0.5;
/// It is heard to ring for so many beats, without another sound.
const RINGS: usize = 4;
/// While it rings, it wavers by no more than this.
const WAVERS: f64 = 1.35;
/// Then it has so much of its power left, and all that comes after it has no more than this.
const LEFT: f64 = 0.1;
const WEAK: f64 = 0.35;

/// The frames from the beginning of the last chord to the end of its ring, where other sounds come after it. `None` if the
/// song has no such chord.
pub(super) fn last_chord(beats: &[f32], last: f32, change: &SoundChange) -> Option<(f32, f32)> {
    let (first, end) = (*beats.first()?, *beats.last()?);
    let usual = change.power(first, end);
    let halves = halves(beats, last);
    let powers: Vec<f64> = halves.windows(2).map(|pair| change.power(pair[0], pair[1])).collect();
    let from = beats.len().saturating_sub(NEAR_END);
    (from..beats.len()).map(|beat| 2 * beat).find_map(|chord| {
        let whole = powers.get(chord..chord + 2).map(|two| (two[0] + two[1]) / 2.0)?;
        let ring = ring(&powers[chord..]);
        let rest = &powers[chord + ring..];
        let is_chord = powers[chord] >= STRONG * usual
            && ring >= 2 * RINGS
            && powers[chord + ring - 1] <= LEFT * powers[chord]
            && rest.iter().all(|power| *power <= WEAK * whole);
        is_chord.then(|| (halves[chord], halves[chord + ring]))
    })
}

/// Where each half of each beat begins, on to the last sound.
fn halves(beats: &[f32], last: f32) -> Vec<f32> {
    let mut halves: Vec<f32> =
        beats.windows(2).flat_map(|pair| [pair[0], pair[0] + (pair[1] - pair[0]) / 2.0]).collect();
    let end = beats[beats.len() - 1];
    let half = beats.len().checked_sub(2).map_or(f32::MAX, |before| (end - beats[before]) / 2.0);
    let after = std::iter::successors(Some(end), |at| Some(at + half));
    halves.extend(after.take_while(|at| *at <= last.max(end)));
    halves
}

/// How many of these halves of beats are one sound that fades.
fn ring(powers: &[f64]) -> usize {
    let fades = powers.windows(2).take_while(|pair| pair[1] <= WAVERS * pair[0]).count();
    (fades + 1).min(powers.len())
}
