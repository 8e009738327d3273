//! The pluck: the short, bright voice that plays the arpeggios. Knows one note at a time.

use crate::envelope::{Envelope, fall};
use crate::filter::Filter;
use crate::oscillator::Oscillator;
use crate::signal::{Pan, Stereo, Tone, moments};

const PLUCK: Envelope = Envelope { attack: 0.002, decay: 0.14, sustain: 0.12, release: 0.16 };

/// Sounds `tone` at `place` between the speakers, opening up to `glow` hertz.
pub(crate) fn sound(tone: Tone, glow: f32, place: f32, bus: &mut Stereo) {
    let pan = Pan::at(place);
    let mut saw = Oscillator::starting_at(0.2);
    let mut pulse = Oscillator::starting_at(0.6);
    let mut filter = Filter::default();
    for (index, time) in moments(tone.held + PLUCK.release) {
        let wave = 0.6 * saw.saw(tone.hertz * 1.003) + 0.5 * pulse.pulse(tone.hertz * 0.997, 0.32);
        let cutoff = 220.0 + glow * 1.6 * fall(time / 0.09);
        let gain = PLUCK.at(time, tone.held) * tone.loud;
        bus.add(tone.start + index, pan.spread(gain * filter.low(wave, cutoff, 1.1)));
    }
}
