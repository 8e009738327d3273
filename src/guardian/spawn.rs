//! Starting a guardian: this program once more, in a session of its own and with signals blocked from the first instant.
//! Knows nothing of lines.
//!
//! Not a bare fork: a copy of the instance would keep its lock, and have only one of its threads. The kernel says at once
//! whether the program could be started, and its orders wait in the link: nobody has to wait until it runs.

use std::ffi::CStr;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};

use rustix::process::{Signal, setsid};
use rustix::thread::set_name;

use crate::signals::mask::BlockedSignals;

/// This very program, even if its file was replaced by a newer one.
const THIS_PROGRAM: &str = "/proc/self/exe";

/// Its name in lists of processes: `killall starcourt` and `pkill -f starcourt` must not end the guardian together with
/// its instance.
pub const NAME: &str = "light-guardian";
const C_NAME: &CStr = c"light-guardian";

/// The command line's word for [`run`](super::run).
pub const COMMAND: &str = "guardian";

/// The kernel sends these for a fault of the process itself. They cannot be blocked: the kernel would kill the process
/// without its handler.
const OWN_FAULTS: [Signal; 6] =
    [Signal::SEGV, Signal::BUS, Signal::FPE, Signal::ILL, Signal::TRAP, Signal::ABORT];

/// Starts a guardian that has `link` as its standard input and our standard error as its own.
pub(super) fn spawn_guardian(link: OwnedFd) -> io::Result<Child> {
    // Blocked signals stay blocked through fork and exec.
    let _blocked = BlockedSignals::all_but(&OWN_FAULTS.map(Signal::as_raw))?;
    let mut command = Command::new(THIS_PROGRAM);
    command.arg0(NAME).arg(COMMAND);
    command.stdin(Stdio::from(link)).stdout(Stdio::null()).stderr(Stdio::inherit());
    // Before the program runs: by then lines may be lit, and a kill may go to the whole job.
    let leave = || setsid().map(drop).map_err(io::Error::from);
    // SAFETY: between fork and exec a system call is made, and nothing else.
    unsafe { command.pre_exec(leave) };
    command.spawn()
}

/// What a guardian does first.
pub(super) fn set_process_name() {
    // Only a list of processes shows the name.
    let _named = set_name(C_NAME);
}
