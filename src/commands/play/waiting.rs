//! What `--wait` tells: whose end it waits for, and that it has waited long enough. Waits for nothing.

use std::time::Duration;

use anyhow::anyhow;

use crate::time::ShowTime;

use super::super::outcome::Failure;

/// `waiting for the end of demo (2:30 left)`.
pub(super) fn waits_for(show: &str, position: Option<ShowTime>, length: Option<ShowTime>) -> String {
    let left = position.zip(length).map(|(position, length)| length.saturating_sub(position.as_duration()));
    let left = left.map_or_else(String::new, |left| format!(" ({} left)", left.to_minutes()));
    format!("waiting for the end of {show}{left}")
}

/// The refusal of whoever has waited for `patience` in vain.
pub(super) fn in_vain(patience: Duration, failure: Failure) -> Failure {
    let why = anyhow!("waited {} s; {}", patience.as_secs_f64(), failure.words());
    Failure::of(failure.outcome, why)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::Outcome;

    #[test]
    fn what_is_waited_for_is_told_with_how_long_it_lasts() {
        let seconds = |seconds: u64| Some(ShowTime::from_micros(seconds * 1_000_000));
        for (position, length, expected) in [
            (seconds(30), seconds(180), "waiting for the end of demo (2:30 left)"),
            (seconds(30), None, "waiting for the end of demo"),
            (None, seconds(180), "waiting for the end of demo"),
            (seconds(200), seconds(180), "waiting for the end of demo (0:00 left)"),
        ] {
            assert_eq!(waits_for("demo", position, length), expected);
        }
    }

    #[test]
    fn waiting_in_vain_is_told_with_the_reason() {
        let busy = || Failure::of(Outcome::Busy, anyhow!("demo plays"));
        assert_eq!(in_vain(Duration::from_secs(2), busy()).words(), "waited 2 s; demo plays");
        assert_eq!(in_vain(Duration::from_millis(500), busy()).words(), "waited 0.5 s; demo plays");
        assert_eq!(in_vain(Duration::ZERO, busy()).outcome, Outcome::Busy);
    }
}
