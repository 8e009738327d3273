//! Children that end with the test, also when the test is killed and no `drop` runs.

use std::io;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command};
use std::sync::mpsc::{self, Sender};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::thread;

type Request = (Command, Sender<io::Result<Child>>);

/// Launches `command`, which ignores no signal. The kernel kills the child when this process ends, however it ends.
///
/// The kernel does so when the *thread* ends that launched the child, and a test's thread may end before what it
/// launched. One thread that ends with the process launches them all. What the child launches is not killed
/// with it: starcourt's guardian still makes the lights safe.
pub(crate) fn spawn(command: Command) -> io::Result<Child> {
    static LAUNCHER: OnceLock<Mutex<Sender<Request>>> = OnceLock::new();
    let launcher = LAUNCHER.get_or_init(|| {
        let (launcher, requests) = mpsc::channel::<Request>();
        thread::spawn(move || {
            for (command, answer) in requests {
                // Whoever asked waits for the answer.
                let _ = answer.send(spawn_here(command));
            }
        });
        Mutex::new(launcher)
    });
    let (answer, child) = mpsc::channel();
    let request = launcher.lock().unwrap_or_else(PoisonError::into_inner).send((command, answer));
    request.expect("the launching thread lives as long as the process");
    child.recv().expect("the launching thread answers each request")
}

fn spawn_here(mut command: Command) -> io::Result<Child> {
    let test = std::process::id();
    let end_with_test = move || {
        // Children inherit what is ignored: by `nohup`, or by a shell for what it runs in the background.
        for signal in [libc::SIGINT, libc::SIGHUP, libc::SIGQUIT] {
            // SAFETY: a plain system call, fit for a child between fork and exec; there is no handler to lose.
            unsafe { libc::signal(signal, libc::SIG_DFL) };
        }
        // SAFETY: a plain system call that takes a number, fit for a child between fork and exec.
        if unsafe { libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL) } != 0 {
            return Err(io::Error::last_os_error());
        }
        // The test may have ended just before. Then no signal comes any more.
        match std::os::unix::process::parent_id() == test {
            true => Ok(()),
            false => Err(io::ErrorKind::BrokenPipe.into()),
        }
    };
    // SAFETY: the closure makes system calls and allocates nothing.
    unsafe { command.pre_exec(end_with_test) };
    command.spawn()
}
