//! Launches of the real program: waited for, signalled, read. Each is ended on drop.

use std::fs::File;
use std::os::fd::OwnedFd;
use std::os::unix::fs::FileExt;
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, PidfdFlags, Signal, WaitOptions, pidfd_open, pidfd_send_signal, waitpid};

use super::child;
use super::terminal::Terminal;

pub const STARCOURT: &str = env!("CARGO_BIN_EXE_starcourt");

/// Far longer than anything here takes on a machine under load; a failure, not a delay, waits for it.
pub const PATIENCE: Duration = Duration::from_secs(60);
/// How often a condition is looked at.
const LOOK: Duration = Duration::from_millis(1);

/// A launch of the program.
pub struct Launch {
    process: Child,
    /// Readable when the process has ended.
    handle: OwnedFd,
    output: File,
    errors: File,
    terminal: Option<Terminal>,
}

impl Launch {
    pub fn of(command: Command) -> Self {
        Self::read(command, |command| child::spawn(command).unwrap())
    }

    /// Launched by this very thread, for a command that waits for others before it becomes the program: where
    /// [`child::spawn`] launches one after another, none of them would come. It outlives a test that is killed.
    pub fn from_here(command: Command) -> Self {
        Self::read(command, |mut command| command.spawn().unwrap())
    }

    /// With both streams as `command` has them: what is written there is not known.
    pub fn unread(command: Command) -> Self {
        let (output, errors) = (tempfile::tempfile().unwrap(), tempfile::tempfile().unwrap());
        Self::watched(child::spawn(command).unwrap(), output, errors)
    }

    /// In a terminal of its own. `command` begins with `setsid -c`.
    pub fn in_terminal(mut command: Command) -> Self {
        let (terminal, far_end) = Terminal::open();
        let end = || Stdio::from(far_end.try_clone().unwrap());
        command.env("TERM", "xterm-256color").stdin(end()).stdout(end()).stderr(end());
        let mut launch = Self::unread(command);
        launch.terminal = Some(terminal);
        launch
    }

    fn read(mut command: Command, spawn: impl FnOnce(Command) -> Child) -> Self {
        let (output, errors) = (tempfile::tempfile().unwrap(), tempfile::tempfile().unwrap());
        command.stdout(output.try_clone().unwrap()).stderr(errors.try_clone().unwrap());
        Self::watched(spawn(command), output, errors)
    }

    fn watched(process: Child, output: File, errors: File) -> Self {
        let handle = pidfd_open(Pid::from_child(&process), PidfdFlags::empty()).unwrap();
        Self { process, handle, output, errors, terminal: None }
    }

    pub fn pid(&self) -> u32 {
        self.process.id()
    }

    pub fn signal(&self, signal: Signal) {
        // Gone already is as good: so it is with a third Ctrl-C.
        let _ = pidfd_send_signal(&self.handle, signal);
    }

    pub fn has_ended(&self) -> bool {
        let now = Timespec { tv_sec: 0, tv_nsec: 0 };
        self.terminal.as_ref().and_then(Terminal::told_end).is_some()
            || poll(&mut [PollFd::new(&self.handle, PollFlags::IN)], Some(&now)).unwrap() > 0
    }

    /// The exit code as a shell tells it, once it has ended: 128 and more is a signal.
    pub fn code(&mut self) -> Option<i32> {
        let by_shell = self.terminal.as_ref().and_then(Terminal::told_end);
        by_shell.or_else(|| self.process.try_wait().unwrap().map(in_shell_words))
    }

    pub fn terminal(&mut self) -> Option<&mut Terminal> {
        self.terminal.as_mut()
    }

    pub fn hang_up(&mut self) {
        self.terminal = None;
    }

    /// On standard output, until now.
    pub fn said(&self) -> String {
        all_of(&self.output)
    }

    /// On standard error, until now.
    pub fn told(&self) -> String {
        all_of(&self.errors)
    }

    /// Waits until it is stopped, as Ctrl-Z stops it.
    #[track_caller]
    pub fn wait_until_stopped(&self) {
        let pid = Pid::from_child(&self.process);
        until("stopped", || {
            let looked = waitpid(Some(pid), WaitOptions::UNTRACED | WaitOptions::NOHANG).unwrap();
            looked.is_some_and(|(_, status)| status.stopped())
        });
    }

    /// Waits for its end.
    #[track_caller]
    pub fn end(self) -> Ended {
        let (mut ended, _) = first_to_end(vec![self], 1);
        let (mut launch, _) = ended.pop().expect("it was waited for");
        let code = in_shell_words(launch.process.wait().unwrap());
        Ended { pid: launch.pid(), code, said: launch.said(), told: launch.told() }
    }

    /// Ends it by `signal`.
    #[track_caller]
    pub fn ends_on(self, signal: Signal) -> Ended {
        self.signal(signal);
        self.end()
    }
}

impl Drop for Launch {
    fn drop(&mut self) {
        // First, because a shell and what it has stopped end with their terminal.
        self.terminal = None;
        // It may have ended by itself, as a test wished.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn all_of(file: &File) -> String {
    // By position: the file's own is the program's, who writes there.
    let mut text = vec![0; file.metadata().unwrap().len() as usize];
    file.read_exact_at(&mut text, 0).unwrap();
    String::from_utf8_lossy(&text).into_owned()
}

/// Waits until `count` of `launches` have ended: those, each with the instant at which that was seen,
/// and the others.
#[track_caller]
pub fn first_to_end(mut launches: Vec<Launch>, count: usize) -> (Vec<(Launch, Instant)>, Vec<Launch>) {
    let mut ended = Vec::new();
    while ended.len() < count {
        let watch = |launch| PollFd::new(launch, PollFlags::IN);
        let mut watched: Vec<_> = launches.iter().map(|launch| watch(&launch.handle)).collect();
        let seen = poll(&mut watched, Some(&PATIENCE.try_into().unwrap())).unwrap();
        assert!(seen > 0, "only {} of {count} have ended", ended.len());
        let now = Instant::now();
        let are_over: Vec<_> = watched.iter().map(|watched| !watched.revents().is_empty()).collect();
        let (over, others): (Vec<_>, Vec<_>) =
            launches.into_iter().zip(are_over).partition(|(_, is_over)| *is_over);
        ended.extend(over.into_iter().map(|(launch, _)| (launch, now)));
        launches = others.into_iter().map(|(launch, _)| launch).collect();
    }
    (ended, launches)
}

/// What came of a launch.
#[derive(Clone, Debug)]
pub struct Ended {
    pub pid: u32,
    /// The exit code as a shell tells it: 128 and more is a signal.
    pub code: i32,
    pub said: String,
    pub told: String,
}

impl Ended {
    /// With this exit code, and all of these words, wherever they were printed.
    #[track_caller]
    pub fn with(self, code: i32, words: &[&str]) -> Self {
        let all = format!("{}{}", self.said, self.told);
        assert_eq!(self.code, code, "{all}");
        for words in words {
            assert!(all.contains(words), "nothing of `{words}` in:\n{all}");
        }
        self
    }
}

fn in_shell_words(status: ExitStatus) -> i32 {
    status.code().unwrap_or_else(|| 128 + status.signal().unwrap())
}

/// Waits until `is_so`.
#[track_caller]
pub fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < PATIENCE, "never came to be {what}");
        thread::sleep(LOOK);
    }
}
