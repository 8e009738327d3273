//! A scratch folder with a rig and shows, and launches of the real program in it: command lines stand
//! in a test as a person would type them there. Everything is ended and deleted on drop.

#![allow(dead_code, unreachable_pub, clippy::unwrap_used)] // each test file uses its own part

use std::fs;
use std::io::Read;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, WaitOptions, kill_process, waitpid};

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
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
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
    began: Instant,
}

impl Launch {
    pub fn of(mut command: Command) -> Self {
        let began = Instant::now();
        Self { process: command.spawn().unwrap(), began }
    }

    pub fn pid(&self) -> u32 {
        self.process.id()
    }

    fn process(&self) -> Pid {
        Pid::from_child(&self.process)
    }

    pub fn signal(&self, signal: Signal) {
        // Gone already is as good: so it is with a third Ctrl-C.
        let _ = kill_process(self.process(), signal);
    }

    pub fn has_ended(&mut self) -> bool {
        self.process.try_wait().unwrap().is_some()
    }

    /// Waits until it is stopped, as Ctrl-Z stops it.
    #[track_caller]
    pub fn is_stopped(&mut self) {
        until("stopped", || {
            let looked = waitpid(Some(self.process()), WaitOptions::UNTRACED | WaitOptions::NOHANG).unwrap();
            looked.is_some_and(|(_, status)| status.stopped())
        });
    }

    /// Waits for its end.
    #[track_caller]
    pub fn end(mut self) -> Ended {
        until("ended", || self.has_ended());
        let after = self.began.elapsed();
        let status = self.process.wait().unwrap();
        let (mut said, mut told) = (String::new(), String::new());
        self.process.stdout.take().unwrap().read_to_string(&mut said).unwrap();
        self.process.stderr.take().unwrap().read_to_string(&mut told).unwrap();
        Ended { pid: self.pid(), code: in_shell_words(status), said, told, after }
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

/// What came of a launch.
#[derive(Clone, Debug)]
pub struct Ended {
    pub pid: u32,
    /// The exit code as a shell tells it: 128 and more is a signal.
    pub code: i32,
    /// On standard output.
    pub said: String,
    /// On standard error.
    pub told: String,
    /// From its start until its end was seen.
    pub after: Duration,
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
