//! Children with a task, on a scratch lock directory: what every test here goes through.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};
use starcourt::lock::{Claim, Lock, LockDir, LockInfo, Name, Refusal};
use starcourt::rig::Line;

use crate::child_process;

/// A scratch lock directory. Everything under it goes with it.
pub(crate) struct Scratch {
    scratch: tempfile::TempDir,
}

impl Scratch {
    pub(crate) fn new() -> Self {
        let scratch = tempfile::tempdir().expect("a scratch directory");
        // So that another user can reach the lock directory in it, as in /run.
        let open = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(scratch.path(), open).expect("our own directory");
        Self { scratch }
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.scratch.path().join("lock")
    }

    pub(crate) fn dir(&self) -> LockDir {
        LockDir::open(self.path()).expect("a lock directory")
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.path().join(format!("{name}.lock"))
    }

    /// Takes the lock in this very process.
    pub(crate) fn acquire(&self, name: &str) -> Result<Lock, Refusal> {
        Lock::acquire(&self.dir(), claim(name, &[]))
    }

    /// A child that is ready to do `task` and waits for its signal.
    pub(crate) fn child(&self, task: &str, name: &str) -> ChildProcess {
        self.child_with(task, name, |_| {})
    }

    pub(crate) fn child_with(&self, task: &str, name: &str, set: impl FnOnce(&mut Command)) -> ChildProcess {
        let mut command = Command::new(std::env::current_exe().expect("this test"));
        command.args(["a_child_process_does_its_task", "--exact", "--nocapture", "--test-threads=1"]);
        command
            .env(child_process::TASK, task)
            .env(child_process::DIR, self.path())
            .env(child_process::NAME, name);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        set(&mut command);
        let mut child = command.spawn().expect("this test again");
        let says = BufReader::new(child.stdout.take().expect("piped"));
        let orders = child.stdin.take();
        let mut child = ChildProcess { child, orders, says };
        assert_eq!(child.hears(), "ready");
        child
    }

    /// A child that holds the lock.
    pub(crate) fn holder(&self, name: &str) -> ChildProcess {
        self.holder_of_lines(name, "")
    }

    pub(crate) fn holder_of_lines(&self, name: &str, lines: &str) -> ChildProcess {
        let mut child = self.child_with("launch", name, |command| {
            command.env(child_process::LINES, lines);
        });
        child.go_on();
        assert_eq!(child.hears(), "won");
        child
    }
}

pub(crate) fn claim(name: &str, lines: &[u8]) -> Claim {
    let outputs = lines.iter().map(|bcm| Line::new(*bcm).expect("a line").into()).collect();
    Claim { name: self::name(name), info: LockInfo::of_show("mall"), outputs }
}

pub(crate) fn name(name: &str) -> Name {
    name.parse().expect("a lock's name")
}

pub(crate) fn is_root() -> bool {
    // SAFETY: takes nothing and cannot fail.
    unsafe { libc::geteuid() == 0 }
}

/// For a child: whatever it makes, the umask takes from everybody but its owner.
pub(crate) fn with_narrow_umask(command: &mut Command) {
    // SAFETY: umask is one plain system call, fit for a child between fork and exec.
    unsafe {
        command.pre_exec(|| {
            libc::umask(0o077);
            Ok(())
        })
    };
}

/// For a child: a user who may only look. Without root's rights the tests' own user looks.
pub(crate) fn as_nobody(command: &mut Command) {
    const NOBODY: u32 = 65_534;
    if is_root() {
        command.uid(NOBODY).gid(NOBODY);
    }
}

/// A child process. It ends with this value.
pub(crate) struct ChildProcess {
    child: Child,
    orders: Option<ChildStdin>,
    says: BufReader<ChildStdout>,
}

impl ChildProcess {
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn go_on(&mut self) {
        self.orders.as_mut().expect("not yet gone").write_all(b"go\n").expect("a waiting child");
    }

    /// What it says next.
    pub(crate) fn hears(&mut self) -> String {
        let mut line = String::new();
        loop {
            line.clear();
            assert!(self.says.read_line(&mut line).expect("text") > 0, "the child ended without a word");
            // The test harness has words of its own, also at the head of a line.
            if let Some((_, said)) = line.split_once('@') {
                return said.trim_end().to_owned();
            }
        }
    }

    pub(crate) fn launches(&mut self) -> Outcome {
        self.go_on();
        self.outcome()
    }

    pub(crate) fn outcome(&mut self) -> Outcome {
        let said = self.hears();
        match said.split_whitespace().collect::<Vec<_>>()[..] {
            ["won"] => Outcome::Won,
            ["refused", pid, micros, ..] => Outcome::Refused {
                pid: pid.parse().expect("a PID"),
                after: Duration::from_micros(micros.parse().expect("a time")),
                told: said
                    .splitn(4, ' ')
                    .nth(3)
                    .unwrap_or_default()
                    .replace("\\n", "\n")
                    .replace("\\\"", "\""),
            },
            _ => panic!("the child says `{said}`"),
        }
    }

    /// Lets it end by itself, and waits for that.
    pub(crate) fn leaves(mut self) {
        self.orders = None;
        self.child.wait().expect("our own child");
    }

    /// SIGKILL; returns when it is dead.
    pub(crate) fn dies(mut self) {
        self.child.kill().expect("our own child");
        self.child.wait().expect("our own child");
    }

    pub(crate) fn has_ended(&self) -> bool {
        let seen = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        waitid(WaitId::Pid(Pid::from_child(&self.child)), seen).expect("our own child").is_some()
    }
}

impl Drop for ChildProcess {
    fn drop(&mut self) {
        // Dead already is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What came of a launch.
#[derive(PartialEq, Debug)]
pub(crate) enum Outcome {
    Won,
    Refused { pid: u32, after: Duration, told: String },
}

impl Outcome {
    /// What was told; asserts a refusal that names `holder`.
    pub(crate) fn refused_for(self, holder: u32) -> String {
        match self {
            Self::Refused { pid, told, .. } if pid == holder => told,
            other => panic!("{other:?} instead of a refusal for {holder}"),
        }
    }
}
