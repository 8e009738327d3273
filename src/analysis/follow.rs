//! Beats at about one tempo: the way through the song on which the most begins at the beats. Knows no bars.
//!
//! A pointer moves through the beats, frame by frame (Whiteley, Cemgil and Godsill 2006). Its state is where in a beat it
//! is and how long this beat is; the length changes only from beat to beat, and seldom by much (Krebs, Böck and Widmer
//! 2015). The likeliest way is found by dynamic programming (Viterbi).

use std::ops::RangeInclusive;

/// How unlikely a change of a beat's length is: e to the power of this times the relative change.
const STEADINESS: f32 = 60.0;
/// From one beat to the next, the length changes by no more than this.
const MOST_CHANGE: f32 = 0.16;

/// The frames of beats that are `lengths` frames long, with fractions. `gains` is what a beat gains in each frame.
pub(super) fn beats(gains: &[f32], lengths: RangeInclusive<usize>, prior: impl Fn(usize) -> f32) -> Vec<f32> {
    let frames = gains.len();
    let (shortest, longest) = (*lengths.start(), *lengths.end());
    if frames <= 2 * longest {
        return Vec::new();
    }
    let kinds = longest - shortest + 1;
    let priors: Vec<f32> = lengths.clone().map(prior).collect();
    // best[t][k]: a beat in frame t, after one `k` frames before.
    let mut best = vec![f32::NEG_INFINITY; frames * kinds];
    let mut from = vec![0_u8; frames * kinds];
    let change: Vec<Vec<(usize, f32)>> = (0..kinds)
        .map(|kind| {
            let length = (shortest + kind) as f32;
            (0..kinds)
                .map(|before| (before, ((shortest + before) as f32 / length - 1.0).abs()))
                .filter(|(_, change)| *change <= MOST_CHANGE)
                .map(|(before, change)| (before, -STEADINESS * change))
                .collect()
        })
        .collect();
    for frame in 0..frames {
        for kind in 0..kinds {
            let length = shortest + kind;
            let place = frame * kinds + kind;
            if frame < length {
                // The first beat.
                best[place] = gains[frame] + priors[kind];
                from[place] = u8::MAX;
                continue;
            }
            let row = &best[(frame - length) * kinds..(frame - length + 1) * kinds];
            let (mut most, mut which) = (f32::NEG_INFINITY, 0);
            for (before, cost) in &change[kind] {
                let value = row[*before] + cost;
                if value > most {
                    (most, which) = (value, *before);
                }
            }
            best[place] = most + gains[frame] + priors[kind];
            from[place] = which as u8;
        }
    }
    let mut end = (0, f32::NEG_INFINITY);
    for frame in frames - longest..frames {
        for kind in 0..kinds {
            if best[frame * kinds + kind] > end.1 {
                end = (frame * kinds + kind, best[frame * kinds + kind]);
            }
        }
    }
    let mut found = Vec::new();
    let mut place = end.0;
    loop {
        let (frame, kind) = (place / kinds, place % kinds);
        found.push(frame as f32);
        if from[place] == u8::MAX {
            break;
        }
        place = (frame - shortest - kind) * kinds + usize::from(from[place]);
    }
    found.reverse();
    found
}
