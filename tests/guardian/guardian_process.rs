//! The guardian as seen from outside: who it is, and what can be done to it.

use std::fs;

use rustix::process::{Pid, Signal, kill_process};

use crate::common::setup::Setup;
use crate::common::show_launch::ShowLaunch;

/// A guardian's process.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct GuardianProcess(Pid);

impl GuardianProcess {
    /// The one that was named last; `None` where none is named.
    pub(crate) fn named_on(setup: &Setup) -> Option<Self> {
        let text = fs::read_to_string(setup.path("lock/guardian_starcourt.lock")).ok()?;
        let pid = text.lines().next()?.strip_prefix("pid ")?.parse().ok()?;
        Pid::from_raw(pid).map(Self)
    }

    /// That of a show that plays.
    #[track_caller]
    pub(crate) fn of(launch: &ShowLaunch<'_>) -> Self {
        let guardian = Self::named_on(launch.setup).expect("a show that plays is guarded");
        assert!(guardian.is_there(), "{guardian:?} is no guardian: {:?}", guardian.state());
        guardian
    }

    pub(crate) fn signal(self, signal: Signal) {
        kill_process(self.0, signal).unwrap();
    }

    /// Signals it, if it has not ended meanwhile.
    pub(crate) fn try_signal(self, signal: Signal) {
        let _gone_already = kill_process(self.0, signal);
    }

    /// Stops it, and waits until it is.
    #[track_caller]
    pub(crate) fn stops(self, launch: &mut ShowLaunch<'_>) {
        self.signal(Signal::STOP);
        launch.until("a guardian that is stopped", |_| self.state() == Some('T'));
    }

    /// Whether it lives, and is the guardian that it was; a newborn one has yet to take its name.
    pub(crate) fn is_there(self) -> bool {
        let name = fs::read_to_string(format!("/proc/{}/comm", self.0.as_raw_nonzero()));
        name.is_ok_and(|name| ["exe", "light-guardian"].contains(&name.trim()))
            && !matches!(self.state(), None | Some('Z' | 'X'))
    }

    /// As proc(5) tells it.
    pub(crate) fn state(self) -> Option<char> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.0.as_raw_nonzero())).ok()?;
        stat.rsplit(") ").next()?.chars().next()
    }
}

/// Kills the show with its guardian out of action: the lines stay as they are.
#[track_caller]
pub(crate) fn dies_unguarded(launch: &mut ShowLaunch<'_>) -> GuardianProcess {
    // First, because it would set its guardian going again.
    launch.signal(Signal::STOP);
    launch.until("stopped", |launch| launch.is_stopped());
    let guardian = GuardianProcess::of(launch);
    guardian.stops(launch);
    launch.signal(Signal::KILL);
    assert_eq!(launch.code(), 128 + libc::SIGKILL);
    guardian
}
