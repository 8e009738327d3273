//! Taking away root's right to open everything: a fake Pi's files belong to whoever runs the test, who
//! is root in it.

use std::io;
use std::os::unix::process::CommandExt;
use std::process::Command;

use super::cell::succeeded;

/// `SECBIT_NOROOT` of capabilities(7): an exec as root gives root's rights back without it.
const NO_RIGHTS_FOR_ROOT: libc::c_ulong = 1;

/// For the calling thread, until it runs another program.
pub fn drop_privileges() {
    give_up().unwrap();
}

/// For the program that `command` runs. To be called last: a fake Pi is entered with root's rights.
pub fn without_rights(mut command: Command) -> Command {
    // SAFETY: two system calls, which take no memory but a few bytes of the stack.
    unsafe {
        command.pre_exec(|| {
            succeeded(libc::prctl(libc::PR_SET_SECUREBITS, NO_RIGHTS_FOR_ROOT, 0, 0, 0))?;
            give_up()
        })
    };
    command
}

fn give_up() -> io::Result<()> {
    // `_LINUX_CAPABILITY_VERSION_3`, for this thread; then no capability of any kind.
    let (header, none) = ([0x2008_0522_u32, 0], [0_u32; 6]);
    // SAFETY: both arrays are laid out as capset(2) reads them.
    let outcome = unsafe { libc::syscall(libc::SYS_capset, &raw const header, &raw const none) };
    succeeded(outcome as libc::c_int)
}
