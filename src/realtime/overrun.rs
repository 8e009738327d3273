//! What happens when a realtime thread does not pause. A sound library may spin while its server hangs: its
//! thread is an ordinary one until it fills the card's buffer again. Any other thread has gone wrong: the process
//! ends, and the guardian makes the lights safe. Knows no sound.
//!
//! Both are told by SIGXCPU. That of a timer comes to the thread whose time is up; that of the kernel's limit
//! comes to the process.

use std::cell::OnceCell;
use std::io;
use std::mem;
use std::ptr;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use rustix::thread::gettid;

/// A realtime thread that runs this long without a pause starves the machine. In microseconds.
const LONGEST_RUN: u64 = 500_000;
/// The thread that fills the sound card's buffer does so fifty times a second, in less than a millisecond.
/// What it uses beyond this, between one time and the next, it spins. In nanoseconds, of processor time.
const LONGEST_SPIN: libc::c_long = 100_000_000;

/// Limits how long realtime threads may run without a pause. Counts only against these.
pub(super) fn limit() {
    let limit = getrlimit(Resource::Rttime);
    if limit.current.is_none_or(|current| current > LONGEST_RUN) {
        // To lower one's own limit is always permitted.
        let _ = setrlimit(Resource::Rttime, Rlimit { current: Some(LONGEST_RUN), ..limit });
    }
}

thread_local! {
    static TIMER: OnceCell<Timer> = const { OnceCell::new() };
    /// Written by a signal's handler: without a destructor, which would have to be registered.
    static WAS_DEMOTED: AtomicBool = const { AtomicBool::new(false) };
}

/// Has the calling thread lose its priority when it spins: whenever it uses [`LONGEST_SPIN`] without a call of
/// [`take_demotion`].
pub(super) fn demote_when_it_spins() -> io::Result<()> {
    listen();
    let timer = Timer::of_this_thread()?;
    timer.begin();
    TIMER.with(|place| {
        let _had_one = place.set(timer);
    });
    Ok(())
}

/// Has the calling thread's time to spin begin anew. Whether it has lost its priority since this was done last.
pub(super) fn take_demotion() -> bool {
    TIMER.with(|timer| timer.get().inspect(|timer| timer.begin()).is_some())
        && WAS_DEMOTED.with(|was_demoted| was_demoted.swap(false, Relaxed))
}

/// Of the processor time of one thread, which it tells by SIGXCPU.
struct Timer(libc::timer_t);

impl Timer {
    fn of_this_thread() -> io::Result<Self> {
        let mut timer: libc::timer_t = ptr::null_mut();
        // SAFETY: all zeros is a valid `sigevent`, and both are valid places.
        let outcome = unsafe {
            let mut event: libc::sigevent = mem::zeroed();
            event.sigev_notify = libc::SIGEV_THREAD_ID;
            event.sigev_signo = libc::SIGXCPU;
            event.sigev_notify_thread_id = gettid().as_raw_nonzero().get();
            libc::timer_create(libc::CLOCK_THREAD_CPUTIME_ID, &raw mut event, &raw mut timer)
        };
        if outcome == 0 { Ok(Self(timer)) } else { Err(io::Error::last_os_error()) }
    }

    /// Counts from now on.
    fn begin(&self) {
        let never = libc::timespec { tv_sec: 0, tv_nsec: 0 };
        let spin = libc::timespec { tv_sec: 0, tv_nsec: LONGEST_SPIN };
        let time = libc::itimerspec { it_interval: never, it_value: spin };
        // SAFETY: the timer lives as long as this value, and `time` is a valid place to read from.
        unsafe { libc::timer_settime(self.0, 0, &raw const time, ptr::null_mut()) };
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        // SAFETY: nobody else has this timer.
        unsafe { libc::timer_delete(self.0) };
    }
}

fn listen() {
    // SAFETY: all zeros is a valid `sigaction`; the handler does only what a handler may.
    unsafe {
        let mut action: libc::sigaction = mem::zeroed();
        let handler: extern "C" fn(libc::c_int, *mut libc::siginfo_t, *mut libc::c_void) = run_over;
        action.sa_sigaction = handler as libc::sighandler_t;
        action.sa_flags = libc::SA_RESTART | libc::SA_SIGINFO;
        libc::sigaction(libc::SIGXCPU, &raw const action, ptr::null_mut());
    }
}

/// Runs between any two instructions: atomics and system calls only.
extern "C" fn run_over(signal: libc::c_int, info: *mut libc::siginfo_t, _: *mut libc::c_void) {
    // SAFETY: the kernel gives a handler with SA_SIGINFO what it has to know.
    if unsafe { (*info).si_code } == libc::SI_TIMER {
        let errno = io::Error::last_os_error().raw_os_error().unwrap_or(0);
        WAS_DEMOTED.with(|was_demoted| was_demoted.store(true, Relaxed));
        demote();
        // SAFETY: this thread's own place for the number of its last error.
        unsafe { *libc::__errno_location() = errno };
    } else {
        // SAFETY: as without this handler: the signal ends the process once this has returned.
        unsafe {
            libc::signal(signal, libc::SIG_DFL);
            libc::raise(signal);
        }
    }
}

/// The calling thread is an ordinary one.
fn demote() {
    let ordinary = libc::sched_param { sched_priority: 0 };
    // Without the second flag it would be refused to whoever is not root.
    let policy = libc::SCHED_OTHER | libc::SCHED_RESET_ON_FORK;
    // SAFETY: 0 is the calling thread, and `ordinary` a valid place to read from.
    unsafe { libc::sched_setscheduler(0, policy, &raw const ordinary) };
}

#[cfg(test)]
mod tests {
    use std::os::unix::process::ExitStatusExt;
    use std::process::{Command, ExitStatus};
    use std::thread;
    use std::time::{Duration, Instant};

    use super::super::{Duty, enter, go_on, permitted};

    const DUTY: &str = "STARCOURT_TEST_DUTY";
    const MODULE: &str = "realtime::overrun::tests";

    /// How a process ends in which a thread with such a duty runs for 1.2 s without a pause.
    fn ends(duty: &str) -> ExitStatus {
        let mut command = Command::new(std::env::current_exe().unwrap());
        let test = format!("{MODULE}::a_thread_that_does_not_pause");
        command.args([&*test, "--exact", "--test-threads", "1"]).env(DUTY, duty).output().unwrap().status
    }

    fn spin(time: Duration) {
        let began = Instant::now();
        while began.elapsed() < time {
            std::hint::spin_loop();
        }
    }

    fn is_realtime() -> bool {
        // SAFETY: asks for a number; 0 is the calling thread.
        unsafe { libc::sched_getscheduler(0) & !libc::SCHED_RESET_ON_FORK == libc::SCHED_FIFO }
    }

    /// The process that [`ends`] starts; among the other tests it has nothing to do.
    #[test]
    fn a_thread_that_does_not_pause() {
        let Some(duty) = std::env::var_os(DUTY) else { return };
        let is_sound = duty == "sound";
        let runs = thread::spawn(move || {
            enter(if is_sound { Duty::Sound } else { Duty::Lights });
            spin(Duration::from_millis(1_200));
            assert!(!is_realtime(), "still realtime");
        });
        runs.join().unwrap();
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

    #[test]
    fn sound_that_goes_on_has_its_priority_again_however_often_it_spins() {
        let runs = thread::spawn(|| {
            enter(Duty::Sound);
            for _ in 0..5 {
                spin(Duration::from_millis(300));
                assert!(!is_realtime(), "still realtime");
                go_on(Duty::Sound);
                assert_eq!(is_realtime(), permitted());
            }
        });
        runs.join().unwrap();
    }

    #[test]
    fn sound_that_is_always_busy_and_yet_goes_on_ends_nothing() {
        let runs = thread::spawn(|| {
            enter(Duty::Sound);
            for _ in 0..60 {
                spin(Duration::from_millis(20));
                go_on(Duty::Sound);
            }
        });
        runs.join().unwrap();
    }
}
