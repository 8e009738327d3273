//! The bell: the glassy electric piano of digital synthesizers, by frequency modulation. Knows one note
//! at a time.

use crate::envelope::fall;
use crate::oscillator::Oscillator;
use crate::signal::{Pan, Stereo, Tone, moments};

pub(crate) fn sound(tone: Tone, bus: &mut Stereo) {
    const RING: f32 = 2.2; // s; what follows is below hearing
    // Two instruments a few cents apart, one to each side.
    for (cents, place, phase) in [(-3.0, -0.55, 0.0), (3.0, 0.55, 0.25)] {
        let hertz = tone.hertz * (cents / 1200_f32).exp2();
        let pan = Pan::at(place);
        let [mut body, mut push, mut glass, mut tine] = [0.0, 0.0, phase, 0.0].map(Oscillator::starting_at);
        for (index, time) in moments(RING) {
            let let_go = fall((time - tone.held).max(0.0) / 0.25);
            let last = (1.0 - time / RING) * (time / 0.0015).min(1.0);
            // High notes ring shorter, as short bars do.
            let ring = fall(time / (0.75 * (440.0 / hertz).sqrt()));
            let strike = tine.sine(hertz * 7.0) * 0.9 * fall(time / 0.12);
            let warmth = push.sine(hertz) * 1.1 * fall(time / 0.5);
            let wave = 0.62 * body.pushed_sine(hertz, warmth) + 0.3 * glass.pushed_sine(hertz * 2.0, strike);
            bus.add(tone.start + index, pan.spread(wave * ring * let_go * last * tone.loud * 0.7));
        }
    }
}
