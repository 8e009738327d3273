//! Four simulated lights and a show that lights them all, for the real program to play.

use std::fs::{self, File};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use rustix::process::Pid;

use super::folder::Folder;
use super::launch::{Launch, STARCOURT};
use super::show_launch::ShowLaunch;

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
pub struct Setup {
    folder: Folder,
}

impl Setup {
    /// `cues` in a show of this length, on a rig with this `stop_fade`.
    pub fn new(stop_fade: &str, length: &str, cues: &str) -> Self {
        let setup = Self { folder: Folder::new("") };
        setup.write_rig(&format!("stop_fade = \"{stop_fade}\"\n"));
        setup.write_show("porch", &format!("length  {length}\n{cues}"));
        setup.write_show("encore", &format!("length  0:00.050\n{LIT}"));
        setup
    }

    /// Lit for as long as a test may take, and dark at once when it is told to stop.
    pub fn lit() -> Self {
        Self::fading("0 ms")
    }

    pub fn fading(stop_fade: &str) -> Self {
        Self::new(stop_fade, "1:00", LIT)
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path(name)
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

    /// What plays a show with its music, where there is a device for it.
    pub fn command_with_sound(&self, program: &[&str], show: &str) -> Command {
        let mut command = self.dressed(&[program, &[STARCOURT, "play", show]].concat());
        command.arg("--shows").arg(self.path(""));
        command
    }

    /// What speaks to the show that plays, such as `blackout on`.
    pub fn order(&self, words: &[&str]) -> Command {
        let mut command = Command::new(STARCOURT);
        command.args(words).arg("--lock-dir").arg(self.path("lock"));
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command
    }

    /// What does something else here than play, such as `off`.
    pub fn command_for(&self, word: &str) -> Command {
        self.command_for_by(&[], word)
    }

    /// The same by way of another program.
    pub fn command_for_by(&self, program: &[&str], word: &str) -> Command {
        self.dressed(&[program, &[STARCOURT, word]].concat())
    }

    fn dressed(&self, words: &[&str]) -> Command {
        let mut command = Command::new(words[0]);
        command.args(&words[1..]).args(["--output", "sim"]);
        for (option, name) in [("--rig", "rig.toml"), ("--lock-dir", "lock"), ("--pins", "pins")] {
            command.arg(option).arg(self.path(name));
        }
        self.folder.isolate(&mut command);
        let errors = File::options().append(true).create(true).open(self.path("errors")).unwrap();
        command.stdout(Stdio::null()).stderr(errors);
        command
    }

    /// Launches the show and waits until it is lit.
    pub fn play(&self) -> ShowLaunch<'_> {
        self.launch(self.command()).once_lit()
    }

    pub fn launch(&self, mut command: Command) -> ShowLaunch<'_> {
        // As a shell does with every job: what has its parent's group cannot be stopped and continued.
        command.process_group(0);
        ShowLaunch::new(self, Launch::unread(command))
    }

    /// `command` begins with the words of [`ALONE`], [`IN_SHELL`] or the like.
    pub fn launch_in_terminal(&self, command: Command) -> ShowLaunch<'_> {
        ShowLaunch::new(self, Launch::in_terminal(command))
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
        self.told_holder().unwrap()
    }

    /// The same, or nobody: there is no text while somebody takes the lock.
    pub fn told_holder(&self) -> Option<Pid> {
        let text = fs::read_to_string(self.path("lock/starcourt.lock")).ok()?;
        let pid = text.lines().next()?.strip_prefix("pid ")?;
        Pid::from_raw(pid.parse().unwrap())
    }

    /// Every line is safe, and nobody holds the lock: the next launch plays and leaves the lines safe too.
    #[track_caller]
    pub fn assert_safe_and_free(&self) {
        assert!(self.is_safe(), "not safe: {}", self.pins());
        let next = self.command_with_sound(&[], "encore").stderr(Stdio::piped()).output().unwrap();
        assert_eq!(next.status.code(), Some(0), "{}", String::from_utf8_lossy(&next.stderr));
        assert!(self.is_safe(), "not safe after the next show: {}", self.pins());
    }
}
