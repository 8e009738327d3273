//! How a guardian comes into being: this program once more, apart from its terminal and deaf to its
//! signals from the first instant. Knows nothing of lines.
//!
//! Not a bare fork: a copy of the instance would keep its lock, and have only one of its threads. The
//! kernel says at once whether the new program could be started, and what it needs waits for it in the
//! link: nobody has to wait until it is up.

use std::ffi::CStr;
use std::io;
use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::ptr;

use rustix::process::setsid;
use rustix::thread::set_name;

/// This very program, also when a newer one lies where it was.
const THIS_PROGRAM: &str = "/proc/self/exe";

/// What it is called in lists of processes: `killall starcourt` and `pkill -f starcourt` shall not
/// take the guardian together with whom it guards.
pub const NAME: &str = "light-guardian";
const C_NAME: &CStr = c"light-guardian";

/// The command line's word for [`run`](super::run).
pub const COMMAND: &str = "guardian";

/// What the kernel sends for a fault of the process itself cannot be kept out, and must not be: a
/// process that has it blocked is killed without a word.
const OWN_FAULTS: [libc::c_int; 6] =
    [libc::SIGSEGV, libc::SIGBUS, libc::SIGFPE, libc::SIGILL, libc::SIGTRAP, libc::SIGABRT];

/// Starts a guardian that has `link` as its standard input, and says what it has to say where we do.
pub(super) fn spawn_guardian(link: OwnedFd) -> io::Result<Child> {
    // Blocked signals stay blocked through fork and exec.
    let _blocked = SignalsBlocked::begin()?;
    let mut command = Command::new(THIS_PROGRAM);
    command.arg0(NAME).arg(COMMAND);
    command.stdin(Stdio::from(link)).stdout(Stdio::null()).stderr(Stdio::inherit());
    // Before the program is up: by then lines may be lit, and a kill may go to a whole job.
    let leave = || setsid().map(drop).map_err(io::Error::from);
    // SAFETY: between fork and exec a system call is made, and nothing else.
    unsafe { command.pre_exec(leave) };
    command.spawn()
}

/// What a newborn guardian does first.
pub(super) fn set_process_name() {
    // As good without, but for whoever reads a list of processes.
    let _named = set_name(C_NAME);
}

/// No signal from outside reaches this thread, or what it starts.
struct SignalsBlocked {
    before: libc::sigset_t,
}

impl SignalsBlocked {
    fn begin() -> io::Result<Self> {
        let (mut all, mut before) = (MaybeUninit::uninit(), MaybeUninit::uninit());
        // SAFETY: both are places for a set; the first is filled before it is used.
        let outcome = unsafe {
            libc::sigfillset(all.as_mut_ptr());
            OWN_FAULTS.iter().for_each(|signal| {
                libc::sigdelset(all.as_mut_ptr(), *signal);
            });
            libc::pthread_sigmask(libc::SIG_BLOCK, all.as_ptr(), before.as_mut_ptr())
        };
        match outcome {
            // SAFETY: the call that succeeded has filled it.
            0 => Ok(Self { before: unsafe { before.assume_init() } }),
            error => Err(io::Error::from_raw_os_error(error)),
        }
    }
}

impl Drop for SignalsBlocked {
    fn drop(&mut self) {
        // SAFETY: a valid set; nothing is asked back.
        unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, &raw const self.before, ptr::null_mut()) };
    }
}
