//! Many launches at the same moment: each process waits at a gate, just before it becomes the program.

use std::io::{self, Read, Write};
use std::os::fd::AsRawFd;
use std::os::unix::process::CommandExt;
use std::process::Command;
use std::thread;
use std::time::Instant;

use crate::common::launch::Launch;

/// Runs all of `commands` at once; the launches, and when the gate was opened.
pub(crate) fn launch_at_once(commands: Vec<Command>) -> (Vec<Launch>, Instant) {
    let (mut arrivals, arrived) = io::pipe().unwrap();
    let (gate, mut opener) = io::pipe().unwrap();
    let mut bytes = vec![0; commands.len()];
    // A launch returns when its process has passed the gate.
    thread::scope(|scope| {
        let waiting: Vec<_> = commands
            .into_iter()
            .map(|command| {
                let (arrived, gate) = (arrived.as_raw_fd(), gate.as_raw_fd());
                scope.spawn(move || Launch::from_here(through_the_gate(command, arrived, gate)))
            })
            .collect();
        arrivals.read_exact(&mut bytes).unwrap();
        let opened = Instant::now();
        opener.write_all(&bytes).unwrap();
        (waiting.into_iter().map(|launch| launch.join().unwrap()).collect(), opened)
    })
}

/// Says that it has arrived, and passes with one byte of the gate's.
fn through_the_gate(mut command: Command, arrived: i32, gate: i32) -> Command {
    let pass = move || {
        let mut byte = 0_u8;
        // SAFETY: the descriptors were inherited and `byte` is valid; both calls are fit for a child
        // between fork and exec.
        let passed = unsafe {
            libc::write(arrived, (&raw const byte).cast(), 1) == 1
                && libc::read(gate, (&raw mut byte).cast(), 1) == 1
        };
        if passed { Ok(()) } else { Err(io::Error::last_os_error()) }
    };
    // SAFETY: the closure only makes two system calls.
    unsafe { command.pre_exec(pass) };
    command
}
