//! One command as a group of processes: started with none of our descriptors, read, and ended when its time is over.
//! Knows nothing of what the command is for.

use std::io::{self, PipeReader};
use std::os::fd::OwnedFd;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::retry_on_intr;
use rustix::process::{Pid, PidfdFlags, Signal, kill_process_group, pidfd_open};

use super::context::HookContext;
use super::output_lines::OutputLines;
use crate::schedule::Hook;

/// Between SIGTERM and SIGKILL.
const TERM_PATIENCE: Duration = Duration::from_secs(2);

/// As much of what a shell that has ended left in the pipe is read; later output is not.
const MOST_LEFTOVER: usize = 64 * 1024;

/// These are for the service itself, not for what it starts.
const OWN_VARIABLES: [&str; 3] = ["NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"];

pub(super) enum CommandEnd {
    Exited(ExitStatus),
    Overran,
    /// As `stop` demanded.
    Stopped,
}

/// Runs `hook` until its shell ends, its patience is over or `stop` becomes readable. Blocks for as long.
pub(super) fn perform<S: FnMut(&str)>(
    hook: &Hook,
    about: &HookContext,
    stop: &OwnedFd,
    lines: &mut OutputLines<S>,
) -> io::Result<CommandEnd> {
    let mut group = ProcessGroup::start(command(hook, about))?;
    let end = match group.wait(Some(stop), Instant::now() + hook.patience, lines)? {
        Wakeup::ShellEnded => return group.wait_for_exit(lines).map(CommandEnd::Exited),
        Wakeup::StopAsked => CommandEnd::Stopped,
        Wakeup::TimedOut => CommandEnd::Overran,
    };
    group.signal(Signal::TERM);
    // A process that waits for a terminal is stopped, and does not see SIGTERM before it goes on.
    group.signal(Signal::CONT);
    group.wait_until_silent(Instant::now() + TERM_PATIENCE, lines)?;
    Ok(end)
}

fn command(hook: &Hook, about: &HookContext) -> Command {
    let mut command = Command::new("/bin/sh");
    command.arg("-c").arg(&hook.line).stdin(Stdio::null());
    OWN_VARIABLES.iter().for_each(|name| {
        command.env_remove(name);
    });
    command.env("STARCOURT_SHOW", &about.show).env("STARCOURT_EVENT", about.event.name());
    command.env("STARCOURT_ENTRY", about.entry.as_deref().unwrap_or_default());
    match &about.reason {
        Some(reason) => command.env("STARCOURT_REASON", reason),
        None => command.env_remove("STARCOURT_REASON"),
    };
    // A group, not a session: a session would cost a copy of this process's page tables, and the timing thread a
    // page fault for every page that it writes afterwards.
    command.process_group(0);
    command
}

enum Wakeup {
    /// The shell has ended.
    ShellEnded,
    StopAsked,
    /// The time is over.
    TimedOut,
}

/// Dropped, it is killed.
struct ProcessGroup {
    shell: Child,
    /// Readable when the shell has ended.
    end: OwnedFd,
    output: PipeReader,
    /// Every process has closed the other end.
    is_output_closed: bool,
    is_waited_for: bool,
}

impl ProcessGroup {
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
        Ok(Self { shell, end, output, is_output_closed: false, is_waited_for: false })
    }

    fn wait<S: FnMut(&str)>(
        &mut self,
        stop: Option<&OwnedFd>,
        until: Instant,
        lines: &mut OutputLines<S>,
    ) -> io::Result<Wakeup> {
        loop {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(Wakeup::TimedOut);
            }
            let [is_over, is_stopped, is_said] = {
                let end = Some(&self.end);
                let output = Some(&self.output).filter(|_| !self.is_output_closed);
                ready([end.map(entry), stop.map(entry), output.map(entry)], left)?
            };
            if is_said {
                self.read_output(lines)?;
            }
            if is_over {
                return Ok(Wakeup::ShellEnded);
            }
            if is_stopped {
                return Ok(Wakeup::StopAsked);
            }
        }
    }

    /// Until every process has closed the output, or `until`.
    fn wait_until_silent<S: FnMut(&str)>(
        &mut self,
        until: Instant,
        lines: &mut OutputLines<S>,
    ) -> io::Result<()> {
        while !self.is_output_closed {
            let left = until.saturating_duration_since(Instant::now());
            let [is_said] = ready([Some(entry(&self.output))], left)?;
            if !is_said {
                return Ok(());
            }
            self.read_output(lines)?;
        }
        // Its output is closed, but it may still be clearing up.
        self.wait(None, until, lines).map(drop)
    }

    fn read_output<S: FnMut(&str)>(&mut self, lines: &mut OutputLines<S>) -> io::Result<usize> {
        let mut bytes = [0; 4096];
        let count = retry_on_intr(|| rustix::io::read(&self.output, &mut bytes[..]))?;
        self.is_output_closed = count == 0;
        lines.add(&bytes[..count]);
        Ok(count)
    }

    /// For a shell that has ended by itself. What it left in the background goes on.
    fn wait_for_exit<S: FnMut(&str)>(mut self, lines: &mut OutputLines<S>) -> io::Result<ExitStatus> {
        let mut rest = MOST_LEFTOVER;
        while !self.is_output_closed
            && rest > 0
            && ready([Some(entry(&self.output))], Duration::ZERO)? == [true]
        {
            rest = rest.saturating_sub(self.read_output(lines)?);
        }
        let status = self.shell.wait()?;
        self.is_waited_for = true;
        Ok(status)
    }

    fn signal(&self, signal: Signal) {
        // All its processes may have ended. Its number is not reused before the shell has been waited for.
        let _ = kill_process_group(Pid::from_child(&self.shell), signal);
    }
}

impl Drop for ProcessGroup {
    fn drop(&mut self) {
        if !self.is_waited_for {
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

/// Rust opens everything to close on exec. So does this for what the sound libraries have opened.
fn keep_what_is_open() {
    // SAFETY: no descriptor is closed or changed but for what becomes of it in a program that is started.
    // Where the kernel does not know the call, they are as their libraries have opened them.
    unsafe { libc::close_range(3, libc::c_uint::MAX, libc::CLOSE_RANGE_CLOEXEC as libc::c_int) };
}
