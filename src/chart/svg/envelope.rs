//! The loudness of the music as an outline, the same above and below the middle. Knows no colors.

use std::fmt::Write as _;

use super::layout::WAVEFORM_STEP;

/// The outline around the middle, through points that are so far from it, [`WAVEFORM_STEP`] apart. Empty in silence.
pub(super) fn envelope(points: &[i64]) -> String {
    let [first, .., last] = points else { return String::new() };
    if points.iter().all(|point| *point == 0) {
        return String::new();
    }
    let mut path = format!("M0 {}l", -first);
    let mut part = |right: i64, down: i64| {
        let _always = match down {
            ..0 => write!(path, "{right}{down} "),
            _ => write!(path, "{right} {down} "),
        };
    };
    let step = WAVEFORM_STEP as i64;
    points.windows(2).for_each(|pair| part(step, pair[0] - pair[1]));
    part(0, 2 * last);
    points.windows(2).rev().for_each(|pair| part(-step, pair[0] - pair[1]));
    path.truncate(path.trim_end().len());
    path + "z"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_outline_is_the_same_above_and_below() {
        assert_eq!(envelope(&[1, 5, 2]), "M0 -1l2-4 2 3 0 4 -2 3 -2-4z");
        assert_eq!(envelope(&[0, 0, 0]), "");
        assert_eq!(envelope(&[1]), "");
    }
}
