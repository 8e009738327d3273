//! How the timing thread waits for an instant: asleep, and for a cue awake for the last stretch, since
//! a wake-up comes late by tens of microseconds. Pure: it plans, the thread acts.

use crate::time::Mono;

/// A sleep and its wake-up take the processor about as long as this: nearer instants are awaited awake.
const NEAR: i64 = 40_000;

/// Bounds of the stretch that is spent awake, in nanoseconds.
const SHORTEST_TAIL: i64 = 10_000;
const LONGEST_TAIL: i64 = 120_000;

/// The stretch covers this many of ten wake-ups: the last ones cost more than they bring.
const COVERED: i64 = 9;
/// How far the stretch moves after a wake-up.
const STEP: i64 = 200;

/// One part in this many of the time may be spent awake, waiting for cues.
const AWAKE_SHARE: i64 = 100;
/// What is not spent is saved up to this: some hundred cues at once.
const MOST_SAVED: i64 = 20_000_000;

/// What an instant is awaited for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Awaited {
    /// To be met as exactly as can be.
    Cue,
    /// Another look at the clock and the orders, or an edge of PWM.
    Look,
    /// Nothing is to come but orders, and who gives one wakes the thread; at the instant it shows that it lives.
    Order,
}

/// An instant to be awake at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Wake {
    pub(super) at: Mono,
    pub(super) awaits: Awaited,
}

/// What to do until a [`Wake`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct SleepPlan {
    pub(super) sleep_until: Option<Mono>,
    /// Then look at the clock until the instant is there.
    pub(super) stay_awake: bool,
}

/// Learns how late this machine wakes a thread, and keeps account of the time spent awake.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sleeper {
    tail: i64,
    saved: i64,
    reckoned: Mono,
}

impl Sleeper {
    pub(super) const fn new(now: Mono) -> Self {
        Self { tail: NEAR, saved: MOST_SAVED, reckoned: now }
    }

    pub(super) fn plan(&mut self, now: Mono, wake: Wake) -> SleepPlan {
        let earned = now.since(self.reckoned).max(0) / AWAKE_SHARE;
        self.saved = (self.saved + earned).min(MOST_SAVED);
        self.reckoned = now;
        let distance = wake.at.since(now);
        if distance <= NEAR {
            return SleepPlan { sleep_until: None, stay_awake: true };
        }
        let stay_awake = wake.awaits == Awaited::Cue && self.saved >= self.tail;
        let tail = if stay_awake { self.tail } else { 0 };
        SleepPlan { sleep_until: (distance > tail).then_some(wake.at.offset(-tail)), stay_awake }
    }

    /// A sleep until `planned` ended at `woken`.
    pub(super) fn woke(&mut self, planned: Mono, woken: Mono) {
        let step = if woken.since(planned) > self.tail { STEP * COVERED } else { -STEP * (10 - COVERED) };
        self.tail = (self.tail + step).clamp(SHORTEST_TAIL, LONGEST_TAIL);
    }

    /// Time was spent awake.
    pub(super) fn spent(&mut self, from: Mono, until: Mono) {
        self.saved -= until.since(from).max(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(micros: i64) -> Mono {
        Mono::from_nanos(10_000_000_000).offset(micros * 1_000)
    }

    fn cue(micros: i64) -> Wake {
        Wake { at: at(micros), awaits: Awaited::Cue }
    }

    #[test]
    fn a_cue_is_awaited_awake_and_other_instants_asleep() {
        let mut sleeper = Sleeper::new(at(0));
        assert_eq!(
            sleeper.plan(at(0), cue(5_000)),
            SleepPlan { sleep_until: Some(at(5_000).offset(-NEAR)), stay_awake: true }
        );
        let other = Wake { at: at(5_000), awaits: Awaited::Look };
        assert_eq!(sleeper.plan(at(0), other), SleepPlan { sleep_until: Some(at(5_000)), stay_awake: false });
    }

    #[test]
    fn what_is_nearer_than_a_wake_up_is_awaited_awake() {
        let mut sleeper = Sleeper::new(at(0));
        let near = Wake { at: at(20), awaits: Awaited::Look };
        assert_eq!(sleeper.plan(at(0), near), SleepPlan { sleep_until: None, stay_awake: true });
        assert_eq!(sleeper.plan(at(30), near), SleepPlan { sleep_until: None, stay_awake: true });
    }

    #[test]
    fn the_stretch_awake_settles_where_nine_of_ten_wake_ups_fall() {
        let mut sleeper = Sleeper::new(at(0));
        for turn in 0..20_000 {
            // Evenly between 0 and 99 µs.
            sleeper.woke(at(0), at(turn * 37 % 100));
        }
        assert!((82_000..98_000).contains(&sleeper.tail), "{}", sleeper.tail);
    }

    #[test]
    fn time_spent_awake_stays_below_its_share() {
        let mut sleeper = Sleeper::new(at(0));
        let (mut now, mut awake) = (0, 0);
        while now < 60_000_000 {
            let plan = sleeper.plan(at(now), cue(now + 200));
            now += 200;
            if plan.stay_awake {
                sleeper.spent(at(now - 40), at(now));
                awake += 40;
            }
        }
        assert!(awake < 60_000_000 / AWAKE_SHARE + MOST_SAVED / 1_000 + 1_000, "{awake} µs of a minute");
        assert!(awake > 500_000, "{awake} µs of a minute");
    }
}
