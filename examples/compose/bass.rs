//! The bass: a saw over a square an octave lower, plucked with a filter. Knows one note at a time.

use crate::envelope::{Envelope, fall};
use crate::filter::Filter;
use crate::oscillator::Oscillator;
use crate::signal::{Pan, Stereo, Tone, moments};

const PLUCK: Envelope = Envelope { attack: 0.003, decay: 0.35, sustain: 0.55, release: 0.07 };

pub(crate) fn sound(tone: Tone, bus: &mut Stereo) {
    let mut saw = Oscillator::starting_at(0.0);
    let mut second = Oscillator::starting_at(0.3);
    let mut square = Oscillator::starting_at(0.0);
    let mut sine = Oscillator::starting_at(0.0);
    let mut filter = Filter::default();
    for (index, time) in moments(tone.held + PLUCK.release) {
        let wave = 0.55 * saw.saw(tone.hertz)
            + 0.35 * second.saw(tone.hertz * 1.004)
            + 0.3 * square.pulse(tone.hertz, 0.5);
        let cutoff = 190.0 + tone.loud * 1_700.0 * fall(time / 0.1);
        let plucked = filter.low(wave, cutoff, 1.3) + 0.5 * sine.sine(tone.hertz);
        let driven = (1.3 * plucked).tanh();
        let gain = PLUCK.at(time, tone.held) * tone.loud;
        bus.add(tone.start + index, Pan::CENTRE.spread(driven * gain));
    }
}
