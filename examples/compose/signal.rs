//! Sound as numbers: the sample rate and a stereo stretch of samples. Knows no instrument.

/// Samples a second.
pub(crate) const RATE: f32 = 44_100.0;

/// `seconds` as a number of samples.
pub(crate) fn samples(seconds: f32) -> usize {
    (seconds * RATE) as usize
}

/// The time of each sample of a sound that lasts `seconds`, from zero.
pub(crate) fn moments(seconds: f32) -> impl Iterator<Item = (usize, f32)> {
    (0..samples(seconds)).map(|index| (index, index as f32 / RATE))
}

/// Two channels of equal length.
#[derive(Clone)]
pub(crate) struct Stereo {
    pub(crate) left: Vec<f32>,
    pub(crate) right: Vec<f32>,
}

impl Stereo {
    pub(crate) fn silence(length: usize) -> Self {
        Self { left: vec![0.0; length], right: vec![0.0; length] }
    }

    pub(crate) fn len(&self) -> usize {
        self.left.len()
    }

    /// Adds one pair of samples; what would fall behind the end is not heard.
    pub(crate) fn add(&mut self, at: usize, [left, right]: [f32; 2]) {
        if at < self.len() {
            self.left[at] += left;
            self.right[at] += right;
        }
    }

    pub(crate) fn mix_in(&mut self, other: &Self, gain: f32) {
        for (own, more) in self.left.iter_mut().zip(&other.left) {
            *own += more * gain;
        }
        for (own, more) in self.right.iter_mut().zip(&other.right) {
            *own += more * gain;
        }
    }

    /// Replaces every pair of samples by what `change` makes of it.
    pub(crate) fn change(&mut self, mut change: impl FnMut(usize, [f32; 2]) -> [f32; 2]) {
        for (index, (left, right)) in self.left.iter_mut().zip(&mut self.right).enumerate() {
            [*left, *right] = change(index, [*left, *right]);
        }
    }
}

/// A place between the speakers: -1 is left, 1 is right. Equally loud everywhere.
#[derive(Clone, Copy)]
pub(crate) struct Pan([f32; 2]);

impl Pan {
    pub(crate) const CENTRE: Self = Self([std::f32::consts::FRAC_1_SQRT_2; 2]);

    pub(crate) fn at(place: f32) -> Self {
        let angle = (place + 1.0) * std::f32::consts::FRAC_PI_4;
        Self([angle.cos(), angle.sin()])
    }

    pub(crate) fn spread(self, sample: f32) -> [f32; 2] {
        self.0.map(|gain| gain * sample)
    }
}

/// A note once the tempo is known: what an instrument needs to sound it.
#[derive(Clone, Copy)]
pub(crate) struct Tone {
    /// The sample at which it starts.
    pub(crate) start: usize,
    /// Seconds for which its key is held.
    pub(crate) held: f32,
    pub(crate) hertz: f32,
    /// 0 to 1.
    pub(crate) loud: f32,
}
