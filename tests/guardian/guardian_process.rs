//! The guardian as seen from outside: who it is, and what can be done to it.

use std::fs;
use std::ops::Deref;

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

    /// Any but SIGSTOP, for which there is [`stopped`](Self::stopped).
    pub(crate) fn signal(self, signal: Signal) {
        assert_ne!(signal, Signal::STOP, "who would set it going again?");
        kill_process(self.0, signal).unwrap();
    }

    /// Signals it, if it has not ended meanwhile.
    pub(crate) fn try_signal(self, signal: Signal) -> Option<Stuck> {
        let _gone_already = kill_process(self.0, signal);
        (signal == Signal::STOP).then_some(Stuck(self))
    }

    /// Stops it; does not wait until it is.
    pub(crate) fn stopped(self) -> Stuck {
        kill_process(self.0, Signal::STOP).unwrap();
        Stuck(self)
    }

    /// Stops it, and waits until it is.
    #[track_caller]
    pub(crate) fn stops(self, launch: &mut ShowLaunch<'_>) -> Stuck {
        let stuck = self.stopped();
        launch.until("a guardian that is stopped", |_| self.state() == Some('T'));
        stuck
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

/// A guardian that was stopped. Dropped, it goes on: no test that ends or fails leaves one behind for ever.
#[must_use]
#[derive(Debug)]
pub(crate) struct Stuck(GuardianProcess);

impl Deref for Stuck {
    type Target = GuardianProcess;

    fn deref(&self) -> &GuardianProcess {
        &self.0
    }
}

impl Drop for Stuck {
    fn drop(&mut self) {
        // Its number may be another's by now.
        if self.is_there() {
            let _gone_meanwhile = kill_process(self.0.0, Signal::CONT);
        }
    }
}

#[test]
fn a_guardian_that_a_test_has_stopped_goes_on_when_the_test_fails() {
    let setup = Setup::lit();
    let mut launch = setup.play();
    let guardian = GuardianProcess::of(&launch);
    let failed = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let stuck = dies_unguarded(&mut launch);
        assert_eq!(stuck.state(), None, "it is stopped: this test fails, as it should");
    }));
    assert!(failed.is_err());
    launch.until("gone", |_| !guardian.is_there());
}

/// Kills the show with its guardian out of action: the lines stay as they are.
#[track_caller]
pub(crate) fn dies_unguarded(launch: &mut ShowLaunch<'_>) -> Stuck {
    // First, because it would set its guardian going again.
    launch.signal(Signal::STOP);
    launch.until("stopped", |launch| launch.is_stopped());
    let stuck = GuardianProcess::of(launch).stops(launch);
    launch.signal(Signal::KILL);
    assert_eq!(launch.code(), 128 + libc::SIGKILL);
    stuck
}
