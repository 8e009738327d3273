//! When systemd's watchdog may be fed: as long as lights and sound go on. Pure: time is an argument.

use std::time::{Duration, Instant};

/// Signs of life of the show that plays.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Signs {
    /// Of the timing thread. Also while the show is paused.
    pub beats: u64,
    /// How often the sound card has asked for sound, also for the silence of a pause. `None` where it does not
    /// lead: before the first sound, without music, or when the card was given up.
    pub sound: Option<u64>,
}

/// A sound card may ask for nothing for so long; the lights hold meanwhile. After 3 s the card is given up, and the
/// lights go on by the machine's clock.
const LONGEST_HOLD: Duration = Duration::from_millis(3_500);
/// Between two turns of the main loop. A longer time is counted as this: the process was stopped.
const LONGEST_TURN: Duration = Duration::from_millis(100);

/// Asked at every turn of the main loop: a loop that hangs does not ask, so the watchdog is not fed.
#[derive(Debug)]
pub struct Watchdog {
    interval: Duration,
    fed: Option<Instant>,
    /// The beats that were seen then.
    beats: Option<u64>,
    sound: Option<u64>,
    /// When it was last asked.
    asked: Option<Instant>,
    /// How long `sound` has been the same.
    held: Duration,
}

impl Watchdog {
    /// `interval`: how often the watchdog wants to be fed.
    #[must_use]
    pub fn new(interval: Duration) -> Self {
        Self { interval, fed: None, beats: None, sound: None, asked: None, held: Duration::ZERO }
    }

    /// Whether to feed it at `now`. `signs` are those of the show that plays, if any.
    pub fn take_due(&mut self, now: Instant, signs: Option<Signs>) -> bool {
        self.listen(now, signs.and_then(|signs| signs.sound));
        let is_sated = self.fed.is_some_and(|fed| now.saturating_duration_since(fed) < self.interval);
        let beats = signs.map(|signs| signs.beats);
        let lights_stand_still = beats.is_some() && beats == self.beats;
        if is_sated || lights_stand_still || self.held > LONGEST_HOLD {
            return false;
        }
        (self.fed, self.beats) = (Some(now), beats);
        true
    }

    fn listen(&mut self, now: Instant, sound: Option<u64>) {
        let turn = self.asked.map_or(Duration::ZERO, |asked| now.saturating_duration_since(asked));
        let is_held = sound.is_some() && sound == self.sound;
        self.held = if is_held { self.held + turn.min(LONGEST_TURN) } else { Duration::ZERO };
        (self.asked, self.sound) = (Some(now), sound);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INTERVAL: Duration = Duration::from_secs(5);
    /// Of the main loop.
    const TURN: Duration = Duration::from_millis(50);

    /// A main loop that turns, with lights that beat and what the sound card has asked for.
    struct Loop {
        pulse: Watchdog,
        now: Instant,
        beats: u64,
        sound: Option<u64>,
        fed: usize,
    }

    impl Loop {
        fn new(sound: Option<u64>) -> Self {
            Self { pulse: Watchdog::new(INTERVAL), now: Instant::now(), beats: 0, sound, fed: 0 }
        }

        fn turn(&mut self, signs: Option<Signs>) {
            self.fed += usize::from(self.pulse.take_due(self.now, signs));
            self.now += TURN;
        }

        /// How often it is fed in `seconds`, while the card asks `each` times a turn.
        fn turns(&mut self, seconds: u32, each: u64) -> usize {
            self.fed = 0;
            for _ in 0..20 * seconds {
                self.beats += 1;
                self.sound = self.sound.map(|sound| sound + each);
                self.turn(Some(Signs { beats: self.beats, sound: self.sound }));
            }
            self.fed
        }
    }

    #[test]
    fn a_service_that_plays_nothing_lives_while_its_loop_turns() {
        let mut main = Loop::new(None);
        (0..20 * 20).for_each(|_| main.turn(None));
        assert_eq!(main.fed, 4);
    }

    #[test]
    fn lights_that_stand_still_let_it_starve_and_come_back() {
        let mut main = Loop::new(None);
        assert_eq!(main.turns(10, 0), 2);
        let still = Some(Signs { beats: main.beats, sound: None });
        main.fed = 0;
        (0..20 * 20).for_each(|_| main.turn(still));
        assert!(main.fed <= 1, "fed {} times", main.fed);
        assert_eq!(main.turns(10, 0), 2);
    }

    #[test]
    fn sound_that_is_dead_lets_it_starve_while_the_lights_go_on() {
        let mut main = Loop::new(Some(0));
        assert_eq!(main.turns(20, 3), 4);
        assert_eq!(main.turns(4, 0), 1, "it holds for less than 3 s");
        assert_eq!(main.turns(60, 0), 0);
        assert!(main.turns(10, 3) >= 2);
    }

    #[test]
    fn sound_that_holds_for_less_than_three_seconds_is_no_standstill() {
        let mut main = Loop::new(Some(0));
        for _ in 0..10 {
            let fed = main.turns(3, 0) + main.turns(3, 3);
            assert!(fed >= 1, "fed {fed} times");
        }
    }

    #[test]
    fn a_sound_card_that_was_given_up_is_no_standstill() {
        let mut main = Loop::new(Some(0));
        main.turns(3, 0);
        main.sound = None;
        assert!(main.turns(20, 0) >= 4);
    }

    #[test]
    fn a_process_that_was_stopped_is_no_standstill() {
        let mut main = Loop::new(Some(0));
        main.turns(2, 0);
        main.now += Duration::from_secs(60);
        assert_eq!(main.turns(1, 0), 1);
    }

    #[test]
    fn it_is_fed_once_an_interval_and_at_once_when_something_moves_after_that() {
        let (mut pulse, start) = (Watchdog::new(INTERVAL), Instant::now());
        let fed = |(millis, beats): (u64, u64)| {
            pulse.take_due(start + Duration::from_millis(millis), Some(Signs { beats, sound: None }))
        };
        let row = [(0, 1), (50, 2), (4_999, 3), (5_000, 4), (10_000, 4), (10_050, 5), (10_100, 6)];
        assert_eq!(row.map(fed), [true, false, false, true, false, true, false]);
    }
}
