//! A Raspberry Pi 4 of files, for programs that drive real pins: devices and `/proc/cpuinfo` of its own
//! in a mount namespace, and a log of every write to the GPIO registers. x86-64, and root or the right
//! to make user namespaces.

#![allow(dead_code, unused_imports, unreachable_pub, clippy::unwrap_used)] // each test file uses its own part

mod cell;
mod log;
mod rights;

use std::path::PathBuf;
use std::process::Command;

use tempfile::TempDir;

use cell::Cell;
pub use log::{Event, Step};
pub use rights::{drop_privileges, without_rights};

const PI_4B: &str = "Hardware\t: BCM2835\nRevision\t: c03111\nModel\t\t: Raspberry Pi 4 Model B Rev 1.1\n";
/// Set for programs that run in a fake Pi.
const INSIDE: &str = "FAKE_PI_INSIDE";

/// Where the registers say which level the lines have.
const LEVELS: usize = 0x34;

/// Its registers outlive every program that ran in it, as real ones do.
pub struct FakePi {
    folder: TempDir,
    /// The lines that were outputs before any program ran, a bit a line.
    outputs: u32,
}

impl FakePi {
    /// All lines are inputs, and low.
    pub fn new() -> Self {
        let pi = Self { folder: tempfile::tempdir().unwrap(), outputs: 0 };
        std::fs::create_dir(pi.path("dev")).unwrap();
        std::fs::create_dir(pi.path("run")).unwrap();
        std::fs::create_dir_all(pi.path("etc/starcourt")).unwrap();
        std::fs::write(pi.path("dev/gpiomem"), [0; 4096]).unwrap();
        std::fs::write(pi.path("dev/gpiochip0"), "").unwrap();
        std::fs::write(pi.path("cpuinfo"), PI_4B).unwrap();
        let shim = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fake_pi/shim.c");
        let compiler = Command::new("cc")
            .args(["-shared", "-fPIC", "-O1", "-Wall", "-Werror", shim, "-ldl", "-o"])
            .arg(pi.path("shim.so"))
            .status();
        assert!(compiler.unwrap().success(), "cc could not compile {shim}");
        pi
    }

    /// Has an installed rig.
    pub fn with_rig(self, text: &str) -> Self {
        std::fs::write(self.path("etc/starcourt/rig.toml"), text).unwrap();
        self
    }

    /// Nobody without root's rights may write in `folder`, which is `/run` or below it; made where it is
    /// missing.
    pub fn with_shut(self, folder: &str) -> Self {
        use std::os::unix::fs::PermissionsExt;
        let folder = self.path(folder.trim_start_matches('/'));
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o555)).unwrap();
        self
    }

    /// `line` was left an output, and low, by whoever had it last.
    pub fn with_output(mut self, line: usize) -> Self {
        let offset = line / 10 * 4;
        self.outputs |= 1 << line;
        let select = self.register(offset) | 1 << (line % 10 * 3);
        let mut registers = std::fs::read(self.path("dev/gpiomem")).unwrap();
        registers[offset..offset + 4].copy_from_slice(&select.to_ne_bytes());
        std::fs::write(self.path("dev/gpiomem"), registers).unwrap();
        self
    }

    /// With the PWM block led out, and its channel 0 at rest. It keeps what is written, and dims nothing.
    pub fn with_pwm_block(self) -> Self {
        let chip = self.path("class/pwm/pwmchip0");
        std::fs::create_dir_all(chip.join("pwm0")).unwrap();
        std::os::unix::fs::symlink("../../../fe20c000.pwm", chip.join("device")).unwrap();
        for (file, text) in
            [("period", "0\n"), ("duty_cycle", "0\n"), ("polarity", "normal\n"), ("enable", "0\n")]
        {
            std::fs::write(chip.join("pwm0").join(file), text).unwrap();
        }
        self
    }

    /// For how many nanoseconds of a period channel 0 of the PWM block is lit; `None` while it is off.
    pub fn dimmed(&self) -> Option<u64> {
        let read = |file: &str| {
            let text = std::fs::read_to_string(self.path("class/pwm/pwmchip0/pwm0").join(file)).unwrap();
            text.lines().next().unwrap_or_default().to_owned()
        };
        (read("enable") == "1").then(|| read("duty_cycle").parse().unwrap())
    }

    /// Renames, or with an empty `to` removes, a device.
    pub fn with_device(self, from: &str, to: &str) -> Self {
        let from = self.path("dev").join(from);
        match to {
            "" => std::fs::remove_file(from).unwrap(),
            to => std::fs::rename(from, self.path("dev").join(to)).unwrap(),
        }
        self
    }

    /// A machine that says nothing of a Raspberry Pi.
    pub fn of_another_make(self) -> Self {
        std::fs::write(self.path("cpuinfo"), "model name\t: Abacus\n").unwrap();
        self
    }

    /// Nobody may open a device that asks for permission.
    pub fn locked_up(self) -> Self {
        use std::os::unix::fs::PermissionsExt;
        for device in ["gpiomem", "gpiochip0"] {
            let nobody = std::fs::Permissions::from_mode(0o000);
            std::fs::set_permissions(self.path("dev").join(device), nobody).unwrap();
        }
        self
    }

    /// The file that is its device `name`.
    pub fn device(&self, name: &str) -> PathBuf {
        self.path("dev").join(name)
    }

    fn path(&self, within: &str) -> PathBuf {
        self.folder.path().join(within)
    }

    /// A command that runs `program` in this Pi.
    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command.env(INSIDE, "1").env("FAKE_PI_LOG", self.path("log")).env("LD_PRELOAD", self.path("shim.so"));
        Cell::new(self.folder.path()).confine(&mut command);
        command
    }

    /// As [`command`](Self::command), but nothing is logged, and nothing slowed down.
    pub fn unwatched(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = self.command(program);
        command.env_remove("FAKE_PI_LOG");
        command
    }

    /// Runs the test named `test`, which is the caller, once more inside this Pi, where `body` is what
    /// it does. Returns this Pi when that is done, and `None` inside.
    pub fn run(self, test: &str, body: impl FnOnce()) -> Option<Self> {
        if std::env::var_os(INSIDE).is_some() {
            body();
            return None;
        }
        let program = std::env::current_exe().unwrap();
        let output = self.command(program).args([test, "--exact", "--nocapture"]).output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
        assert!(said.contains("1 passed"), "no test is named {test}: {said}");
        Some(self)
    }

    /// The text of a file below its `/run`.
    pub fn text(&self, path: &str) -> String {
        std::fs::read_to_string(self.path(path.trim_start_matches('/'))).unwrap()
    }

    /// The register at `offset`, in bytes.
    fn register(&self, offset: usize) -> u32 {
        let registers = std::fs::read(self.path("dev/gpiomem")).unwrap();
        u32::from_ne_bytes(registers[offset..offset + 4].try_into().unwrap())
    }

    /// Whether the line is an output now, and whether it is high.
    pub fn line(&self, line: usize) -> (bool, bool) {
        let is_high = self.register(LEVELS) >> line & 1 == 1;
        (log::is_output(self.register(line / 10 * 4), line), is_high)
    }

    /// What was done to all lines, in order.
    pub fn events(&self) -> Vec<Event> {
        log::events(&self.path("log"), self.outputs)
    }

    /// What was done to this line, in order.
    pub fn steps(&self, line: usize) -> Vec<Step> {
        self.events().iter().filter(|event| event.line == line).map(|event| event.step).collect()
    }
}
