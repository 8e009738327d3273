//! The pad: slow, wide strings from an analogue synthesizer. Knows one note at a time.

use std::f32::consts::TAU;

use crate::envelope::Envelope;
use crate::filter::Filter;
use crate::oscillator::Oscillator;
use crate::signal::{Pan, RATE, Stereo, Tone, moments};

const SWELL: Envelope = Envelope { attack: 0.35, decay: 2.5, sustain: 0.8, release: 0.9 };

/// Detuning in cents, place between the speakers and starting phase of each of a note's saws.
const SAWS: [(f32, f32, f32); 4] =
    [(-11.0, -0.9, 0.13), (-4.0, 0.5, 0.71), (4.0, -0.5, 0.37), (11.0, 0.9, 0.91)];

/// Sounds `tone` while its brightness goes through `glow`, in hertz.
pub(crate) fn sound(tone: Tone, glow: [f32; 2], bus: &mut Stereo) {
    let mut saws = SAWS.map(|(cents, place, phase)| {
        (tone.hertz * (cents / 1200.0).exp2(), Pan::at(place), Oscillator::starting_at(phase))
    });
    let mut filters = [Filter::default(); 2];
    let mut thin = [Filter::default(); 2];
    for (index, time) in moments(tone.held + SWELL.release) {
        let at = tone.start + index;
        let mut sides = [0.0; 2];
        for (hertz, pan, saw) in &mut saws {
            let [left, right] = pan.spread(saw.saw(*hertz));
            sides = [sides[0] + left, sides[1] + right];
        }
        let breath = 1.0 + 0.18 * (at as f32 / RATE * 0.21 * TAU).sin();
        let progress = (time / tone.held).min(1.0);
        let cutoff = (glow[0] + (glow[1] - glow[0]) * progress) * breath;
        let gain = SWELL.at(time, tone.held) * tone.loud * 0.25;
        for side in 0..2 {
            let warm = filters[side].low(sides[side], cutoff, 0.8);
            sides[side] = gain * thin[side].high(warm, 170.0, 0.6); // the bass has that room to itself
        }
        bus.add(at, sides);
    }
}
