//! Whether a heartbeat that is looked at again and again goes on. Pure: it counts looks, and no clock.

use std::time::Duration;

/// How often the heartbeat is looked at.
pub(super) const LOOK: Duration = Duration::from_millis(250);

/// So many looks without a beat between them, 2 s, are no stutter any more. Looks are counted and not
/// time: a guardian that was itself stopped, or a machine that slept, proves nothing.
const PATIENCE: u32 = 8;

/// What a look tells.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Seen {
    Nothing,
    /// It stands still, and lines may be away from their safe signals.
    Stopped,
    /// It had stopped, and goes on.
    Back,
}

#[derive(Debug, Default)]
pub(super) struct Watch {
    beats: u64,
    /// Looks since the last beat.
    still: u32,
    is_alarmed: bool,
}

impl Watch {
    /// Looks at a heartbeat that has come to `beats`.
    pub(super) fn look(&mut self, beats: u64, is_at_rest: bool) -> Seen {
        if beats != self.beats {
            (self.beats, self.still) = (beats, 0);
            return if std::mem::take(&mut self.is_alarmed) { Seen::Back } else { Seen::Nothing };
        }
        // Nobody beats before a show, after it, and while Ctrl-Z has stopped it.
        self.still = if is_at_rest { 0 } else { self.still.saturating_add(1) };
        if self.still >= PATIENCE && !self.is_alarmed {
            self.is_alarmed = true;
            return Seen::Stopped;
        }
        Seen::Nothing
    }
}

#[cfg(test)]
mod tests {
    use super::Seen::{Back, Nothing, Stopped};
    use super::*;

    const LIT: bool = false;
    const AT_REST: bool = true;

    fn check(looks: &[(u64, bool, Seen)]) {
        let mut watch = Watch::default();
        for (number, (beats, is_at_rest, seen)) in looks.iter().enumerate() {
            assert_eq!(watch.look(*beats, *is_at_rest), *seen, "look {number}");
        }
    }

    fn still(beats: u64, looks: usize) -> Vec<(u64, bool, Seen)> {
        vec![(beats, LIT, Nothing); looks]
    }

    #[test]
    fn a_heart_that_stands_still_for_two_seconds_is_told_once() {
        let looks = [still(25, 8), vec![(25, LIT, Stopped)], still(25, 20)].concat();
        check(&looks);
        assert_eq!(LOOK * PATIENCE, Duration::from_secs(2));
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
