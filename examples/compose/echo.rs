//! Effects that repeat a sound a little later: chorus, ping-pong, and a tape that runs down. Know no
//! instrument.

use std::f32::consts::TAU;

use crate::filter::Filter;
use crate::signal::{RATE, Stereo, samples};

/// Thickens `dry` with copies whose delay sways, each side to its own rhythm.
pub(crate) fn chorus(dry: &Stereo) -> Stereo {
    const DELAY: f32 = 0.014; // s; longer is heard as an echo
    const SWAY: f32 = 0.004; // s; more is heard as a wrong note
    let mut wet = dry.clone();
    wet.change(|at, [left, right]| {
        let time = at as f32 / RATE;
        let tap = |side: &[f32], hertz: f32, phase: f32| {
            let delay = DELAY + SWAY * ((time * hertz + phase) * TAU).sin();
            between(side, at as f32 - delay * RATE)
        };
        [
            0.75 * left + 0.55 * tap(&dry.left, 0.53, 0.0) + 0.2 * tap(&dry.right, 0.31, 0.5),
            0.75 * right + 0.55 * tap(&dry.right, 0.47, 0.25) + 0.2 * tap(&dry.left, 0.37, 0.75),
        ]
    });
    wet
}

/// Echoes of `dry` every `delay` seconds, now left, now right, each duller; without `dry` itself.
pub(crate) fn ping_pong(dry: &Stereo, delay: f32, feedback: f32) -> Stereo {
    let delay = samples(delay);
    let mut wet = Stereo::silence(dry.len());
    let mut dull = [Filter::default(); 2];
    let mut thin = [Filter::default(); 2];
    for at in delay..dry.len() {
        let past = at - delay;
        let entering = (dry.left[past] + dry.right[past]) * 0.5;
        let crossing = [entering + feedback * wet.right[past], feedback * wet.left[past]];
        let mut worn = [0.0; 2];
        for side in 0..2 {
            worn[side] = thin[side].high(dull[side].low(crossing[side], 3_800.0, 0.6), 280.0, 0.6);
        }
        wet.add(at, worn);
    }
    wet
}

/// From `start` for `length` samples `sound` slows down to a standstill, as a tape without power does;
/// after that it is silent.
pub(crate) fn power_down(sound: &mut Stereo, start: usize, length: usize) {
    let running = sound.clone();
    let mut tape = start as f32;
    sound.change(|at, samples| {
        if at < start {
            return samples;
        }
        let speed = (1.0 - (at - start) as f32 / length as f32).max(0.0);
        tape += speed;
        let gain = speed.sqrt();
        [gain * between(&running.left, tape), gain * between(&running.right, tape)]
    });
}

/// The sound at a place between two samples.
fn between(samples: &[f32], place: f32) -> f32 {
    if place < 0.0 {
        return 0.0;
    }
    let (whole, part) = (place as usize, place.fract());
    match samples.get(whole..whole + 2) {
        Some([before, after]) => before + (after - before) * part,
        _ => 0.0,
    }
}
