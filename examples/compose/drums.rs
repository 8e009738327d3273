//! The drum machine, and the noises that announce and end things. Knows one stroke at a time.

use crate::envelope::fall;
use crate::filter::Filter;
use crate::oscillator::{Noise, Oscillator};
use crate::signal::{Pan, RATE, Stereo, Tone, moments, samples};

/// Hertz of the six squares of a machine's cymbal: no two in tune.
const METAL: [f32; 6] = [205.3, 304.4, 369.6, 522.7, 540.0, 800.0];

pub(crate) fn kick(start: usize, loud: f32, bus: &mut Stereo) {
    let mut skin = Oscillator::starting_at(0.0);
    let mut beater = Noise::seeded(1);
    for (index, time) in moments(0.42) {
        let hertz = 47.0 + 105.0 * fall(time / 0.035) + 320.0 * fall(time / 0.006);
        let body = (1.7 * skin.sine(hertz)).tanh() * fall(time / 0.15) * (1.0 - time / 0.42);
        let click = 0.3 * beater.sample() * fall(time / 0.0025);
        bus.add(start + index, Pan::CENTRE.spread((body + click) * loud));
    }
}

/// The bare snare; its long half comes from a room and a gate.
pub(crate) fn snare(start: usize, loud: f32, bus: &mut Stereo) {
    let [mut low, mut high] = [0.0, 0.0].map(Oscillator::starting_at);
    let mut wires = Noise::seeded(start as u32);
    let [mut thin, mut dull] = [Filter::default(); 2];
    for (index, time) in moments(0.3) {
        let bend = 1.0 + 0.4 * fall(time / 0.012);
        let skin = 0.6 * low.sine(182.0 * bend) + 0.3 * high.sine(331.0 * bend);
        let noise = dull.low(thin.high(wires.sample(), 1_300.0, 0.7), 9_500.0, 0.7);
        let stroke = skin * fall(time / 0.07) + 0.75 * noise * fall(time / 0.085);
        bus.add(start + index, Pan::CENTRE.spread(stroke * (1.0 - time / 0.3) * loud));
    }
}

pub(crate) fn hat(start: usize, loud: f32, bus: &mut Stereo) {
    let mut fizz = Noise::seeded(start as u32 ^ 0x4A7);
    let mut squares = METAL.map(|_| Oscillator::starting_at(0.0));
    let [mut thin, mut thinner] = [Filter::default(); 2];
    let pan = Pan::at(0.22);
    for (index, time) in moments(0.12) {
        let ring: f32 =
            METAL.iter().zip(&mut squares).map(|(hertz, wave)| wave.pulse(hertz * 1.6, 0.5)).sum();
        let mixed = 0.12 * ring + 0.7 * fizz.sample();
        let high = thinner.high(thin.high(mixed, 7_200.0, 0.7), 7_200.0, 0.7);
        bus.add(start + index, pan.spread(1.2 * high * fall(time / 0.028) * (1.0 - time / 0.12) * loud));
    }
}

/// The hexagonal tom of the time: a falling tone; `1` is the highest of four.
pub(crate) fn tom(start: usize, which: char, loud: f32, bus: &mut Stereo) {
    let (hertz, place) = match which {
        '1' => (196.0, -0.5),
        '2' => (147.0, -0.15),
        '3' => (110.0, 0.2),
        _ => (82.0, 0.5),
    };
    let pan = Pan::at(place);
    let mut skin = Oscillator::starting_at(0.0);
    let mut stick = Noise::seeded(start as u32);
    let mut dull = Filter::default();
    for (index, time) in moments(0.5) {
        let tone = skin.sine(hertz * (0.8 + 0.9 * fall(time / 0.07)));
        let noise = dull.band(stick.sample(), 1_800.0, 0.8) * fall(time / 0.02);
        let stroke = (1.4 * tone).tanh() * fall(time / 0.17) + 0.5 * noise;
        bus.add(start + index, pan.spread(stroke * (1.0 - time / 0.5) * loud));
    }
}

pub(crate) fn crash(start: usize, loud: f32, bus: &mut Stereo) {
    for (index, pair) in cymbal(2.2).into_iter().enumerate() {
        bus.add(start + index, pair.map(|sample| sample * loud));
    }
}

/// A cymbal backwards, over before `end`.
pub(crate) fn inhale(end: usize, loud: f32, bus: &mut Stereo) {
    for (index, pair) in cymbal(1.5).into_iter().enumerate() {
        if let Some(at) = end.checked_sub(index + 1) {
            bus.add(at, pair.map(|sample| sample * loud));
        }
    }
}

fn cymbal(seconds: f32) -> Vec<[f32; 2]> {
    let mut sides = [(Noise::seeded(71), Filter::default()), (Noise::seeded(72), Filter::default())];
    let mut squares = METAL.map(|_| Oscillator::starting_at(0.0));
    let strokes = moments(seconds).map(|(_, time)| {
        let ring: f32 =
            METAL.iter().zip(&mut squares).map(|(hertz, wave)| wave.pulse(hertz * 2.1, 0.5)).sum();
        let gain = (0.7 * fall(time / 0.55) + 0.5 * fall(time / 0.05)) * (1.0 - time / seconds);
        [0, 1].map(|side| {
            let (fizz, thin) = &mut sides[side];
            gain * thin.high(0.6 * fizz.sample() + 0.06 * ring, 4_200.0, 0.7)
        })
    });
    strokes.collect()
}

/// Noise that climbs for `seconds`.
pub(crate) fn riser(start: usize, seconds: f32, loud: f32, bus: &mut Stereo) {
    let mut sides = [(Noise::seeded(5), Filter::default()), (Noise::seeded(6), Filter::default())];
    for (index, time) in moments(seconds) {
        let progress = time / seconds;
        let hertz = 260.0 * 30_f32.powf(progress);
        let gain = loud * progress.powi(2);
        bus.add(
            start + index,
            [0, 1].map(|side| {
                let (wind, narrow) = &mut sides[side];
                gain * narrow.band(wind.sample(), hertz, 2.2)
            }),
        );
    }
}

/// A deep note that falls out of hearing.
pub(crate) fn boom(start: usize, loud: f32, bus: &mut Stereo) {
    let mut skin = Oscillator::starting_at(0.0);
    for (index, time) in moments(1.8) {
        let wave = skin.sine(31.0 + 46.0 * fall(time / 0.4)) * fall(time / 0.55);
        bus.add(
            start + index,
            Pan::CENTRE.spread(wave * loud * (time / 0.004).min(1.0) * (1.0 - time / 1.8)),
        );
    }
}

/// A light switch: one click as it goes, a second as it lands.
pub(crate) fn click(start: usize, loud: f32, bus: &mut Stereo) {
    let mut snap = Noise::seeded(9);
    let mut wood = Filter::default();
    for (after, strength) in [(0.0, 0.5), (0.028, 1.0)] {
        for (index, time) in moments(0.06) {
            let knock = wood.band(snap.sample(), 2_300.0, 3.0) * fall(time / 0.006);
            bus.add(start + samples(after) + index, Pan::at(0.3).spread(3.0 * knock * strength * loud));
        }
    }
}

/// The single bell of a lift: a bar of metal whose overtones are not in tune.
pub(crate) fn ding(tone: Tone, bus: &mut Stereo) {
    const OVERTONES: [(f32, f32, f32); 4] =
        [(1.0, 0.6, 0.6), (2.76, 0.25, 0.28), (5.4, 0.12, 0.12), (8.93, 0.06, 0.05)];
    for (ratio, strength, ring) in OVERTONES {
        let mut bar = Oscillator::starting_at(0.0);
        for (index, time) in moments(tone.held.min(ring * 6.0)) {
            let gain =
                strength * fall(time / ring) * (1.0 - time / tone.held) * (time * RATE / 40.0).min(1.0);
            bus.add(
                tone.start + index,
                Pan::at(-0.2).spread(gain * tone.loud * bar.sine(tone.hertz * ratio)),
            );
        }
    }
}
