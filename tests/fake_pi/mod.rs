//! A Raspberry Pi 4 of files, for programs that drive real pins: devices and `/proc/cpuinfo` of its own
//! in a mount namespace, and a log of every write to the GPIO registers. x86-64, and root or the right
//! to make user namespaces.

#![allow(dead_code, unreachable_pub, clippy::unwrap_used)] // each test file uses its own part

mod cell;

use std::path::PathBuf;
use std::process::Command;

use tempfile::TempDir;

use cell::Cell;

const REVISION_4B: &str = "Hardware\t: BCM2835\nRevision\t: c03111\n";
/// Set for programs that run in a fake Pi.
const INSIDE: &str = "FAKE_PI_INSIDE";

/// What was done to one line, as the registers saw it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    High,
    Low,
    BecameOutput,
    BecameInput,
}

/// Its registers outlive every program that ran in it, as real ones do.
pub struct FakePi {
    folder: TempDir,
}

impl FakePi {
    /// All lines are inputs, and low.
    pub fn new() -> Self {
        let pi = Self { folder: tempfile::tempdir().unwrap() };
        std::fs::create_dir(pi.path("dev")).unwrap();
        std::fs::write(pi.path("dev/gpiomem"), [0; 4096]).unwrap();
        std::fs::write(pi.path("dev/gpiochip0"), "").unwrap();
        std::fs::write(pi.path("cpuinfo"), REVISION_4B).unwrap();
        let shim = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fake_pi/shim.c");
        let compiler = Command::new("cc")
            .args(["-shared", "-fPIC", "-O1", "-Wall", "-Werror", shim, "-ldl", "-o"])
            .arg(pi.path("shim.so"))
            .status();
        assert!(compiler.unwrap().success(), "cc could not compile {shim}");
        pi
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

    /// Sets a register before a program runs; `offset` is in bytes.
    pub fn set_register(&self, offset: usize, value: u32) {
        let mut registers = std::fs::read(self.path("dev/gpiomem")).unwrap();
        registers[offset..offset + 4].copy_from_slice(&value.to_ne_bytes());
        std::fs::write(self.path("dev/gpiomem"), registers).unwrap();
    }

    /// The register at `offset`, in bytes.
    pub fn register(&self, offset: usize) -> u32 {
        let registers = std::fs::read(self.path("dev/gpiomem")).unwrap();
        u32::from_ne_bytes(registers[offset..offset + 4].try_into().unwrap())
    }

    /// Whether the line is an output now, and whether it is high.
    pub fn line(&self, bcm: usize) -> (bool, bool) {
        let mode = self.register(bcm / 10 * 4) >> (bcm % 10 * 3) & 0b111;
        (mode == 1, self.register(0x34) >> bcm & 1 == 1)
    }

    /// What was done to the line, in order; `was_output` says what it was when the first program ran.
    pub fn steps(&self, bcm: usize, was_output: bool) -> Vec<Step> {
        let mut is_output = was_output;
        let log = std::fs::read_to_string(self.path("log")).unwrap_or_default();
        let writes = log.lines().map(|line| {
            let fields: Vec<&str> = line.split(' ').collect();
            let number = |index: usize| u32::from_str_radix(fields[index], 16).unwrap();
            (number(1) as usize, number(2))
        });
        let steps = writes.filter_map(|(offset, value)| match offset {
            0x1c if value >> bcm & 1 == 1 => Some(Step::High),
            0x28 if value >> bcm & 1 == 1 => Some(Step::Low),
            select if select == bcm / 10 * 4 => {
                let becomes_output = value >> (bcm % 10 * 3) & 0b111 == 1;
                let changes = becomes_output != is_output;
                is_output = becomes_output;
                let step = if becomes_output { Step::BecameOutput } else { Step::BecameInput };
                changes.then_some(step)
            }
            _ => None,
        });
        steps.collect()
    }
}

/// Gives up root's right to open everything, for the calling thread.
pub fn drop_privileges() {
    // `_LINUX_CAPABILITY_VERSION_3`, for this thread; then no capability of any kind.
    let (header, none) = ([0x2008_0522_u32, 0], [0_u32; 6]);
    // SAFETY: both arrays are laid out as capset(2) reads them.
    let outcome = unsafe { libc::syscall(libc::SYS_capset, &raw const header, &raw const none) };
    assert_eq!(outcome, 0, "{}", std::io::Error::last_os_error());
}
