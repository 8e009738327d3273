//! Loudness without clicks: the gain walks to where it is wanted. Knows no sound and no card.

/// How loud the show plays: 100 % is the file's own level.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Volume(u8);

impl Volume {
    pub const FULL: Self = Self(100);

    /// None above 100 %: louder than the file is distorted.
    #[must_use]
    pub const fn from_percent(percent: u8) -> Option<Self> {
        if percent <= 100 { Some(Self(percent)) } else { None }
    }

    #[must_use]
    pub const fn percent(self) -> u8 {
        self.0
    }

    /// What samples are multiplied by: the square, so that half the volume sounds about half as loud.
    pub(crate) fn amplitude(self) -> f32 {
        let part = f32::from(self.0) / 100.0;
        part * part
    }
}

/// The factor that samples are multiplied by, on its way to another.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Gain {
    factor: f32,
    /// The most it changes from one frame to the next.
    step: f32,
}

/// From silence to full in a hundredth of a second: too slow to click, too fast to be noticed.
const RAMPS_A_SECOND: f32 = 100.0;

impl Gain {
    pub(crate) fn silent(rate: u32) -> Self {
        Self { factor: 0.0, step: RAMPS_A_SECOND / rate as f32 }
    }

    /// At once, for a beginning whose first sample must be heard in full.
    pub(crate) fn set(&mut self, factor: f32) {
        self.factor = factor;
    }

    /// Frames until it is silent.
    pub(crate) fn frames_to_silence(&self) -> usize {
        (self.factor / self.step).ceil() as usize
    }

    /// Multiplies `samples`, `channels` a frame, on the way to `wanted`.
    pub(crate) fn apply(&mut self, samples: &mut [f32], channels: u16, wanted: f32) {
        for frame in samples.chunks_mut(channels.into()) {
            self.factor += (wanted - self.factor).clamp(-self.step, self.step);
            frame.iter_mut().for_each(|sample| *sample *= self.factor);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_of_volume_has_no_step_that_clicks() {
        let mut gain = Gain::silent(48_000);
        let mut samples = [1.0; 2_000];
        gain.apply(&mut samples, 2, 1.0);
        assert!(samples.windows(2).all(|pair| (pair[1] - pair[0]).abs() < 0.003));
        assert!((samples[1_999] - 1.0).abs() < 1e-6);
        assert_eq!(gain.frames_to_silence(), 480);
    }

    #[test]
    fn volume_ends_at_the_files_own_level() {
        assert_eq!(Volume::from_percent(101), None);
        for (percent, amplitude) in [(0, 0.0), (50, 0.25), (100, 1.0)] {
            assert!((Volume(percent).amplitude() - amplitude).abs() < 1e-6);
        }
    }
}
