//! Whether systemd started a process, and as which unit. Read from `/proc`; knows no lock.
//!
//! That a process has PID 1 for a parent proves nothing: what outlives its shell has it too. Nor does
//! its control group alone: what a cron job or an SSH login left behind is in cron's or sshd's group, and
//! nobody wants to be told to stop those. systemd tells each process that it starts its own number
//! (`SYSTEMD_EXEC_PID`, systemd.exec(5)), which the children of that process inherit and which then is
//! not theirs.

use std::fs;

const OWN_UNITS: &str = "starcourt"; // whatever a unit of ours starts, a script before us included, is ours

/// The unit, without `.service`, that has started this process.
pub(super) fn unit_of(number: u32) -> Option<String> {
    // A process that is gone is in no unit.
    let groups = fs::read_to_string(format!("/proc/{number}/cgroup")).ok()?;
    // Another user's cannot be read; nor may it be signalled then.
    let environment = fs::read(format!("/proc/{number}/environ")).unwrap_or_default();
    unit_in(&groups, &environment, number)
}

/// The unit by the texts of `/proc/PID/cgroup` and `/proc/PID/environ`.
fn unit_in(groups: &str, environment: &[u8], number: u32) -> Option<String> {
    let paths = groups.lines().filter_map(|line| line.splitn(3, ':').nth(2));
    let mut services = paths.filter(|path| path.starts_with("/system.slice/")).filter_map(|path| {
        path.split('/').rev().find_map(|part| part.strip_suffix(".service")).map(str::to_owned)
    });
    let is_started_by_systemd = exec_pid(environment) == Some(number);
    services.find(|unit| is_started_by_systemd || unit.starts_with(OWN_UNITS))
}

fn exec_pid(environment: &[u8]) -> Option<u32> {
    let variables = environment.split(|byte| *byte == 0);
    let value = variables.filter_map(|variable| variable.strip_prefix(b"SYSTEMD_EXEC_PID=")).next()?;
    std::str::from_utf8(value).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const STARTED: &[u8] = b"PATH=/bin\0SYSTEMD_EXEC_PID=42\0HOME=/";
    const CHILD: &[u8] = b"SYSTEMD_EXEC_PID=41\0PATH=/bin\0";

    #[test]
    fn a_service_of_systemd_is_recognised() {
        for (groups, environment, unit) in [
            ("0::/system.slice/starcourt.service\n", STARTED, Some("starcourt")),
            ("0::/system.slice/starcourt.service\n", CHILD, Some("starcourt")),
            ("0::/system.slice/starcourt.service\n", b"", Some("starcourt")),
            ("0::/system.slice/system-lights.slice/lights@a.service\n", STARTED, Some("lights@a")),
            ("1:name=systemd:/system.slice/x.service/sub\n0::/\n", STARTED, Some("x")),
            ("0::/user.slice/user-1000.slice/session-3.scope\n", STARTED, None),
            ("0::/user.slice/user-1000.slice/user@1000.service/app.slice/run.scope\n", STARTED, None),
            ("8:pids:/\n0::/\n", STARTED, None),
        ] {
            assert_eq!(unit_in(groups, environment, 42).as_deref(), unit, "{groups}");
        }
    }

    #[test]
    fn what_outlived_a_cron_job_or_a_login_is_no_service() {
        for groups in ["0::/system.slice/cron.service\n", "0::/system.slice/ssh.service\n"] {
            // cron and sshd start their children with a clean environment, and others pass theirs on.
            for environment in [b"".as_slice(), b"HOME=/root\0SHELL=/bin/sh\0", CHILD] {
                assert_eq!(unit_in(groups, environment, 42), None, "{groups}");
            }
        }
    }

    #[test]
    fn odd_environments_prove_nothing() {
        for environment in
            [b"SYSTEMD_EXEC_PID=".as_slice(), b"XSYSTEMD_EXEC_PID=42", b"SYSTEMD_EXEC_PID=4 2", b"\xff\0"]
        {
            assert_eq!(exec_pid(environment), None);
        }
    }
}
