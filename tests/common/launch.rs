//! The real program, launched on a porch of scratch files: simulated lines that a test can look at, and
//! a lock directory of its own. Everything is ended and deleted on drop.

use std::fs::{self, File};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use super::terminal::Terminal;

/// Far longer than anything here takes on a machine under load; a failure, not a delay, waits for it.
pub const PATIENCE: Duration = Duration::from_secs(20);
/// What a machine under load may take for what is done at once; what waits for something takes longer.
const PROMPT: Duration = Duration::from_secs(5);
/// How often the lines are looked at.
const LOOK: Duration = Duration::from_micros(200);

const LINES: usize = 28;
/// The lines of the rig below that no dimming moves, with what they carry when safe and when lit.
const STEADY: [(usize, char, char); 3] = [(4, '1', '0'), (17, '0', '1'), (27, '1', '0')];
const MOON: (usize, char) = (18, '0');

const CHANNELS: &str = r#"
[channels]
neon    = { pin = 4,  kind = "relay", active = "low" }
garland = { pin = 17, kind = "ssr" }
moon    = { pin = 18, kind = "pwm" }
exit    = { pin = 27, kind = "ssr", safe = "100 %" }
"#;

/// Every channel away from its safe level, from the first moment on.
pub const LIT: &str = "0:00  neon, garland  on\n0:00  moon  60 %\n0:00  exit  off\n";

/// In a terminal, as `ssh -t pi starcourt play porch` is: there is no shell that lives on.
pub const ALONE: &[&str] = &["setsid", "-c"];

/// From a shell, which stays when the show has ended, and brings a stopped one back at the next line.
pub const IN_SHELL: &[&str] = &["setsid", "-c", "sh", "-c", SHELL, "sh"];

/// 148 is what a shell says of a job that SIGTSTP has stopped.
const SHELL: &str = "set -m; \"$@\"; code=$?; while [ $code = 148 ]; do read line; fg; code=$?; done; \
                     echo \"ended $code\"; cat";

/// A rig, a show of the name `porch`, and the places that a launch needs.
pub struct Porch {
    folder: tempfile::TempDir,
}

impl Porch {
    /// `cues` in a show of this length, on a rig with this `stop_fade`.
    pub fn new(stop_fade: &str, length: &str, cues: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let porch = Self { folder };
        porch.write_rig(&format!("stop_fade = \"{stop_fade}\"\n"));
        porch.write_show("porch", &format!("length  {length}\n{cues}"));
        porch.write_show("encore", &format!("length  0:00.050\n{LIT}"));
        porch
    }

    /// Lit for as long as a test may take, and dark at once when it is told to stop.
    pub fn lit() -> Self {
        Self::fading("0 ms")
    }

    pub fn fading(stop_fade: &str) -> Self {
        Self::new(stop_fade, "1:00", LIT)
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The channels, below this.
    pub fn write_rig(&self, head: &str) {
        fs::write(self.path("rig.toml"), format!("{head}{CHANNELS}")).unwrap();
    }

    pub fn write_show(&self, name: &str, sheet: &str) {
        fs::write(self.path(&format!("{name}.show")), sheet).unwrap();
    }

    /// What plays the show, as a test may refine it: silent, and read by nobody.
    pub fn command(&self) -> Command {
        self.command_by(&[])
    }

    /// The same by way of another program, such as `nohup`.
    pub fn command_by(&self, program: &[&str]) -> Command {
        let mut command = self.command_with_sound(program, "porch");
        command.arg("--silent");
        command
    }

    pub fn command_with_sound(&self, program: &[&str], show: &str) -> Command {
        let words: Vec<&str> = [program, &[env!("CARGO_BIN_EXE_starcourt"), "play", show]].concat();
        let mut command = Command::new(words[0]);
        command.args(&words[1..]).args(["--output", "sim"]);
        for (option, name) in
            [("--rig", "rig.toml"), ("--shows", ""), ("--lock-dir", "lock"), ("--pins", "pins")]
        {
            command.arg(option).arg(self.path(name));
        }
        for variable in ["JOURNAL_STREAM", "RUST_BACKTRACE", "NO_COLOR", "STARCOURT_RIG", "STARCOURT_SHOWS"] {
            command.env_remove(variable);
        }
        let errors = File::options().append(true).create(true).open(self.path("errors")).unwrap();
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(errors);
        command
    }

    /// Launches the show and waits until it is lit.
    pub fn play(&self) -> Launch<'_> {
        self.launch(self.command()).once_lit()
    }

    pub fn launch(&self, mut command: Command) -> Launch<'_> {
        // As a shell does with every job: what has its parent's group cannot be stopped and continued.
        let process = command.process_group(0).spawn().unwrap();
        Launch { porch: self, process, terminal: None }
    }

    /// `command` begins with the words of [`ALONE`], [`IN_SHELL`] or the like.
    pub fn launch_in_terminal(&self, mut command: Command) -> Launch<'_> {
        let (terminal, far_end) = Terminal::open();
        let end = || Stdio::from(far_end.try_clone().unwrap());
        command.env("TERM", "xterm-256color").stdin(end()).stdout(end()).stderr(end());
        let process = command.spawn().unwrap();
        Launch { porch: self, process, terminal: Some(terminal) }
    }

    /// The simulated lines, as the file shows them; none before there is a file.
    pub fn pins(&self) -> String {
        let mut pins = fs::read_to_string(self.path("pins")).unwrap_or_default();
        pins.truncate(LINES);
        pins
    }

    /// Whether every line carries its safe signal, and no other line was touched.
    pub fn is_safe(&self) -> bool {
        let mut safe = ['.'; LINES];
        STEADY.iter().for_each(|(line, dark, _)| safe[*line] = *dark);
        safe[MOON.0] = MOON.1;
        self.pins().chars().eq(safe)
    }

    /// Whether every channel that is not dimmed is away from its safe level.
    pub fn is_lit(&self) -> bool {
        let pins: Vec<char> = self.pins().chars().collect();
        STEADY.iter().all(|(line, _, lit)| pins.get(*line) == Some(lit))
    }

    /// The PID in the lock's file.
    pub fn holder(&self) -> Pid {
        let text = fs::read_to_string(self.path("lock/starcourt.lock")).unwrap();
        let pid = text.lines().next().and_then(|line| line.strip_prefix("pid ")).unwrap();
        Pid::from_raw(pid.parse().unwrap()).unwrap()
    }

    /// Every line is safe, and nobody holds the lock: the next launch plays and leaves the lines safe too.
    #[track_caller]
    pub fn is_left_safe_and_free(&self) {
        assert!(self.is_safe(), "not safe: {}", self.pins());
        let next = self.command_with_sound(&[], "encore").stderr(Stdio::piped()).output().unwrap();
        assert_eq!(next.status.code(), Some(0), "{}", String::from_utf8_lossy(&next.stderr));
        assert!(self.is_safe(), "not safe after the next show: {}", self.pins());
    }
}

/// A launch of the program, and its terminal where it has one.
pub struct Launch<'a> {
    pub porch: &'a Porch,
    process: Child,
    terminal: Option<Terminal>,
}

impl<'a> Launch<'a> {
    #[must_use]
    pub fn once_lit(mut self) -> Self {
        self.until("lit", |launch| launch.porch.is_lit());
        self
    }

    /// Waits until `is_so`, reading on the way what the program tells its terminal.
    #[track_caller]
    pub fn until(&mut self, what: &str, mut is_so: impl FnMut(&mut Self) -> bool) {
        let start = Instant::now();
        while !is_so(self) {
            let pins = self.porch.pins();
            assert!(start.elapsed() < PATIENCE, "never came to be {what}; the lines are {pins}");
            if let Some(terminal) = &mut self.terminal {
                terminal.listen();
            }
            thread::sleep(LOOK);
        }
    }

    /// Sees that it stays so for `time`.
    #[track_caller]
    pub fn stays(&mut self, time: Duration, what: &str, mut is_so: impl FnMut(&mut Self) -> bool) {
        let start = Instant::now();
        self.until("over", |launch| {
            assert!(is_so(launch), "not {what}; the lines are {}", launch.porch.pins());
            start.elapsed() >= time
        });
    }

    pub fn signal(&self, signal: Signal) {
        kill_process(self.porch.holder(), signal).unwrap();
    }

    /// For who has no lock yet.
    pub fn signal_waiting(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.process), signal).unwrap();
    }

    pub fn terminal(&mut self) -> &mut Terminal {
        self.terminal.as_mut().expect("it was launched in one, and that has not hung up")
    }

    pub fn hangs_up(&mut self) {
        self.terminal = None;
    }

    /// Does `cause` and waits until every line is safe. The time that took is printed.
    #[track_caller]
    pub fn goes_safe_on(&mut self, name: &str, cause: impl FnOnce(&mut Self)) {
        let start = Instant::now();
        cause(self);
        self.until("safe", |launch| launch.porch.is_safe());
        let took = start.elapsed();
        println!("{name}: every line safe after {:.1} ms", took.as_secs_f64() * 1e3);
        assert!(took < PROMPT, "{name}: something was waited for");
    }

    #[track_caller]
    pub fn goes_safe_on_signal(&mut self, signal: Signal) {
        self.goes_safe_on(&format!("{signal:?}"), |launch| launch.signal(signal));
    }

    /// Whether the process of the show is gone, or waits to be buried.
    pub fn is_gone(&self) -> bool {
        matches!(self.state(), None | Some('Z'))
    }

    /// Whether it is stopped, as Ctrl-Z stops it.
    pub fn is_stopped(&self) -> bool {
        self.state() == Some('T')
    }

    /// As proc(5) tells it.
    fn state(&self) -> Option<char> {
        let pid = self.porch.holder().as_raw_nonzero();
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        stat.rsplit(") ").next()?.chars().next()
    }

    /// Waits for its end. The exit code, as a shell tells it: 128 and more is a signal.
    #[track_caller]
    pub fn code(&mut self) -> i32 {
        self.until("ended", Self::is_over);
        self.ended().unwrap()
    }

    pub fn is_over(&mut self) -> bool {
        self.ended().is_some()
    }

    fn ended(&mut self) -> Option<i32> {
        let told = self.terminal.as_ref().and_then(Terminal::told_end);
        told.or_else(|| self.process.try_wait().unwrap().map(in_shell_words))
    }

    /// Waits for an end with this exit code that leaves everything safe, and tells what was said on
    /// standard error, or in the terminal.
    #[track_caller]
    pub fn ends_with(mut self, code: i32) -> String {
        let (found, said) = (self.code(), self.said());
        assert_eq!(found, code, "{said}");
        self.porch.is_left_safe_and_free();
        said
    }

    /// All that was said so far, in the terminal or on standard error.
    pub fn said(&mut self) -> String {
        match &mut self.terminal {
            Some(terminal) => terminal.said(),
            None => fs::read_to_string(self.porch.path("errors")).unwrap_or_default(),
        }
    }

    /// Waits until this was said.
    #[track_caller]
    pub fn says(&mut self, words: &str) {
        self.until(words, |launch| launch.said().contains(words));
    }
}

fn in_shell_words(status: ExitStatus) -> i32 {
    status.code().unwrap_or_else(|| 128 + status.signal().unwrap())
}

impl Drop for Launch<'_> {
    fn drop(&mut self) {
        // First, because a shell and what it has stopped end with their terminal.
        self.terminal = None;
        // It may have ended by itself, as a test wished.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
