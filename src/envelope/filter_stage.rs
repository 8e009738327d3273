//! A filter of second order in integers, low-pass and high-pass at once. Knows no bands.
//!
//! It is a state variable filter with trapezoidal integrators (V. Zavalishin, "The Art of VA Filter Design", 2012, 3.10 and
//! 4.4), damped as a Butterworth filter is. Its coefficients stay exact at low frequencies, where those of a biquad do not.

/// Binary digits behind the point in a coefficient.
const DIGITS: u32 = 30;
const ONE: i64 = 1 << DIGITS;
/// Pi, and the square root of 2: the damping of a Butterworth filter.
const PI: i128 = 3_373_259_426;
const DAMPING: i64 = 1_518_500_250;
/// A filter is tuned to at most this part of its rate; at a half its tangent has no value.
const HIGHEST_TUNING: (u64, u64) = (9, 20);

#[derive(Clone, Debug)]
pub(super) struct FilterStage {
    a: [i64; 3],
    states: [i64; 2],
}

/// What a stage makes of a sample.
pub(super) struct Divided {
    pub(super) low: i64,
    pub(super) high: i64,
}

impl FilterStage {
    /// Divides at `millihertz` a signal of `rate` samples a second, which is not 0.
    pub(super) fn new(millihertz: u64, rate: u64) -> Self {
        let rate = rate * 1_000;
        let tuning = millihertz.min(rate * HIGHEST_TUNING.0 / HIGHEST_TUNING.1);
        let angle = (PI * i128::from(tuning) / i128::from(rate)) as i64;
        let g = tangent(angle);
        let (g_wide, one) = (i128::from(g), i128::from(ONE));
        let a1 = one * one / (one + ((g_wide * (g_wide + i128::from(DAMPING))) >> DIGITS));
        let a2 = (g_wide * a1) >> DIGITS;
        let a3 = (g_wide * a2) >> DIGITS;
        Self { a: [a1, a2, a3].map(|a| a as i64), states: [0; 2] }
    }

    /// Samples lie below 2^28, so that no product overflows.
    #[inline]
    pub(super) fn divide(&mut self, sample: i64) -> Divided {
        let ([a1, a2, a3], [first, second]) = (self.a, self.states);
        let difference = sample - second;
        let middle = (a1 * first + a2 * difference) >> DIGITS;
        let low = second + ((a2 * first + a3 * difference) >> DIGITS);
        self.states = [2 * middle - first, 2 * low - second];
        Divided { low, high: sample - ((DAMPING * middle) >> DIGITS) - low }
    }
}

/// The tangent of an angle from 0 to 1.42, both with [`DIGITS`]: the series of sine and cosine, as far as they count.
fn tangent(angle: i64) -> i64 {
    let square = (angle * angle) >> DIGITS;
    let series = |first: i64, from: i64| {
        let (mut sum, mut term) = (first, first);
        for n in (from..from + 16).step_by(2) {
            term = -((term * square) >> DIGITS) / (n * (n + 1));
            sum += term;
        }
        sum
    };
    let (sine, cosine) = (series(angle, 2), series(ONE, 1));
    ((i128::from(sine) << DIGITS) / i128::from(cosine)) as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tangent_is_the_one_of_the_tables() {
        for (tenths, tangent_of) in
            [(1, 0.100_334_7_f64), (5, 0.546_302_5), (10, 1.557_407_7), (14, 5.797_884)]
        {
            let found = tangent(ONE * tenths / 10) as f64 / ONE as f64;
            assert!((found / tangent_of - 1.0).abs() < 1e-6, "{found}");
        }
    }

    const RATE: u64 = 48_000;

    /// What is left of a tone on one side of 1,000 Hz, in thousandths of its power's root, once the filter has settled.
    fn left_of(tone: f64, side: fn(&Divided) -> i64) -> f64 {
        let mut stage = FilterStage::new(1_000_000, RATE);
        let height = f64::from(1 << 24);
        let squares = (0..RATE).map(|frame| {
            let angle = std::f64::consts::TAU * tone * frame as f64 / RATE as f64;
            let left = side(&stage.divide((angle.sin() * height) as i64)) as f64 / height;
            if frame < RATE / 2 { 0.0 } else { left * left }
        });
        (squares.sum::<f64>() / RATE as f64 * 4.0).sqrt() * 1_000.0
    }

    #[test]
    fn a_stage_is_a_butterworth_filter_of_second_order_on_both_sides() {
        for tone in [100.0, 500.0, 1_000.0, 4_000.0, 16_000.0] {
            // By the formula of the analog filter, its frequencies warped as the trapezoidal rule does.
            let warped = |hertz: f64| (std::f64::consts::PI * hertz / RATE as f64).tan();
            let ratio = (warped(tone) / warped(1_000.0)).powi(2);
            let both = (1.0 + ratio * ratio).sqrt();
            let (low, high) = (left_of(tone, |divided| divided.low), left_of(tone, |divided| divided.high));
            assert!((low - 1_000.0 / both).abs() < 0.5, "{tone} Hz: {low}");
            assert!((high - 1_000.0 * ratio / both).abs() < 0.5, "{tone} Hz: {high}");
        }
    }

    #[test]
    fn the_loudest_sound_overflows_nothing() {
        for (millihertz, rate) in
            [(38_000, 11_025), (177_000, 22_049), (2_828_000, 8_000), (2_828_000, 88_199), (1, 1)]
        {
            let mut stages = [(); 3].map(|()| FilterStage::new(millihertz, rate));
            let mut chance = crate::random::Random::new(&[b"loud"]);
            for frame in 0_u64..200_000 {
                let is_up = if frame < 100_000 { chance.below(2) == 0 } else { frame / 40 % 2 == 0 };
                let mut sample = if is_up { 1 << 25 } else { -(1 << 25) };
                for stage in &mut stages {
                    sample = stage.divide(sample).high;
                    assert!(sample.abs() < 1 << 28, "{sample}");
                }
            }
        }
    }
}
