//! The speed that a clock is set to: one thread sets it, others read it without waiting. Knows no playhead.

use std::sync::atomic::{AtomicU8, Ordering::SeqCst};

use crate::speed::Speed;

const SPEEDS: [Speed; 3] = [Speed::Half, Speed::Normal, Speed::Double];

#[derive(Debug)]
pub(super) struct SetSpeed(AtomicU8);

impl Default for SetSpeed {
    fn default() -> Self {
        Self(AtomicU8::new(Speed::default() as u8))
    }
}

impl SetSpeed {
    pub(super) fn get(&self) -> Speed {
        SPEEDS[usize::from(self.0.load(SeqCst))]
    }

    pub(super) fn set(&self, speed: Speed) {
        self.0.store(speed as u8, SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_speed_is_read_as_it_was_set() {
        let set = SetSpeed::default();
        assert_eq!(set.get(), Speed::Normal);
        for speed in SPEEDS {
            set.set(speed);
            assert_eq!(set.get(), speed);
        }
    }
}
