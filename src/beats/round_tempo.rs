//! Whether a round tempo is meant. Knows no taps.

use super::even::EvenBeats;

/// Most music that has one tempo was made to a click, whose tempo is mostly a whole number. So a whole number is taken
/// if the taps are at least so much likelier under it than under any tempo at all. Halves are rarer.
const WHOLE: f64 = 1.5;
const HALF: f64 = 15.0;

/// `line` with a round tempo, if one is likely; else with its own to a thousandth, as a cue sheet has it. Beats in the
/// middle of the taps stay where they are.
pub(super) fn rounded(line: &EvenBeats) -> EvenBeats {
    let bpm = 60.0 / line.period;
    let error = (bpm * line.period_error / line.period).max(1e-6);
    let likelier = |round: f64| {
        let off = (bpm - round) / error;
        (-off * off / 2.0).exp() / (error * std::f64::consts::TAU.sqrt())
    };
    let (whole, half) = (bpm.round(), bpm.floor() + 0.5);
    let to = match () {
        () if likelier(whole) >= WHOLE => whole,
        () if likelier(half) >= HALF => half,
        () => (bpm * 1_000.0).round() / 1_000.0,
    };
    EvenBeats { period: 60.0 / to, ..*line }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rounded_bpm(bpm: f64, error: f64) -> f64 {
        let period = 60.0 / bpm;
        let line = EvenBeats { middle: 0.0, at: 0.0, period, period_error: error * period / bpm };
        60.0 / rounded(&line).period
    }

    #[test]
    fn a_tempo_is_rounded_only_where_the_taps_allow_it() {
        for (bpm, error, round) in [
            (119.98, 0.03, 120.0),
            (120.0, 0.000_001, 120.0),
            (119.98, 0.005, 119.98),
            (119.9, 0.03, 119.9),
            (119.51, 0.01, 119.5),
            (119.51, 0.04, 119.51),
            (119.7, 1.0, 119.7),
            (119.999_96, 0.5, 120.0),
        ] {
            let found = rounded_bpm(bpm, error);
            assert!((found - round).abs() < 1e-9, "{bpm} ± {error}: {found}");
        }
    }
}
