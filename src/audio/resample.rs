//! From the file's rate to the card's, once and exactly: frame `n` of the input is heard where it was.
//! Knows no file and no card.

use rubato::audioadapter_buffers::direct::InterleavedSlice;
use rubato::{Fft, FixedSync, Resampler as _};

use super::spec::Spec;

/// Converts interleaved frames as they come; its own delay is cut away.
pub(crate) struct Resampler {
    fft: Fft<f32>,
    channels: usize,
    pending: Vec<f32>,
    block: Vec<f32>,
    /// Output frames that are still to be cut: the filter's delay.
    to_cut: usize,
    ratio: (u64, u64),
    taken: u64,
    given: u64,
}

/// Frames the filter works on at once: short enough to start at once, long enough to be steep.
const BLOCK: usize = 1_024;

impl Resampler {
    /// None where there is nothing to do.
    pub(crate) fn between(from: Spec, to_rate: u32) -> Option<Self> {
        if from.rate == to_rate {
            return None;
        }
        let channels = usize::from(from.channels);
        let fft = Fft::new(from.rate as usize, to_rate as usize, BLOCK, channels, FixedSync::Both)
            .expect("rates and channels are not zero");
        let block = vec![0.0; fft.output_frames_max() * channels];
        let to_cut = fft.output_delay();
        let ratio = (to_rate.into(), from.rate.into());
        Some(Self { fft, channels, pending: Vec::new(), block, to_cut, ratio, taken: 0, given: 0 })
    }

    /// The last input frame at or before `frame` that falls on an output frame, and that one.
    pub(crate) fn common_frame(from_rate: u32, to_rate: u32, frame: u64) -> (u64, u64) {
        let common = gcd(from_rate, to_rate);
        let (from_step, to_step) = (u64::from(from_rate / common), u64::from(to_rate / common));
        (frame / from_step * from_step, frame / from_step * to_step)
    }

    /// Takes `frames` and appends what is ready to `out`.
    pub(crate) fn push(&mut self, frames: &[f32], out: &mut Vec<f32>) {
        self.taken += (frames.len() / self.channels) as u64;
        self.pending.extend_from_slice(frames);
        let chunk = self.fft.input_frames_next() * self.channels;
        let mut done = 0;
        while self.pending.len() - done >= chunk {
            self.convert(done, out);
            done += chunk;
        }
        self.pending.drain(..done);
    }

    /// Appends what the last frames pushed still have to give.
    pub(crate) fn finish(&mut self, out: &mut Vec<f32>) {
        let chunk = self.fft.input_frames_next() * self.channels;
        let (to, from) = self.ratio;
        let due = (self.taken * to).div_ceil(from);
        let begin = out.len();
        let before = self.given;
        while self.given < due {
            self.pending.resize(chunk, 0.0);
            self.convert(0, out);
            self.pending.clear();
        }
        out.truncate(begin + (due.saturating_sub(before)) as usize * self.channels);
    }

    /// One chunk of what is pending, from sample `start` on.
    fn convert(&mut self, start: usize, out: &mut Vec<f32>) {
        let (inputs, outputs) = (self.fft.input_frames_next(), self.fft.output_frames_next());
        let chunk = &self.pending[start..start + inputs * self.channels];
        let input = InterleavedSlice::new(chunk, self.channels, inputs).expect("cut to measure");
        let block = &mut self.block[..outputs * self.channels];
        let mut output = InterleavedSlice::new_mut(block, self.channels, outputs).expect("cut to measure");
        self.fft
            .process_into_buffer(&input, &mut output, None)
            .expect("both buffers are of the size asked for");
        let cut = self.to_cut.min(outputs);
        self.to_cut -= cut;
        self.given += (outputs - cut) as u64;
        out.extend_from_slice(&self.block[cut * self.channels..outputs * self.channels]);
    }
}

const fn gcd(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { gcd(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A click at `second` of a three-second mono sound; tells the second at which it comes out.
    fn click_through(from_rate: u32, to_rate: u32, second: f64) -> f64 {
        let mut frames = vec![0.0; 3 * from_rate as usize];
        frames[(second * f64::from(from_rate)).round() as usize] = 1.0;
        let mut resampler = Resampler::between(Spec { rate: from_rate, channels: 1 }, to_rate).unwrap();
        let mut out = Vec::new();
        for piece in frames.chunks(333) {
            resampler.push(piece, &mut out);
        }
        resampler.finish(&mut out);
        assert_eq!(out.len(), 3 * to_rate as usize, "{from_rate} to {to_rate} Hz");
        let loudest = (0..out.len()).max_by(|&a, &b| out[a].abs().total_cmp(&out[b].abs())).unwrap();
        loudest as f64 / f64::from(to_rate)
    }

    #[test]
    fn a_click_comes_out_within_a_frame_of_where_it_was() {
        for (from, to) in
            [(44_100, 48_000), (48_000, 44_100), (22_050, 48_000), (96_000, 48_000), (8_000, 44_100)]
        {
            for second in [0.0, 0.001, 1.0, 2.5, 2.999] {
                let out = click_through(from, to, second);
                assert!(
                    (out - second).abs() <= 1.01 / f64::from(from.min(to)),
                    "{from} to {to}: {second} s at {out} s"
                );
            }
        }
    }

    #[test]
    fn a_place_to_begin_lies_on_both_grids() {
        assert_eq!(Resampler::common_frame(44_100, 48_000, 44_150), (44_100, 48_000));
        assert_eq!(Resampler::common_frame(44_100, 48_000, 146), (0, 0));
        assert_eq!(Resampler::common_frame(48_000, 48_000, 146), (146, 146));
    }
}
