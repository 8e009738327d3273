//! A scratch folder with a rig and shows, and launches of the real program in it: command lines stand
//! in a test as a person would type them there. Everything is ended and deleted on drop.

#![allow(dead_code, unreachable_pub, clippy::unwrap_used)] // each test file uses its own part

#[path = "../common/child.rs"]
#[allow(clippy::duplicate_mod, reason = "a test file may have `common` as well")]
pub mod child;

use std::fs::{self, File};
use std::os::fd::OwnedFd;
use std::os::unix::fs::FileExt;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, poll};
use rustix::process::{Pid, PidfdFlags, Signal, WaitOptions, pidfd_open, pidfd_send_signal, waitpid};

pub const STARCOURT: &str = env!("CARGO_BIN_EXE_starcourt");

/// Far longer than anything here takes on a machine under load; a failure, not a delay, waits for it.
pub const PATIENCE: Duration = Duration::from_secs(20);
/// How often is looked whether something has come to be.
const LOOK: Duration = Duration::from_millis(1);

pub struct Venue {
    folder: tempfile::TempDir,
}

impl Venue {
    /// With this text as `rig.toml`, and a folder `shows` with nothing in it.
    pub fn new(rig: &str) -> Self {
        let venue = Self { folder: tempfile::tempdir().unwrap() };
        fs::create_dir(venue.path("shows")).unwrap();
        venue.write("rig.toml", rig);
        venue
    }

    /// With a show `name` that is this long.
    pub fn with_show(self, name: &str, length: &str, cues: &str) -> Self {
        self.write(&format!("shows/{name}.show"), &format!("length  {length}\n{cues}"));
        self
    }

    pub fn path(&self, within: &str) -> PathBuf {
        self.folder.path().join(within)
    }

    pub fn write(&self, within: &str, text: &str) {
        fs::write(self.path(within), text).unwrap();
    }

    /// The text of a file; empty where there is none yet.
    pub fn text(&self, within: &str) -> String {
        fs::read_to_string(self.path(within)).unwrap_or_default()
    }

    /// These lines as the file `pins` shows them: `.` where nobody drives.
    pub fn lines<const N: usize>(&self, lines: [usize; N]) -> [char; N] {
        let pins = self.text("pins");
        lines.map(|line| pins.chars().nth(line).unwrap_or('.'))
    }

    /// What `starcourt` and `words` do here, on this very machine.
    pub fn command(&self, words: &str) -> Command {
        let mut command = Command::new(STARCOURT);
        self.dress(&mut command, words);
        command
    }

    /// Has `command` run here with `words`, apart from everything that this machine's user has set.
    pub fn dress(&self, command: &mut Command, words: &str) {
        command.args(words.split_whitespace()).current_dir(self.folder.path());
        for variable in
            ["JOURNAL_STREAM", "RUST_BACKTRACE", "STARCOURT_RIG", "STARCOURT_SHOWS", "XDG_RUNTIME_DIR"]
        {
            command.env_remove(variable);
        }
        // Switchings on a fake Pi are none of this machine's relays'.
        command.env("STARCOURT_STATE", self.folder.path().join("state"));
        command.stdin(Stdio::null());
        // A shell gives every job a group of its own; only such a one can be stopped and continued.
        command.process_group(0);
    }

    pub fn launch(&self, words: &str) -> Launch {
        Launch::of(self.command(words))
    }

    /// Does it to its end.
    #[track_caller]
    pub fn run(&self, words: &str) -> Ended {
        self.launch(words).end()
    }
}

/// A launch of the program.
pub struct Launch {
    process: Child,
    /// Readable when the process has ended.
    handle: OwnedFd,
    output: File,
    errors: File,
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

    /// With both streams as `command` has them; nothing that is said there is known.
    pub fn unread(command: Command) -> Self {
        let (output, errors) = (tempfile::tempfile().unwrap(), tempfile::tempfile().unwrap());
        Self::watched(child::spawn(command).unwrap(), output, errors)
    }

    fn read(mut command: Command, spawn: impl FnOnce(Command) -> Child) -> Self {
        let (output, errors) = (tempfile::tempfile().unwrap(), tempfile::tempfile().unwrap());
        command.stdout(output.try_clone().unwrap()).stderr(errors.try_clone().unwrap());
        Self::watched(spawn(command), output, errors)
    }

    fn watched(process: Child, output: File, errors: File) -> Self {
        let handle = pidfd_open(Pid::from_child(&process), PidfdFlags::empty()).unwrap();
        Self { process, handle, output, errors }
    }

    pub fn pid(&self) -> u32 {
        self.process.id()
    }

    pub fn signal(&self, signal: Signal) {
        // Gone already is as good: so it is with a third Ctrl-C.
        let _ = pidfd_send_signal(&self.handle, signal);
    }

    pub fn has_ended(&mut self) -> bool {
        self.process.try_wait().unwrap().is_some()
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
    pub fn is_stopped(&self) {
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
