//! What the threads that keep time need of the kernel: scheduling, sleep, memory. Knows nothing of lights or sound.

mod overrun;

use std::io;
use std::num::NonZeroU64;
use std::ops::Range;
use std::thread;
use std::time::Duration;

use rustix::mm::{mlock, munlock};
use rustix::thread::{clock_nanosleep_absolute, set_current_timer_slack};
use rustix::time::{ClockId, Timespec};

use crate::time::Mono;

/// What a thread that keeps time is there for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Duty {
    /// Edges, to the microsecond.
    Lights,
    /// Filling the sound card's buffer, every few milliseconds.
    Sound,
    /// Making the lights safe when the others have died.
    Guard,
}

impl Duty {
    const fn priority(self) -> libc::c_int {
        match self {
            // Above everything on a Pi but the kernel's own interrupt threads, which run at 50 too.
            Self::Lights => 50,
            // Its work takes longer and may wait; the lights' does not and takes microseconds.
            Self::Sound => 45,
            // Above everything that is not realtime, and in nobody's way.
            Self::Guard => 1,
        }
    }
}

/// As deep as the timing thread's calls ever go, many times over.
const STACK: usize = 64 * 1024;

/// What the kernel takes for a pause of a realtime thread.
const PAUSE: Duration = Duration::from_micros(50);

/// How the kernel schedules the timing thread.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Scheduling {
    /// SCHED_FIFO: other programs do not delay the lights.
    Realtime,
    /// As any other thread; under load the lights come late.
    Ordinary,
}

impl Scheduling {
    /// As the lock's file and `status` tell it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Realtime => "realtime",
            Self::Ordinary => "ordinary",
        }
    }

    /// What [`word`](Self::word) told; `None` for any other word.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        [Self::Realtime, Self::Ordinary].into_iter().find(|scheduling| scheduling.word() == word)
    }
}

/// What to run where [`permitted`] says no.
pub const HOW_TO_PERMIT: &str = "run `echo '@gpio - rtprio 50' | sudo tee -a /etc/security/limits.d/starcourt.conf`, \
     see that you are in the group gpio, and log in again";

/// Whether this process may have a realtime thread. Tries it on a thread that ends at once.
#[must_use]
pub fn permitted() -> bool {
    thread::spawn(|| become_fifo(Duty::Lights).is_ok()).join().unwrap_or(false)
}

/// Makes the calling thread one that keeps time: realtime where that is permitted, woken without slack,
/// its stack in memory. The rest of the process is left as it was.
pub(crate) fn enter(duty: Duty) -> Scheduling {
    tighten_timers();
    hold_stack();
    overrun::limit();
    // Its library may spin: without a limit on that it would end the process.
    let is_limited = duty != Duty::Sound || overrun::demote_when_it_spins().is_ok();
    match if is_limited { become_fifo(duty) } else { Err(io::ErrorKind::Unsupported.into()) } {
        Ok(()) => Scheduling::Realtime,
        Err(_) => Scheduling::Ordinary,
    }
}

/// The calling thread, which has entered `duty`, does its work once more: one that lost its priority because it
/// spun in between has it again. Sleeps for [`PAUSE`].
pub(crate) fn go_on(duty: Duty) {
    if overrun::take_demotion() {
        // Where it is not permitted any more, it stays an ordinary one.
        let _permitted = become_fifo(duty);
    }
    // A thread that is always busy, but does its work, is not out of hand.
    thread::sleep(PAUSE);
}

/// Sleeps until `instant`, or a little after; a signal may end it early.
pub(crate) fn sleep_until(instant: Mono) {
    let nanos = instant.nanos();
    let time = Timespec {
        tv_sec: (nanos / 1_000_000_000).cast_signed(),
        tv_nsec: (nanos % 1_000_000_000).cast_signed(),
    };
    let _interrupted = clock_nanosleep_absolute(ClockId::Monotonic, &time);
}

/// Has the calling thread wake before all ordinary ones, where that is permitted; it gives way to timing
/// threads. For who does next to nothing, but that at once.
pub fn wake_first() {
    // Where it is not permitted, a busy machine makes it wait like any other.
    let _permitted = become_fifo(Duty::Guard);
}

fn become_fifo(duty: Duty) -> io::Result<()> {
    let parameters = libc::sched_param { sched_priority: duty.priority() };
    // SAFETY: 0 is the calling thread, and `parameters` a valid place to read from. Children of the
    // process start as ordinary ones.
    let outcome = unsafe {
        libc::sched_setscheduler(0, libc::SCHED_FIFO | libc::SCHED_RESET_ON_FORK, &raw const parameters)
    };
    if outcome == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

/// Without this the kernel wakes an ordinary thread up to 50 µs late, to save power.
fn tighten_timers() {
    // It cannot fail, and a thread without it would still be right, only later.
    let _ = set_current_timer_slack(Some(NonZeroU64::MIN));
}

/// Touches the stack as deep as it will be used, and keeps it from being paged out.
#[inline(never)]
fn hold_stack() {
    let stack = std::hint::black_box([0_u8; STACK]);
    // SAFETY: the range is this thread's own stack.
    let locked = unsafe { mlock(stack.as_ptr().cast_mut().cast(), STACK) };
    // Where that is not permitted, the pages have at least been touched.
    let _ = locked;
}

/// Memory that is kept from being paged out for as long as this value lives.
#[derive(Debug)]
pub(crate) struct LockedPages(Vec<Range<*const u8>>);

/// Holds `memory`, which somebody has just written: where the limit on locked memory (8 MiB for most)
/// permits no more, the rest is in memory all the same, and stays unless the machine is starved of it.
/// Locking the whole process instead would make a sound client a quarter of a gigabyte large.
pub(crate) fn hold(memory: impl Iterator<Item = Range<*const u8>>) -> LockedPages {
    let is_locked = |range: &Range<*const u8>| {
        // SAFETY: locking pages changes nothing in them, and the kernel refuses what is not mapped.
        unsafe { mlock(range.start.cast_mut().cast(), length(range)).is_ok() }
    };
    LockedPages(memory.filter(|range| length(range) > 0).take_while(is_locked).collect())
}

// SAFETY: they are addresses only; whichever thread drops it may unlock pages of its process.
unsafe impl Send for LockedPages {}
// SAFETY: nothing of it can be changed or read through a reference.
unsafe impl Sync for LockedPages {}

impl Drop for LockedPages {
    fn drop(&mut self) {
        for range in &self.0 {
            // SAFETY: as for locking.
            let _ = unsafe { munlock(range.start.cast_mut().cast(), length(range)) };
        }
    }
}

fn length(range: &Range<*const u8>) -> usize {
    range.end.addr() - range.start.addr()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timing_thread_is_realtime_where_that_is_permitted() {
        let scheduling = thread::spawn(|| enter(Duty::Lights)).join().expect("entering never panics");
        assert_eq!(scheduling == Scheduling::Realtime, permitted());
    }
}
