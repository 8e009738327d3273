//! Whether the heartbeat goes on. Pure: it counts looks, and knows no clock.

use std::time::Duration;

/// How often the heartbeat is looked at.
pub(super) const LOOK: Duration = Duration::from_millis(250);

/// After so many looks without a beat, 2 s, the timing thread stands still. Looks are counted and not time: a guardian
/// that was itself stopped, or a machine that slept, proves nothing.
const PATIENCE: u32 = 8;

/// How often it is tried to make lines safe that could not be made so, a look apart: ten seconds.
pub(super) const TRIES: u32 = 40;

/// What a look tells.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum HeartbeatChange {
    Nothing,
    /// It stands still, and lines may be away from their safe signals. Told again at each look until
    /// [`Watch::made_safe`], [`TRIES`] times at most.
    Stopped,
    /// It had stopped, and goes on.
    Back,
}

#[derive(Debug, Default)]
pub(super) struct Watch {
    beats: u64,
    /// Looks since the last beat.
    still: u32,
    alarm: Alarm,
}

/// What came of a standstill.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
enum Alarm {
    #[default]
    None,
    /// The lines could not be made safe, this often.
    Tried(u32),
    Settled,
}

impl Watch {
    /// Looks at a heartbeat that has come to `beats`.
    pub(super) fn look(&mut self, beats: u64, is_at_rest: bool) -> HeartbeatChange {
        if beats != self.beats {
            (self.beats, self.still) = (beats, 0);
            let alarm = std::mem::take(&mut self.alarm);
            return if alarm == Alarm::None { HeartbeatChange::Nothing } else { HeartbeatChange::Back };
        }
        // There are no beats before a show, after it, and while Ctrl-Z has stopped it.
        self.still = if is_at_rest { 0 } else { self.still.saturating_add(1) };
        if self.still < PATIENCE {
            return HeartbeatChange::Nothing;
        }
        let tried = match self.alarm {
            Alarm::None => 0,
            Alarm::Tried(tried) => tried,
            Alarm::Settled => return HeartbeatChange::Nothing,
        };
        if tried >= TRIES {
            return HeartbeatChange::Nothing;
        }
        self.alarm = Alarm::Tried(tried + 1);
        HeartbeatChange::Stopped
    }

    /// The lines of the standstill that was seen are safe: there is nothing left to do about it.
    pub(super) fn made_safe(&mut self) {
        self.alarm = Alarm::Settled;
    }

    /// Whether this standstill was seen for the first time: what is tried again is not told again.
    pub(super) fn is_first_try(&self) -> bool {
        self.alarm == Alarm::Tried(1)
    }
}

#[cfg(test)]
mod tests {
    use super::HeartbeatChange::{Back, Nothing, Stopped};
    use super::*;

    const LIT: bool = false;
    const AT_REST: bool = true;

    fn check(looks: &[(u64, bool, HeartbeatChange)]) {
        let mut watch = Watch::default();
        for (number, (beats, is_at_rest, expected)) in looks.iter().enumerate() {
            let seen = watch.look(*beats, *is_at_rest);
            assert_eq!(seen, *expected, "look {number}");
            if seen == Stopped {
                watch.made_safe();
            }
        }
    }

    fn still(beats: u64, looks: usize) -> Vec<(u64, bool, HeartbeatChange)> {
        vec![(beats, LIT, Nothing); looks]
    }

    #[test]
    fn a_heart_that_stands_still_for_two_seconds_is_told_once() {
        let looks = [still(25, 8), vec![(25, LIT, Stopped)], still(25, 20)].concat();
        check(&looks);
        assert_eq!(LOOK * PATIENCE, Duration::from_secs(2));
    }

    #[test]
    fn lines_that_cannot_be_made_safe_are_tried_again_at_each_look_until_they_are() {
        let mut watch = Watch::default();
        let look = |watch: &mut Watch| watch.look(25, LIT);
        while look(&mut watch) == Nothing {}
        assert!(watch.is_first_try());
        for _ in 0..5 {
            assert_eq!(look(&mut watch), Stopped);
            assert!(!watch.is_first_try());
        }
        watch.made_safe();
        assert_eq!(look(&mut watch), Nothing);
        assert_eq!(watch.look(26, LIT), Back);
    }

    #[test]
    fn a_standstill_is_tried_as_often_as_a_death_and_the_next_one_anew() {
        let mut watch = Watch::default();
        for beats in 0..3 {
            let seen: Vec<_> = (0..200).map(|_| watch.look(beats, LIT)).collect();
            assert_eq!(seen.iter().filter(|seen| **seen == Stopped).count(), TRIES as usize);
            assert_eq!(seen.last(), Some(&Nothing));
        }
    }

    #[test]
    fn a_heart_that_beats_again_before_the_lines_were_safe_ends_the_tries() {
        let mut watch = Watch::default();
        while watch.look(25, LIT) == Nothing {}
        assert_eq!(watch.look(25, LIT), Stopped);
        assert_eq!(watch.look(26, LIT), Back);
        assert_eq!(watch.look(26, LIT), Nothing);
    }

    #[test]
    fn lines_that_came_to_rest_by_themselves_are_not_tried_again() {
        let mut watch = Watch::default();
        while watch.look(25, LIT) == Nothing {}
        assert_eq!(watch.look(25, AT_REST), Nothing);
        assert_eq!(watch.look(25, LIT), Nothing);
    }

    #[test]
    fn a_stutter_is_nothing() {
        check(&[still(25, 8), still(26, 8), still(27, 1)].concat());
    }

    #[test]
    fn a_heart_that_comes_back_is_told_and_watched_again() {
        let stops = |beats| [still(beats, 7), vec![(beats, LIT, Stopped)]].concat();
        check(&[still(25, 1), stops(25), vec![(26, LIT, Back)], stops(26), vec![(30, LIT, Back)]].concat());
    }

    #[test]
    fn lines_that_are_safe_need_no_heartbeat() {
        let at_rest = vec![(25, AT_REST, Nothing); 20];
        check(&[at_rest.clone(), still(25, 7), at_rest, still(25, 7), vec![(25, LIT, Stopped)]].concat());
    }
}
