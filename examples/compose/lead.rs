//! The lead: the voice that carries the tune, one note gliding into the next. Knows a whole line, for
//! that is what makes it sing.

use std::f32::consts::TAU;

use crate::envelope::Envelope;
use crate::filter::Filter;
use crate::oscillator::Oscillator;
use crate::signal::{Pan, RATE, Stereo, Tone, samples};

const BREATH: Envelope = Envelope { attack: 0.018, decay: 0.5, sustain: 0.75, release: 0.14 };
const GLIDE: f32 = 0.022; // s; time constant, longer sounds drunk
const VIBRATO_AFTER: f32 = 0.28; // s

/// Sounds `line`, whose tones follow one another.
pub(crate) fn sound(line: &[Tone], bus: &mut Stereo) {
    let Some(first) = line.first() else { return };
    let [mut low, mut middle, mut high] = [0.1, 0.45, 0.8].map(Oscillator::starting_at);
    let mut filters = [Filter::default(); 2];
    let glide = (GLIDE * RATE).recip();
    let mut hertz = first.hertz;
    for (index, tone) in line.iter().enumerate() {
        let end = tone.start + samples(tone.held + BREATH.release);
        let end = line.get(index + 1).map_or(end, |next| end.min(next.start));
        for at in tone.start..end {
            let time = (at - tone.start) as f32 / RATE;
            hertz += (tone.hertz - hertz) * glide;
            let depth = 0.0065 * ((time - VIBRATO_AFTER) / 0.3).clamp(0.0, 1.0);
            let now = hertz * (1.0 + depth * (time * 5.4 * TAU).sin());
            let centre = 0.5 * middle.pulse(now, 0.5 + 0.14 * (at as f32 / RATE * 0.6 * TAU).sin());
            let sides = [centre + 0.6 * low.saw(now * 0.9955), centre + 0.6 * high.saw(now * 1.0045)];
            let gain = BREATH.at(time, tone.held) * tone.loud;
            let cutoff = 1_100.0 + 2_600.0 * gain + 1.2 * now;
            let [left, right] = [0, 1].map(|side| {
                (1.2 * filters[side].low(sides[side], cutoff, 0.9)).tanh()
                    * gain
                    * Pan::CENTRE.spread(1.0)[side]
            });
            bus.add(at, [left, right]);
        }
    }
}
