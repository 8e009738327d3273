//! How the sound changes over time: its colour and harmony before and after an instant, and how loud it is. Knows no beats.

use super::spectrum::Spectrum;

/// Harmony is heard below this; above are mostly drums.
const HIGHEST: f64 = 3_000.0; // Hz

/// The sums of all frames before each frame, so that the mean of any stretch is a difference.
pub(super) struct SoundChange {
    sums: Vec<f32>,
    bands: usize,
    /// The pitches of these bands.
    pitches: Vec<f64>,
    powers: Vec<f64>,
}

impl SoundChange {
    pub(super) fn of(spectrum: &Spectrum) -> Self {
        let bands = spectrum.pitches.partition_point(|pitch| *pitch < HIGHEST);
        let frames = spectrum.frames();
        let mut sums = vec![0.0; bands * (frames + 1)];
        for frame in 0..frames {
            let mean = spectrum.levels(frame).take(bands).sum::<f32>() / bands.max(1) as f32;
            let (before, after) = sums.split_at_mut((frame + 1) * bands);
            let before = &before[frame * bands..];
            for ((after, before), level) in after.iter_mut().zip(before).zip(spectrum.levels(frame)) {
                *after = before + (level - mean);
            }
        }
        let powers = std::iter::once(0.0).chain(spectrum.powers.iter().scan(0.0, |sum, power| {
            *sum += f64::from(*power);
            Some(*sum)
        }));
        Self { sums, bands, pitches: spectrum.pitches[..bands].to_vec(), powers: powers.collect() }
    }

    /// How much more each band has than the mean band, between two frames.
    pub(super) fn colour(&self, from: f32, to: f32) -> impl Iterator<Item = f32> + '_ {
        let (from, to) = (self.frame(from), self.frame(to));
        let row = |frame: usize| &self.sums[frame * self.bands..(frame + 1) * self.bands];
        let frames = to.saturating_sub(from).max(1) as f32;
        row(to).iter().zip(row(from)).map(move |(to, from)| (to - from) / frames)
    }

    /// The pitch of each band of a colour, in Hz.
    pub(super) fn pitches(&self) -> &[f64] {
        &self.pitches
    }

    /// How many frames the song has.
    pub(super) fn frames(&self) -> usize {
        self.powers.len() - 1
    }

    /// How different the colours of the `width` frames before and after `at` are: 0 is alike, 1 has nothing in common.
    pub(super) fn at(&self, at: f32, width: f32) -> f32 {
        let (mut product, mut before, mut after) = (0.0, 0.0, 0.0);
        for (one, other) in self.colour(at - width, at).zip(self.colour(at, at + width)) {
            product += one * other;
            before += one * one;
            after += other * other;
        }
        let length = (before * after).sqrt();
        if length > 0.0 { 1.0 - product / length.max(1e-6) } else { 0.0 }
    }

    /// The mean square of the sound between two frames.
    pub(super) fn power(&self, from: f32, to: f32) -> f64 {
        let (from, to) = (self.frame(from), self.frame(to));
        (self.powers[to] - self.powers[from]) / to.saturating_sub(from).max(1) as f64
    }

    fn frame(&self, at: f32) -> usize {
        (at.round().max(0.0) as usize).min(self.powers.len() - 1)
    }
}
