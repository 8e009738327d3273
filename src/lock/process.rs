//! Another process: whether it lives, and signals that reach it and no other. Knows no lock.

use std::fs;
use std::io;
use std::os::fd::OwnedFd;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::Errno;
use rustix::process::{Pid as ProcessId, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};

/// A process that can be signalled without ever meeting another that got its number.
#[derive(Debug)]
pub(super) struct Process(OwnedFd);

impl Process {
    /// `None` when there is no such process.
    pub(super) fn open(pid: u32) -> io::Result<Option<Self>> {
        let Some(pid) = ProcessId::from_raw(pid.cast_signed()) else { return Ok(None) };
        match pidfd_open(pid, PidfdFlags::empty()) {
            Ok(descriptor) => Ok(Some(Self(descriptor))),
            Err(Errno::SRCH) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Sends `signal`; a process that has ended needs none.
    pub(super) fn signal(&self, signal: Signal) -> io::Result<()> {
        match pidfd_send_signal(&self.0, signal) {
            Ok(()) | Err(Errno::SRCH) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Waits until the process has ended, but no longer than `patience`; whether it has.
    pub(super) fn wait(&self, patience: Duration) -> bool {
        let began = Instant::now();
        loop {
            let left = patience.saturating_sub(began.elapsed()).try_into().ok();
            match poll(&mut [PollFd::new(&self.0, PollFlags::IN)], left.as_ref()) {
                // A signal to this process, which says nothing of the other.
                Err(Errno::INTR) => {}
                answer => return answer == Ok(1),
            }
        }
    }
}

/// Whether process `pid` is on its way out: killed but not yet dead, or closing what it had open. A thread that
/// waits for a disk can keep it there for long.
pub(super) fn is_ending(pid: u32) -> bool {
    let read = |file| fs::read_to_string(format!("/proc/{pid}/{file}")).unwrap_or_default();
    has_exit_flag(&read("stat")) || has_kill_pending(&read("status"))
}

/// Of /proc/PID/stat, field 9 (proc(5)); the flag is the kernel's PF_EXITING.
fn has_exit_flag(stat: &str) -> bool {
    const PF_EXITING: u64 = 4;
    // The name in the second field may hold anything, its end included.
    let flags =
        stat.rsplit_once(')').and_then(|(_, fields)| fields.split_whitespace().nth(6)?.parse::<u64>().ok());
    flags.is_some_and(|flags| flags & PF_EXITING != 0)
}

/// Of /proc/PID/status: signals that wait for the thread, and for the process.
fn has_kill_pending(status: &str) -> bool {
    let kill = 1_u64 << (Signal::KILL.as_raw() - 1);
    let pending = |line: &str| {
        let mask = line.strip_prefix("SigPnd:").or_else(|| line.strip_prefix("ShdPnd:"))?;
        u64::from_str_radix(mask.trim(), 16).ok()
    };
    status.lines().filter_map(pending).any(|mask| mask & kill != 0)
}

#[cfg(test)]
mod tests {
    use std::process::Command;
    use std::thread;

    use super::*;

    #[test]
    fn signals_to_ourselves_do_not_cut_the_waiting_short() {
        extern "C" fn heed(_signal: libc::c_int) {}
        // SAFETY: the handler does nothing, and nobody else uses this signal; this thread outlives the one
        // that signals it.
        let own = unsafe {
            libc::signal(libc::SIGURG, heed as *const () as libc::sighandler_t);
            libc::pthread_self()
        };
        let mut sleeper = Command::new("sleep").arg("0.3").spawn().unwrap();
        let process = Process::open(sleeper.id()).unwrap().unwrap();
        thread::scope(|scope| {
            scope.spawn(|| {
                for _ in 0..20 {
                    thread::sleep(Duration::from_millis(5));
                    // SAFETY: see above.
                    unsafe { libc::pthread_kill(own, libc::SIGURG) };
                }
            });
            assert!(process.wait(Duration::from_secs(20)));
        });
        assert!(sleeper.wait().unwrap().success());
    }

    #[test]
    fn a_process_that_is_killed_but_not_dead_is_ending() {
        for (stat, is_exiting) in [
            ("42 (a) b) 1) S 1 42 42 0 -1 4194308 9", true),
            ("42 (starcourt) S 1 42 42 0 -1 4194304 9", false),
            ("", false),
        ] {
            assert_eq!(has_exit_flag(stat), is_exiting, "{stat}");
        }
        for (status, is_killed) in [
            ("Name:\tx\nSigPnd:\t0000000000000000\nShdPnd:\t0000000000000100\n", true),
            ("SigPnd:\t0000000000000100\n", true),
            ("SigPnd:\t0000000000004000\nSigBlk:\t0000000000000100\n", false),
        ] {
            assert_eq!(has_kill_pending(status), is_killed, "{status}");
        }
    }
}
