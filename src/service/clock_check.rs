//! Whether the schedule may go by the clock on the wall, and what is told while it may not. Shows that a person starts
//! need no clock. Knows no schedule.

use std::fs;
use std::path::Path;
use std::time::Duration;

use jiff::{Timestamp, ZonedDateTime};
use rustix::time::{ClockId, clock_gettime};

use crate::clock::set;
use crate::schedule::{ClockEvidence, ClockTrust};

/// Where there is a network, a time server has answered by then. Counted from when the machine was switched on: a service
/// that is started again in the evening waits for nothing.
const PATIENCE: Duration = Duration::from_secs(180);

/// When this program was built or copied here.
const THIS_PROGRAM: &str = "/proc/self/exe";
/// systemd writes this file whenever a time server has set the clock.
const LAST_TOLD: &str = "/var/lib/systemd/timesync/clock";

/// A time that is over, and how that is known.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LatestKnownTime {
    at: Timestamp,
    by: String,
}

impl LatestKnownTime {
    /// The newest of the files at `paths`, this program and the last word of a time server. What is not
    /// there says nothing.
    #[must_use]
    pub fn of<'a>(paths: impl IntoIterator<Item = &'a Path>) -> Self {
        let files = paths.into_iter().filter_map(|path| {
            let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
            Some(Self { at: written(path)?, by: format!("{name} was written") })
        });
        let program = written(Path::new(THIS_PROGRAM));
        let server = written(Path::new(LAST_TOLD));
        files
            .chain(program.map(|at| Self { at, by: "starcourt was built".to_owned() }))
            .chain(server.map(|at| Self { at, by: "a time server told the time".to_owned() }))
            .max_by_key(|passed| passed.at)
            .unwrap_or(Self { at: Timestamp::UNIX_EPOCH, by: "time began".to_owned() })
    }
}

fn written(path: &Path) -> Option<Timestamp> {
    Timestamp::try_from(fs::metadata(path).ok()?.modified().ok()?).ok()
}

/// One look at the clock.
#[derive(Clone, PartialEq, Debug)]
pub struct ClockReading {
    /// What it says, at the place where the lights are.
    pub now: ZonedDateTime,
    /// For how long the machine has been switched on.
    pub awake: Duration,
    pub is_synchronised: bool,
    pub has_chip: bool,
}

impl ClockReading {
    /// With what the machine knows of it.
    #[must_use]
    pub fn at(now: ZonedDateTime) -> Self {
        let awake = clock_gettime(ClockId::Boottime);
        Self {
            now,
            awake: awake.try_into().expect("no machine was switched on in the future"),
            is_synchronised: set::is_synchronised(),
            has_chip: set::has_chip(),
        }
    }
}

/// What the schedule does about the clock.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Stand {
    Waits(ClockTrust),
    Goes(ClockTrust),
}

/// Checks the clock, from the first reading on.
#[derive(Debug)]
pub struct ClockCheck {
    passed: LatestKnownTime,
    stand: Option<Stand>,
    words: Option<String>,
}

impl ClockCheck {
    #[must_use]
    pub fn new(passed: LatestKnownTime) -> Self {
        Self { passed, stand: None, words: None }
    }

    /// To be called about once a second. What the person who runs the shows should know, when it changes.
    pub fn look(&mut self, glance: &ClockReading) -> Option<String> {
        let evidence = ClockEvidence {
            synchronised: glance.is_synchronised,
            has_clock_chip: glance.has_chip,
            passed: self.passed.at,
        };
        let before = self.stand;
        let stand = match (evidence.trust(glance.now.timestamp()), before) {
            (ClockTrust::Wrong, _) => Stand::Waits(ClockTrust::Wrong),
            (ClockTrust::Sure, _) => Stand::Goes(ClockTrust::Sure),
            // What was right goes on being so when the network is gone.
            (ClockTrust::Likely, Some(goes @ Stand::Goes(_))) => goes,
            (ClockTrust::Likely, _) if glance.awake >= PATIENCE => Stand::Goes(ClockTrust::Likely),
            (ClockTrust::Likely, _) => Stand::Waits(ClockTrust::Likely),
        };
        if before == Some(stand) {
            return None;
        }
        log::debug!("clock: {evidence:?}, on for {} s: {stand:?}", glance.awake.as_secs());
        self.stand = Some(stand);
        let news = self.news(before, stand, glance);
        self.words = news.clone().filter(|_| matches!(stand, Stand::Waits(_)));
        news
    }

    fn news(&self, before: Option<Stand>, stand: Stand, glance: &ClockReading) -> Option<String> {
        let now = glance.now.strftime("%Y-%m-%d %H:%M");
        let minutes = PATIENCE.as_secs() / 60;
        match stand {
            // No news where nobody had doubts.
            Stand::Goes(ClockTrust::Sure) => before.map(|_| format!("the clock is set: {now}")),
            Stand::Goes(_) => Some(format!(
                "no time server has answered; the schedule uses this clock: {now}. If that is wrong, set it with the \
                 right day and time: `sudo date -s '{now}'`"
            )),
            Stand::Waits(ClockTrust::Likely) => Some(format!(
                "the clock says {now}, and has not been set since the Pi was switched on: the schedule \
                 waits for a time server, {minutes} min at most"
            )),
            Stand::Waits(_) => {
                let LatestKnownTime { at, by } = &self.passed;
                let past = at.to_zoned_datetime(glance.now.time_zone().clone());
                let past = past.strftime("%Y-%m-%d %H:%M");
                Some(format!(
                    "the clock says {now}, but {by} on {past}: the schedule waits for a time server. Without a \
                     network, set the clock with the right day and time: `sudo date -s '{past}'`"
                ))
            }
        }
    }

    /// Whether the schedule may go by the clock. Not before the first look.
    #[must_use]
    pub fn may_play(&self) -> bool {
        matches!(self.stand, Some(Stand::Goes(_)))
    }

    /// Why the schedule waits, while it does.
    #[must_use]
    pub fn words(&self) -> Option<&str> {
        self.words.as_deref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::tz::TimeZone;

    const PASSED: i64 = 1_795_000_000; // 2026-11-18 11:06:40 UTC

    fn doubt() -> ClockCheck {
        let at = Timestamp::from_second(PASSED).unwrap();
        ClockCheck::new(LatestKnownTime { at, by: "schedule.toml was written".to_owned() })
    }

    /// So long after [`PASSED`], so long awake.
    fn glance(after: i64, awake: u64) -> ClockReading {
        let now = Timestamp::from_second(PASSED + after).unwrap().to_zoned_datetime(TimeZone::UTC);
        ClockReading { now, awake: Duration::from_secs(awake), is_synchronised: false, has_chip: false }
    }

    fn synchronised(after: i64, awake: u64) -> ClockReading {
        ClockReading { is_synchronised: true, ..glance(after, awake) }
    }

    /// What is told at each look, as far as its words go, and whether the schedule may play then.
    #[track_caller]
    fn check(row: &[(ClockReading, &str, bool)]) {
        let mut doubt = doubt();
        assert!(!doubt.may_play());
        for (glance, words, may_play) in row {
            let news = doubt.look(glance).unwrap_or_default();
            assert!(news.contains(words) && news.is_empty() == words.is_empty(), "{glance:?}: {news}");
            assert_eq!(doubt.may_play(), *may_play, "{glance:?}");
            assert_eq!(doubt.words().is_none(), *may_play, "{glance:?}");
        }
    }

    #[test]
    fn a_clock_that_a_server_or_a_chip_keeps_is_believed_without_a_word() {
        check(&[(synchronised(9, 20), "", true), (synchronised(10, 21), "", true)]);
        check(&[(ClockReading { has_chip: true, ..glance(9, 20) }, "", true)]);
    }

    #[test]
    fn a_clock_that_is_years_back_is_waited_for_however_long_it_takes() {
        let words = "the clock says 1970-01-01 00:00, but schedule.toml was written on 2026-11-18 11:06: \
                     the schedule waits for a time server. Without a network, set the clock with the right day and \
                     time: `sudo date -s '2026-11-18 11:06'`";
        check(&[
            (glance(-PASSED, 20), words, false),
            (glance(-PASSED + 86_000, 86_000), "", false),
            (synchronised(90_000, 86_001), "the clock is set: 2026-11-19 12:06", true),
        ]);
    }

    #[test]
    fn a_clock_that_may_be_right_is_believed_after_three_minutes() {
        check(&[
            (glance(10, 20), "waits for a time server, 3 min at most", false),
            (glance(20, 179), "", false),
            (glance(21, 180), "right day and time: `sudo date -s '2026-11-18 11:07'`", true),
            (glance(22, 181), "", true),
            (synchronised(7_200, 300), "the clock is set: 2026-11-18 13:06", true),
        ]);
    }

    #[test]
    fn a_service_that_comes_back_in_mid_evening_waits_for_nothing() {
        check(&[(glance(10, 7_200), "uses this clock", true)]);
    }

    #[test]
    fn a_network_that_is_lost_raises_no_doubts_but_a_clock_that_is_put_back_does() {
        check(&[
            (synchronised(10, 20), "", true),
            (glance(20, 30), "", true),
            (glance(-5, 40), "but schedule.toml was written", false),
            (glance(30, 190), "uses this clock", true),
        ]);
    }

    #[test]
    fn the_newest_file_tells_what_time_is_over() {
        let folder = tempfile::tempdir().unwrap();
        let (old, new, none) =
            (folder.path().join("old"), folder.path().join("new"), folder.path().join("none"));
        let far = Timestamp::from_second(5_000_000_000).unwrap();
        fs::File::create(&old).unwrap();
        fs::File::create(&new).unwrap().set_modified(far.try_into().unwrap()).unwrap();
        let passed = LatestKnownTime::of([&*old, &*new, &*none]);
        assert_eq!(passed, LatestKnownTime { at: far, by: "new was written".to_owned() });
        let program = LatestKnownTime::of([]);
        assert!(program.at > Timestamp::from_second(PASSED - 86_400 * 365).unwrap(), "{program:?}");
    }

    #[test]
    fn the_machine_can_be_asked() {
        let glance = ClockReading::at(Timestamp::now().to_zoned_datetime(TimeZone::UTC));
        assert!(glance.awake > Duration::ZERO);
    }
}
