//! The organ: what a department store plays to make people buy, through a speaker in the ceiling. Knows
//! one note at a time.

use std::f32::consts::TAU;

use crate::envelope::{Envelope, fall};
use crate::filter::Filter;
use crate::oscillator::{Noise, Oscillator};
use crate::signal::{Pan, RATE, Stereo, Tone, moments};

const KEY: Envelope = Envelope { attack: 0.006, decay: 0.2, sustain: 0.8, release: 0.06 };

/// How far each drawbar is pulled: harmonic and strength.
const DRAWBARS: [(f32, f32); 5] = [(1.0, 0.7), (2.0, 0.5), (3.0, 0.32), (4.0, 0.16), (6.0, 0.1)];

pub(crate) fn sound(tone: Tone, bus: &mut Stereo) {
    let mut pipes = DRAWBARS.map(|(harmonic, strength)| (harmonic, strength, Oscillator::starting_at(0.0)));
    let mut click = Noise::seeded(tone.start as u32);
    for (index, time) in moments(tone.held + KEY.release) {
        let at = tone.start + index;
        let tremolo = 1.0 + 0.22 * (at as f32 / RATE * 6.3 * TAU).sin();
        let chirp = 0.25 * click.sample() * fall(time / 0.004);
        let pipes: f32 = pipes
            .iter_mut()
            .map(|(harmonic, strength, pipe)| *strength * pipe.sine(tone.hertz * *harmonic))
            .sum();
        let gain = KEY.at(time, tone.held) * tone.loud * 0.35;
        bus.add(at, Pan::CENTRE.spread((pipes * tremolo + chirp) * gain));
    }
}

/// Makes `bus` sound as from a cheap speaker in a corridor: no lows, no highs, and a little hoarse.
pub(crate) fn through_the_ceiling(bus: &mut Stereo) {
    let [mut thin, mut thinner, mut dull, mut duller] = [Filter::default(); 4];
    bus.change(|_, sides| {
        let mono = (sides[0] + sides[1]) * 0.5;
        let hoarse = (2.2 * thinner.high(thin.high(mono, 420.0, 0.8), 420.0, 0.8)).tanh();
        [duller.low(dull.low(hoarse, 2_900.0, 1.1), 3_600.0, 0.7); 2]
    });
}
