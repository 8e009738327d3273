//! What happens when a realtime thread does not pause. A sound library may spin while its server hangs: its
//! thread loses its priority, and the show goes on. Any other thread has gone wrong: the process ends, and
//! the guardian makes the lights safe. Knows no sound.
//!
//! The kernel sends SIGXCPU to the process, and does not tell which thread it means.

use std::io;
use std::mem;
use std::ptr;
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering::SeqCst};

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use rustix::thread::gettid;

/// A realtime thread that runs this long without a pause starves the machine. In microseconds.
const LONGEST_RUN: u64 = 500_000;

/// The thread that fills the sound card's buffer, while it is realtime; 0 where none is.
static SOUND_THREAD: AtomicI32 = AtomicI32::new(0);
static HAS_LOST_PRIORITY: AtomicBool = AtomicBool::new(false);

/// Limits how long realtime threads may run without a pause. Counts only against these.
pub(super) fn limit() {
    let limit = getrlimit(Resource::Rttime);
    if limit.current.is_none_or(|current| current > LONGEST_RUN) {
        // To lower one's own limit is always permitted.
        let _ = setrlimit(Resource::Rttime, Rlimit { current: Some(LONGEST_RUN), ..limit });
    }
}

/// The calling thread, which fills the sound card's buffer, may lose its priority until it ends.
pub(super) fn may_demote_this_thread() {
    let own = gettid().as_raw_nonzero().get();
    SOUND_THREAD.store(own, SeqCst);
    FORGET.with(|forget| forget.0.store(own, SeqCst));
    listen();
}

/// Whether the sound's thread has lost its priority since this was asked last.
pub(crate) fn take_lost_priority() -> bool {
    HAS_LOST_PRIORITY.swap(false, SeqCst)
}

/// Dropped with its thread: the number may be another thread's afterwards.
struct Forget(AtomicI32);

thread_local! {
    static FORGET: Forget = const { Forget(AtomicI32::new(0)) };
}

impl Drop for Forget {
    fn drop(&mut self) {
        // Where a newer stream's thread is the one, it stays.
        let _newer = SOUND_THREAD.compare_exchange(self.0.load(SeqCst), 0, SeqCst, SeqCst);
    }
}

fn listen() {
    // SAFETY: all zeros is a valid `sigaction`; the handler does only what a handler may.
    unsafe {
        let mut action: libc::sigaction = mem::zeroed();
        action.sa_sigaction = demote as extern "C" fn(libc::c_int) as libc::sighandler_t;
        action.sa_flags = libc::SA_RESTART;
        libc::sigaction(libc::SIGXCPU, &raw const action, ptr::null_mut());
    }
}

/// Runs on any thread, between any two instructions: atomics and system calls only.
extern "C" fn demote(signal: libc::c_int) {
    let errno = io::Error::last_os_error().raw_os_error().unwrap_or(0);
    let thread = SOUND_THREAD.swap(0, SeqCst);
    let ordinary = libc::sched_param { sched_priority: 0 };
    // SAFETY: `ordinary` is a valid place to read from.
    let is_demoted = thread != 0
        && unsafe { libc::sched_setscheduler(thread, libc::SCHED_OTHER, &raw const ordinary) } == 0;
    if is_demoted {
        HAS_LOST_PRIORITY.store(true, SeqCst);
    } else {
        // SAFETY: as without this handler: the signal ends the process once this has returned.
        unsafe {
            libc::signal(signal, libc::SIG_DFL);
            libc::raise(signal);
        }
    }
    // SAFETY: this thread's own place for the number of its last error.
    unsafe { *libc::__errno_location() = errno };
}

#[cfg(test)]
mod tests {
    use std::os::unix::process::ExitStatusExt;
    use std::process::{Command, ExitStatus};
    use std::thread;
    use std::time::{Duration, Instant};

    use super::super::{Duty, enter, permitted};
    use super::take_lost_priority;

    const DUTY: &str = "STARCOURT_TEST_DUTY";
    const MODULE: &str = "realtime::overrun::tests";

    /// How a process ends in which a thread with such a duty runs for 1.2 s without a pause.
    fn ends(duty: &str) -> ExitStatus {
        let mut command = Command::new(std::env::current_exe().unwrap());
        let test = format!("{MODULE}::a_thread_that_does_not_pause");
        command.args([&*test, "--exact", "--test-threads", "1"]).env(DUTY, duty).output().unwrap().status
    }

    /// The process that [`ends`] starts; among the other tests it has nothing to do.
    #[test]
    fn a_thread_that_does_not_pause() {
        let Some(duty) = std::env::var_os(DUTY) else { return };
        let duty = if duty == "sound" { Duty::Sound } else { Duty::Lights };
        let runs = thread::spawn(move || {
            enter(duty);
            let began = Instant::now();
            while began.elapsed() < Duration::from_millis(1_200) {
                std::hint::spin_loop();
            }
        });
        runs.join().unwrap();
        assert_eq!(take_lost_priority(), permitted());
    }

    #[test]
    fn sound_that_does_not_pause_loses_its_priority_and_ends_nothing() {
        assert!(ends("sound").success(), "{:?}", ends("sound"));
    }

    #[test]
    fn lights_that_do_not_pause_end_the_process() {
        let signal = permitted().then_some(libc::SIGXCPU);
        assert_eq!(ends("lights").signal(), signal);
    }
}
