//! When the watchdog may be fed: as long as light and sound advance. Pure; knows no systemd.

use std::time::{Duration, Instant};

use crate::time::ShowTime;

/// Signs of life of a show that is on stage.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Signs {
    /// Of the timing thread. Also while the show is paused.
    pub beats: u64,
    /// Where the show is heard, while the sound card leads. `None` for a show that is paused, waits for its
    /// sound or has none.
    pub sound: Option<ShowTime>,
}

/// Asked at every turn of the main loop: one that turns no more does not ask.
#[derive(Debug)]
pub struct Pulse {
    interval: Duration,
    fed: Option<Instant>,
    seen: Option<Signs>,
}

impl Pulse {
    /// `interval`: how often the watchdog wants to be fed.
    #[must_use]
    pub fn new(interval: Duration) -> Self {
        Self { interval, fed: None, seen: None }
    }

    /// Whether to feed it now, at `now`. `signs` are those of the show on stage; none where nothing plays.
    pub fn is_due(&mut self, now: Instant, signs: Option<Signs>) -> bool {
        let is_sated = self.fed.is_some_and(|fed| now.saturating_duration_since(fed) < self.interval);
        if is_sated || !self.advances(signs) {
            return false;
        }
        (self.fed, self.seen) = (Some(now), signs);
        true
    }

    /// Since it was fed.
    fn advances(&self, signs: Option<Signs>) -> bool {
        let (Some(before), Some(signs)) = (self.seen, signs) else { return true };
        let is_silent = before.sound.is_none() || signs.sound.is_none();
        // A show that is repeated goes back to its start: that is an advance, too.
        signs.beats != before.beats && (is_silent || signs.sound != before.sound)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INTERVAL: Duration = Duration::from_secs(5);

    /// Beats, and the second that is heard.
    fn signs(beats: u64, heard: Option<u64>) -> Option<Signs> {
        Some(Signs { beats, sound: heard.map(|second| ShowTime::from_micros(second * 1_000_000)) })
    }

    /// Whether it is fed when these are seen, one interval after another.
    #[track_caller]
    fn check(row: &[(Option<Signs>, bool)]) {
        let (mut pulse, mut now) = (Pulse::new(INTERVAL), Instant::now());
        for (place, (signs, is_fed)) in row.iter().enumerate() {
            assert_eq!(pulse.is_due(now, *signs), *is_fed, "the {place}th: {signs:?}");
            now += INTERVAL;
        }
    }

    #[test]
    fn a_service_with_nothing_on_stage_lives_while_its_loop_turns() {
        check(&[(None, true), (None, true), (None, true)]);
    }

    #[test]
    fn lights_that_stand_still_let_it_starve_and_come_back() {
        check(&[
            (signs(10, None), true),
            (signs(500, None), true),
            (signs(500, None), false),
            (signs(500, None), false),
            (signs(501, None), true),
        ]);
    }

    #[test]
    fn sound_that_stands_still_lets_it_starve_while_the_lights_go_on() {
        check(&[
            (signs(10, Some(1)), true),
            (signs(510, Some(6)), true),
            (signs(1_010, Some(6)), false),
            (signs(1_510, Some(6)), false),
            (signs(2_010, Some(7)), true),
        ]);
    }

    #[test]
    fn a_pause_a_lost_sound_card_and_a_show_that_begins_again_are_no_standstill() {
        check(&[
            (signs(10, Some(6)), true),
            (signs(510, None), true),
            (signs(1_010, None), true),
            (signs(1_510, Some(6)), true),
            (signs(2_010, Some(0)), true),
            (None, true),
            (signs(2_010, Some(0)), true),
        ]);
    }

    #[test]
    fn it_is_fed_once_an_interval_and_at_once_when_something_moves_after_that() {
        let (mut pulse, start) = (Pulse::new(INTERVAL), Instant::now());
        let fed = |(millis, beats): (u64, u64)| {
            pulse.is_due(start + Duration::from_millis(millis), signs(beats, None))
        };
        let row = [(0, 1), (50, 2), (4_999, 3), (5_000, 4), (10_000, 4), (10_050, 5), (10_100, 6)];
        assert_eq!(row.map(fed), [true, false, false, true, false, true, false]);
    }
}
