//! The shape of a fade. Knows no levels and no times, only how far along.

/// How a fade is spread over its time.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Easing {
    #[default]
    Linear,
    /// Starts gently: t².
    In,
    /// Ends gently: 1 − (1 − t)².
    Out,
    /// Both: 3t² − 2t³.
    InOut,
}

impl Easing {
    /// Maps progress to progress, both in parts of 2³²: exact in integers, the same everywhere.
    #[must_use]
    pub const fn ease(self, t: u64) -> u64 {
        const ONE: u128 = 1 << 32;
        let t = t as u128;
        let square = t * t / ONE;
        let eased = match self {
            Self::Linear => t,
            Self::In => square,
            Self::Out => 2 * t - square,
            Self::InOut => 3 * square - 2 * square * t / ONE,
        };
        eased as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shape_begins_at_its_beginning_ends_at_its_end_and_never_turns_back() {
        for easing in [Easing::Linear, Easing::In, Easing::Out, Easing::InOut] {
            let eased: Vec<u64> = (0..=64).map(|step| easing.ease(step << 26)).collect();
            assert_eq!((eased[0], eased[64]), (0, 1 << 32), "{easing:?}");
            assert!(eased.is_sorted(), "{easing:?}");
        }
    }
}
