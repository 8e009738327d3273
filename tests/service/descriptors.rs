//! What a command must not have: anything that is open here, a terminal, a place in systemd's ear.

use std::fs::File;
use std::os::fd::AsRawFd;

use rustix::io::{FdFlags, fcntl_setfd};
use starcourt::service::hooks::HookOutcome;

use crate::shell::run;

#[test]
fn a_command_has_nothing_open_that_is_open_here_even_if_a_library_meant_it_to() {
    let ours = File::open("/proc/self/status").unwrap();
    fcntl_setfd(&ours, FdFlags::empty()).unwrap();
    let words = format!("test -e /proc/self/fd/{} && echo has it; ls -l /proc/self/fd", ours.as_raw_fd());
    let (said, done) = run(&words);
    assert_eq!(done, HookOutcome::Succeeded);
    assert!(!said.iter().any(|line| line.contains("has it") || line.contains("status")), "{said:?}");
    // Three of its own, and the folder that `ls` reads.
    assert_eq!(said.iter().filter(|line| line.contains("->")).count(), 4, "{said:?}");
}

#[test]
fn a_command_reads_nothing_and_leads_a_group_of_its_own() {
    let (said, _) = run("cat; ps -o pgid= -p $$; echo $$");
    let [group, pid] = &said[..] else { panic!("{said:?}") };
    assert_eq!(group.replace("can_run:", "").trim(), pid.replace("can_run:", "").trim());
}
