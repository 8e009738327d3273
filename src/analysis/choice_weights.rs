//! What speaks for a candidate, trait by trait: found by logistic regression over 154 songs whose beats are known
//! (rendered and recorded ones of many kinds). Knows no song.

use super::traits::TRAITS;

/// In the order of `traits`.
#[rustfmt::skip]
pub(super) const WEIGHTS: [f32; TRAITS] = [
    // The logarithm of the tempo, its square, and that of fast ones.
    0.793, -0.496, -0.790,
    // How much begins at the beat, at its quarters and thirds: over all.
    0.184, 0.060, -0.035, 0.322, -0.080, -0.122,
    // How much begins at the beat, at its quarters and thirds: low.
    0.449, 0.165, -0.272, 0.197, -0.829, -0.185,
    // How much begins at the beat, at its quarters and thirds: middle.
    0.499, -0.120, 0.062, 0.122, 0.116, -0.166,
    // How much begins at the beat, at its quarters and thirds: high.
    0.316, -0.119, -0.059, 0.095, 0.073, 0.121,
    // How much more begins at the beat than there: over all.
    -0.050, -0.036, 0.219, 0.097, -0.111,
    // How much more begins at the beat than there: low.
    0.171, -0.006, 0.265, 0.078, -0.109,
    // How much more begins at the beat than there: middle.
    0.043, 0.023, 0.276, 0.089, -0.068,
    // How much more begins at the beat than there: high.
    -0.144, 0.142, 0.019, 0.244, 0.054,
    // How much more the sound changes at the beat than at its half and its quarters.
    0.748, 2.754,
    // How much it changes at the beat and its quarters.
    0.213, 2.462, 4.205, 2.137,
    // How alike the song is some beats later.
    3.268, -0.104, 2.064, -0.941, -0.281, 0.452, 0.261, 2.027,
];
