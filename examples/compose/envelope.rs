//! How a note swells and dies away. Knows nothing of its pitch.

/// Attack, decay and release in seconds; the sustain level 0 to 1.
pub(crate) struct Envelope {
    pub(crate) attack: f32,
    pub(crate) decay: f32,
    pub(crate) sustain: f32,
    pub(crate) release: f32,
}

impl Envelope {
    /// How loud a note is `time` seconds after its start, when its key is held for `held` seconds.
    pub(crate) fn at(&self, time: f32, held: f32) -> f32 {
        if time < held {
            return self.while_held(time);
        }
        // A straight end in the last fifth, so that the tail reaches zero when it says it does.
        let gone = (time - held) / self.release;
        self.while_held(held) * fall(gone * 4.0) * (5.0 * (1.0 - gone)).clamp(0.0, 1.0)
    }

    fn while_held(&self, time: f32) -> f32 {
        if time < self.attack {
            return time / self.attack;
        }
        self.sustain + (1.0 - self.sustain) * fall((time - self.attack) / self.decay)
    }
}

/// Exponential decay: 1 at the start, a third after one time constant.
pub(crate) fn fall(time_constants: f32) -> f32 {
    (-time_constants).exp()
}
