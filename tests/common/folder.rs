//! A scratch folder with a rig and shows: command lines stand in a test as a person would type them there. It is
//! deleted on drop.

use std::fs;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use super::launch::{Ended, Launch, STARCOURT};

pub struct Folder {
    folder: tempfile::TempDir,
}

impl Folder {
    /// With this text as `rig.toml`, and a folder `shows` with nothing in it.
    pub fn new(rig: &str) -> Self {
        let folder = Self { folder: tempfile::tempdir().unwrap() };
        fs::create_dir(folder.path("shows")).unwrap();
        folder.write("rig.toml", rig);
        folder
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
        self.isolate(command);
        command.args(words.split_whitespace()).current_dir(self.folder.path());
        // A shell gives every job a group of its own; only such a one can be stopped and continued.
        command.process_group(0);
    }

    /// Takes from `command` what this machine's user has set.
    pub fn isolate(&self, command: &mut Command) {
        for variable in [
            "JOURNAL_STREAM",
            "STARCOURT_LOG",
            "NO_COLOR",
            "RUST_BACKTRACE",
            "STARCOURT_RIG",
            "STARCOURT_SHOWS",
            "XDG_RUNTIME_DIR",
        ] {
            command.env_remove(variable);
        }
        // The switchings of a test are not those of this machine's relays.
        command.env("STARCOURT_STATE", self.path("state"));
        command.stdin(Stdio::null());
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
