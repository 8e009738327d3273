//! Whether the time of day can be trusted. A Pi without a clock chip starts with the time at which it was
//! switched off, or an older one, and gets the right time from the network. Reads no clock.

use jiff::Timestamp;

/// What is known about the clock.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ClockEvidence {
    /// The kernel says that the clock follows a time server.
    pub synchronised: bool,
    /// The machine has a clock that goes on without power.
    pub has_clock_chip: bool,
    /// The true time is later: this program was built then, or the newest of its files was written.
    pub passed: Timestamp,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ClockTrust {
    Sure,
    /// It may be right, but nothing has set it.
    Likely,
    /// It is earlier than `passed`.
    Wrong,
}

impl ClockEvidence {
    /// How far a clock that shows `now` can be trusted. A time server counts more than all else.
    #[must_use]
    pub fn trust(&self, now: Timestamp) -> ClockTrust {
        match self {
            Self { synchronised: true, .. } => ClockTrust::Sure,
            Self { passed, .. } if now < *passed => ClockTrust::Wrong,
            Self { has_clock_chip: true, .. } => ClockTrust::Sure,
            _ => ClockTrust::Likely,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_is_believed_when_a_server_or_a_chip_sets_it_and_never_before_the_build() {
        let passed = Timestamp::from_second(1_800_000_000).unwrap();
        let (before, later) = (Timestamp::UNIX_EPOCH, Timestamp::from_second(1_800_000_001).unwrap());
        for (synchronised, has_clock_chip, now, trust) in [
            (true, false, later, ClockTrust::Sure),
            (true, false, before, ClockTrust::Sure),
            (false, true, later, ClockTrust::Sure),
            (false, true, before, ClockTrust::Wrong),
            (false, false, later, ClockTrust::Likely),
            (false, false, before, ClockTrust::Wrong),
        ] {
            let evidence = ClockEvidence { synchronised, has_clock_chip, passed };
            assert_eq!(evidence.trust(now), trust, "{evidence:?} at {now}");
        }
    }
}
