//! One command as a group of processes: started with nothing of ours, listened to, ended when its time is
//! over. Knows nothing of what it is for, but the words that it is told.

use std::io::{self, PipeReader};
use std::os::fd::OwnedFd;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::retry_on_intr;
use rustix::process::{Pid, PidfdFlags, Signal, kill_process_group, pidfd_open};

use super::About;
use super::speech::Speech;
use crate::schedule::Hook;

/// What asks politely gets this long for an answer.
const FAREWELL: Duration = Duration::from_secs(2);

/// What a shell that has ended may have left in the pipe; whoever writes on is not heard any more.
const REST: usize = 64 * 1024;

/// systemd speaks with us, not with what we start.
const OURS: [&str; 3] = ["NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"];

pub(super) enum End {
    Exited(ExitStatus),
    Overran,
    /// As `stop` demanded.
    Stopped,
}

/// Runs `hook` until its shell ends, its patience is over or `stop` becomes readable. Blocks for as long.
pub(super) fn perform<S: FnMut(&str)>(
    hook: &Hook,
    about: &About,
    stop: &OwnedFd,
    speech: &mut Speech<S>,
) -> io::Result<End> {
    let mut group = Group::start(command(hook, about))?;
    let end = match group.listen(Some(stop), Instant::now() + hook.patience, speech)? {
        Heard::End => return group.bury(speech).map(End::Exited),
        Heard::Stop => End::Stopped,
        Heard::Silence => End::Overran,
    };
    group.signal(Signal::TERM);
    // One that waits for a terminal is stopped, and hears nothing.
    group.signal(Signal::CONT);
    group.see_off(Instant::now() + FAREWELL, speech)?;
    Ok(end)
}

fn command(hook: &Hook, about: &About) -> Command {
    let mut command = Command::new("/bin/sh");
    command.arg("-c").arg(&hook.line).stdin(Stdio::null());
    OURS.iter().for_each(|name| {
        command.env_remove(name);
    });
    command.env("STARCOURT_SHOW", &about.show).env("STARCOURT_EVENT", about.event.name());
    command.env("STARCOURT_ENTRY", about.entry.as_deref().unwrap_or_default());
    match &about.reason {
        Some(reason) => command.env("STARCOURT_REASON", reason),
        None => command.env_remove("STARCOURT_REASON"),
    };
    // A group rather than a session of its own: a session would cost a copy of this process's page tables,
    // and the timing thread a fault for every page that it writes afterwards.
    command.process_group(0);
    command
}

enum Heard {
    /// The shell has ended.
    End,
    Stop,
    /// The time is over.
    Silence,
}

/// Dropped, nobody of it is left.
struct Group {
    shell: Child,
    /// Readable when the shell has ended.
    end: OwnedFd,
    output: PipeReader,
    /// Nobody holds the other end any more.
    is_mute: bool,
    is_buried: bool,
}

impl Group {
    fn start(mut command: Command) -> io::Result<Self> {
        let (output, input) = io::pipe()?;
        command.stdout(input.try_clone()?).stderr(input);
        keep_what_is_open();
        let mut shell = command.spawn()?;
        let end = match pidfd_open(Pid::from_child(&shell), PidfdFlags::empty()) {
            Ok(end) => end,
            Err(error) => {
                let _ = kill_process_group(Pid::from_child(&shell), Signal::KILL);
                let _ = shell.wait();
                return Err(error.into());
            }
        };
        Ok(Self { shell, end, output, is_mute: false, is_buried: false })
    }

    fn listen<S: FnMut(&str)>(
        &mut self,
        stop: Option<&OwnedFd>,
        until: Instant,
        speech: &mut Speech<S>,
    ) -> io::Result<Heard> {
        loop {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(Heard::Silence);
            }
            let [is_over, is_stopped, is_said] = {
                let end = Some(&self.end);
                let output = Some(&self.output).filter(|_| !self.is_mute);
                ready([end.map(entry), stop.map(entry), output.map(entry)], left)?
            };
            if is_said {
                self.hear(speech)?;
            }
            if is_over {
                return Ok(Heard::End);
            }
            if is_stopped {
                return Ok(Heard::Stop);
            }
        }
    }

    /// Until everybody who holds the output has gone, or `until`.
    fn see_off<S: FnMut(&str)>(&mut self, until: Instant, speech: &mut Speech<S>) -> io::Result<()> {
        while !self.is_mute {
            let left = until.saturating_duration_since(Instant::now());
            let [is_said] = ready([Some(entry(&self.output))], left)?;
            if !is_said {
                return Ok(());
            }
            self.hear(speech)?;
        }
        // It holds no output any more, but may still be clearing up.
        self.listen(None, until, speech).map(drop)
    }

    fn hear<S: FnMut(&str)>(&mut self, speech: &mut Speech<S>) -> io::Result<usize> {
        let mut bytes = [0; 4096];
        let count = retry_on_intr(|| rustix::io::read(&self.output, &mut bytes[..]))?;
        self.is_mute = count == 0;
        speech.hear(&bytes[..count]);
        Ok(count)
    }

    /// Takes leave of a shell that has ended by itself. What it left in the background goes on.
    fn bury<S: FnMut(&str)>(mut self, speech: &mut Speech<S>) -> io::Result<ExitStatus> {
        let mut rest = REST;
        while !self.is_mute && rest > 0 && ready([Some(entry(&self.output))], Duration::ZERO)? == [true] {
            rest = rest.saturating_sub(self.hear(speech)?);
        }
        let status = self.shell.wait()?;
        self.is_buried = true;
        Ok(status)
    }

    fn signal(&self, signal: Signal) {
        // Its members may all have gone; its number is kept for as long as the shell has not been waited for.
        let _ = kill_process_group(Pid::from_child(&self.shell), signal);
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if !self.is_buried {
            self.signal(Signal::KILL);
            let _ = self.shell.wait();
        }
    }
}

fn entry<F: std::os::fd::AsFd>(descriptor: &F) -> PollFd<'_> {
    PollFd::new(descriptor, PollFlags::IN)
}

/// Which of `watched` can be read or has ended, after `patience` at most.
fn ready<const N: usize>(watched: [Option<PollFd<'_>>; N], patience: Duration) -> io::Result<[bool; N]> {
    let patience: Timespec = patience.try_into().map_err(io::Error::other)?;
    let mut present: Vec<PollFd<'_>> = watched.iter().flatten().cloned().collect();
    retry_on_intr(|| poll(&mut present, Some(&patience)))?;
    let mut answers = present.iter().map(|entry| !entry.revents().is_empty());
    Ok(watched.map(|entry| entry.is_some() && answers.next().expect("an answer each")))
}

/// Rust opens everything for this process alone; what the sound libraries open is nobody else's either.
fn keep_what_is_open() {
    // SAFETY: no descriptor is closed or changed but for what becomes of it in a program that is started.
    // Where the kernel does not know the call, they are as their libraries have opened them.
    unsafe { libc::close_range(3, libc::c_uint::MAX, libc::CLOSE_RANGE_CLOEXEC as libc::c_int) };
}
