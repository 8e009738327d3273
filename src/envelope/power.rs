//! The power of a sound on a scale of the ear's kind: equal steps are equal ratios. Integers only. Knows no bands.

/// Units in a doubling of power.
const UNITS_A_DOUBLING: u32 = 1_024;
const BITS: u32 = UNITS_A_DOUBLING.ilog2();

/// So many decibels in these units: a doubling of power is 10 * lg 2 = 3.0103 dB.
pub(super) const fn decibels(decibels: u32) -> u16 {
    (decibels as u64 * 10_000 * UNITS_A_DOUBLING as u64 / 30_103) as u16
}

/// The binary logarithm of `power` in 1,024th, rounded down; 0 for no power. At most 65,535.
pub(super) fn logarithm(power: u64) -> u16 {
    let Some(whole) = power.checked_ilog2() else { return 0 };
    // From 2^63 up to less than 2^64: squared again and again, each carry is a binary digit.
    let mut rest = power << power.leading_zeros();
    let mut digits = 0;
    for _ in 0..BITS {
        let square = u128::from(rest) * u128::from(rest);
        let carries = square >> 127 == 1;
        digits = digits << 1 | u16::from(carries);
        rest = (square >> if carries { 64 } else { 63 }) as u64;
    }
    ((whole as u16) << BITS) | digits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_logarithm_is_exact_to_its_last_unit() {
        for power in [1, 2, 3, 5, 7, 10, 99, 1_000, 65_535, 1 << 40, (1 << 40) + 1, u64::MAX / 3, u64::MAX] {
            let expected = (power as f64).log2() * 1_024.0;
            let found = f64::from(logarithm(power));
            assert!(found <= expected + 1e-6 && expected < found + 1.001, "{power}: {found} {expected}");
        }
        assert_eq!(logarithm(0), 0);
    }

    #[test]
    fn ten_decibels_are_ten_times_the_power() {
        assert!(decibels(10).abs_diff(logarithm(1_000_000) - logarithm(100_000)) <= 1);
        assert!(decibels(30).abs_diff(logarithm(1_000_000) - logarithm(1_000)) <= 1);
    }
}
