//! What speaks for a candidate, trait by trait: found by logistic regression over 154 songs whose beats are known (rendered
//! and recorded ones of many kinds), and from there over 77 others at other tempi, with other instruments, distorted, and
//! without drums. Knows no song.

use super::traits::TRAITS;

/// In the order of `traits`.
#[rustfmt::skip]
pub(super) const WEIGHTS: [f32; TRAITS] = [
    // The logarithm of the tempo, its square, and that of fast ones.
    1.126, -1.557, -2.362,
    // How much begins at the beat, at its quarters and thirds: over all.
    0.354, -0.385, -0.426, 0.340, -0.254, -0.133,
    // How much begins at the beat, at its quarters and thirds: low.
    0.565, 0.215, -0.751, 0.190, -1.408, -0.301,
    // How much begins at the beat, at its quarters and thirds: middle.
    0.595, -0.630, -0.306, 0.171, -0.053, -0.072,
    // How much begins at the beat, at its quarters and thirds: high.
    0.749, -0.399, -0.447, 0.016, 0.027, 0.191,
    // How much more begins at the beat than there: over all.
    0.182, 0.483, 0.240, 0.351, -0.119,
    // How much more begins at the beat than there: low.
    0.005, 0.309, 0.211, 0.707, 0.006,
    // How much more begins at the beat than there: middle.
    0.252, 0.434, 0.253, 0.277, -0.115,
    // How much more begins at the beat than there: high.
    0.065, 0.675, 0.134, 0.438, 0.110,
    // How much more the sound changes at the beat than at its half and its quarters.
    0.909, 3.814,
    // How much it changes at the beat and its quarters.
    2.753, -4.584, 5.814, 1.021,
    // How alike the song is some beats later.
    2.937, 5.492, 3.214, -1.934, 0.259, 0.282, 3.361, 2.316,
];
