//! The end of the mixing desk: ducking, the limiter, the last fade. Knows no instrument.

use std::collections::VecDeque;

use crate::envelope::fall;
use crate::filter::Filter;
use crate::signal::{RATE, Stereo, samples};

/// Lets a bass drum push `bus` down by `depth` (0 to 1) at each of `strokes`: the pumping of the time.
pub(crate) fn duck(bus: &mut Stereo, strokes: &[usize], depth: f32) {
    const RECOVERY: f32 = 0.13; // s; back up before the next quarter at 120 bpm
    let mut next = strokes.iter().copied().peekable();
    let mut last = None;
    let mut gain = 1.0_f32;
    bus.change(|at, [left, right]| {
        while let Some(stroke) = next.next_if(|stroke| *stroke <= at) {
            last = Some(stroke);
        }
        let wanted = last.map_or(1.0, |stroke| {
            let since = (at - stroke) as f32 / RATE;
            1.0 - depth * fall((since / RECOVERY).powi(2))
        });
        gain += (wanted - gain) * 0.02; // the way down takes a millisecond, or it would click
        [left * gain, right * gain]
    });
}

/// Lets `bus` through only for `hold` seconds after each of `strokes`: half of the sound of a gated drum.
pub(crate) fn gate(bus: &mut Stereo, strokes: &[usize], hold: f32) {
    const CLOSING: f32 = 0.025; // s
    let mut next = strokes.iter().copied().peekable();
    let mut last = None;
    bus.change(|at, [left, right]| {
        while let Some(stroke) = next.next_if(|stroke| *stroke <= at) {
            last = Some(stroke);
        }
        let open = last.map_or(0.0, |stroke| {
            let since = (at - stroke) as f32 / RATE;
            (1.0 + (hold - since) / CLOSING).clamp(0.0, 1.0)
        });
        [left * open, right * open]
    });
}

/// Makes the mix ready for the file: no rumble, some air, a little warmth, no peak over the ceiling, silence
/// at both ends.
pub(crate) fn finish(mix: &mut Stereo, gain: f32) {
    const FADE: f32 = 0.3; // s
    const AIR: f32 = 0.25; // how much of the highs is added once more
    let mut sides = [(Filter::default(), Filter::default()); 2];
    mix.change(|_, pair| {
        [0, 1].map(|side| {
            let (rumble, treble) = &mut sides[side];
            let clean = rumble.high(pair[side] * gain, 28.0, 0.7);
            warm(clean + AIR * treble.high(clean, 3_500.0, 0.6))
        })
    });
    limit(mix);
    let end = mix.len();
    let fade = samples(FADE);
    mix.change(|at, [left, right]| {
        let gain = ((end - 1 - at) as f32 / fade as f32).min(1.0) * (at as f32 / 200.0).min(1.0);
        [left * gain, right * gain]
    });
}

/// Bends the loudest tenth of the way; what is quiet stays as it is.
fn warm(sample: f32) -> f32 {
    (sample * 0.7).tanh() / 0.7
}

/// Turns down ahead of each peak and slowly up again.
fn limit(mix: &mut Stereo) {
    const CEILING: f32 = 0.84; // Vorbis rebuilds peaks up to 1 dB higher than it was given
    const LOOK_AHEAD: f32 = 0.004; // s; the turn-down is as gentle as this is long
    const RELEASE: f32 = 0.14; // s
    let ahead = samples(LOOK_AHEAD);
    let release = 1.0 - fall(1.0 / (RELEASE * RATE));
    let allowed: Vec<f32> = mix
        .left
        .iter()
        .zip(&mix.right)
        .map(|(left, right)| CEILING / left.abs().max(right.abs()).max(CEILING))
        .collect();

    // Candidates for the lowest gain allowed within the look-ahead, lowest first.
    let mut lowest: VecDeque<usize> = VecDeque::new();
    let mut coming = (0..allowed.len()).peekable();
    let mut held = 1.0_f32;
    let mut recent: VecDeque<f32> = std::iter::repeat_n(1.0, ahead).collect();
    let mut sum = ahead as f64;
    mix.change(|at, [left, right]| {
        while let Some(next) = coming.next_if(|next| *next <= at + ahead) {
            while lowest.pop_back_if(|index| allowed[*index] >= allowed[next]).is_some() {}
            lowest.push_back(next);
        }
        while lowest.pop_front_if(|index| *index < at).is_some() {}
        let wanted = lowest.front().map_or(1.0, |index| allowed[*index]);
        held = wanted.min(held + (wanted - held) * release);
        // Averaged over the look-ahead the gain has no steps, and is down in time.
        recent.push_back(held);
        sum += f64::from(held) - f64::from(recent.pop_front().expect("a gain was pushed just now"));
        let gain = (sum / ahead as f64) as f32;
        [left * gain, right * gain]
    });
}
