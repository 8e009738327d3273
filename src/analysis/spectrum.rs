//! The spectrum of a song, frame by frame: how much there is in each of many bands. Knows no beats.
//!
//! The FFT is the scalar one, and logarithms are `libm`'s: the same song gives the same numbers on each machine.

use std::sync::Arc;
use std::time::Duration;

use rustfft::num_complex::Complex;
use rustfft::{Fft, FftPlannerScalar};

use crate::time::ShowTime;

/// Frames a second. A beat is found to a fraction of a frame.
pub(super) const FRAMES: u32 = 100;
/// A frame hears five hops: 50 ms.
const HOPS: usize = 5;
/// Bands an octave, from the lowest on.
const PER_OCTAVE: f64 = 12.0;
const LOWEST: f64 = 32.703; // Hz, a C
const HIGHEST: f64 = 15_000.0; // Hz
/// Of all frequencies that a file has, the highest are filtered away.
const OF_NYQUIST: f64 = 0.92;
/// Steps an octave of loudness in which levels are kept.
const STEPS: f32 = 512.0;
/// What is this much quieter than full scale, in octaves, is silence.
const FLOOR: f32 = 24.0;

/// Hears samples, and keeps the levels of bands.
pub(super) struct SpectrumReader {
    rate: u32,
    fft: Arc<dyn Fft<f32>>,
    window: Vec<f32>,
    buffer: Vec<Complex<f32>>,
    scratch: Vec<Complex<f32>>,
    bands: Vec<Band>,
    /// Samples that a later frame needs, and the number of the first.
    samples: Vec<f32>,
    first: i64,
    frames: usize,
    levels: Vec<u16>,
    powers: Vec<f32>,
}

/// The levels of a whole song.
pub(super) struct Spectrum {
    /// The middle of each band, in Hz.
    pub(super) pitches: Vec<f64>,
    /// A row a frame.
    levels: Vec<u16>,
    /// How strong each frame is over all: its mean square.
    pub(super) powers: Vec<f32>,
}

struct Band {
    pitch: f64,
    /// The bins of the FFT from this one on, with their weights.
    first: usize,
    weights: Vec<f32>,
}

impl SpectrumReader {
    pub(super) fn new(rate: u32) -> Self {
        let length = HOPS * (rate.div_ceil(FRAMES) as usize).max(2);
        let fft = FftPlannerScalar::new().plan_fft_forward(length);
        let turn = std::f64::consts::TAU / length as f64;
        let window = (0..length).map(|at| (0.5 - 0.5 * libm::cos(turn * (at as f64 + 0.5))) as f32);
        Self {
            rate,
            buffer: vec![Complex::default(); length],
            scratch: vec![Complex::default(); fft.get_inplace_scratch_len()],
            fft,
            window: window.collect(),
            bands: bands(rate, length),
            // The first frame is centred at the first sample.
            samples: vec![0.0; length / 2],
            first: -(length as i64 / 2),
            frames: 0,
            levels: Vec::new(),
            powers: Vec::new(),
        }
    }

    pub(super) fn push(&mut self, samples: &[f32]) {
        // A broken file may hold numbers that are none.
        self.samples.extend(samples.iter().map(|sample| if sample.is_finite() { *sample } else { 0.0 }));
        // Two frames at once: one is the real part, one the imaginary.
        while self.begin_of(self.frames + 1) + self.window.len() as i64
            <= self.first + self.samples.len() as i64
        {
            self.take_two_frames();
        }
        let done = (self.begin_of(self.frames) - self.first).clamp(0, self.samples.len() as i64);
        if done > 1 << 16 {
            self.samples.drain(..done as usize);
            self.first += done;
        }
    }

    pub(super) fn finish(mut self) -> Spectrum {
        let heard = self.first + self.samples.len() as i64;
        let frames = (heard.max(0) * i64::from(FRAMES) / i64::from(self.rate)) as usize;
        let silence = vec![0.0; 2 * self.window.len()];
        self.push(&silence);
        let frames = frames.min(self.frames);
        self.levels.truncate(frames * self.bands.len());
        self.powers.truncate(frames);
        let pitches = self.bands.iter().map(|band| band.pitch).collect();
        Spectrum { pitches, levels: self.levels, powers: self.powers }
    }

    /// The first sample of a frame.
    fn begin_of(&self, frame: usize) -> i64 {
        (frame as i64 * i64::from(self.rate)) / i64::from(FRAMES) - self.window.len() as i64 / 2
    }

    fn take_two_frames(&mut self) {
        let at = |frame| (self.begin_of(frame) - self.first) as usize;
        let (one, two) = (at(self.frames), at(self.frames + 1));
        let length = self.window.len();
        let (one, two) = (&self.samples[one..one + length], &self.samples[two..two + length]);
        let power = |frame: &[f32]| frame.iter().map(|sample| sample * sample).sum::<f32>() / length as f32;
        self.powers.extend([power(one), power(two)]);
        for (place, value) in self.buffer.iter_mut().enumerate() {
            *value = Complex::new(one[place], two[place]) * self.window[place];
        }
        self.fft.process_with_scratch(&mut self.buffer, &mut self.scratch);
        // Of a full-scale tone, the bin has a quarter of the length.
        let scale = 4.0 / length as f32;
        for which in 0..2 {
            let sign = if which == 0 { 1.0 } else { -1.0 };
            let magnitude = |bin: usize| {
                let (here, there) = (self.buffer[bin], self.buffer[length - bin].conj());
                (here + there * sign).norm() * 0.5 * scale
            };
            for band in &self.bands {
                let weighted = band.weights.iter().enumerate();
                let sum: f32 = weighted.map(|(step, weight)| weight * magnitude(band.first + step)).sum();
                let octaves = (libm::log2f(sum.max(1e-9)) + FLOOR).max(0.0);
                self.levels.push((octaves * STEPS) as u16);
            }
        }
        self.frames += 2;
    }
}

impl Spectrum {
    pub(super) fn frames(&self) -> usize {
        self.powers.len()
    }

    pub(super) fn bands(&self) -> usize {
        self.pitches.len()
    }

    /// The levels of a frame: logarithms to base 2 above the floor.
    pub(super) fn levels(&self, frame: usize) -> impl ExactSizeIterator<Item = f32> + '_ {
        let bands = self.bands();
        self.levels[frame * bands..(frame + 1) * bands].iter().map(|level| f32::from(*level) / STEPS)
    }
}

/// When this frame is heard.
pub(super) fn time_of(frame: f32) -> ShowTime {
    let micros = f64::from(frame.max(0.0)) * 1e6 / f64::from(FRAMES);
    ShowTime::ZERO + Duration::from_micros(micros.round() as u64)
}

/// Triangles that overlap by half. Where bins are farther apart than bands, each bin is one band.
fn bands(rate: u32, length: usize) -> Vec<Band> {
    let per_bin = f64::from(rate) / length as f64;
    let highest = HIGHEST.min(f64::from(rate) / 2.0 * OF_NYQUIST);
    let mut middles: Vec<usize> = (0..)
        .map(|step| LOWEST * libm::exp2(f64::from(step) / PER_OCTAVE))
        .take_while(|pitch| *pitch < highest)
        .map(|pitch| (pitch / per_bin).round() as usize)
        .filter(|bin| *bin > 0 && *bin < length / 2)
        .collect();
    middles.dedup();
    let edges = |place: usize| (middles[place - 1], middles[place], middles[place + 1]);
    (1..middles.len().saturating_sub(1))
        .map(edges)
        .map(|(low, middle, high)| {
            let rising = (low + 1..=middle).map(|bin| (bin - low) as f32 / (middle - low) as f32);
            let falling = (middle + 1..high).map(|bin| (high - bin) as f32 / (high - middle) as f32);
            let weights: Vec<f32> = rising.chain(falling).collect();
            let total: f32 = weights.iter().sum();
            let weights = weights.iter().map(|weight| weight / total).collect();
            Band { pitch: middle as f64 * per_bin, first: low + 1, weights }
        })
        .collect()
}
